"""Div soup with hashed class names: every paragraph a div in a div, each teaser one big link."""

from __future__ import annotations

from newsarchive.demo.templates.parts import (
    Markup,
    blocks,
    canonical,
    footer,
    image,
    json_script,
    linked,
    menu,
    news_article,
    paid,
    quoted,
    woven,
)
from newsarchive.demo.view import View

_MARKUP = Markup(
    paragraph='<div class="css-p4ra"><div>{text}</div></div>',
    heading='<div class="css-h34d"><h3>{text}</h3></div>',
    item='<div class="css-l1st"><ul><li>{text}</li></ul></div>',
    quote='<div class="css-qu0te"><blockquote>{text}</blockquote></div>',
    figure='<div class="css-f1g"><figure><img src="{src}" alt=""><figcaption>{text}</figcaption></figure></div>',
    em="i",
)


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    names = ", ".join(story.authors)
    view.say(section=None)
    return f"""<!doctype html>
<html lang="{story.language}"><head><meta charset="utf-8"><title>{quoted(story.title)} | {words.site}</title>
{canonical(view)}
<meta name="description" content="{quoted(story.standfirst or "")}">
{json_script({"@context": "http://schema.org", **news_article(view)})}
</head>
<body><div id="__root"><div class="css-c00k"><div>We and our 214 partners store cookies. You can agree, or count them.</div>
<button>Agree</button></div><div class="css-1q2w3e">
<div class="css-a81kf0"><a href="/">{words.site}</a><div class="css-9zzt1">{menu()}</div></div>
<div class="css-77hqpa"><div class="css-0xk2mm">
<div class="css-lbl01">{quoted(story.section)}</div>
<h1 class="css-t1tl3">{quoted(story.title)}</h1>
<div class="css-std1r">{quoted(story.standfirst or "")}</div>
<div class="css-by11ne">{words.by} <span>{quoted(names)}</span> <span>{view.visible_date}</span></div>
<div class="css-im4g3"><img src="{image(view)}" alt=""></div>
<div class="css-w0rds"><div class="css-gr1d"><div class="css-c0l">
{_content(view)}
</div></div></div>
<div class="css-sh4re"><div>{words.share}</div><a href="https://social.example/post?u={quoted(view.url)}"><div>Post</div></a></div>
</div>
{_related(view)}
</div>
<div class="css-f00t">{footer()}<div>&copy; 2024 {words.site}</div></div>
</div></div></body></html>
"""


def _content(view: View) -> str:
    label = view.words.read_also
    pattern = '<div class="css-pr0m0"><div>' + label + '</div><a href="{href}"><img src="{src}" alt=""><div>{title}</div></a></div>'
    promos = linked(view, view.inline_stories(), kind="inline", module=label, pattern=pattern, shows=("image",))
    return woven(blocks(view, _MARKUP), [f'<div class="css-4dv"><div>{view.words.advertisement}</div><div>300 x 600</div></div>', *promos])


def _related(view: View) -> str:
    heading = view.words.related
    pattern = (
        '<a class="css-c4rd" href="{href}"><div class="css-p1c"><img data-src="{src}" alt=""></div><div class="css-k1ck">{section}</div>'
        '<div class="css-hd1">{title}</div><div class="css-d4t">{date}</div><div class="css-xc3">{excerpt}</div></a>'
    )
    shows = ("category", "date", "excerpt", "image")
    cards = linked(view, view.neighbours(3), kind="related", module=heading, pattern=pattern, shows=shows)
    advert = (
        '<a class="css-c4rd" href="{href}" rel="sponsored"><div class="css-p1c"><img src="{src}" alt=""></div><div class="css-k1ck">'
        + view.words.sponsored
        + '</div><div class="css-hd1">{title}</div></a>'
    )
    cards.insert(1, paid(advert))
    return f'<div class="css-r3l"><h2>{heading}</h2>\n' + "\n".join(cards) + "\n</div>"
