"""What a collection holds, piece by piece: pages with their address and moment, and everything that is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from newsarchive.errors import InvalidUrl
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.pages.headers import kept_headers
from newsarchive.recapture.answers import Answer, content_of, parse_answer
from newsarchive.recapture.warc import Fault, Record
from newsarchive.urls import host_of, normalise

Place = tuple[int, int]

REQUESTED = "newsarchive-requested-uri"
"""Header of records that we wrote: the address the crawl asked for, where another one answered."""

MAX_URL_CHARS = 2083
"""Characters of an address, as in the crawl (URLLENGTH_LIMIT)."""

_HTML = frozenset({"", "text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:?00)?\Z")
_EARLIEST = datetime(1991, 1, 1, tzinfo=UTC)
"""There was no web before."""

AHEAD = timedelta(days=1)
"""How far clocks may be wrong: a record from the future would stand before everything that is captured later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece of a collection. Exactly one of `page`, `passed` and `fault` is set."""

    place: Place
    """Where reading can be taken up behind it."""
    offset: int
    """Bytes (of a folder: files) of the collection before it."""
    page: Page | None = None
    """An answer of a server; its body is empty where `trouble` says why it is not to be read."""
    trouble: Outcome | None = None
    detail: str | None = None
    passed: str | None = None
    """What it is instead of a page: `request`, `revisit`, `image/png`, ..."""
    fault: str | None = None
    """Why it cannot be read."""


class Collection(Protocol):
    """A file or folder that is taken in."""

    @property
    def name(self) -> str:
        """As the user knows it."""

    @property
    def size(self) -> int:
        """Bytes, or files of a folder: what progress is measured by."""

    @property
    def signature(self) -> str:
        """Changes when the collection does: a place in another one means nothing."""

    def entries(self, after: Place | None) -> Iterator[Entry]:
        """The pieces in order, from behind a place where one is given."""


def moment_of(text: str, now: datetime) -> datetime | None:
    """A WARC-Date to the second; None for what is no date, or one that cannot be."""
    found = _DATE.match(text.strip())
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}+00:00") if found else None
    except ValueError:
        return None
    return moment if moment is not None and _EARLIEST <= moment <= now + AHEAD else None


def address_of(text: str) -> str | None:
    """The address as the crawl spells it; None for what is no http(s) address."""
    text = text.strip().removeprefix("<").removesuffix(">")
    if len(text) > MAX_URL_CHARS:
        return None
    try:
        url = normalise(text)
        return url if host_of(url) else None
    except InvalidUrl:
        return None


def entry_of(found: Record | Fault, now: datetime) -> Entry:
    """A record as an entry."""
    empty = Entry(place=found.place, offset=found.offset)
    if isinstance(found, Fault):
        return replace(empty, fault=found.reason)
    if found.kind not in ("response", "resource"):
        return replace(empty, passed=found.kind[:40])
    target = found.headers.get("warc-target-uri", "")
    url = address_of(found.headers.get(REQUESTED) or target)
    if url is None:
        return replace(empty, passed=_scheme(target))
    answer = Answer(200, (("Content-Type", found.headers.get("content-type", "")),), found.block)
    if found.kind == "response":
        parsed = parse_answer(found.block)
        if parsed is None:
            return replace(empty, fault="its content is no HTTP answer")
        answer = parsed
    moment = moment_of(found.headers.get("warc-date", ""), now)
    if moment is None:
        return replace(empty, fault=f"its date {found.headers.get('warc-date', '')[:40]!r} cannot be")
    cut = found.headers.get("warc-truncated")
    page = Page(url=url, final_url=address_of(target), body=b"", fetched_at=moment)
    return page_entry(empty, page, answer, is_cut=found.is_cut, cut_by=cut)


def page_entry(empty: Entry, page: Page, answer: Answer, *, is_cut: bool = False, cut_by: str | None = None) -> Entry:
    """An answer as an entry: what is no HTML is passed over, what is cut or packed wrongly says so."""
    page = replace(page, status=answer.status, headers=kept_headers(answer.headers))
    if answer.status == 304 or answer.status < 200:
        return replace(empty, passed=f"HTTP {answer.status}")
    if not 200 <= answer.status < 300:
        return replace(empty, page=page)
    kind = answer.header("content-type").split(";")[0].strip().lower()
    if kind not in _HTML:
        return replace(empty, passed=kind[:40])
    if cut_by is not None or answer.status == 206:
        return replace(empty, page=page, trouble=Outcome.TRUNCATED, detail=f"only a part was collected ({(cut_by or 'HTTP 206')[:20]})")
    content = content_of(answer, is_cut=is_cut)
    if content.trouble is not None:
        return replace(empty, page=page, trouble=content.trouble, detail=content.detail)
    return replace(empty, page=replace(page, body=content.body))


def _scheme(target: str) -> str:
    scheme = target.strip("<> ").partition(":")[0].lower()
    return f"{scheme[:20]}: address" if scheme.isalpha() and scheme not in ("http", "https") else "no address"
