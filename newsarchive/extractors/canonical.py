"""The page's own canonical address, taken only where it can be believed: templates point it to the home page or to nowhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from newsarchive.errors import InvalidUrl
from newsarchive.extractors.structured import Choice
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.urls import normalise, same_site

_LISTING_WORDS = frozenset(
    (
        "category", "tag", "tags", "topic", "topics", "section", "sections", "author", "authors", "search", "archive", "archives", "page",
        "404", "error", "login",
    )
)  # fmt: skip
"""Last segments (or the one before) of addresses that list articles or are none."""


MAX_CANONICALS = 5
"""Canonical links of one page that are looked at; honest pages have one or two."""


def choose_canonical(document: Document) -> Choice:
    """The canonical address by `<link rel=canonical>`, else `og:url`; None where there is none that passes the checks.

    It must be of the page's own registrable domain, and neither the home page nor a listing unless the page is one itself.
    """
    offers = [("link-canonical", link.attrs.get("href", "")) for link in document.link_rel("canonical")[:MAX_CANONICALS]]
    offers.append(("og-url", document.meta("og:url") or ""))
    candidates: list[FieldCandidate] = []
    chosen: tuple[str, str] | None = None
    for source, href in offers:
        address = document.resolve(href) if href.strip() else None
        if address is None:
            continue
        fault = fault_of(address, document.url)
        won = fault is None and chosen is None
        candidates.append(FieldCandidate("canonical_url", address, source, won, fault or ""))
        if won:
            chosen = (address, source)
    return Choice(chosen[0] if chosen else None, chosen[1] if chosen else None, candidates)


def fault_of(canonical: str, url: str | None) -> str | None:
    """Why a canonical address is not believed for a page; None for one that is."""
    try:
        normalise(canonical)
    except InvalidUrl:
        return "no valid address"
    if url is None:
        return None
    if not same_site(canonical, url) and _bare_host(canonical) != _bare_host(url):
        return "another site"
    own, other = _segments(url), _segments(canonical)
    if own and not other and not urlsplit(canonical).query:
        return "the home page"
    if len(other) < len(own) and (other and (other[-1] in _LISTING_WORDS or own[: len(other)] == other)):
        return "a listing above the page" if own[: len(other)] == other and not _is_variant(own[len(other) :]) else None
    if other and other[0] in _LISTING_WORDS and own[:1] != other[:1]:
        return "a listing"
    return None


def _bare_host(url: str) -> str:
    """The host without the label of its desktop or mobile edition, for hosts under no public suffix (intranets, tests)."""
    host = urlsplit(url).hostname or ""
    first, _, rest = host.partition(".")
    return rest if first in ("www", "m", "amp", "mobile") else host


def _is_variant(rest: list[str]) -> bool:
    """Whether the segments that a canonical address lacks only name a view of the same page: `amp`, a page number, `print`."""
    return all(part in _VARIANTS or part.isdigit() or part.startswith(("page-", "amp.", "index.")) for part in rest)


_VARIANTS = frozenset(("amp", "print", "single", "comments", "page", "all", "full", "ampstories", "html", "mobile", "m"))


def _segments(url: str) -> list[str]:
    return [part.lower() for part in urlsplit(url).path.split("/") if part]
