"""Search: the syntax and the filters of `newsarchive search`, with facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive.archive import counting
from newsarchive.archive import search as full_text
from newsarchive.archive.counting import Count, CountBy
from newsarchive.archive.filters import FilterWords, filters_of
from newsarchive.archive.hits import FEW
from newsarchive.archive.reader import Archive
from newsarchive.archive.search import Sort
from newsarchive.serve.asked import Asked
from newsarchive.serve.found import Found, with_lines
from newsarchive.serve.view import Table, View

PAGE_HITS = 20
"""Hits of one page: what a person scrolls through."""
MAX_HITS = 1000
"""Hits that can be paged through, and rows of the CSV; a whole result is an export's work."""
FACET_ROWS = 8
"""Names of a facet that are shown at once."""
MORE_FACET_ROWS = 60
"""Names of a facet that are shown at all; `newsarchive count` lists every one."""
SMALL_ARCHIVE = 20_000
"""Articles up to which every facet is always counted: passing over all of them takes 30 ms."""

SORTS = ("relevance", "date")
_SPREAD: tuple[CountBy, ...] = ("site", "section", "month")
"""Counted for every search, from indexes."""
_ROWS: tuple[CountBy, ...] = ("author", "language")
"""Counted for few hits alone: each hit's row has to be read (400,000 of them: 0.6 s warm, and 2 GB from the disk)."""
_LABELS = {"site": "Sites", "section": "Sections", "month": "Months", "author": "Authors", "language": "Languages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRow:
    """One name of a facet."""

    key: str
    articles: int
    is_chosen: bool
    address: str
    """The same search with only this name, or without it where it is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How the hits spread."""

    name: str
    label: str
    rows: list[FacetRow]
    more: list[FacetRow]
    """Those that are shown on demand."""
    unnamed: int
    """Hits without any."""
    most: int
    """Articles of the largest row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filter that is on."""

    label: str
    value: str
    address: str
    """The same search without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of hits."""

    words: str
    sort: str
    total: int
    """Articles that fit."""
    first: int
    """Number of the first hit of this page, from 1; 0 where there is none."""
    page: int
    pages: int
    """Pages that can be looked at."""
    hits: list[Found]
    facets: list[Facet]
    uncounted: list[str]
    """Facets that were not counted, since there are too many hits."""
    chosen: list[Chosen]


def filters_asked(asked: Asked) -> FilterWords:
    """The filters among the parameters."""
    return {
        "site": asked.several("site"),
        "since": asked.text("since") or None,
        "until": asked.text("until") or None,
        "language": asked.several("language"),
        "section": asked.several("section"),
        "author": asked.several("author"),
        "changed": asked.flag("changed"),
        "gone": asked.flag("gone"),
        "time_zone": asked.text("time_zone", "UTC"),
    }


def read(archive: Archive, asked: Asked) -> SearchPage:
    """The page of hits for what is asked. Nothing typed: the newest articles."""
    words, connection = asked.text("q"), archive.connection
    size = asked.number("size", PAGE_HITS, 1, MAX_HITS)
    page = asked.number("page", 1, 1, MAX_HITS)
    sort: Sort = "date" if asked.one_of("sort", SORTS, "relevance") == "date" else "relevance"
    filters = filters_of(**filters_asked(asked))
    counts = counting.facets(connection, _SPREAD, words, filters)
    total = sum(row.articles for row in counts["site"])
    if total and (total * FEW < len(archive) or len(archive) <= SMALL_ARCHIVE):
        counts |= counting.facets(connection, _ROWS, words, filters)
    reachable = min(total, MAX_HITS)
    pages = max(-(-reachable // size), 1)
    page = min(page, pages)
    hits = full_text.search(connection, words, min(page * size, reachable), filters, sort=sort)[(page - 1) * size :]
    return SearchPage(
        words=words,
        sort=sort,
        total=total,
        first=(page - 1) * size + 1 if hits else 0,
        page=page,
        pages=pages,
        hits=with_lines(connection, hits),
        facets=[_facet(asked, name, counts[name]) for name in (*_SPREAD, *_ROWS) if counts.get(name)],
        uncounted=[_LABELS[name].lower() for name in _ROWS if total and name not in counts],
        chosen=_chosen(asked),
    )


def _facet(asked: Asked, name: CountBy, counts: Sequence[Count]) -> Facet:
    named = [row for row in counts if row.key is not None]
    if name == "month":
        named.sort(key=lambda row: row.key or "", reverse=True)
    rows = [_facet_row(asked, name, row.key or "", row.articles) for row in named[:MORE_FACET_ROWS]]
    rows.sort(key=lambda row: not row.is_chosen)
    return Facet(
        name=name,
        label=_LABELS[name],
        rows=rows[:FACET_ROWS],
        more=rows[FACET_ROWS:],
        unnamed=sum(row.articles for row in counts if row.key is None),
        most=max((row.articles for row in rows), default=1),
    )


def _facet_row(asked: Asked, name: str, key: str, articles: int) -> FacetRow:
    if name == "month":
        chosen = asked.text("since") == key == asked.text("until")
        address = asked.address(since=None if chosen else key, until=None if chosen else key, page=None)
    else:
        chosen = key in asked.several(name)
        others = [value for value in asked.several(name) if value != key]
        address = asked.address(**{name: others if chosen else [*others, key], "page": None})
    return FacetRow(key=key, articles=articles, is_chosen=chosen, address=address)


def _chosen(asked: Asked) -> list[Chosen]:
    found = []
    for name in ("site", "section", "author", "language"):
        for value in asked.several(name):
            others = [other for other in asked.several(name) if other != value]
            found.append(Chosen(label=name, value=value, address=asked.address(**{name: others, "page": None})))
    for name, label in (("since", "from"), ("until", "to"), ("time_zone", "days of")):
        if asked.text(name):
            found.append(Chosen(label=label, value=asked.text(name), address=asked.address(**{name: None, "page": None})))
    for name, label in (("changed", "changed by the publisher"), ("gone", "removed by the publisher")):
        if asked.flag(name):
            found.append(Chosen(label="only", value=label, address=asked.address(**{name: None, "page": None})))
    return found


def table(page: SearchPage) -> Table:
    """A row for each hit."""
    names = ("article_id", "published_utc", "site", "title", "authors", "url", "snippet", "score")
    return Table((*names, "section"), [[*(getattr(hit, name) for name in names), hit.line.section] for hit in page.hits])


VIEW = View(name="search", route="/search", read=read, table=table)
