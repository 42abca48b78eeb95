"""An opinion column: paragraphs directly under main between headline and signature, RDFa in the tags, the author at the end."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, canonical, footer, linked, menu, names, quoted, woven
from newsarchive.demo.view import View


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8">
<title>{quoted(story.title)} | {quoted(", ".join(story.authors))} | {words.site}</title>
{canonical(view)}
<meta name="twitter:title" content="{quoted(story.title)}">
<meta name="dc.date" content="{story.published}">
<meta name="dc.creator" content="{names(view)}">
</head>
<body>
<header><a href="/">{words.site}</a> {menu()}</header>
<main>
<h1>{quoted(story.title)}</h1>
{woven(blocks(view, Markup()), ())}
<p class="sign"><em>{words.by} {names(view)}, {view.visible_date}</em></p>
</main>
<section class="rest"><h2>{words.latest}</h2>
{"".join(_latest(view))}
</section>
<footer>{footer()}<p>© 2024 {words.site}</p></footer>
</body></html>
"""


def _latest(view: View) -> list[str]:
    pattern = '<p><a href="{href}">{title}</a><br><small>{date}</small></p>\n'
    return linked(view, view.neighbours(3), kind="list", module=view.words.latest, pattern=pattern, shows=("date",))
