"""Pieces of HTML that several templates print."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.stories import Story
from newsarchive.demo.view import View, after_each
from newsarchive.demo.wording import long_date
from newsarchive.model.teaser import TeaserKind

SECTIONS = (
    ("News", "/news/"),
    ("Business", "/business/"),
    ("Council", "/council/"),
    ("Sport", "/sport/"),
    ("Culture", "/culture/"),
    ("Science", "/science/"),
    ("Opinion", "/opinion/"),
    ("Islands", "/islands/"),
    ("Investigations", "/investigations/"),
    ("Pictures", "/pictures/"),
    ("Video", "/video/"),
    ("Notes", "/notes/"),
    ("Hafenviertel", "/de/"),
    ("Vie locale", "/fr/"),
    ("Barrio", "/es/"),
    ("Город", "/ru/"),
    ("المدينة", "/ar/"),
    ("העיר", "/he/"),
    ("港まち", "/ja/"),
    ("港城", "/zh/"),
)
"""Name and address of every section, as the stories name it."""

MENU = 9
"""Sections in the menu of an English page; the other editions name their own section and the front page."""

FOOTER_LINKS = (("About us", "/about/"), ("Contact", "/contact/"), ("Privacy", "/privacy/"), ("Corrections", "/corrections/"))


def quoted(text: str) -> str:
    """Text for between tags or in an attribute."""
    return escape(text)


def menu(separator: str = " ", language: str = "en") -> str:
    """Links to the sections, as the menu of a page in that language has them."""
    if language == "en":
        named = SECTIONS[:MENU]
    else:
        named = (("Courier", "/"), *(section for section in SECTIONS if section[1] == f"/{language}/"))
    return separator.join(f'<a href="{path}">{name}</a>' for name, path in named)


def footer(separator: str = " | ") -> str:
    """Links to the paper's own pages."""
    return separator.join(f'<a href="{path}">{name}</a>' for name, path in FOOTER_LINKS)


def image(view: View) -> str:
    """The page's own picture, noted as the article's image."""
    view.say(image_url=view.image)
    return f"/media/{view.story.slug}.png"


def open_graph(view: View, *, kind: str = "article", title: str | None = None) -> str:
    """OpenGraph and article meta tags; notes what they state."""
    story = view.story
    tags = [("og:type", kind), ("og:title", title or story.title), ("og:url", view.url), ("og:image", view.image)]
    tags += [("og:site_name", view.words.site), ("article:published_time", story.published), ("article:section", story.section)]
    view.say(image_url=view.image, site_name=view.words.site, section=story.section)
    if story.modified:
        tags.append(("article:modified_time", story.modified))
        view.say(date_modified=story.modified)
    if story.standfirst:
        tags.append(("og:description", story.standfirst))
        view.say(description=story.standfirst)
    if story.tags:
        tags += [("article:tag", tag) for tag in story.tags]
        view.say(tags=list(story.tags))
    return "\n".join(f'<meta property="{name}" content="{quoted(value)}">' for name, value in tags)


def canonical(view: View) -> str:
    """The canonical link, noted, and what the page tells robots."""
    view.say(canonical_url=view.url)
    return f'<link rel="canonical" href="{view.url}">{robots(view)}'


def robots(view: View) -> str:
    """The robots meta tag of a story that has one."""
    return f'\n<meta name="robots" content="{quoted(view.story.robots)}">' if view.story.robots else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """How a template prints each kind of block: patterns with `{text}`, and `{src}` for pictures."""

    paragraph: str = "<p>{text}</p>"
    heading: str = "<h2>{text}</h2>"
    item: str = "<ul><li>{text}</li></ul>"
    quote: str = "<blockquote>{text}</blockquote>"
    figure: str = '<figure><img src="{src}" alt=""><figcaption>{text}</figcaption></figure>'
    em: str = "em"

    def piece(self, view: View, kind: str, text: str, picture: str | None) -> str:
        """The HTML of one block."""
        pattern = {"heading": self.heading, "list_item": self.item, "quote": self.quote, "caption": self.figure}.get(kind, self.paragraph)
        return pattern.replace("{src}", f"/media/{picture}.png").replace("{text}", text)


def blocks(view: View, markup: Markup) -> list[str]:
    """The HTML of each block of the story."""
    return [markup.piece(view, block.kind, view.html(block, em=markup.em), block.picture) for block in view.story.blocks]


def woven(pieces: Sequence[str], boxes: Sequence[str], *, first: int = 2) -> str:
    """The blocks with boxes between them; list items that follow each other share their list."""
    return "\n".join(after_each(pieces, boxes, first=first)).replace("</ul>\n<ul>", "\n")


def names(view: View, separator: str = ", ") -> str:
    """The authors' names."""
    return quoted(separator.join(view.story.authors))


def date_of(story: Story) -> str:
    """The publish day in the story's language."""
    return long_date(story.published, story.language)


def popular(view: View, count: int, *, tag: str = "ol") -> str:
    """The items of a most-read list, each noted as a teaser of that module."""
    rows = (
        f'<li><a href="{view.teaser(other, "list", module=view.words.most_read)}">{quoted(other.title)}</a></li>'
        for other in view.most_read(count)
    )
    return f"<{tag}>{''.join(rows)}</{tag}>"


def linked(
    view: View, others: Iterable[Story], *, kind: TeaserKind, module: str | None, pattern: str, shows: Sequence[str] = ()
) -> list[str]:
    """One piece of HTML for each promoted story, noted as a teaser.

    The pattern knows `{href}`, `{title}`, `{src}`, `{date}`, `{day}`, `{section}` and `{excerpt}`.
    """
    pieces = []
    for other in others:
        values = {
            "href": view.teaser(other, kind, module=module, shows=shows),
            "title": quoted(other.title),
            "src": f"/media/{other.slug}.png",
            "date": date_of(other),
            "day": other.published[:10],
            "section": quoted(other.section),
            "excerpt": quoted(view.shown_excerpt(other)),
        }
        pieces.append(pattern.format(**values))
    return pieces


def news_article(view: View, *, kind: str = "NewsArticle", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A schema.org article node; notes what it states."""
    story = view.story
    view.say(image_url=view.image, site_name=view.words.site)
    node: dict[str, Any] = {
        "@type": kind,
        "headline": story.title,
        "datePublished": story.published,
        "mainEntityOfPage": view.url,
        "image": [view.image],
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": view.words.site, "url": ORIGIN + "/"},
    }
    if story.modified:
        node["dateModified"] = story.modified
        view.say(date_modified=story.modified)
    if story.standfirst:
        node["description"] = story.standfirst
        view.say(description=story.standfirst)
    node.update(more)
    return node


def json_script(value: Mapping[str, Any] | list[Any], attributes: str = 'type="application/ld+json"') -> str:
    """A script element that carries JSON, safe against `</script>`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"<script {attributes}>{text}</script>"


def paid(pattern: str) -> str:
    """A paid link dressed up as a teaser, which is none: `{href}`, `{title}` and `{src}` of an advertiser."""
    title = "The mattress that sleeps as well as you do"
    return pattern.format(href="http://ads.market.example/land?c=77", title=title, src="/media/ad.png")


def feeds() -> str:
    """The links by which a head names the paper's feeds."""
    return (
        '<link rel="alternate" type="application/rss+xml" title="Courier, all stories" href="/feed.xml">\n'
        '<link rel="alternate" type="application/atom+xml" title="Courier, Atom" href="/atom.xml">\n'
        '<link rel="alternate" type="application/feed+json" title="Courier, JSON" href="/feed.json">'
    )
