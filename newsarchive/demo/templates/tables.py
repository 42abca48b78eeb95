"""A table layout of the nineties: no classes, text parted by `<br><br>`, the date only in words, Latin-1 bytes."""

from __future__ import annotations

from newsarchive.demo.templates.parts import MENU, SECTIONS, Markup, blocks, footer, linked, quoted, woven
from newsarchive.demo.view import View

_MARKUP = Markup(paragraph="{text}<br><br>", heading="<h3>{text}</h3>", figure="", em="i")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(date_published=story.published[:10], date_published_raw=view.visible_date)
    rows = "".join(f'<tr><td bgcolor="#eeeedd"><a href="{path}">{name}</a></td></tr>' for name, path in SECTIONS[:MENU])
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html>
<head><title>{words.site}: {quoted(story.title)}</title>
<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"></head>
<body bgcolor="#ffffff" text="#000000">
<center>
<table width="760" border="0" cellpadding="4"><tr><td colspan="2" bgcolor="#223355">
<a href="/"><font color="#ffffff">{words.site}</font></a>
</td></tr>
<tr><td width="130" valign="top"><table border="0">{rows}</table>
<p><font size="1">{words.advertisement}</font><br><img src="/media/ad.png" width="120" height="240" alt=""></p></td>
<td valign="top">
<h1>{quoted(story.title)}</h1>
<font size="1">{words.by} {quoted(" and ".join(story.authors))}, {view.visible_date}</font>
<table width="100%"><tr><td><font face="Georgia, serif">
{_content(view)}
</font></td></tr></table>
{_related(view)}
<hr><font size="1">{footer()}<br>Copyright 2024 {words.site}</font>
</td></tr></table>
</center>
</body></html>
"""


def _content(view: View) -> str:
    return woven(blocks(view, _MARKUP), ())


def _related(view: View) -> str:
    heading = view.words.related
    pattern = (
        '<tr><td width="12" valign="top"><img src="/media/dot.png" width="8" height="8" alt=""></td>'
        '<td><a href="{href}"><b>{title}</b></a><br>'
        '<font size="2">{excerpt}</font></td></tr>\n'
    )
    rows = linked(view, view.neighbours(2, skip=2), kind="related", module=heading, pattern=pattern, shows=("excerpt",))
    return f'<table width="100%"><tr><td colspan="2" bgcolor="#ddddcc"><b>{heading}</b></td></tr>\n{"".join(rows)}</table>'
