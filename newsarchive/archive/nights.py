"""What unattended crawls remember: how each site went in each run, the steps around the crawl, how the command ended.

Writing happens inside a transaction of the caller, with the lock held. Archives of older schemas have none of the tables:
for them every question here has an empty answer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from newsarchive.archive.accounts import failed_seeds
from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.migrations import check_version
from newsarchive.archive.moments import as_text, from_text
from newsarchive.archive.statements import insert_into
from newsarchive.urls import host_of

SiteStatus = Literal["finished", "unfinished", "failed", "skipped"]
StepStatus = Literal["done", "failed", "skipped", "timed_out"]

NIGHT_COMMAND = "newsarchive run"
"""What the command of a night's run begins with: this is how a run is known as a night's even where its night was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHistory:
    """What earlier nights did at a site."""

    last_begun: datetime | None = None
    """When the run began in which it was last crawled to the end; for a moment of its schedule, that moment where it is later."""
    last_success: datetime | None = None
    """When that run was done with it."""
    last_status: SiteStatus | None = None
    """How the newest run left it."""
    last_run: int | None = None
    last_ended: datetime | None = None
    """When the newest run was done with it."""


@dataclass(slots=True, kw_only=True)
class SiteTally:
    """What one run came to on one site."""

    site: str
    status: SiteStatus
    started_at: str
    finished_at: str
    requests: int = 0
    bytes: int = 0
    """Of the pages that were kept, as received."""
    outcomes: dict[str, int] = field(default_factory=dict)
    due_at: str | None = None

    @property
    def seconds(self) -> float:
        """From its first request to its last."""
        return (from_text(self.finished_at) - from_text(self.started_at)).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something a night did."""

    name: str
    status: StepStatus
    started_at: str
    finished_at: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to read an archive with; errors of SQLite become ours. Raises NotInArchive where there is none."""
    with clear_errors(path), closing(connect_reader(path)) as connection:
        check_version(connection, path)
        yield connection


def has_nights(connection: sqlite3.Connection) -> bool:
    """Whether the archive's schema has the tables."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name='run_site'").fetchone() is not None


def site_histories(connection: sqlite3.Connection) -> dict[str, SiteHistory]:
    """Site -> its history; sites that no night crawled are not in it."""
    if not has_nights(connection):
        return {}
    found: dict[str, SiteHistory] = {}
    query = (
        "SELECT s.site, s.status, s.run_id, s.finished_at, max(coalesce(s.due_at, r.started_at), r.started_at) AS begun"
        " FROM run_site s JOIN run r ON r.id=s.run_id WHERE s.status<>'skipped' ORDER BY s.run_id"
    )
    for row in connection.execute(query):
        before = found.get(row["site"], SiteHistory())
        is_success = row["status"] == "finished"
        found[row["site"]] = SiteHistory(
            last_begun=from_text(row["begun"]) if is_success else before.last_begun,
            last_success=from_text(row["finished_at"]) if is_success else before.last_success,
            last_status=row["status"],
            last_run=row["run_id"],
            last_ended=from_text(row["finished_at"]),
        )
    return found


def unaccounted_nights(connection: sqlite3.Connection) -> list[int]:
    """Runs of nights that ended before their sites were written down: the night was killed."""
    query = (
        "SELECT id FROM run r WHERE (command=:night OR command LIKE :night || ' %')"
        " AND NOT EXISTS(SELECT 1 FROM run_record n WHERE n.run_id=r.id AND n.is_night) ORDER BY id"
    )
    return [row[0] for row in connection.execute(query, {"night": NIGHT_COMMAND})]


def old_nights(connection: sqlite3.Connection, before: datetime) -> list[int]:
    """Unfinished runs of nights that came to their time limit, or that began before this moment."""
    query = (
        "SELECT id FROM run WHERE (command=:night OR command LIKE :night || ' %') AND status IN ('running','interrupted')"
        " AND (finish_reason LIKE 'time_limit%' OR started_at<:before) ORDER BY id"
    )
    return [row[0] for row in connection.execute(query, {"night": NIGHT_COMMAND, "before": as_text(before)})]


def last_night(connection: sqlite3.Connection) -> dict[str, Any] | None:
    """Number, state, moments and exit code of the newest night's run; None where there is none."""
    if not has_nights(connection):
        return None
    query = (
        "SELECT r.id, r.status, r.finish_reason, r.started_at, r.finished_at, n.exit_code FROM run r"
        " LEFT JOIN run_record n ON n.run_id=r.id"
        " WHERE r.command=:night OR r.command LIKE :night || ' %' ORDER BY r.id DESC LIMIT 1"
    )
    row = connection.execute(query, {"night": NIGHT_COMMAND}).fetchone()
    return None if row is None else dict(row)


def open_alarm_rows(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Site, field and moment of each alarm that is neither over nor accepted."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name='health_alarm'").fetchone() is None:
        return []
    query = "SELECT site, field, since, usual, value FROM health_alarm WHERE over_at IS NULL AND accepted_at IS NULL ORDER BY site, field"
    return [dict(row) for row in connection.execute(query)]


def last_exit_code(connection: sqlite3.Connection, *, before: int | None = None) -> int | None:
    """How the last night ended, or the last one before a run; None where there is none."""
    if not has_nights(connection):
        return None
    query = "SELECT exit_code FROM run_record WHERE exit_code IS NOT NULL AND (:run IS NULL OR run_id<:run) ORDER BY run_id DESC LIMIT 1"
    row = connection.execute(query, {"run": before}).fetchone()
    return None if row is None else int(row[0])


def run_of_process(connection: sqlite3.Connection, pid: int, host: str, since: datetime) -> int | None:
    """The run that a process of a machine began or took up since then; None where there is none. Process numbers come again."""
    query = "SELECT id FROM run WHERE pid=? AND host=? AND heartbeat_at>=? ORDER BY id DESC LIMIT 1"
    row = connection.execute(query, (pid, host, as_text(since))).fetchone()
    return None if row is None else int(row[0])


def tally_sites(connection: sqlite3.Connection, run_id: int, site_of: Callable[[str], str]) -> list[SiteTally]:
    """What a run came to, by site: `site_of` names the site of a host. Sites of the seeds are there even where nothing was sent."""
    run = connection.execute("SELECT * FROM run WHERE id=?", (run_id,)).fetchone()
    ended = run["finished_at"] or run["heartbeat_at"] or run["started_at"]
    seeds: dict[str, list[str]] = {}
    for seed in json.loads(run["seeds"]):
        seeds.setdefault(site_of(host_of(seed)), []).append(seed)
    tallies = {site: SiteTally(site=site, status="unfinished", started_at=run["started_at"], finished_at=ended) for site in seeds}
    _add_requests(connection, run_id, site_of, tallies)
    for host, outcome, number in connection.execute("SELECT host, outcome, count(*) FROM outcome WHERE run_id=? GROUP BY 1, 2", (run_id,)):
        tally = tallies.get(site_of(host))
        if tally is not None:
            tally.outcomes[outcome] = tally.outcomes.get(outcome, 0) + number
    waiting = _waiting_sites(connection, run_id, site_of)
    for site, tally in tallies.items():
        failed = failed_seeds(connection, run_id, seeds[site])
        if tally.outcomes and len(failed) >= len(seeds[site]):
            tally.status = "failed"
        elif tally.outcomes and site not in waiting:
            tally.status = "finished"
    return sorted(tallies.values(), key=lambda tally: tally.site)


def _add_requests(connection: sqlite3.Connection, run_id: int, site_of: Callable[[str], str], tallies: dict[str, SiteTally]) -> None:
    query = (
        "SELECT f.host, count(*) AS requests, coalesce(sum(r.size), 0) AS bytes, min(f.fetched_at) AS first, max(f.fetched_at) AS last"
        " FROM fetch f LEFT JOIN raw r ON r.id=f.raw_id WHERE f.run_id=? GROUP BY 1"
    )
    seen: set[str] = set()
    for row in connection.execute(query, (run_id,)):
        tally = tallies.get(site_of(row["host"]))
        if tally is None:
            continue
        tally.requests += row["requests"]
        tally.bytes += row["bytes"]
        tally.started_at = min(tally.started_at, row["first"]) if tally.site in seen else row["first"]
        tally.finished_at = max(tally.finished_at, row["last"]) if tally.site in seen else row["last"]
        seen.add(tally.site)


def _waiting_sites(connection: sqlite3.Connection, run_id: int, site_of: Callable[[str], str]) -> set[str]:
    query = "SELECT DISTINCT host FROM frontier WHERE run_id=? AND state IN ('queued','leased','deferred')"
    return {site_of(row[0]) for row in connection.execute(query, (run_id,))}


_SITE_COLUMNS = ("site", "status", "due_at", "started_at", "finished_at", "requests", "bytes")


def save_sites(connection: sqlite3.Connection, run_id: int, tallies: Sequence[SiteTally]) -> None:
    """Write what a run came to by site; a run that was taken up again replaces what it wrote before."""
    for item in tallies:
        values = {name: getattr(item, name) for name in _SITE_COLUMNS} | {"run_id": run_id, "outcomes": _json(item.outcomes)}
        connection.execute(
            insert_into("run_site", values)
            + " ON CONFLICT(run_id, site) DO UPDATE SET status=excluded.status, due_at=coalesce(excluded.due_at, due_at),"
            " started_at=min(started_at, excluded.started_at), finished_at=excluded.finished_at, requests=excluded.requests,"
            " bytes=excluded.bytes, outcomes=excluded.outcomes",
            values,
        )


def save_record(connection: sqlite3.Connection, run_id: int, record: Mapping[str, Any], exit_code: int | None) -> None:
    """Write what else there is to know of a night's run. Its last progress stays as it is."""
    connection.execute(
        "INSERT INTO run_record(run_id, exit_code, is_night, record) VALUES(?,?,1,?)"
        " ON CONFLICT(run_id) DO UPDATE SET exit_code=excluded.exit_code, is_night=1, record=excluded.record",
        (run_id, exit_code, _json(record)),
    )


def save_step(connection: sqlite3.Connection, run_id: int, step: Step) -> None:
    """Write a step behind those that the run has."""
    connection.execute(
        "INSERT INTO run_step(run_id, seq, name, status, started_at, finished_at, detail)"
        " VALUES(:run, (SELECT coalesce(max(seq), 0) + 1 FROM run_step WHERE run_id=:run), :name, :status, :started, :finished, :detail)",
        {
            "run": run_id,
            "name": step.name,
            "status": step.status,
            "started": step.started_at,
            "finished": step.finished_at,
            "detail": _json(step.detail),
        },
    )


def end_run(connection: sqlite3.Connection, run_id: int, reason: str, now: datetime) -> None:
    """Say why a run ended. One that its process left `running` is interrupted: the next night takes it up."""
    connection.execute("UPDATE frontier SET state='queued' WHERE run_id=? AND state='leased'", (run_id,))
    connection.execute(
        "UPDATE run SET finish_reason=?, finished_at=CASE status WHEN 'running' THEN ? ELSE finished_at END,"
        " status=CASE status WHEN 'running' THEN 'interrupted' ELSE status END WHERE id=?",
        (reason, as_text(now), run_id),
    )


def close_run(connection: sqlite3.Connection, run_id: int) -> None:
    """End an unfinished run for good: no run takes it up. What it left in the queue goes to the next run that crawls its sites."""
    connection.execute(
        "UPDATE run SET status='killed', finished_at=coalesce(finished_at, heartbeat_at, started_at) WHERE id=?",
        (run_id,),
    )
    connection.execute("DELETE FROM shape_tally WHERE run_id=?", (run_id,))


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    return json.dumps(value, ensure_ascii=False, default=str)
