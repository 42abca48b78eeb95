"""How many articles there are, by day, month, site and the like; and on which days anybody looked.

A day without articles means something only if the archive asked the sites for articles then. A day counts as collected
when a request was sent on it or on the day after, whose first crawl brings in what the evening published.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from newsarchive import urls
from newsarchive.archive.filters import Filters, zone_of
from newsarchive.archive.hits import Hits, hits_of
from newsarchive.errors import ConfigurationError

CountBy = Literal["day", "month", "year", "site", "section", "author", "language"]
COUNT_BY: tuple[str, ...] = get_args(CountBy)

_TIMES = {"day": 10, "month": 7, "year": 4}
"""Characters of an ISO date that name the span."""

_COLUMNS = {"site": "a.site", "section": "a.section", "language": "a.language"}
_INDEXES = {"site": "article_site_published", "section": "article_section", "month": "article_published"}
"""Indexes that hold all that is counted: without filters they alone are read, never the rows of 11 KB."""

_END = "key || CASE WHEN length(key) < :length THEN ' ' ELSE '~' END"
_BY_SPAN = f"""
WITH RECURSIVE span(key) AS (
  SELECT substr(min(published_utc), 1, :length) FROM article
  UNION ALL
  SELECT (SELECT substr(min(published_utc), 1, :length) FROM article WHERE published_utc >= {_END}) FROM span WHERE key IS NOT NULL)
SELECT key, (SELECT count(*) FROM {{0}} WHERE a.published_utc >= key AND a.published_utc < {_END} AND {{1}}) FROM span WHERE key IS NOT NULL
UNION ALL SELECT NULL, (SELECT count(*) FROM {{0}} WHERE a.published_utc IS NULL AND {{1}})
"""
"""From span to span through the index by date, which needs no sorting: a third of the time of GROUP BY. `~` comes after all
that a date holds, a blank before: `2026` alone, as a page may say, is no span of months."""

MAX_SPANS = 40_000
"""Days that are filled in between the first and the last: a century. Dates beyond it are errors of pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many articles there are under a name."""

    key: str | None
    """The day, month, site and so on; None: the articles that name none (or no day, where days are counted)."""
    articles: int
    days: int | None = None
    """Days of the span; None where it is no span of time."""
    days_collected: int | None = None
    """Days of the span on which somebody looked."""


def counts(connection: sqlite3.Connection, by: CountBy, typed: str = "", filters: Filters | None = None) -> list[Count]:
    """Counts by name, the most frequent first, or by time, the first first, spans without articles included.

    Raises ConfigurationError for what cannot be counted by.
    """
    chosen = filters or Filters()
    _require(by)
    hits = hits_of(connection, typed, chosen)
    if by not in _TIMES:
        return _by_name(hits, by)
    found = _by_time(hits, _TIMES[by], chosen.time_zone)
    undated = found.pop(None, 0)
    looked = collected_days(connection, chosen)
    spans = [
        Count(key=key, articles=found[key], days=len(days), days_collected=sum(day in looked for day in days))
        for key, days in _filled(sorted(key for key in found if key is not None), _TIMES[by])
    ]
    return spans + ([Count(key=None, articles=undated)] if undated else [])


def facets(
    connection: sqlite3.Connection, names: Sequence[CountBy], typed: str = "", filters: Filters | None = None
) -> dict[str, list[Count]]:
    """For each name the counts that `counts` gives, the most frequent first, without empty spans; the words are looked up once.

    Raises ConfigurationError for what cannot be counted by.
    """
    chosen = filters or Filters()
    found: dict[str, list[Count]] = {}
    hits = hits_of(connection, typed, chosen)
    for by in names:
        _require(by)
        if by in _TIMES:
            rows = [Count(key=key, articles=number) for key, number in _by_time(hits, _TIMES[by], chosen.time_zone).items()]
            found[by] = sorted(rows, key=lambda row: (-row.articles, row.key or ""))
        else:
            found[by] = _by_name(hits, by)
    return found


def _require(by: str) -> None:
    if by not in COUNT_BY:
        raise ConfigurationError(f"articles cannot be counted by {by!r}; there are {', '.join(COUNT_BY)}")


def _by_name(hits: Hits, by: str) -> list[Count]:
    if by == "author":
        rows = hits.rows("SELECT j.value, count(*) FROM {0} LEFT JOIN json_each(a.authors) j WHERE {1} GROUP BY 1 ORDER BY 2 DESC, 1")
    else:
        rows = hits.rows(f"SELECT {_COLUMNS[by]}, count(*) FROM {{0}} WHERE {{1}} GROUP BY 1 ORDER BY 2 DESC, 1", _INDEXES.get(by))
    return [Count(key=row[0], articles=row[1]) for row in rows]


def _by_time(hits: Hits, length: int, zone: str) -> Counter[str | None]:
    """Day, month or year -> articles; None: those whose page was less precise."""
    if zone != "UTC" or hits.are_few:
        precision = 16 if zone != "UTC" else length
        rows = hits.rows(f"SELECT substr(a.published_utc, 1, {precision}), count(*) FROM {{0}} WHERE {{1}} GROUP BY 1")
    else:
        rows = hits.rows(_BY_SPAN, _INDEXES["month"], length=length)
    found: Counter[str | None] = Counter()
    for moment, number in rows:
        if number:
            found[_span(moment, length, zone)] += number
    return found


def _span(moment: str | None, length: int, zone: str) -> str | None:
    """The day, month or year of a moment (UTC) in a zone; None where the page was less precise."""
    if moment is None or len(moment) < length:
        return None
    if zone == "UTC" or "T" not in moment:
        return moment[:length]
    return datetime.fromisoformat(moment.rstrip("Z")).replace(tzinfo=UTC).astimezone(zone_of(zone)).date().isoformat()[:length]


def _filled(keys: list[str], length: int) -> Iterator[tuple[str, list[date]]]:
    """Every span from the first to the last key, with its days."""
    if not keys:
        return
    day, last = date.fromisoformat((keys[0] + "-01-01")[:10]), keys[-1]
    known = set(keys)
    if int(last[:4]) - day.year > MAX_SPANS // 366:
        for key in keys:
            yield key, []
        return
    key, days = day.isoformat()[:length], [day]
    while True:
        day += timedelta(days=1)
        if day.isoformat()[:length] != key:
            yield key, days
            known.discard(key)
            key, days = day.isoformat()[:length], []
            if key > last:
                return
        days.append(day)


_HOSTS = """
WITH RECURSIVE found(host) AS (
  SELECT min(host) FROM fetch UNION ALL SELECT (SELECT min(host) FROM fetch WHERE host > found.host) FROM found WHERE host IS NOT NULL)
SELECT host FROM found WHERE host IS NOT NULL
"""
_MOMENTS = """
WITH RECURSIVE found(moment) AS (
  SELECT substr(min(fetched_at), 1, :length) FROM fetch WHERE host = :host UNION ALL
  SELECT (SELECT substr(min(fetched_at), 1, :length) FROM fetch WHERE host = :host AND fetched_at >= moment || '~') FROM found
  WHERE moment IS NOT NULL)
SELECT moment FROM found WHERE moment IS NOT NULL
"""
"""From one to the next through the index by host and moment: a thirtieth of the time of DISTINCT over all requests."""


def collected_days(connection: sqlite3.Connection, filters: Filters) -> set[date]:
    """The days (of the filters' zone) on which somebody looked at the sites in question."""
    wanted = {site.lower() for site in filters.sites}
    zone = zone_of(filters.time_zone)
    length = 10 if filters.time_zone == "UTC" else 16  # a day begins in the middle of an hour in some zones
    has_index = connection.execute("SELECT count(*) FROM sqlite_master WHERE type='index' AND name='fetch_host'").fetchone()[0]
    moments: set[str] = set()
    if has_index:
        for (host,) in connection.execute(_HOSTS).fetchall():
            if _is_wanted(host, wanted):
                moments.update(row[0] for row in connection.execute(_MOMENTS, {"host": host, "length": length}))
    else:  # an archive that no crawl has brought to schema version 4 yet
        rows = connection.execute(f"SELECT DISTINCT host, substr(fetched_at, 1, {length}) FROM fetch").fetchall()
        moments.update(moment for host, moment in rows if _is_wanted(host, wanted))
    found: set[date] = set()
    for moment in moments:
        day = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(zone).date()
        found |= {day, day - timedelta(days=1)}
    return found


def _is_wanted(host: str, wanted: set[str]) -> bool:
    return not wanted or host in wanted or urls.registrable_domain(host) in wanted
