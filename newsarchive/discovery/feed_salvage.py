"""Entries of a feed too broken for a parser: what stands between one `<item>` or `<entry>` and the next, read by patterns."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from newsarchive.discovery.source import clean_title, source_url
from newsarchive.discovery.stamps import iso_date
from newsarchive.model.candidate import Candidate

MAX_ENTRY_CHARS = 20_000
"""Characters of an entry that are looked at; full texts come after the address and the dates in nearly every feed."""

_START = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)\b[^<>]*>", re.IGNORECASE)
_LINKS = (
    re.compile(r"<link\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]+|/[^\s<\]]+)", re.IGNORECASE),
    re.compile(r"""<(?:atom:)?link\b(?![^<>]{0,500}\brel=["']?(?!alternate))[^<>]*?\bhref=["']?([^"'\s<>]+)""", re.IGNORECASE),
    re.compile(r"<(?:guid|id)\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]+)", re.IGNORECASE),
)
_TITLE = re.compile(r"<title\b[^<>]*>\s*(?:<!\[CDATA\[(.{1,2000}?)\]\]>|([^<]{1,2000}))", re.IGNORECASE | re.DOTALL)
_PUBLISHED = re.compile(r"<(?:pubDate|published|dc:date|issued)\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{4,60})", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def count_entries(text: str) -> int:
    """How many entries a feed's text begins."""
    return sum(1 for _ in _START.finditer(text))


def salvage(text: str, url: str, depth: int) -> Iterator[Candidate]:
    """Every entry that has an address, however broken the rest is. `url` is the feed's address."""
    starts = [found.end() for found in _START.finditer(text)]
    for start, following in zip(starts, [*starts[1:], len(text)], strict=True):
        entry = text[start : min(following, start + MAX_ENTRY_CHARS)]
        address = _address(entry, url)
        if address is None or address == url:
            continue
        title, published = _TITLE.search(entry), _PUBLISHED.search(entry)
        yield Candidate(
            url=address,
            found_on=url,
            found_by="feed",
            depth=depth + 1,
            title=clean_title(html.unescape(_TAG.sub("", html.unescape(title.group(1) or title.group(2))))) if title else None,
            date_published=iso_date(published.group(1)) if published else None,
        )


def _address(entry: str, url: str) -> str | None:
    for pattern in _LINKS:
        found = pattern.search(entry)
        if found is not None:
            address = source_url(html.unescape(found.group(1)), url)
            if address is not None:
                return address
    return None
