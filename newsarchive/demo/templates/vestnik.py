"""An old Russian content system: windows-1251 named by the header alone, tables with paragraphs, the date beside the author."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, footer, linked, menu, names, paid, quoted, woven
from newsarchive.demo.view import View

_MARKUP = Markup(heading="<p><b>{text}</b></p>", em="i")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(date_published=story.published[:10])
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html lang="{story.language}">
<head><title>{quoted(story.title)} :: {words.site}</title></head>
<body>
<table class="layout"><tr><td colspan="2"><a href="/">{words.site}</a> {menu(" | ", story.language)}</td></tr>
<tr><td class="main">
<h1>{quoted(story.title)}</h1>
<div class="info">{view.visible_date} | {words.by} {names(view)}</div>
<div class="news_text">
{woven(blocks(view, _MARKUP), [f'<div class="banner">{words.advertisement}</div>'])}
</div>
<div class="links"><b>{words.related}</b><ul>
{"".join(_related(view))}</ul></div>
</td><td class="side">{paid(f'<div>{words.sponsored}: <a href="{{href}}">{{title}}</a></div>')}
<b>{words.latest}</b>{"".join(_latest(view))}</td></tr>
<tr><td colspan="2">{footer()} © 2024 {words.site}</td></tr></table>
</body></html>
"""


def _related(view: View) -> list[str]:
    pattern = '<li><a href="{href}">{title}</a> ({date})</li>\n'
    return linked(view, view.neighbours(2), kind="related", module=view.words.related, pattern=pattern, shows=("date",))


def _latest(view: View) -> list[str]:
    pattern = '<p><a href="{href}">{title}</a></p>'
    return linked(view, view.neighbours(1, skip=2), kind="list", module=view.words.latest, pattern=pattern)
