"""A video page with a real text below the player: VideoObject and NewsArticle side by side."""

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
    popular,
    quoted,
    woven,
)
from newsarchive.demo.view import View


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    film = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": story.title,
        "description": story.standfirst,
        "uploadDate": story.published,
        "thumbnailUrl": view.image,
        "duration": "PT2M14S",
        "contentUrl": f"/media/{story.slug}.mp4",
    }
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)} - {words.site}</title>
{canonical(view)}
{open_graph(view)}
{json_script([film, {"@context": "https://schema.org", **news_article(view)}])}
</head>
<body>
<header><a href="/">{words.site}</a> {menu()}</header>
<main>
<div class="player"><video controls poster="/media/{story.slug}.png"></video><button>Play</button><span>02:14</span></div>
<div class="under">
<h1>{quoted(story.title)}</h1>
<p class="credit">{words.by} {names(view)} <time datetime="{story.published}">{view.visible_date}</time></p>
<section class="transcript">
{woven(blocks(view, Markup()), ())}
</section></div>
<div class="nextup"><h2>More videos and stories</h2>
{"".join(_more(view))}
</div>
</main>
<aside><h2>{words.most_read}</h2>{popular(view, 3)}</aside>
<footer>{footer()}<p>© 2024 {words.site}</p></footer>
</body></html>
"""


def _more(view: View) -> list[str]:
    pattern = (
        '<div class="clip"><a href="{href}"><img srcset="{src} 320w, {src}?w=2 640w" alt=""><span>01:30</span><h4>{title}</h4></a></div>\n'
    )
    return linked(view, view.neighbours(2), kind="list", module="More videos and stories", pattern=pattern, shows=("image",))
