"""Ways in which pages of the web are broken, done to pages of the demo newspaper. The text a reader sees stays the same."""

from __future__ import annotations

import re
from collections.abc import Callable

ATTRIBUTES = 100_000
"""Attributes on one tag: parsers that keep them in a list need minutes for so many."""

LEVELS = 400
"""Elements round the body: more than the 256 at which libxml2 gives up, fewer than a guard has to cut."""

BROKEN_JSON_CHARS = 100_000
"""Characters of JSON-LD that never closes its first list."""


def _attributes(html: str) -> str:
    listed = " ".join(f"a{number}=1" for number in range(ATTRIBUTES))
    return _after_body_tag(html, f"<div {listed}></div>")


def _depth(html: str) -> str:
    opened = _after_body_tag(html, "<div>" * LEVELS)
    return opened.replace("</body>", "</div>" * LEVELS + "</body>")


def _broken_jsonld(html: str) -> str:
    row = '{"@type":"ListItem","position":1,"name":"Sport","item":['
    text = ('{"@context":"https://schema.org","@graph":[' + row * (BROKEN_JSON_CHARS // len(row)))[:BROKEN_JSON_CHARS]
    return html.replace("</head>", f'<script type="application/ld+json">{text}</script>\n</head>')


def _controls(html: str) -> str:
    first, _, rest = html.partition("</p>")
    return f"{first}&#1;&#xD800;\x0b</p>{rest}"


def _unclosed(html: str) -> str:
    return re.sub(r"</(?:p|li|figcaption|body|html)>", "", html)


def _after_body_tag(html: str, inserted: str) -> str:
    return re.sub(r"(<body[^>]*>)", lambda match: match[1] + inserted, html, count=1)


SPOILERS: dict[str, Callable[[str], str]] = {
    "attributes": _attributes,
    "depth": _depth,
    "jsonld": _broken_jsonld,
    "controls": _controls,
    "unclosed": _unclosed,
    "mislabelled": lambda html: "\ufeff" + html,
}
"""`options.spoiled` of a story -> what is done to its page."""

WRONG_CONTENT_TYPE = "text/html; charset=iso-8859-1"
"""The header of a `mislabelled` page, whose bytes are UTF-8 with a byte order mark: by the HTML standard the mark wins."""
