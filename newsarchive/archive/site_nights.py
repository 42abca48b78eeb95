"""What a crawl measured of each of its sites, counted from its own rows and kept, so that a site's history is cheap to read."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from statistics import median
from typing import Any

from newsarchive import urls
from newsarchive.archive.connection import transaction
from newsarchive.archive.moments import from_text, moment_of
from newsarchive.model.outcome import LISTS, Outcome
from newsarchive.model.site_night import SiteNight

SiteOf = Callable[[str], str]
"""Host -> name of its site."""

MAX_RUNS = 1500
"""Runs of a site that are read of its history: sixty nights of a site that is crawled every hour."""
_MEDIANS = ("body_chars", "teasers_each", "latency_ms")
_NOT_MEASURED = ("site", "started_at", "run_id", "outcomes")
_COUNTS = tuple(item.name for item in fields(SiteNight) if item.name not in (*_NOT_MEASURED, *_MEDIANS))
_OUTCOME = "outcome."
_NO_PAGE = LISTS | {Outcome.OUT_OF_RANGE}
_DAY_SECONDS = 86_400
_HOUR_SECONDS = 3_600

_OUTCOMES = """
SELECT o.host, o.outcome, count(*) AS urls FROM outcome o LEFT JOIN frontier f ON f.url=o.url
WHERE o.run_id=? AND coalesce(f.kind, 'page')='page' GROUP BY 1, 2
"""
_SOURCES = """
SELECT f.host, f.status, f.outcome, s.last_links, s.last_new FROM fetch f LEFT JOIN source s ON s.url=f.url
WHERE f.run_id=? AND f.is_final AND f.kind IN ('feed','sitemap','listing')
"""
REPEATED = (
    "(a.cluster_id IS NOT NULL AND EXISTS(SELECT 1 FROM article b WHERE b.cluster_id=a.cluster_id AND b.site=a.site AND b.id<>a.id)"
    " OR EXISTS(SELECT 1 FROM article b WHERE b.content_hash=a.content_hash AND b.site=a.site AND b.id<>a.id))"
)
"""Whether another article of the site has the text of article `a` as well, or nearly."""
GARBLED = """(instr(a.body, char(65533))>0 OR instr(coalesce(a.title, ''), char(65533))>0 OR instr(a.flags, '"mojibake"')>0
  OR instr(a.body, char(226, 8364))>0
  OR a.body GLOB '*' || char(195) || '[' || char(161) || '-' || char(191) || ']*'
  OR a.body GLOB '*' || char(208) || '[' || char(176) || '-' || char(191) || ']' || char(208) || '*')"""
"""Whether article `a` has broken letters: replacement characters, the extractor's own flag, or UTF-8 read as Windows-1252, of
which a curly quote, an accented letter and two Cyrillic ones leave such pairs. The flag alone tells bytes that fit no character
set, not those that fit a wrong one."""
_READ = f"""
SELECT f.host, a.id, a.title<>'' AS title, a.body<>'' AS body, a.date_published IS NOT NULL AS date, a.authors<>'[]' AS author,
  coalesce(a.is_paywalled, 0) AS paywalled, length(a.body) AS chars, a.first_seen, a.published_utc,
  {REPEATED} AS repeated, {GARBLED} AS garbled
FROM fetch f JOIN article a ON a.fetch_id=f.id WHERE f.run_id=?
"""
_CAPTURED = """
SELECT f.host, count(*) AS pages, sum(shown>0) AS with_teasers, sum(shown) AS teasers FROM
  (SELECT f.host, (SELECT count(*) FROM placement p WHERE p.fetch_id=f.id) AS shown FROM fetch f
   WHERE f.run_id=:run AND f.is_final AND f.kind='page' AND f.status=200 AND f.outcome IN ('stored','updated','unchanged')) f
GROUP BY 1
"""


def measure_run(connection: sqlite3.Connection, run_id: int, site_of: SiteOf = urls.registrable_domain) -> list[SiteNight]:
    """What a run measured of each site it asked for anything, by name. Reads only; exact while it is the newest run.

    Of an older run, articles count as read where nothing later replaced their text.
    """
    row = connection.execute("SELECT started_at FROM run WHERE id=?", (run_id,)).fetchone()
    if row is None:
        return []
    tally = _Tally(from_text(row[0]), site_of)
    for host, outcome, number in connection.execute(_OUTCOMES, (run_id,)):
        if outcome not in _NO_PAGE:
            tally.outcomes[site_of(host)][outcome] += number
    for host, number in connection.execute("SELECT host, count(*) FROM article WHERE first_run_id=? GROUP BY 1", (run_id,)):
        tally.add(host, found=number)
    for host, number, with_teasers, teasers in connection.execute(_CAPTURED, {"run": run_id}):
        tally.add(host, captured=number, teasers=with_teasers)
        tally.shown[site_of(host)] += teasers
    for source in connection.execute(_SOURCES, (run_id,)):
        tally.add_source(source)
    for article in connection.execute(_READ, (run_id,)):
        tally.add_article(article)
    for host, elapsed in connection.execute("SELECT host, elapsed_ms FROM fetch WHERE run_id=? AND elapsed_ms IS NOT NULL", (run_id,)):
        tally.elapsed[site_of(host)].append(elapsed)
    return tally.nights(run_id)


class _Tally:
    """Figures by site while they are counted."""

    def __init__(self, started_at: datetime, site_of: SiteOf) -> None:
        self._started_at, self._site_of = started_at, site_of
        self.counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.outcomes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.elapsed: dict[str, list[int]] = defaultdict(list)
        self.chars: dict[str, list[int]] = defaultdict(list)
        self.shown: dict[str, int] = defaultdict(int)

    def add(self, host: str, **numbers: int) -> None:
        """Add to a host's site."""
        counts = self.counts[self._site_of(host)]
        for name, number in numbers.items():
            counts[name] += number

    def add_source(self, row: sqlite3.Row) -> None:
        """One visit of a feed, sitemap or listing."""
        is_same = row["status"] == 304
        is_read = row["outcome"] == Outcome.SOURCE and not is_same
        links, new = (row["last_links"] or 0, row["last_new"] or 0) if is_read else (0, 0)
        is_failed = not is_read and not is_same and row["outcome"] != Outcome.REDIRECTED
        self.add(row["host"], sources=1, sources_same=int(is_same), sources_failed=int(is_failed), links=links, new_links=new)

    def add_article(self, row: sqlite3.Row) -> None:
        """One article whose text is of this run."""
        self.add(
            row["host"],
            read=1,
            titles=row["title"] or 0,
            bodies=row["body"],
            dates=row["date"],
            authors=row["author"],
            paywalled=row["paywalled"],
            repeated=row["repeated"],
            garbled=row["garbled"],
        )
        if row["body"]:
            self.chars[self._site_of(row["host"])].append(row["chars"])
        lag = _lag(row["first_seen"], row["published_utc"])
        if lag is not None:
            self.add(row["host"], **{lag: 1})

    def nights(self, run_id: int) -> list[SiteNight]:
        """All sites, by name."""
        return [self._night(site, run_id) for site in sorted({*self.counts, *self.outcomes, *self.elapsed})]

    def _night(self, site: str, run_id: int) -> SiteNight:
        counts, elapsed, chars = self.counts[site], self.elapsed[site], self.chars[site]
        captured = counts.get("captured", 0)
        return SiteNight(
            site=site,
            started_at=self._started_at,
            run_id=run_id,
            outcomes=dict(self.outcomes[site]),
            fetches=len(elapsed),
            body_chars=float(median(chars)) if chars else None,
            teasers_each=self.shown[site] / captured if captured else None,
            latency_ms=float(median(elapsed)) if elapsed else None,
            **counts,
        )


def _lag(first_seen: str, published: str | None) -> str | None:
    """Which of the four counts of dates an article belongs to; None where its date is less precise than a day."""
    born = moment_of(published) if published and len(published) >= 10 else None
    if born is None:
        return None
    seconds = (from_text(first_seen) - born).total_seconds()
    if seconds < -_HOUR_SECONDS:
        return "ahead"
    return "same_day" if seconds <= _DAY_SECONDS else "day_late" if seconds <= 2 * _DAY_SECONDS else "later"


def save_nights(connection: sqlite3.Connection, nights: Iterable[SiteNight]) -> None:
    """Keep what was measured, in the place of what was measured of the same runs and sites before. A transaction of its own."""
    with transaction(connection):
        for night in nights:
            connection.execute("DELETE FROM site_measure WHERE site=? AND run_id=?", (night.site, night.run_id))
            connection.executemany(
                "INSERT INTO site_measure(run_id, site, measure, value) VALUES(?,?,?,?)",
                [(night.run_id, night.site, name, value) for name, value in measures_of(night).items()],
            )


def measures_of(night: SiteNight) -> dict[str, float]:
    """The measures as they are kept: name -> value; zeros are kept, because a zero is a statement."""
    values: dict[str, float] = {name: float(getattr(night, name)) for name in _COUNTS}
    values |= {name: float(value) for name in _MEDIANS if (value := getattr(night, name)) is not None}
    return values | {_OUTCOME + name: float(number) for name, number in night.outcomes.items()}


def saved_nights(connection: sqlite3.Connection, run_id: int) -> list[SiteNight]:
    """What was kept of a run, by site; empty for runs that were not measured."""
    return _nights(
        connection.execute(
            "SELECT m.site, m.run_id, r.started_at, m.measure, m.value FROM site_measure m JOIN run r ON r.id=m.run_id WHERE m.run_id=?"
            " ORDER BY m.site",
            (run_id,),
        )
    )


def site_history(connection: sqlite3.Connection, site: str, *, before: str | None = None) -> list[SiteNight]:
    """What was kept of a site, the oldest run first; with `before` (UTC, as in `run.started_at`) only runs that began earlier."""
    return _nights(
        connection.execute(
            "WITH newest AS (SELECT r.id, r.started_at FROM run r WHERE (:before IS NULL OR r.started_at<:before)"
            " AND EXISTS(SELECT 1 FROM site_measure m WHERE m.site=:site AND m.run_id=r.id)"
            " ORDER BY r.started_at DESC, r.id DESC LIMIT :most)"
            " SELECT :site AS site, n.id AS run_id, n.started_at, m.measure, m.value FROM newest n"
            " JOIN site_measure m ON m.site=:site AND m.run_id=n.id ORDER BY n.started_at, n.id",
            {"site": site, "before": before, "most": MAX_RUNS},
        )
    )


def measured_sites(connection: sqlite3.Connection) -> dict[str, int]:
    """Site -> runs that measured it; empty in an archive of an older schema."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name='site_measure'").fetchone() is None:
        return {}
    return dict(connection.execute("SELECT site, count(DISTINCT run_id) FROM site_measure GROUP BY 1 ORDER BY 1").fetchall())


def unmeasured_runs(connection: sqlite3.Connection) -> list[int]:
    """Finished crawls of which nothing was measured, the oldest first: not what re-read or took in pages, nor lists without following."""
    rows = connection.execute(
        "SELECT id FROM run r WHERE status='finished' AND json_extract(settings, '$.job') IS NULL"
        " AND coalesce(json_extract(settings, '$.follow'), 1) AND NOT EXISTS(SELECT 1 FROM site_measure m WHERE m.run_id=r.id)"
        " AND EXISTS(SELECT 1 FROM outcome o WHERE o.run_id=r.id) ORDER BY started_at, id"
    )
    return [int(row[0]) for row in rows]


def _nights(rows: Iterable[sqlite3.Row]) -> list[SiteNight]:
    found: dict[tuple[str, int], tuple[str, dict[str, float]]] = {}
    for row in rows:
        found.setdefault((row["site"], row["run_id"]), (row["started_at"], {}))[1][row["measure"]] = row["value"]
    return [night_of(site, run_id, from_text(started), values) for (site, run_id), (started, values) in found.items()]


def night_of(site: str, run_id: int, started_at: datetime, values: Mapping[str, float]) -> SiteNight:
    """The inverse of `measures_of`. Measures that this version does not know are left out."""
    known: dict[str, Any] = {name: int(values[name]) for name in _COUNTS if name in values}
    known |= {name: values[name] for name in _MEDIANS if name in values}
    outcomes = {name.removeprefix(_OUTCOME): int(value) for name, value in values.items() if name.startswith(_OUTCOME)}
    return SiteNight(site=site, started_at=started_at, run_id=run_id, outcomes=outcomes, **known)
