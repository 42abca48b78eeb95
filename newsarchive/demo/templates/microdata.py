"""Schema.org microdata in the tags, no JSON-LD; figures for teasers; a print view and an AMP twin elsewhere."""

from __future__ import annotations

from newsarchive.demo.templates.parts import Markup, blocks, canonical, footer, image, linked, menu, names, popular, quoted, woven
from newsarchive.demo.view import View

_MARKUP = Markup(quote="<blockquote><p>{text}</p></blockquote>")


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(section=story.section, description=story.standfirst, date_modified=story.modified)
    people = ", ".join(
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">{quoted(name)}</span></span>'
        for name in story.authors
    )
    changed = f'<meta itemprop="dateModified" content="{story.modified}">' if story.modified else ""
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8">
<title>{quoted(story.title)} – {quoted(story.section)} – {words.site}</title>
{canonical(view)}
<link rel="amphtml" href="/amp{story.path}">
<meta name="description" content="{quoted(story.standfirst or "")}">
</head>
<body itemscope itemtype="https://schema.org/WebPage">
<div class="mast"><a href="/">{words.site}</a> {menu(" / ")}</div>
<main itemprop="mainEntity" itemscope itemtype="https://schema.org/NewsArticle">
<meta itemprop="mainEntityOfPage" content="{view.url}"><meta itemprop="articleSection" content="{quoted(story.section)}">{changed}
<h1 itemprop="headline">{quoted(story.title)}</h1>
<p itemprop="description">{quoted(story.standfirst or "")}</p>
<p>{words.by} {people}, <time itemprop="datePublished" datetime="{story.published}">{view.visible_date}</time></p>
<img itemprop="image" src="{image(view)}" alt="">
<div class="col"><div itemprop="articleBody">
{woven(blocks(view, _MARKUP), _boxes(view))}
</div></div>
<p class="tools"><a href="{story.path}?print=1" rel="nofollow">Print this page</a></p>
</main>
<aside class="seealso"><h2>{words.related}</h2>
{"".join(_related(view))}
</aside>
<aside class="top"><h2>{words.most_read}</h2>{popular(view, 3)}</aside>
<div class="foot">{footer()} <p>© 2024 {words.site}</p></div>
</body></html>
"""


def print_view(view: View) -> str:
    """The same text for paper: bare, its canonical address the page's own."""
    story, words = view.story, view.words
    return f"""<!DOCTYPE html>
<html lang="{story.language}"><head><meta charset="utf-8"><title>{quoted(story.title)}</title>
{canonical(view)}</head>
<body><h1>{quoted(story.title)}</h1><p>{words.by} {names(view)}, {view.visible_date}</p>
{woven(blocks(view, _MARKUP), ())}
<p>Printed from {view.url}</p></body></html>
"""


def _boxes(view: View) -> list[str]:
    pattern = '<div class="inbox"><span>' + view.words.read_also + '</span> <a href="{href}">{title}</a></div>'
    advert = f'<div class="gap"><small>{view.words.advertisement}</small><div>Article continues below</div></div>'
    return [*linked(view, view.inline_stories(), kind="inline", module=view.words.read_also, pattern=pattern), advert]


def _related(view: View) -> list[str]:
    pattern = (
        '<figure><a href="{href}"><img src="{src}" alt=""></a><figcaption><small>{section}</small> <a href="{href}">{title}</a>'
        "<p>{excerpt}</p></figcaption></figure>\n"
    )
    shows = ("category", "excerpt", "image")
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern, shows=shows)
