"""The AMP twin of a page: the same story under another address, its canonical address the page's own."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, canonical, json_script, names, news_article, quoted, woven
from newsarchive.demo.view import View

_MARKUP = Markup(figure='<amp-img src="{src}" width="64" height="36" alt=""></amp-img>')


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    return f"""<!doctype html>
<html amp lang="{story.language}"><head><meta charset="utf-8"><title>{quoted(story.title)}</title>
{canonical(view)}
<meta name="viewport" content="width=device-width,minimum-scale=1">
<script async src="https://cdn.ampproject.example/v0.js"></script>
{json_script({"@context": "https://schema.org", **news_article(view)})}
</head><body>
<amp-sidebar layout="nodisplay"><a href="/">{words.site}</a></amp-sidebar>
<article><h1>{quoted(story.title)}</h1><p>{words.by} {names(view)}</p>
<div>
{woven(blocks(view, _MARKUP), ['<amp-ad width="300" height="250" type="example"></amp-ad>'])}
</div></article>
</body></html>
"""
