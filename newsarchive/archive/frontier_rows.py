"""Candidates as rows of the frontier, and back: priority, hints, and what becomes of two arrivals of one address."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from newsarchive import urls
from newsarchive.archive.moments import moment_of
from newsarchive.archive.statements import clean
from newsarchive.errors import InvalidUrl
from newsarchive.model.candidate import Candidate, UrlKind
from newsarchive.model.run import Revisit

KIND_RANK: dict[str, int] = {"robots": 0, "feed": 0, "sitemap": 1, "listing": 2, "page": 3}
_ALWAYS = frozenset({"robots", "feed", "sitemap", "listing"})
LISTED = frozenset({"feed", "sitemap", "news-sitemap"})
"""Ways of finding an address that make it one the site lists."""
_NEVER_FETCHED = frozenset({None, "out_of_range", "blocked_address", "deferred"})
"""Last outcomes that say nothing about the page: such addresses are always worth asking for."""
_KNOWN_ARTICLE = frozenset({"stored", "updated", "unchanged", "duplicate", "gone", "missing"})
UNDATED_AGE = timedelta(days=1)
"""An address without a date is queued as if it were published a day before the run began: links on a front page are
mostly fresh, and must neither wait for a sitemap of twenty years nor hold up the feed's newest."""
MIN_STAMPED = 20
MAX_STAMPS = 2
"""A sitemap of so many dated entries with so few different dates was written at that moment; its articles were not."""
LIKELY_AHEAD = timedelta(hours=12)
"""How much younger an undated address counts that is like the site's articles, and older one that is unlike them: still behind what the
feed dates today, and none is lost."""
_FAR_FUTURE = 4102444800
"""2100-01-01 in Unix seconds: dates are counted backwards from here, so that newer ones have smaller priorities."""


_YEARS_OF_NEVER = 50
"""Years to the next visit that stand for none (`moments.NOT_AGAIN` is a hundred)."""
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Entry:
    """A candidate with what the table needs, computed outside of the transaction."""

    candidate: Candidate
    identity: str
    host: str


def prepare(candidates: Iterable[Candidate]) -> list[Entry]:
    """Candidates with identity and host; addresses that are no http(s) URLs are left out (discovery checks them)."""
    entries = []
    for item in candidates:
        try:
            entries.append(Entry(item, urls.identity(item.url), urls.host_of(item.url)))
        except InvalidUrl:
            continue
    return entries


def buried_digest(name: str) -> str:
    """What a tombstone keeps of an identity (http read as https) or a site's name."""
    if name.startswith("http://"):
        name = "https://" + name.removeprefix("http://")
    return hashlib.sha256(name.encode()).hexdigest()


def nameless(identity: str) -> str:
    """What stands in an outcome instead of an address that was removed on request: the address may tell what the headline said."""
    return f"forgotten:{buried_digest(identity)[:16]}"


def is_buried(connection: sqlite3.Connection, identity: str) -> bool:
    """Whether the address or its site was removed on request."""
    digests = (buried_digest(identity), buried_digest(urls.registrable_domain(identity)))
    return connection.execute("SELECT 1 FROM tombstone WHERE identity_sha256 IN (?,?)", digests).fetchone() is not None


def are_stamps(entries: Sequence[Entry]) -> bool:
    """Whether the dates of modification in a listing are those of the listing: many entries, and hardly a date of their own."""
    dates = [entry.candidate.date_modified for entry in entries if entry.candidate.date_modified]
    return len(dates) >= MIN_STAMPED and len(set(dates)) <= MAX_STAMPS


def is_modified(known: sqlite3.Row, item: Candidate) -> bool:
    """Whether a sitemap or feed gives a later date of modification than the one it gave before."""
    if item.found_by not in LISTED or item.date_modified is None:
        return False
    before = moment_of(json.loads(known["hints"]).get("date_modified"))
    after = moment_of(item.date_modified)
    return before is not None and after is not None and after > before


def is_wanted(known: sqlite3.Row, item: Candidate, revisit: Revisit, now: str, *, has_stamps: bool = False) -> bool:
    """Whether an address of earlier runs is to be fetched in this one. What it turned out to be counts, not what it looks like.

    `has_stamps`: the dates of modification are the listing's own and mean nothing.
    """
    if item.found_by == "seed" or known["last_outcome"] in _NEVER_FETCHED:
        return True
    if known["last_outcome"] not in _KNOWN_ARTICLE and (known["kind"] in _ALWAYS or item.kind in _ALWAYS):
        return True
    if revisit == "never" and known["last_outcome"] in _KNOWN_ARTICLE:
        return False
    is_due = known["next_due_at"] is None or str(known["next_due_at"]) <= now
    if revisit == "now" or is_due:
        return True
    is_fetched_once = int(str(known["next_due_at"])[:4]) - int(now[:4]) > _YEARS_OF_NEVER
    return revisit == "due" and not has_stamps and not is_fetched_once and is_modified(known, item)


def priority_of(item: Candidate, undated: datetime) -> int:
    """Smaller is earlier. Seeds and sources without a date come first; everything else by date, newest first, then depth.

    A dated sitemap queues with the pages of its date: the archive of 2005 must not hold up today's articles.
    """
    if item.found_by == "seed":
        return 0
    shown = moment_of(item.date_published) or moment_of(item.date_modified)
    if shown is None and item.kind in _ALWAYS:
        return 1 + min(item.depth, 99) * 4 + KIND_RANK[item.kind]
    seconds = int((shown or undated + LIKELY_AHEAD * item.likelihood).timestamp())
    backwards = min(max(_FAR_FUTURE - seconds, 0), 2**40)
    return 1000 + ((backwards * 4 + KIND_RANK[item.kind]) << 8) + min(item.depth, 255)


def origin_rank(item: Candidate) -> tuple[int, int, str, str]:
    """Which of two origins is kept, the smaller: that a person asked for the address, then that a feed or sitemap lists it."""
    rank = 0 if item.found_by == "seed" else 1 if item.found_by in LISTED else 2
    return (rank, item.depth if rank == 2 else 0, item.found_by, item.found_on or "")


def with_hints(item: Candidate, other: Candidate) -> Candidate:
    """The candidate with what another arrival of its address knows of it."""
    return replace(
        item,
        title=smaller(item.title, other.title),
        date_published=smaller(item.date_published, other.date_published),
        date_modified=later(item.date_modified, other.date_modified),
    )


def smaller(a: str | None, b: str | None) -> str | None:
    """The smaller of two texts, or the one that there is: the same whichever came first."""
    return min(a, b) if a and b else a or b


def later(a: str | None, b: str | None) -> str | None:
    """The later of two dates of modification, or the one that there is: the same whichever came first."""
    if not a or not b:
        return a or b
    times = [(moment_of(text) or _NEVER, text) for text in (a, b)]
    return max(times)[1]


def hints_of(item: Candidate) -> str:
    """What a feed or sitemap said of the address, as JSON."""
    hints: dict[str, Any] = {"title": item.title, "date_published": item.date_published, "date_modified": item.date_modified}
    hints["redirects"], hints["likelihood"] = item.redirects or None, item.likelihood or None
    return clean(json.dumps({key: value for key, value in hints.items() if value is not None}, ensure_ascii=False))


def row_of(item: Candidate, undated: datetime) -> dict[str, Any]:
    """The columns of `frontier` that come from a candidate."""
    return {
        "url": item.url,
        "host": urls.host_of(item.url),
        "kind": item.kind,
        "priority": priority_of(item, undated),
        "depth": item.depth,
        "found_on": item.found_on,
        "found_by": item.found_by,
        "hints": hints_of(item),
    }


def candidate_of(row: sqlite3.Row) -> Candidate:
    """The candidate that a row of the frontier stands for."""
    hints = json.loads(row["hints"])
    kind: UrlKind = row["kind"]
    return Candidate(
        url=row["url"],
        kind=kind,
        found_on=row["found_on"],
        found_by=row["found_by"],
        depth=row["depth"],
        title=hints.get("title"),
        date_published=hints.get("date_published"),
        date_modified=hints.get("date_modified"),
        redirects=hints.get("redirects", 0),
        likelihood=hints.get("likelihood", 0),
    )
