"""A live blog: a summary, then entries in a list, each with its clock time and heading; schema.org LiveBlogPosting."""

from __future__ import annotations

from newsarchive.demo.prose import ProseBlock
from newsarchive.demo.templates.parts import canonical, footer, image, json_script, linked, menu, names, news_article, open_graph, quoted
from newsarchive.demo.view import View
from newsarchive.model.article import BodyBlock


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    summary, entries = _entries(view)
    node = news_article(view, kind="LiveBlogPosting", coverageStartTime=story.published, coverageEndTime=story.modified)
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)} - live | {words.site}</title>
{canonical(view)}
{open_graph(view)}
{json_script({"@context": "https://schema.org", **node})}
</head>
<body>
<header><a href="/">{words.site}</a><nav>{menu()}</nav></header>
<main><article>
<header><p class="live">Live</p><h1>{quoted(story.title)}</h1><p>{quoted(story.standfirst or "")}</p>
<p>{words.by} {names(view)}</p><p>{words.updated} <time datetime="{story.modified}">{view.visible_date}</time></p>
<img src="{image(view)}" alt=""></header>
<div class="summary">{summary}</div>
<ol class="entries">
{entries}
</ol>
</article>
<nav class="onward"><h2>{words.related}</h2><ul>
{"".join(_related(view))}
</ul></nav></main>
<footer>{footer()}<p>{story.comments} {words.comments}</p><p>© 2024 {words.site}</p></footer>
</body></html>
"""


def _entries(view: View) -> tuple[str, str]:
    """The summary's HTML and the entries': a heading in the story begins an entry, its first word is the entry's time."""
    summary: list[str] = []
    entries: list[str] = []
    for block in view.story.blocks:
        html = view.html(block)
        if block.kind == "heading":
            clock, _, heading = html.partition(" ")
            entries.append(f"<time>{clock}</time><h3>{heading}</h3>")
        elif entries:
            entries[-1] += f"<p>{html}</p>"
        else:
            summary.append(f"<p>{html}</p>")
    view.say(body_blocks=[_shown(block) for block in view.story.blocks])
    return "".join(summary), "\n".join(f"<li><article>{entry}</article></li>" for entry in entries)


def _shown(block: ProseBlock) -> BodyBlock:
    text = block.text.partition(" ")[2] if block.kind == "heading" else block.text
    return BodyBlock(block.kind, text)


def _related(view: View) -> list[str]:
    pattern = '<li><a href="{href}">{title}</a></li>\n'
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern)
