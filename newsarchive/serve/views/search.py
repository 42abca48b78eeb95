"""Search: the syntax and the filters of `newsarchive search`."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.archive import search as full_text
from newsarchive.archive.reader import Archive
from newsarchive.archive.search import Hit
from newsarchive.serve.asked import Asked
from newsarchive.serve.view import Table, View

PAGE_HITS = 20
"""Hits of one page: what a person scrolls through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The hits."""

    words: str
    hits: list[Hit]


def read(archive: Archive, asked: Asked) -> SearchPage:
    """The hits for what is asked."""
    words = asked.text("q")
    return SearchPage(words=words, hits=full_text.search(archive.connection, words, PAGE_HITS))


def table(page: SearchPage) -> Table:
    """A row for each hit."""
    names = ("article_id", "published_utc", "site", "title", "authors", "url", "snippet", "score")
    return Table(names, [[getattr(hit, name) for name in names] for hit in page.hits])


VIEW = View(name="search", route="/search", read=read, table=table)
