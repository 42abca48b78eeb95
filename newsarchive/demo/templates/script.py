"""A page that is empty until its script runs: the story stands in the embedded state alone (`__NEXT_DATA__`)."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, canonical, json_script, quoted
from newsarchive.demo.view import View

_MARKUP = Markup()


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(image_url=view.image, section=story.section, description=story.standfirst, tags=list(story.tags))
    view.say(date_modified=story.modified)
    state = {
        "props": {
            "pageProps": {
                "article": {
                    "id": story.slug,
                    "headline": story.title,
                    "dek": story.standfirst,
                    "section": story.section,
                    "datePublished": story.published,
                    "dateModified": story.modified,
                    "authors": [{"name": name} for name in story.authors],
                    "tags": list(story.tags),
                    "body": "\n".join(blocks(view, _MARKUP)),
                },
                "menu": [{"label": "News", "href": "/news/"}, {"label": "Sport", "href": "/sport/"}],
            }
        },
        "page": "/science/[slug]",
        "buildId": "c0urier-1869",
    }
    identity = 'id="__NEXT_DATA__" type="application/json"'
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)} | {words.site}</title>
{canonical(view)}
<meta property="og:title" content="{quoted(story.title)}">
<meta property="og:image" content="{view.image}">
<meta name="description" content="{quoted(story.standfirst or "")}">
<script defer src="/static/app.js"></script>
</head>
<body>
<div id="__next"><noscript>Please switch on JavaScript to read the Courier.</noscript></div>
{json_script(state, identity)}
</body></html>
"""
