"""A stub before a paywall: the beginning of the text, the gate, and JSON-LD that says the rest is not free."""

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
    names,
    news_article,
    open_graph,
    quoted,
    woven,
)
from newsarchive.demo.view import View


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    view.say(is_paywalled=True)
    part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".locked"}
    node = news_article(view, isAccessibleForFree=False, hasPart=part)
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)} | {words.site}</title>
{canonical(view)}
{open_graph(view, title=story.options.get("seo_title"))}
<meta property="article:content_tier" content="locked">
{json_script({"@context": "https://schema.org", **node})}
</head>
<body>
<header><a href="/">{words.site}</a> {menu()}</header>
<main><article>
<p class="rubric">{quoted(story.section)}</p><h1>{quoted(story.title)}</h1>
<p class="dek">{quoted(story.standfirst or "")}</p>
<address>{words.by} {names(view, " and ")}</address><time datetime="{story.published}">{view.visible_date}</time>
<figure><img src="{image(view)}" alt=""></figure>
<section class="open"><div>
{woven(blocks(view, Markup()), ())}
</div></section>
<section class="gate"><h2>This story is for subscribers</h2>
<p>Read on with a subscription to the Courier from four crowns a month. Cancel
whenever you like.</p>
<p><a href="/subscribe/">Subscribe now</a> or <a href="/login/">log in</a> if you already have an account.</p></section>
</article>
<section class="next"><h2>{words.related}</h2>
{"".join(_related(view))}
</section></main>
<footer>{footer()}<p>© 2024 {words.site}</p></footer>
</body></html>
"""


def _related(view: View) -> list[str]:
    pattern = (
        '<div class="tile"><div style="background-image: url({src})"></div><h3>{title}</h3>'
        '<p>{excerpt}</p><a href="{href}" aria-label="{title}"></a></div>\n'
    )
    shows = ("image", "excerpt")
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern, shows=shows)
