"""A French paper: OpenGraph without JSON-LD, related cards as articles in an aside, the image in a picture element."""

from __future__ import annotations

from newsarchive.demo.templates.parts import (
    Markup,
    blocks,
    canonical,
    footer,
    linked,
    menu,
    names,
    open_graph,
    paid,
    popular,
    quoted,
    woven,
)
from newsarchive.demo.view import View

_MARKUP = Markup(heading="<h3>{text}</h3>")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    picture = f"/media/{story.slug}.png"
    return f"""<!DOCTYPE html>
<html lang="{story.language}" prefix="og: https://ogp.me/ns#">
<head><meta charset="utf-8">
<title>{quoted(story.title)} | {words.site}</title>
{canonical(view)}
{open_graph(view, title=f"{story.title} | {words.site}")}
<meta name="author" content="{names(view)}">
</head>
<body>
<header class="bandeau"><p><a href="/">{words.site}</a></p><nav>{menu(" ", story.language)}</nav></header>
<div class="page">
<article>
<header><p class="rubrique">{quoted(story.section)}</p><h1>{quoted(story.title)}</h1>
<p class="chapo">{quoted(story.standfirst or "")}</p>
<p class="signature">{words.by} {names(view, " et ")}, le {view.visible_date}</p>
<picture><source srcset="{picture} 2x"><img src="{picture}" alt=""></picture></header>
<div class="corps"><section><div>
{woven(blocks(view, _MARKUP), _boxes(view))}
</div></section></div>
<footer class="partage"><p>{words.share}</p></footer>
</article>
<aside class="suite"><h2>{words.related}</h2>
{"".join(_related(view))}
{paid(f'<article><p>{words.sponsored}</p><a href="{{href}}"><h3>{{title}}</h3></a></article>')}
<h2>{words.most_read}</h2>{popular(view, 3, tag="ul")}</aside>
</div>
<footer>{footer()}<p>© 2024 {words.site}</p></footer>
</body></html>
"""


def _boxes(view: View) -> list[str]:
    pattern = '<p class="renvoi"><strong>' + view.words.read_also + ' :</strong> <a href="{href}">{title}</a></p>'
    return [
        *linked(view, view.inline_stories(), kind="inline", module=view.words.read_also, pattern=pattern),
        f'<div class="pub"><span>{view.words.advertisement}</span></div>',
    ]


def _related(view: View) -> list[str]:
    pattern = (
        '<article><a href="{href}"><picture><source srcset="{src}"><img src="{src}" alt="" loading="lazy"></picture>'
        '<h3>{title}</h3></a><p>{excerpt}</p><time datetime="{day}">{date}</time></article>\n'
    )
    shows = ("excerpt", "date", "image")
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern, shows=shows)
