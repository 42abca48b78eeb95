"""What a site's feeds and sitemaps listed, against what is stored: what was missed, and why. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.migrations import check_version
from newsarchive.archive.moments import to_utc
from newsarchive.archive.runs import MAX_REDIRECTS
from newsarchive.errors import NotInArchive

LISTED_BY = ("feed", "news-sitemap", "sitemap")
"""Ways of finding an address by which the site itself lists it."""

_STORED = frozenset({"stored", "updated", "unchanged", "duplicate", "gone", "missing"})
"""Last verdicts of addresses whose article the archive holds, or held the same text of under another address."""

_LISTED_PAGES = """
SELECT f.url, f.identity, f.kind, f.found_by, f.found_on, f.hints, f.last_outcome, o.detail,
  EXISTS(SELECT 1 FROM article a WHERE a.source_url=f.url) OR EXISTS(SELECT 1 FROM article a WHERE a.identity=f.identity)
  OR EXISTS(SELECT 1 FROM url_alias u WHERE u.url=f.identity) AS has_article
FROM frontier f LEFT JOIN outcome o ON o.run_id=f.last_done_run AND o.url=f.url
WHERE f.host IN (SELECT value FROM json_each(?)) AND f.kind IN ('page','listing')
  AND f.found_by IN ('feed','news-sitemap','sitemap') ORDER BY f.url
"""
_SOURCES = """
SELECT f.url, f.kind, f.last_outcome, o.detail, s.last_fetched_at, s.last_links
FROM frontier f LEFT JOIN source s ON s.url=f.url LEFT JOIN outcome o ON o.run_id=f.last_done_run AND o.url=f.url
WHERE f.host IN (SELECT value FROM json_each(?)) AND f.kind IN ('feed','sitemap') ORDER BY f.kind, f.url
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSource:
    """A feed or sitemap of the site."""

    url: str
    kind: str
    """`feed` or `sitemap`."""
    last_fetched_at: str | None
    """UTC; None for one that was never read."""
    last_links: int | None
    """Addresses it named when it was read last."""
    outcome: str | None
    """Verdict of its last visit (`source` where it was read); None while it waits."""
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedUrl:
    """An address that the site lists and of which no article is stored."""

    url: str
    listed_by: str
    """`feed`, `news-sitemap` or `sitemap`."""
    listed_on: str | None
    """Address of that feed or sitemap."""
    date: str | None
    """Date it gave: published, else modified."""
    title: str | None
    """Title it gave."""
    outcome: str | None
    """Why there is no article: the last verdict, of the end of its redirects; None for one that is still to be fetched."""
    detail: str | None


@dataclass(slots=True, kw_only=True)
class Coverage:
    """A site's listings against the archive."""

    domains: Sequence[str]
    since: date | None
    listed: int = 0
    """Pages that feeds and sitemaps listed, in the range."""
    stored: int = 0
    """Those of them whose article is in the archive."""
    undated: int = 0
    """Listed pages without a date: they are in every range."""
    out_of_range: int = 0
    """Addresses that crawls left unfetched because of their own date range; not among the listed ones."""
    by_listing: dict[str, dict[str, int]] = field(default_factory=dict)
    """`feed`, `news-sitemap`, `sitemap` -> {`listed`: n, `stored`: n}."""
    missed: list[MissedUrl] = field(default_factory=list)
    """Everything listed and not stored, newest first, undated ones last."""
    sources: list[ListingSource] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str | None, int]:
        """Outcome (None: still to be fetched) -> number of missed pages, the most frequent first."""
        return dict(Counter(item.outcome for item in self.missed).most_common())


def coverage_of(path: Path | str, domains: Sequence[str], *, since: date | None = None) -> Coverage:
    """Compare what the feeds and sitemaps of these domains (subdomains included) listed with what the archive at `path` holds.

    `since` leaves out pages whose listed date is earlier (a day, UTC). Raises NotInArchive where there is no archive, or where it
    knows no address of the domains.
    """
    place = Path(path)
    connection = connect_reader(place)
    try:
        with clear_errors(place):
            check_version(connection, place)
            hosts = [row[0] for row in connection.execute("SELECT DISTINCT host FROM frontier") if is_host_of(row[0], domains)]
            if not hosts:
                raise NotInArchive(f"{place} knows no address of {', '.join(domains)}; `newsarchive crawl {domains[0]}` comes first.")
            return _compare(connection, hosts, Coverage(domains=tuple(domains), since=since))
    finally:
        connection.close()


def is_host_of(host: str, domains: Sequence[str]) -> bool:
    """Whether a host (with its port, where it has one of its own) is one of the domains or below one."""
    bare = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    return any(host == name or bare == name or bare.endswith(f".{name}") for name in domains)


def _compare(connection: sqlite3.Connection, hosts: Sequence[str], found: Coverage) -> Coverage:
    names = (json.dumps(hosts),)  # one walk over the frontier for all hosts: it has no index of what is done by host alone
    for row in connection.execute(_LISTED_PAGES, names):
        _count(connection, row, found)
    found.sources = [ListingSource(**_source_fields(row)) for row in connection.execute(_SOURCES, names)]
    found.out_of_range = int(
        connection.execute(
            "SELECT count(*) FROM frontier WHERE host IN (SELECT value FROM json_each(?))"
            " AND last_outcome='out_of_range' AND found_by='archive'",
            names,
        ).fetchone()[0]
    )
    found.missed.sort(key=lambda item: item.url)
    found.missed.sort(key=lambda item: to_utc(item.date) or "", reverse=True)
    return found


def _source_fields(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "url": row["url"],
        "kind": row["kind"],
        "last_fetched_at": row["last_fetched_at"],
        "last_links": row["last_links"],
        "outcome": row["last_outcome"],
        "detail": row["detail"],
    }


def _count(connection: sqlite3.Connection, row: sqlite3.Row, found: Coverage) -> None:
    hints = json.loads(row["hints"])
    listed_date = hints.get("date_published") or hints.get("date_modified")
    day = (to_utc(listed_date) or "")[:10]
    if found.since is not None and day and day < found.since.isoformat()[: len(day)]:
        return
    outcome, detail = row["last_outcome"], row["detail"]
    is_stored = bool(row["has_article"]) or outcome in _STORED
    if not is_stored and outcome == "redirected":
        outcome, detail, is_stored = _end_of_redirects(connection, row["identity"], detail)
    if not is_stored and (outcome == "source" or row["kind"] == "listing"):
        return  # a section page in a sitemap: nothing that could be stored
    ways = found.by_listing.setdefault(row["found_by"], {"listed": 0, "stored": 0})
    found.listed += 1
    found.undated += not day
    ways["listed"] += 1
    if is_stored:
        found.stored += 1
        ways["stored"] += 1
        return
    found.missed.append(
        MissedUrl(
            url=row["url"],
            listed_by=row["found_by"],
            listed_on=row["found_on"],
            date=listed_date,
            title=hints.get("title"),
            outcome=outcome,
            detail=detail,
        )
    )


def _end_of_redirects(connection: sqlite3.Connection, identity: str, detail: str | None) -> tuple[str | None, str | None, bool]:
    """Outcome and detail of where an address leads in the end, and whether that is stored."""
    outcome: str | None = "redirected"
    for target in _targets(connection, identity):
        row = connection.execute(
            "SELECT f.last_outcome, o.detail,"
            " EXISTS(SELECT 1 FROM article a WHERE a.source_url=f.url OR a.identity=f.identity) AS has_article"
            " FROM frontier f LEFT JOIN outcome o ON o.run_id=f.last_done_run AND o.url=f.url WHERE f.identity=?",
            (target,),
        ).fetchone()
        if row is None:
            return "redirected", f"to {target}, which was not asked for", False
        outcome, detail = row["last_outcome"], f"{row['detail'] or ''} (redirected to {target})".strip()
        if row["has_article"] or outcome in _STORED:
            return outcome, detail, True
    return outcome, detail, False


def _targets(connection: sqlite3.Connection, identity: str) -> Iterator[str]:
    """Identities an address redirects to, one after the other."""
    seen = {identity}
    for _ in range(MAX_REDIRECTS):
        row = connection.execute("SELECT target FROM redirect WHERE url=?", (identity,)).fetchone()
        if row is None or row[0] in seen:
            return
        identity = row[0]
        seen.add(identity)
        yield identity
