"""Japanese and Chinese pages: a definition list holds title and text, paragraphs begin with an ideographic space."""

from __future__ import annotations

from newsarchive.demo.templates.parts import (
    Markup,
    blocks,
    canonical,
    footer,
    image,
    json_script,
    linked,
    menu,
    names,
    news_article,
    popular,
    quoted,
    woven,
)
from newsarchive.demo.view import View

_MARKUP = Markup(paragraph="<p>　{text}</p>")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)}：{words.site}</title>
{canonical(view)}
<meta name="description" content="{quoted(story.standfirst or "")}">
{json_script({"@context": "https://schema.org", **news_article(view)})}
</head>
<body>
<div class="all"><p class="logo"><a href="/">{words.site}</a></p><ul class="nav"><li>{menu("</li><li>", story.language)}</li></ul>
<div class="left">
<dl><dt><h1>{quoted(story.title)}</h1><p class="date">{view.visible_date}　{words.by} {names(view, "、")}</p>
<img src="{image(view)}" alt=""></dt>
<dd>
{woven(blocks(view, _MARKUP), _boxes(view))}
</dd></dl>
<div class="rel"><h2>{words.related}</h2><ul>
{"".join(_related(view))}
</ul></div>
</div>
<div class="right"><h2>{words.most_read}</h2>{popular(view, 2)}</div>
<p class="copy">{footer()} © 2024 {words.site}</p></div>
</body></html>
"""


def _boxes(view: View) -> list[str]:
    label = view.words.read_also
    pattern = "<p>【" + label + '】<a href="{href}">{title}</a></p>'
    return [
        *linked(view, view.inline_stories(), kind="inline", module=label, pattern=pattern),
        f"<div>{view.words.advertisement}</div>",
    ]


def _related(view: View) -> list[str]:
    pattern = '<li><a href="{href}"><span>{section}</span>{title}<time datetime="{day}">{date}</time></a></li>\n'
    shows = ("category", "date")
    return linked(view, view.neighbours(2), kind="related", module=view.words.related, pattern=pattern, shows=shows)
