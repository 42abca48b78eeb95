"""Div soup with hashed class names: every paragraph a div in a div, each teaser one big link."""

from __future__ import annotations

from newsarchive.demo.templates.parts import canonical, footer, image, json_script, menu, news_article, quoted
from newsarchive.demo.view import View, after_each
from newsarchive.demo.wording import long_date


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
<body><div id="__root"><div class="css-1q2w3e">
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
    pieces = []
    for block in view.story.blocks:
        html = view.html(block, em="i")
        if block.kind == "heading":
            pieces.append(f'<div class="css-h34d"><h3>{html}</h3></div>')
        elif block.kind == "list_item":
            pieces.append(f'<div class="css-l1st"><ul><li>{html}</li></ul></div>')
        elif block.kind == "quote":
            pieces.append(f'<div class="css-qu0te"><blockquote>{html}</blockquote></div>')
        elif block.kind == "caption":
            picture = f'<img src="/media/{block.picture}.png" alt="">'
            pieces.append(f'<div class="css-f1g"><figure>{picture}<figcaption>{html}</figcaption></figure></div>')
        else:
            pieces.append(f'<div class="css-p4ra"><div>{html}</div></div>')
    boxes = [f'<div class="css-4dv"><div>{view.words.advertisement}</div><div>300 x 600</div></div>']
    for other in view.inline_stories():
        href = view.teaser(other, "inline", module=view.words.read_also, shows=("image",))
        boxes.append(
            f'<div class="css-pr0m0"><div>{view.words.read_also}</div><a href="{href}"><img src="/media/{other.slug}.png" alt="">'
            f"<div>{quoted(other.title)}</div></a></div>"
        )
    return "\n".join(after_each(pieces, boxes))


def _related(view: View) -> str:
    heading = view.words.related
    cards = []
    for other in view.neighbours(3):
        href = view.teaser(other, "related", module=heading, shows=("category", "date", "excerpt", "image"))
        cards.append(
            f'<a class="css-c4rd" href="{href}"><div class="css-p1c"><img data-src="/media/{other.slug}.png" alt=""></div>'
            f'<div class="css-k1ck">{quoted(other.section)}</div><div class="css-hd1">{quoted(other.title)}</div>'
            f'<div class="css-d4t">{long_date(other.published, other.language)}</div>'
            f'<div class="css-xc3">{quoted(view.shown_excerpt(other))}</div></a>'
        )
    paid = (
        f'<a class="css-c4rd" href="http://ads.market.example/land?c=77" rel="sponsored">'
        '<div class="css-p1c"><img src="/media/ad.png" alt="">'
        f'</div><div class="css-k1ck">{view.words.sponsored}</div><div class="css-hd1">The mattress that sleeps as well as you do</div></a>'
    )
    cards.insert(1, paid)
    return f'<div class="css-r3l"><h2>{heading}</h2>\n' + "\n".join(cards) + "\n</div>"
