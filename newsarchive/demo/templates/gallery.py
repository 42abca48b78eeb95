"""A picture gallery: text in an unordered list of slides, each slide a figure with its caption."""

from __future__ import annotations

from newsarchive.demo.templates.parts import (
    Markup,
    blocks,
    canonical,
    footer,
    json_script,
    linked,
    menu,
    names,
    news_article,
    open_graph,
    quoted,
)
from newsarchive.demo.view import View

_MARKUP = Markup(
    paragraph="<li><p>{text}</p></li>", figure='<li><figure><img src="{src}" alt=""><figcaption>{text}</figcaption></figure></li>'
)


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    pictures = [{"@type": "ImageObject", "url": f"/media/{block.picture}.png"} for block in story.blocks if block.picture]
    node = news_article(view, associatedMedia=pictures)
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)} - {words.site}</title>
{canonical(view)}
{open_graph(view)}
{json_script({"@context": "https://schema.org", **node})}
</head>
<body>
<div class="top"><a href="/">{words.site}</a> {menu()}</div>
<div class="frame">
<article><header><h1>{quoted(story.title)}</h1>
<p>{names(view, " and ")}, <time datetime="{story.published}">{view.visible_date}</time></p></header>
<div class="slides"><ul>
{"".join(blocks(view, _MARKUP))}
</ul></div></article>
<div class="others"><h2>{words.related}</h2>
{"".join(_related(view))}
</div></div>
<div class="base">{footer()} © 2024 {words.site}</div>
</body></html>
"""


def _related(view: View) -> list[str]:
    pattern = '<a href="{href}"><figure><img src="{src}" alt=""><figcaption><strong>{title}</strong></figcaption></figure></a>\n'
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern, shows=("image",))
