"""Pages that only lead to others: the front page, section pages with their pagination, authors' pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from newsarchive.demo.stories import Story
from newsarchive.demo.templates.parts import feeds, footer, menu
from newsarchive.demo.view import Paper, excerpt
from newsarchive.demo.wording import long_date, words_of

STORIES_PER_PAGE = 6
"""Stories on one page of a section: few enough that even a small section has a second page."""


def shell(title: str, main: str, *, language: str = "en", head: str = "") -> str:
    """A page of the paper with its masthead and footer round `main`."""
    words = words_of(language)
    direction = ' dir="rtl"' if language in ("ar", "he") else ""
    return f"""<!DOCTYPE html>
<html lang="{language}"{direction}>
<head><meta charset="utf-8"><title>{escape(title)} - {words.site}</title>
<meta name="viewport" content="width=device-width">
{feeds()}
{head}
<link rel="stylesheet" href="/static/courier.css">
</head>
<body>
<header><p class="masthead"><a href="/">{words.site}</a></p><nav>{menu()}</nav></header>
<main>
{main}
</main>
<footer><p>{footer()}</p><p>&copy; 2024 {words.site}</p></footer>
</body>
</html>
"""


def _card(story: Story) -> str:
    return (
        f'<article class="card"><a href="{escape(story.path)}"><img src="/media/{story.slug}.png" alt="" width="64" height="36"></a>'
        f'<h3><a href="{escape(story.path)}">{escape(story.title, quote=False)}</a></h3>'
        f"<p>{long_date(story.published, story.language)}: {escape(excerpt(story), quote=False)}</p></article>"
    )


def cards(stories: Iterable[Story]) -> str:
    """Stories as a listing prints them."""
    return "\n".join(_card(story) for story in stories)


def front_page(paper: Paper, sections: Sequence[tuple[str, str]], extra: str) -> str:
    """The front page: the newest three of each section, then `extra`."""
    parts = ["<h1>Brindle Harbour Courier</h1>", "<p>News from the harbour, the hills and the islands, since 1869.</p>"]
    for place, (name, path) in enumerate(sections):
        newest = [story for story in paper.live if story.section == name][:3]
        parts.append(f'<section><h2><a href="{path}">{escape(name)}</a></h2>\n{cards(newest)}\n</section>')
        if place % 2 == 0:
            parts.append(
                '<div class="ad"><p>Advertisement</p><a href="http://ads.market.example/land?c=12" rel="sponsored nofollow">'
                '<img src="/media/ad.png" alt="Ad Placeholder 728 x 90"></a></div>'
            )
    parts.append(extra)
    return shell("News from the harbour", "\n".join(parts))


def section_page(paper: Paper, name: str, path: str, number: int) -> str:
    """Page `number` (from 1) of a section."""
    stories = [story for story in paper.live if story.section == name]
    language = stories[0].language if stories else "en"
    first = (number - 1) * STORIES_PER_PAGE
    pages = page_count(paper, name)
    turns = []
    if number > 1:
        turns.append(f'<a rel="prev" href="{path if number == 2 else f"{path}page/{number - 1}/"}">Newer</a>')
    if number < pages:
        turns.append(f'<a rel="next" href="{path}page/{number + 1}/">Older</a>')
    main = f"<h1>{escape(name)}</h1>\n{cards(stories[first : first + STORIES_PER_PAGE])}\n<p class='pages'>{' '.join(turns)}</p>"
    return shell(f"{name}, page {number}" if number > 1 else name, main, language=language)


def page_count(paper: Paper, name: str) -> int:
    """Pages of a section; at least 1."""
    count = sum(1 for story in paper.live if story.section == name)
    return max(1, -(-count // STORIES_PER_PAGE))


def author_page(paper: Paper, name: str) -> str:
    """The page of an author: a line about them and their stories."""
    stories = [story for story in paper.live if name in story.authors]
    return shell(name, f"<h1>{escape(name)}</h1><p>Writes for the Courier.</p>\n{cards(stories)}")
