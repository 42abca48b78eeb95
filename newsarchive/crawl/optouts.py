"""Signals by which a publisher keeps a page out of archives or of text and data mining."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

OBEYED = frozenset({"noai", "noimageai", "tdm-reservation"})
"""Signals that keep a page out of the archive. `noarchive` speaks of public cached copies: it is recorded, the raw page never shown."""

_DIRECTIVES = frozenset({"noindex", "noarchive", "nosnippet", "noai", "noimageai", "none"})


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
