"""Right-to-left pages out of one big form, as ASP.NET writes them."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, canonical, footer, linked, menu, names, open_graph, popular, quoted, woven
from newsarchive.demo.view import View

_MARKUP = Markup(paragraph='<p dir="rtl">{text}</p>')


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    return f"""<!DOCTYPE html>
<html lang="{story.language}" dir="rtl">
<head><meta charset="utf-8"><title>{quoted(story.title)} | {words.site}</title>
{canonical(view)}
{open_graph(view)}
</head>
<body>
<form method="post" action=".{story.path}"><input type="hidden" name="__VIEWSTATE" value="dDwtMTY5O3Q8O2w8aTwxPjs">
<div class="wrapper"><div class="bar"><a href="/">{words.site}</a> {menu(" ", story.language)}</div>
<div class="center"><article>
<h1>{quoted(story.title)}</h1>
<h2 class="sub">{quoted(story.standfirst or "")}</h2>
<span class="writer">{words.by} {names(view, "، " if story.language == "ar" else ", ")}</span>
<time datetime="{story.published}">{view.visible_date}</time>
<div class="full">
{woven(blocks(view, _MARKUP), [f'<div class="ad">{words.advertisement}</div>'])}
</div></article></div>
<div class="below"><h3>{words.related}</h3>
{"".join(_related(view))}
</div>
<div class="ranks"><h3>{words.most_read}</h3>{popular(view, 3)}</div>
<div class="end">{footer()} © 2024 {words.site}</div></div>
</form>
</body></html>
"""


def _related(view: View) -> list[str]:
    pattern = (
        '<div class="box"><a href="{href}"><img src="{src}" alt=""></a><h4><a href="{href}">{title}</a></h4><span>{date}</span>'
        "<p>{excerpt}</p></div>\n"
    )
    shows = ("image", "date", "excerpt")
    return linked(view, view.neighbours(2), kind="related", module=view.words.related, pattern=pattern, shows=shows)
