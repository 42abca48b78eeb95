"""A German regional paper: windows-1252 bytes declared in the head alone, definition list of facts, promo lines in the text."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, footer, linked, menu, names, popular, quoted, robots, woven
from newsarchive.demo.view import View

_MARKUP = Markup(heading="<h4>{text}</h4>", em="i")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(description=story.standfirst, date_modified=story.modified)
    changed = f'<meta name="last-modified" content="{story.modified}">' if story.modified else ""
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta http-equiv="content-type" content="text/html; charset=windows-1252">
<title>{quoted(story.title)} | {words.site}</title>
<meta name="description" content="{quoted(story.standfirst or "")}">
<meta name="author" content="{names(view)}">
<meta name="date" content="{story.published}">{changed}{robots(view)}
</head>
<body>
<div class="rahmen">
<div class="kopf"><a href="/">{words.site}</a><ul><li>{menu("</li><li>", story.language)}</li></ul></div>
<main class="inhalt">
<section class="artikel">
<p class="dachzeile">{quoted(story.section)}</p>
<h2 class="titel">{quoted(story.title)}</h2>
<p class="vorspann"><strong>{quoted(story.standfirst or "")}</strong></p>
<p class="autor">{words.by} {names(view, " und ")} | {view.visible_date}</p>
<div class="text">
{woven(blocks(view, _MARKUP), _boxes(view))}
</div>
</section>
<section class="mehr"><h3>{words.related}</h3>
{"".join(_related(view))}
</section>
</main>
<div class="rand"><h3>{words.most_read}</h3>{popular(view, 3)}<p>{words.newsletter}</p></div>
<div class="fuss">{footer()} © 2024 {words.site}</div>
</div>
</body></html>
"""


def _boxes(view: View) -> list[str]:
    label = view.words.read_also
    pattern = "<p><b>" + label + ': <a href="{href}">{title}</a></b></p>'
    promos = linked(view, view.inline_stories(), kind="inline", module=label, pattern=pattern)
    return [*promos, f'<div class="werbung">- {view.words.advertisement} -</div>']


def _related(view: View) -> list[str]:
    pattern = '<div><a href="{href}"><b>{title}</b></a> <em>{date}</em><br>{excerpt}</div>\n'
    shows = ("date", "excerpt")
    return linked(view, view.neighbours(2), kind="related", module=view.words.related, pattern=pattern, shows=shows)
