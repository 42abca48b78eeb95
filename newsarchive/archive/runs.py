"""Runs: starting, taking up, finishing and counting them."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import socket
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from newsarchive.archive.moments import as_text, from_text
from newsarchive.archive.reading import compact
from newsarchive.archive.tallies import drop_tallies
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.version import EXTRACTOR_VERSION, __version__

RunStatus = Literal["finished", "interrupted", "failed", "killed"]

NOT_PART_OF_THE_PLAN = frozenset(
    {
        "command",
        "contact",
        "archive",
        "delay_seconds",
        "concurrency_per_host",
        "keep_raw",
        "time_limit_seconds",
        "connect_to",
        "allow_addresses",
        "leave_out_broken",
    }
)
"""Keys of a plan that may differ when an unfinished run is taken up: they change how fast and from where, not what.
The addresses are among them because the demo's server gets another port in every process."""


MAX_REDIRECTS = 10
"""Steps followed from an address to where it leads; servers are followed for fewer."""


@dataclass(frozen=True, slots=True)
class RunHandle:
    """A run that has begun."""

    id: int
    """Number within this archive."""
    uuid: str
    resumed: bool
    """Whether it continues an unfinished run."""


def plan_digest(plan: Mapping[str, Any], seeds: Sequence[str]) -> str:
    """Equal for two crawls that are the same job."""
    kept = {key: value for key, value in plan.items() if key not in NOT_PART_OF_THE_PLAN and key != "seeds"}
    text = json.dumps([sorted(seeds), kept], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def begin(connection: sqlite3.Connection, plan: Mapping[str, Any], seeds: Sequence[str], now: datetime) -> RunHandle:
    """Start a run or take up the last unfinished one of the same plan; inside a transaction, under the lock.

    Unfinished runs of other plans are marked killed, unless the plan has a `job`: what is no crawl (reading again, taking
    in) leaves a crawl that was interrupted to be taken up later.
    """
    digest = plan_digest(plan, seeds)
    known = connection.execute(
        "SELECT id, uuid FROM run WHERE plan_digest=? AND status IN ('running','interrupted') ORDER BY id DESC LIMIT 1", (digest,)
    ).fetchone()
    if "job" not in plan:
        connection.execute(
            "UPDATE run SET status='killed', finished_at=coalesce(finished_at, heartbeat_at, started_at)"
            " WHERE status IN ('running','interrupted') AND id IS NOT ?",
            (known["id"] if known else None,),
        )
        connection.execute("DELETE FROM shape_tally WHERE run_id IN (SELECT id FROM run WHERE status='killed')")
    connection.execute("UPDATE frontier SET state='queued' WHERE state='leased'")
    values = {"now": as_text(now), "host": socket.gethostname(), "pid": os.getpid(), "command": plan.get("command")}
    values |= {"settings": json.dumps(dict(plan), default=str, ensure_ascii=False), "software": _software()}
    if known:
        connection.execute(
            "UPDATE run SET status='running', heartbeat_at=:now, finished_at=NULL, finish_reason=NULL, sessions=sessions+1,"
            " command=:command, host=:host, pid=:pid, settings=:settings, software=:software WHERE id=:id",
            {**values, "id": known["id"]},
        )
        connection.execute("DELETE FROM run_record WHERE run_id=?", (known["id"],))  # it speaks of an end that was none
        return RunHandle(int(known["id"]), str(known["uuid"]), resumed=True)
    name = str(uuid.uuid4())
    row = connection.execute(
        "INSERT INTO run(uuid, plan_digest, seeds, status, started_at, heartbeat_at, command, host, pid, settings, software)"
        " VALUES(:uuid, :digest, :seeds, 'running', :now, :now, :command, :host, :pid, :settings, :software) RETURNING id",
        {**values, "uuid": name, "digest": digest, "seeds": compact(list(seeds))},
    ).fetchone()
    return RunHandle(int(row[0]), name, resumed=False)


def _software() -> str:
    return compact(
        {
            "newsarchive": __version__,
            "extractor": EXTRACTOR_VERSION,
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "system": platform.platform(terse=True),
        }
    )


def beat(connection: sqlite3.Connection, run_id: int, now: datetime, progress_at: datetime | None = None) -> None:
    """Note that the run is alive, and when it last came further."""
    connection.execute("UPDATE run SET heartbeat_at=? WHERE id=?", (as_text(now), run_id))
    if progress_at is not None:
        connection.execute(
            "INSERT INTO run_record(run_id, progress_at) VALUES(?,?) ON CONFLICT(run_id) DO UPDATE SET progress_at=excluded.progress_at",
            (run_id, as_text(progress_at)),
        )


def settle(connection: sqlite3.Connection, run_id: int, now: datetime) -> None:
    """Give the addresses that wait for the next run their outcome of this one, `deferred`."""
    moment = as_text(now)
    connection.execute(
        "INSERT INTO outcome(run_id, url, host, outcome, detail, decided_at)"
        " SELECT run_id, url, host, ?, 'to be tried again', ? FROM frontier WHERE run_id=? AND state='deferred'"
        " ON CONFLICT DO NOTHING",
        (Outcome.DEFERRED.value, moment, run_id),
    )
    connection.execute(
        "UPDATE frontier SET state='done', next_due_at=not_before, last_outcome=?, last_done_run=run_id, not_before=NULL"
        " WHERE run_id=? AND state='deferred'",
        (Outcome.DEFERRED.value, run_id),
    )


def finish(connection: sqlite3.Connection, run_id: int, status: RunStatus, reason: str, stats: Mapping[str, Any], now: datetime) -> None:
    """Write the end of a run: leases go back, deferred addresses of a finished run get their outcome."""
    moment = as_text(now)
    connection.execute("UPDATE frontier SET state='queued' WHERE run_id=? AND state='leased'", (run_id,))
    if status == "finished":
        settle(connection, run_id, now)
        drop_tallies(connection, run_id)
    connection.execute(
        "UPDATE run SET status=?, finish_reason=?, finished_at=?, heartbeat_at=?, stats=? WHERE id=?",
        (status, reason, moment, moment, json.dumps(dict(stats), default=str, ensure_ascii=False), run_id),
    )


def count_finished(connection: sqlite3.Connection, seeds: Sequence[str] | None) -> int:
    """Finished runs, of all seeds or of these."""
    if seeds is None:
        return int(connection.execute("SELECT count(*) FROM run WHERE status='finished'").fetchone()[0])
    rows = connection.execute("SELECT seeds FROM run WHERE status='finished'")
    return sum(sorted(json.loads(row[0])) == sorted(seeds) for row in rows)


def count_outcomes(connection: sqlite3.Connection, run_id: int) -> dict[str, dict[str, int]]:
    """Outcome -> detail -> number of addresses."""
    counts: dict[str, dict[str, int]] = {}
    query = (
        "SELECT outcome, coalesce(detail, '') AS detail, count(*) AS urls FROM outcome WHERE run_id=? GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"
    )
    for row in connection.execute(query, (run_id,)):
        counts.setdefault(row["outcome"], {})[row["detail"]] = row["urls"]
    return counts


def page_of(row: sqlite3.Row, body: bytes) -> Page:
    """A stored page as it was fetched. The row needs url, final_url, status, headers and fetched_at of `fetch`."""
    return Page(
        url=row["url"],
        final_url=row["final_url"],
        body=body,
        status=row["status"] or 200,
        headers=json.loads(row["headers"]) if row["headers"] else {},
        fetched_at=from_text(row["fetched_at"]),
    )
