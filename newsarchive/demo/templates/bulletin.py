"""Strict XHTML made of lists: the story is one item of a list, the teasers are the items of another."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, footer, linked, menu, names, quoted, woven
from newsarchive.demo.view import View

_MARKUP = Markup(heading="<h5>{text}</h5>")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(date_published=story.published[:10], description=story.standfirst)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{story.language}" lang="{story.language}">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{words.site} - {quoted(story.title)}</title>
<meta name="description" content="{quoted(story.standfirst or "")}" />
</head>
<body>
<div id="top"><a href="/">{words.site}</a></div>
<ul id="nav"><li>{menu("</li><li>")}</li></ul>
<div id="bulletin">
<ul class="issue"><li class="story">
<h3>{quoted(story.title)}</h3>
<p class="stamp">{view.visible_date}. {words.by} {names(view, " and ")}</p>
<div class="copy">
{woven(blocks(view, _MARKUP), ())}
</div>
</li></ul>
<h4>{words.related}</h4>
<ul class="further">
{"".join(_related(view))}
</ul>
</div>
<p id="end">{footer()} Copyright 2024 {words.site}</p>
</body></html>
"""


def _related(view: View) -> list[str]:
    pattern = '<li><a href="{href}">{title}</a>: {excerpt}</li>\n'
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern, shows=("excerpt",))
