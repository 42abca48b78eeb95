"""Pieces of HTML that several templates print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.view import View

SECTIONS = (
    ("News", "/news/"),
    ("Business", "/business/"),
    ("Council", "/council/"),
    ("Sport", "/sport/"),
)
"""What every menu names."""

FOOTER_LINKS = (("About us", "/about/"), ("Contact", "/contact/"), ("Privacy", "/privacy/"), ("Corrections", "/corrections/"))


def quoted(text: str) -> str:
    """Text for between tags or in an attribute."""
    return escape(text)


def menu(separator: str = " ") -> str:
    """Links to the sections."""
    return separator.join(f'<a href="{path}">{name}</a>' for name, path in SECTIONS)


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
    """The canonical link, noted."""
    view.say(canonical_url=view.url)
    return f'<link rel="canonical" href="{view.url}">'


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


def feeds() -> str:
    """The links by which a head names the paper's feeds."""
    return (
        '<link rel="alternate" type="application/rss+xml" title="Courier, all stories" href="/feed.xml">\n'
        '<link rel="alternate" type="application/atom+xml" title="Courier, Atom" href="/atom.xml">\n'
        '<link rel="alternate" type="application/feed+json" title="Courier, JSON" href="/feed.json">'
    )
