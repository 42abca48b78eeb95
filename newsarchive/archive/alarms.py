"""Alarms on sites' health: kept from the night they are raised until they are over or accepted, with examples looked up when asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive import urls
from newsarchive.archive.site_nights import GARBLED, REPEATED, SiteOf
from newsarchive.model.outcome import Outcome
from newsarchive.model.site_night import CLOSED_PAGES, COPIES, FAILED_PAGES, REJECTED_PAGES

EXAMPLES = 3
"""Addresses shown for an alarm: enough to see what the pages have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One alarm as it is kept. Moments are UTC, as `2026-05-01T09:30:00Z`."""

    site: str
    field: str
    since: str
    """Start of the first run that was unlike the ones before."""
    usual: float
    value: float
    """What it was in the newest run in which it was so."""
    run_id: int | None
    """That run."""
    raised_at: str
    over_at: str | None
    accepted_at: str | None

    @property
    def is_open(self) -> bool:
        """Whether it is neither over nor accepted."""
        return self.over_at is None and self.accepted_at is None


_ROWS = "SELECT site, field, since, usual, value, run_id, raised_at, over_at, accepted_at FROM health_alarm"


def kept_alarms(connection: sqlite3.Connection, sites: Sequence[str] = (), *, only_open: bool = False) -> list[AlarmRow]:
    """The alarms of these sites, or of all, the oldest first by site; none in an archive of an older schema."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name='health_alarm'").fetchone() is None:
        return []
    rows = connection.execute(
        f"{_ROWS} WHERE (NOT :some OR site IN (SELECT value FROM json_each(:sites)))"
        " AND (NOT :open OR (over_at IS NULL AND accepted_at IS NULL)) ORDER BY site, since, id",
        {"some": bool(sites), "sites": json.dumps(list(sites)), "open": only_open},
    )
    return [AlarmRow(**dict(row)) for row in rows]


def raise_alarm(connection: sqlite3.Connection, alarm: AlarmRow) -> None:
    """Keep a new alarm; where one is open for the field of the site, that one stays as it is. Inside a transaction of the caller."""
    connection.execute(
        "INSERT INTO health_alarm(site, field, since, usual, value, run_id, raised_at) VALUES(?,?,?,?,?,?,?)"
        " ON CONFLICT(site, field) WHERE over_at IS NULL AND accepted_at IS NULL DO NOTHING",
        (alarm.site, alarm.field, alarm.since, alarm.usual, alarm.value, alarm.run_id, alarm.raised_at),
    )


def keep_alarm(connection: sqlite3.Connection, site: str, field: str, *, value: float, run_id: int) -> None:
    """The field is still unlike before. Inside a transaction of the caller."""
    connection.execute(
        "UPDATE health_alarm SET value=?, run_id=? WHERE site=? AND field=? AND over_at IS NULL AND accepted_at IS NULL",
        (value, run_id, site, field),
    )


def end_alarm(connection: sqlite3.Connection, site: str, field: str, over_at: str) -> None:
    """The field is as before again since the run that began at `over_at`. Inside a transaction of the caller."""
    connection.execute(
        "UPDATE health_alarm SET over_at=? WHERE site=? AND field=? AND over_at IS NULL AND accepted_at IS NULL", (over_at, site, field)
    )


def accept_alarms(connection: sqlite3.Connection, sites: Sequence[str], fields: Sequence[str], accepted_at: str) -> int:
    """A person says that the open alarms of these sites (and fields, where any are named) are the new normal; returns how many."""
    done = connection.execute(
        "UPDATE health_alarm SET accepted_at=:now WHERE over_at IS NULL AND accepted_at IS NULL"
        " AND site IN (SELECT value FROM json_each(:sites)) AND (NOT :some OR field IN (SELECT value FROM json_each(:fields)))",
        {"now": accepted_at, "sites": json.dumps(list(sites)), "some": bool(fields), "fields": json.dumps(list(fields))},
    )
    return done.rowcount


_ARTICLES = "SELECT source_url FROM fetch f JOIN article a ON a.fetch_id=f.id WHERE {run} AND ({odd}) ORDER BY {order}a.id DESC LIMIT :most"
_PAGES = (
    "SELECT f.url FROM outcome f LEFT JOIN frontier q ON q.url=f.url WHERE {run} AND coalesce(q.kind, 'page')='page'"
    " AND f.outcome IN (SELECT value FROM json_each(:outcomes)) ORDER BY f.url LIMIT :most"
)
_NOTHING = (
    "SELECT f.url FROM outcome f WHERE {run} AND f.outcome NOT IN ('stored','updated','unchanged','source','redirected')"
    " ORDER BY f.url LIMIT :most"
)
_FETCHES = "SELECT DISTINCT url FROM fetch f WHERE {run} AND is_final AND ({odd}) ORDER BY {order}id DESC LIMIT :most"
_LISTS = "f.kind IN ('feed','sitemap','listing')"
_CAPTURED = "f.kind='page' AND f.status=200 AND f.outcome IN ('stored','updated','unchanged')"
_BORN = "julianday(substr(a.published_utc, 1, 19))"
_SEEN = "julianday(a.first_seen)"

_EXAMPLES: dict[str, tuple[str, str, str]] = {
    "found": (_FETCHES, _LISTS, "kind, "),
    "listed": (_FETCHES, f"{_LISTS} AND f.status=200", "(SELECT last_links FROM source s WHERE s.url=f.url), "),
    "sources": (_FETCHES, f"{_LISTS} AND f.outcome NOT IN ('source','redirected')", ""),
    "unchanged lists": (_FETCHES, f"{_LISTS} AND f.status=304", ""),
    "title": (_ARTICLES, "coalesce(a.title, '')=''", ""),
    "body": (_ARTICLES, "a.body=''", ""),
    "date": (_ARTICLES, "a.date_published IS NULL", ""),
    "authors": (_ARTICLES, "a.authors='[]'", ""),
    "teasers": (_FETCHES, f"{_CAPTURED} AND NOT EXISTS(SELECT 1 FROM placement p WHERE p.fetch_id=f.id)", ""),
    "length": (_ARTICLES, "1", "length(a.body), "),
    "paywall": (_ARTICLES, "a.is_paywalled", ""),
    "repeated": (_ARTICLES, REPEATED, ""),
    "garbled": (_ARTICLES, GARBLED, ""),
    "dates ahead": (_ARTICLES, f"{_BORN}-{_SEEN}>1.0/24", f"{_SEEN}-{_BORN}, "),
    "dates late": (_ARTICLES, f"{_SEEN}-{_BORN} BETWEEN 1 AND 2", ""),
    "latency": (_FETCHES, "f.elapsed_ms IS NOT NULL", "elapsed_ms DESC, "),
}
"""Field -> query, what is odd, and which come first."""

_OUTCOMES = {
    "rejected": REJECTED_PAGES,
    "copies": COPIES,
    "closed": CLOSED_PAGES,
    "failed": FAILED_PAGES,
    "edited": frozenset({Outcome.UPDATED}),
}
"""Field -> outcomes of the pages that show it."""


def examples(
    connection: sqlite3.Connection, alarm: AlarmRow, *, site_of: SiteOf = urls.registrable_domain, most: int = EXAMPLES
) -> list[str]:
    """Addresses that show what is wrong, from the newest run in which it was so; none where they are not in the archive."""
    if alarm.run_id is None:
        return []
    hosts = [row[0] for row in connection.execute("SELECT DISTINCT host FROM outcome WHERE run_id=?", (alarm.run_id,))]
    outcomes = sorted(_OUTCOMES.get(alarm.field, ()))
    query, odd, order = (_PAGES, "", "") if outcomes else _EXAMPLES.get(alarm.field, (_PAGES, "", ""))
    values: dict[str, object] = {"run": alarm.run_id, "hosts": json.dumps([host for host in hosts if site_of(host) == alarm.site])}
    where = "f.run_id=:run AND f.host IN (SELECT value FROM json_each(:hosts))"
    values |= {"outcomes": json.dumps(outcomes), "most": most}
    found = connection.execute(query.format(run=where, odd=odd, order=order), values).fetchall()
    if not found and alarm.field == "found":  # no list was had at all
        found = connection.execute(_NOTHING.format(run=where), values).fetchall()
    return [str(row[0]) for row in found]
