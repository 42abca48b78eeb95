"""Custom elements rendered on the server: every box has a made-up tag name, teasers are links with a heading inside."""

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
    popular,
    quoted,
    woven,
)
from newsarchive.demo.view import View

_MARKUP = Markup(figure='<app-figure><img src="{src}" alt=""><small>{text}</small></app-figure>')


def render(view: View) -> str:
    """The whole page."""
    story, words = view.story, view.words
    return f"""<!DOCTYPE html>
<html lang="{story.language}">
<head><meta charset="utf-8"><title>{quoted(story.title)}</title>
{canonical(view)}
{json_script({"@context": "https://schema.org", **news_article(view, kind="Article")})}
</head>
<body>
<app-root>
<app-top><a href="/">{words.site}</a> {menu(" ", story.language)}</app-top>
<app-shell>
<app-head><app-kicker>{quoted(story.section)}</app-kicker><h1>{quoted(story.title)}</h1>
<app-lead>{quoted(story.standfirst or "")}</app-lead>
<app-by>{words.by} {names(view, " y ")} · {view.visible_date}</app-by><img src="{image(view)}" alt=""></app-head>
<app-story><div>
{woven(blocks(view, _MARKUP), _boxes(view))}
</div></app-story>
<app-more><h2>{words.related}</h2>
{"".join(_related(view))}
</app-more>
<app-rank><h2>{words.most_read}</h2>{popular(view, 2)}</app-rank>
</app-shell>
<app-foot>{footer()} <span>© 2024 {words.site}</span></app-foot>
</app-root>
</body></html>
"""


def _boxes(view: View) -> list[str]:
    label = view.words.read_also
    pattern = "<app-inline><strong>" + label + '</strong><a href="{href}"><h4>{title}</h4></a></app-inline>'
    promos = linked(view, view.inline_stories(), kind="inline", module=label, pattern=pattern)
    return [f"<app-ad>{view.words.advertisement}</app-ad>", *promos]


def _related(view: View) -> list[str]:
    pattern = (
        '<app-card><a href="{href}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-srcset="{src} 320w" alt="">'
        "<h3>{title}</h3><span>{date}</span></a></app-card>\n"
    )
    shows = ("date", "image")
    return linked(view, view.neighbours(3), kind="related", module=view.words.related, pattern=pattern, shows=shows)
