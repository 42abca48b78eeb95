"""The links of a page: where to go next, which feeds it names, and which address it calls its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from newsarchive.discovery.classify import candidate_kind, classify
from newsarchive.discovery.source import MAX_URL_CHARS, source_url
from newsarchive.model.candidate import Candidate, UrlKind
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element

MAX_PAGE_LINKS = 5000
"""Different addresses taken from one page. A sitemap page in HTML has some thousands; a trap can have any number."""

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/rss+xml", "application/x-rss+xml"}
)
"""Types of `<link rel=alternate>` that mean a feed. `application/json` alone also means WordPress's data interface."""

_FEED_LIKE_TYPES = frozenset({"application/xml", "text/xml", "application/json", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """What a page links to. Addresses are normalised; each stands once, at its first place."""

    candidates: list[Candidate] = field(default_factory=list)
    """Pages, listings and feeds to follow, in page order: links, then pagination, then feeds. Media files are not among them."""
    nofollow: frozenset[str] = frozenset()
    """Those addresses of `candidates` that every link to them marks `rel=nofollow` (or the whole page does): the crawl decides."""
    traps: list[str] = field(default_factory=list)
    """Addresses that look like a trap (session ids, calendars, facets, growing paths): not among the candidates."""
    canonical: str | None = None
    """The page's `rel=canonical`, unchecked; None where it has none."""
    amp: str | None = None
    """The page's AMP twin."""
    next_page: str | None = None
    """`rel=next`: the next page of a list, or of an article in parts."""
    feeds: list[str] = field(default_factory=list)
    """Feeds of `<link rel=alternate>`."""


@dataclass(slots=True)
class _Found:
    """Links while the page is read."""

    document: Document
    depth: int
    candidates: dict[str, Candidate] = field(default_factory=dict)
    followed: set[str] = field(default_factory=set)
    traps: dict[str, None] = field(default_factory=dict)
    seen: set[tuple[str, bool]] = field(default_factory=set)
    """Links as written, with their nofollow: pages repeat most of theirs."""

    def add(self, href: str, *, nofollow: bool, kind: UrlKind | None = None) -> None:
        if (href, nofollow) in self.seen and kind is None:
            return
        self.seen.add((href, nofollow))
        url = source_url(href, self.document.base_url)
        if url is None or url == self.document.url or len(url) > MAX_URL_CHARS:
            return
        if not nofollow:
            self.followed.add(url)
        if url in self.candidates or url in self.traps or len(self.candidates) >= MAX_PAGE_LINKS:
            return
        shape = classify(url).kind
        if shape == "trap":
            if len(self.traps) < MAX_PAGE_LINKS:
                self.traps[url] = None
        elif shape != "media" or kind is not None:
            self.candidates[url] = Candidate(url=url, kind=kind or candidate_kind(url), found_on=self.document.url, depth=self.depth + 1)


def find_links(document: Document, *, depth: int = 0) -> PageLinks:
    """Every http(s) address the page links to, by its shape a page, a listing or a feed.

    `depth` is the number of links followed to the page. `nofollow` links are kept and named; media files and traps are
    not candidates. An address that cannot be parsed is passed over. Scope is the caller's to check.
    """
    found = _Found(document, depth)
    page_nofollow = _page_says_nofollow(document)
    for element in _anchors(document):
        found.add(element.attrs["href"], nofollow=page_nofollow or "nofollow" in _rels(element))
    next_page = _first(document, "next")
    if next_page:
        found.add(next_page, nofollow=page_nofollow, kind="listing" if classify(next_page).kind == "listing" else None)
    feeds = list(dict.fromkeys(_feeds(document)))
    for feed in feeds:
        found.add(feed, nofollow=False, kind="feed")
    # A feed that is also linked as a page stays one candidate, of the better known kind.
    candidates = [_as_feed(candidate) if candidate.url in feeds else candidate for candidate in found.candidates.values()]
    return PageLinks(
        candidates=candidates,
        nofollow=frozenset(found.candidates.keys() - found.followed),
        traps=list(found.traps),
        canonical=_first(document, "canonical"),
        amp=_first(document, "amphtml"),
        next_page=next_page,
        feeds=feeds,
    )


def _as_feed(candidate: Candidate) -> Candidate:
    return Candidate(url=candidate.url, kind="feed", found_on=candidate.found_on, depth=candidate.depth)


def _anchors(document: Document) -> Iterator[Element]:
    """`a` and `area` elements with an address, in page order."""
    elements = [*document.tree.by_tag("a"), *document.tree.by_tag("area")]
    elements.sort(key=lambda element: element.index)
    return (element for element in elements if element.attrs.get("href"))


def _rels(element: Element) -> frozenset[str]:
    return frozenset(element.attrs.get("rel", "").lower().split())


def _page_says_nofollow(document: Document) -> bool:
    said = f"{document.meta('robots') or ''},{document.headers.get('x-robots-tag', '')}".lower()
    return any(word.strip() in {"nofollow", "none"} for word in said.split(","))


def _first(document: Document, rel: str) -> str | None:
    """The address of the first usable `<link>`, then `<a>`, with this relation."""
    tags = ("link", "a") if rel == "next" else ("link",)
    for tag in tags:
        for element in document.tree.by_tag(tag):
            if "rel" in element.attrs and rel in _rels(element):
                url = source_url(element.attrs.get("href"), document.base_url)
                if url is not None:
                    return url
    return None


def _feeds(document: Document) -> Iterator[str]:
    for element in document.tree.by_tag("link"):
        rels = _rels(element)
        if "alternate" not in rels and "feed" not in rels:
            continue
        kind = element.attrs.get("type", "").split(";")[0].strip().lower()
        url = source_url(element.attrs.get("href"), document.base_url)
        if url is None or url == document.url:
            continue
        is_feed = kind in FEED_TYPES or "feed" in rels or (kind in _FEED_LIKE_TYPES and classify(url).kind == "feed")
        if is_feed and "comments" not in url:
            yield url
