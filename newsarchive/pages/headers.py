"""What an answer's headers tell: those that a record keeps, and the signals against archiving in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

KEPT_HEADERS = (
    "content-type",
    "content-language",
    "content-length",
    "date",
    "last-modified",
    "etag",
    "location",
    "link",
    "retry-after",
    "server",
    "x-robots-tag",
    "tdm-reservation",
    "tdm-policy",
)
"""The headers that a record may need later; cookies and the like are not kept."""
MAX_HEADER_CHARS = 1000
"""Characters of a header value that are kept. The longest honest one seen (a Link header) has 600."""

OBEYED = frozenset({"noai", "noimageai", "tdm-reservation"})
"""Signals that keep a page out of the archive. `noarchive` speaks of public cached copies: it is recorded, the raw page never shown."""

_DIRECTIVES = frozenset({"noindex", "noarchive", "nosnippet", "noai", "noimageai", "none"})


def kept_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers that matter, names in lower case, in a fixed order; several of one name are joined, long ones cut."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(value)
    return {name: ", ".join(found[name])[:MAX_HEADER_CHARS] for name in KEPT_HEADERS if name in found}


def header_opt_outs(headers: Mapping[str, str], agent: str) -> list[str]:
    """The opt-out signals of `X-Robots-Tag` and `TDM-Reservation` (TDMRep, W3C community group report 2024).

    A directive after `name:` counts only when the name is ours.
    """
    found: list[str] = []
    scope = ""
    for piece in headers.get("x-robots-tag", "").lower().split(","):
        name, colon, rest = piece.partition(":")
        if colon and name.strip() not in ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"):
            scope, piece = name.strip(), rest
        directive = piece.strip()
        if directive in _DIRECTIVES and scope in ("", agent):
            found += ["noindex"] if directive == "none" else [directive]
    if headers.get("tdm-reservation", "").strip() == "1":
        found.append("tdm-reservation")
    return sorted(set(found))


def obeyed(signals: Sequence[str], also: Collection[str] = ()) -> list[str]:
    """Those signals that keep the page out of the archive; `also` names those the operator obeys beyond the usual ones."""
    return [signal for signal in signals if signal in OBEYED or signal in also]
