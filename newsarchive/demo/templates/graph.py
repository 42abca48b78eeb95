"""A modern section-and-article page whose facts stand in a JSON-LD @graph, teasers as a plain list of headings."""

from __future__ import annotations

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.templates.parts import (
    Markup,
    blocks,
    canonical,
    feeds,
    footer,
    image,
    json_script,
    linked,
    menu,
    news_article,
    open_graph,
    quoted,
    woven,
)
from newsarchive.demo.view import View


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8">
<title>{quoted(story.title)} » {quoted(story.section)} » {words.site}</title>
{canonical(view)}
{open_graph(view)}
{feeds()}
{json_script(_graph(view))}
</head>
<body>
<header class="top"><a href="/">{words.site}</a><nav>{menu(" · ")}</nav></header>
<div class="stage">
<section class="story">
<div class="head"><p class="kicker">{quoted(story.section)}</p><h1>{quoted(story.title)}</h1>
<p class="lead">{quoted(story.standfirst or "")}</p>
<p class="meta"><span class="author">{words.by} {quoted(" and ".join(story.authors))}</span>
<time datetime="{story.published}">{view.visible_date}</time></p></div>
<div class="wrap"><article><figure><img src="{image(view)}" alt=""></figure>
<section class="text">
{_content(view)}
</section></article>
{_more(view)}
</div>
</section>
</div>
<footer>{footer(" · ")}</footer>
</body></html>
"""


def _graph(view: View) -> dict[str, object]:
    story = view.story
    people = [{"@type": "Person", "@id": f"{ORIGIN}/#/person/{place}", "name": name} for place, name in enumerate(story.authors)]
    article = news_article(view)
    article.update(
        {
            "@id": view.url + "#article",
            "isPartOf": {"@id": view.url},
            "author": [{"@id": person["@id"]} for person in people],
            "publisher": {"@id": ORIGIN + "/#organization"},
            "articleSection": [story.section],
            "wordCount": sum(len(block.text.split()) for block in story.blocks),
        }
    )
    page = {"@type": "WebPage", "@id": view.url, "url": view.url, "name": f"{story.title} » {view.words.site}"}
    trail = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": story.section}]}
    paper = {"@type": "Organization", "@id": ORIGIN + "/#organization", "name": view.words.site, "url": ORIGIN + "/"}
    return {"@context": "https://schema.org", "@graph": [paper, trail, page, *people, article]}


def _content(view: View) -> str:
    label = view.words.read_also
    pattern = '<aside class="inset"><h4>' + label + '</h4><a href="{href}">{title}</a></aside>'
    letter = f'<div class="signup"><h4>{view.words.newsletter}</h4><a href="/subscribe/">Sign up</a></div>'
    promos = linked(view, view.inline_stories(), kind="inline", module=label, pattern=pattern)
    return woven(blocks(view, Markup()), [*promos, letter])


def _more(view: View) -> str:
    words = view.words
    pattern = '<li><h3><a href="{href}">{title}</a></h3><span>{date}</span></li>'
    rows = linked(view, view.neighbours(3, skip=1), kind="related", module=words.related, pattern=pattern, shows=("date",))
    fresh = linked(view, view.neighbours(3, skip=4), kind="list", module=words.latest, pattern='<li><a href="{href}">{title}</a></li>')
    return (
        f'<section class="more"><h2>{words.related}</h2><ul>{"".join(rows)}</ul></section>\n'
        f'<section class="fresh"><h2>{words.latest}</h2><ul>{"".join(fresh)}</ul></section>'
    )
