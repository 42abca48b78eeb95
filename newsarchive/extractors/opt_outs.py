"""What a page's markup says against being indexed, cached or used for text and data mining."""

from __future__ import annotations

from newsarchive.pages.document import Document

_ROBOTS = ("robots", "googlebot", "googlebot-news", "bingbot", "otherbots")
_WORDS = {
    "noindex": ("noindex",), "noarchive": ("noarchive",), "nocache": ("noarchive",), "nosnippet": ("nosnippet",), "noai": ("noai",),
    "noimageai": ("noimageai",), "noml": ("noai",), "none": ("noindex",),
}  # fmt: skip
"""Word of a robots directive -> signals."""

_ORDER = ("noindex", "noarchive", "nosnippet", "noai", "noimageai", "tdm-reservation")


def opt_outs(document: Document) -> list[str]:
    """The opt-out signals of meta elements and of the response's headers, each once, in a fixed order."""
    found: set[str] = set()
    for name, content in document.metas:
        if name in _ROBOTS:
            found |= directives(content)
        elif name in ("tdm-reservation", "tdm_reservation") and content.strip() == "1":
            found.add("tdm-reservation")
    found |= directives(document.headers.get("x-robots-tag", ""))
    if document.headers.get("tdm-reservation", "").strip() == "1":
        found.add("tdm-reservation")
    return [signal for signal in _ORDER if signal in found]


def directives(text: str) -> set[str]:
    """The signals in a robots directive such as `noindex, noarchive` or `googlebot: nosnippet`."""
    found: set[str] = set()
    for part in text.lower().split(","):
        word = part.rsplit(":", 1)[-1].strip()
        found.update(_WORDS.get(word, ()))
    return found
