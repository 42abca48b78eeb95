"""A WordPress theme: cards with a picture, category and excerpt below the text, a most-read widget beside it."""

from __future__ import annotations

from newsarchive.demo.templates.parts import (
    Markup,
    blocks,
    canonical,
    feeds,
    footer,
    image,
    json_script,
    linked,
    menu,
    news_article,
    open_graph,
    popular,
    quoted,
    woven,
)
from newsarchive.demo.view import View

_MARKUP = Markup(
    heading='<h2 class="wp-block-heading">{text}</h2>',
    quote='<blockquote class="wp-block-quote"><p>{text}</p></blockquote>',
    figure='<figure class="wp-block-image"><img src="{src}" alt=""><figcaption>{text}</figcaption></figure>',
)


def render(view: View) -> str:
    """The whole page; longer than functions here are, since it is one page of HTML."""
    story, words = view.story, view.words
    head = f"""<!DOCTYPE html>
<html lang="{story.language}">
<head>
<meta charset="UTF-8">
<title>{quoted(story.title)} - {words.site}</title>
<meta name="viewport" content="width=device-width">
{canonical(view)}
{open_graph(view)}
{feeds()}
{json_script({"@context": "https://schema.org", **news_article(view)})}
<link rel="stylesheet" href="/static/courier.css">
</head>"""
    byline = " and ".join(f'<a class="url fn n" href="/author/{quoted(_slug(name))}/">{quoted(name)}</a>' for name in story.authors)
    body = f"""<body class="single single-post wp-embed-responsive">
<div id="page" class="site">
<header id="masthead" class="site-header"><p class="site-title"><a href="/" rel="home">{words.site}</a></p>
<nav id="site-navigation" class="main-navigation">{menu()}</nav></header>
<div id="content" class="site-content">
<main id="main">
<article class="post type-post status-publish format-standard hentry">
<header class="entry-header"><span class="cat-links"><a href="/news/" rel="category tag">{quoted(story.section)}</a></span>
<h1 class="entry-title">{quoted(story.title)}</h1>
<div class="entry-meta">{words.by} {byline} <time class="entry-date published" datetime="{story.published}">{view.visible_date}</time>
<span class="comments-link"><a href="#comments">{story.comments} {words.comments}</a></span></div></header>
<figure class="post-thumbnail"><img src="{image(view)}" alt="" width="320" height="180"></figure>
<div class="entry-content">
{_content(view)}
</div>
<footer class="entry-footer"><div class="sharedaddy"><h3>{words.share}</h3><a href="https://social.example/share?u={quoted(view.url)}">Share</a>
<a href="mailto:?subject=Story">Email</a></div></footer>
</article>
{_related(view)}
<section id="comments"><h2>{story.comments} {words.comments}</h2><p>Comments are open to subscribers of the Courier.</p></section>
</main>
<aside id="secondary" class="widget-area">{_most_read(view)}
<section class="widget widget_mail"><h2>{words.newsletter}</h2><form action="/newsletter/" method="post">
<input name="e"></form></section></aside>
</div>
<footer id="colophon" class="site-footer">{footer()}<p>&copy; 2024 {words.site}. All rights reserved.</p></footer>
</div>
</body>
</html>
"""
    return head + "\n" + body


def _slug(name: str) -> str:
    return "-".join(name.lower().split())


def _content(view: View) -> str:
    label = view.words.read_also
    pattern = '<div class="wp-block-embed"><p><strong>' + label + ':</strong> <a href="{href}">{title}</a></p></div>'
    boxes = linked(view, view.inline_stories(), kind="inline", module=label, pattern=pattern)
    boxes.append(f'<div class="advert-slot"><p>{view.words.advertisement}</p><p>Ad Placeholder 300 x 250</p></div>')
    return woven(blocks(view, _MARKUP), boxes)


def _related(view: View) -> str:
    heading = view.words.related
    pattern = """<article class="post-card"><a href="{href}" class="post-card__thumb"><img src="{src}" alt=""></a>
<div class="post-card__body"><span class="post-card__cat">{section}</span>
<h3 class="post-card__title"><a href="{href}">{title}</a></h3>
<time datetime="{day}">{date}</time>
<p>{excerpt}</p><a class="more-link" href="{href}">Continue Reading</a></div></article>\n"""
    shows = ("category", "date", "excerpt", "image")
    cards = linked(view, view.neighbours(3), kind="related", module=heading, pattern=pattern, shows=shows)
    return f'<section class="related-posts"><h2>{heading}</h2>\n{"".join(cards)}</section>'


def _most_read(view: View) -> str:
    return f'<section class="widget widget_popular"><h2 class="widget-title">{view.words.most_read}</h2>{popular(view, 4)}</section>'
