"""Runs one after the other, and one of them in detail: what became of its addresses, how long it took, what was watched."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from newsarchive.archive.alarms import AlarmRow, kept_alarms
from newsarchive.errors import NotInArchive

MOST_SITES = 500
"""Hosts that are named in the account of one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in the list."""

    id: int
    status: str
    started_at: str
    """UTC."""
    finished_at: str | None
    """UTC; None while it is unfinished."""
    seconds: int | None
    """From its start to its end, pauses of an interrupted one included."""
    reason: str | None
    """Why it ended."""
    job: str
    """`crawl`, or what else the run did."""
    seeds: list[str]
    outcomes: dict[str, int]
    """Outcome -> addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLine:
    """What a run came to on one host."""

    host: str
    addresses: int
    articles: int
    """Stored, updated or unchanged."""
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one address."""

    url: str
    outcome: str
    detail: str | None
    decided_at: str
    """UTC."""
    article_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """What was done around a crawl of the night."""

    name: str
    status: str
    started_at: str
    finished_at: str
    detail: str
    """Figures, or why it failed, as JSON; empty where there is nothing to say."""


_RUNS = "SELECT * FROM run {0} ORDER BY id DESC LIMIT :limit OFFSET :offset"
_OUTCOMES = """
SELECT run_id, outcome, count(*) FROM outcome WHERE run_id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""


def runs_of(connection: sqlite3.Connection, *, limit: int, offset: int = 0) -> list[RunLine]:
    """Runs, newest first."""
    rows = connection.execute(_RUNS.format(""), {"limit": limit, "offset": offset}).fetchall()
    return _lines(connection, rows)


def run_line(connection: sqlite3.Connection, number: int) -> RunLine:
    """One run. Raises NotInArchive."""
    rows = connection.execute(_RUNS.format("WHERE id = :id"), {"limit": 1, "offset": 0, "id": number}).fetchall()
    if not rows:
        raise NotInArchive(f"The archive has no run {number}; /runs lists what there is.")
    return _lines(connection, rows)[0]


def count_runs(connection: sqlite3.Connection) -> int:
    """How many runs there are."""
    return int(connection.execute("SELECT count(*) FROM run").fetchone()[0])


def _lines(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> list[RunLine]:
    outcomes: dict[int, dict[str, int]] = {row["id"]: {} for row in rows}
    for run_id, outcome, count in connection.execute(_OUTCOMES, (json.dumps(list(outcomes)),)):
        outcomes[run_id][outcome] = count
    return [_line(row, outcomes[row["id"]]) for row in rows]


def _line(row: sqlite3.Row, outcomes: dict[str, int]) -> RunLine:
    plan = json.loads(row["settings"] or "{}")
    end = row["finished_at"] or row["heartbeat_at"]
    return RunLine(
        id=row["id"],
        status=row["status"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        seconds=_seconds(row["started_at"], end),
        reason=row["finish_reason"],
        job=str(plan.get("job") or "crawl"),
        seeds=json.loads(row["seeds"]),
        outcomes=outcomes,
    )


def _seconds(start: str, end: str | None) -> int | None:
    if end is None:
        return None
    return max(0, round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()))


_HOSTS = "SELECT host, outcome, count(*) FROM outcome WHERE run_id = ? GROUP BY 1, 2"
_ARTICLES = ("stored", "updated", "unchanged")


def hosts_in(connection: sqlite3.Connection, run_id: int) -> list[HostLine]:
    """What a run came to on each host, the largest MOST_SITES first."""
    found: dict[str, dict[str, int]] = {}
    for host, outcome, count in connection.execute(_HOSTS, (run_id,)):
        found.setdefault(host, {})[outcome] = count
    lines = [
        HostLine(
            host=host,
            addresses=sum(outcomes.values()),
            articles=sum(outcomes.get(name, 0) for name in _ARTICLES),
            outcomes=dict(sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))),
        )
        for host, outcomes in found.items()
    ]
    return sorted(lines, key=lambda line: (-line.addresses, line.host))[:MOST_SITES]


_VERDICTS = """
SELECT o.url, o.outcome, o.detail, o.decided_at, (SELECT a.article_id FROM article a WHERE a.source_url = o.url LIMIT 1) AS article_id
FROM outcome o WHERE o.run_id = :run AND {0} ORDER BY o.url LIMIT :limit OFFSET :offset
"""


def verdicts_in(
    connection: sqlite3.Connection, run_id: int, *, outcome: str | None, host: str | None, limit: int, offset: int = 0
) -> list[Verdict]:
    """Addresses of a run with their verdicts, in the order of the addresses."""
    values = {"run": run_id, "limit": limit, "offset": offset, "outcome": outcome, "host": host}
    conditions = [text for text, wanted in (("o.outcome = :outcome", outcome), ("o.host = :host", host)) if wanted] or ["1"]
    rows = connection.execute(_VERDICTS.format(" AND ".join(conditions)), values)
    return [Verdict(**{name: row[name] for name in Verdict.__dataclass_fields__}) for row in rows]


def steps_of(connection: sqlite3.Connection, run_id: int) -> list[StepLine]:
    """What was done around a crawl of the night, in its order; nothing for other runs, and in archives that know no nights."""
    if not _has(connection, "run_step"):
        return []
    rows = connection.execute("SELECT name, status, started_at, finished_at, detail FROM run_step WHERE run_id = ? ORDER BY seq", (run_id,))
    return [StepLine(name=row[0], status=row[1], started_at=row[2], finished_at=row[3], detail=_said(row[4])) for row in rows]


def alarms_of(connection: sqlite3.Connection, site: str | None = None) -> list[AlarmRow]:
    """What is wrong with sites and neither over nor accepted, the newest first; nothing in archives that know no alarms."""
    return sorted(kept_alarms(connection, [site] if site else (), only_open=True), key=attrgetter("since"), reverse=True)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE type='table' AND name=?", (table,)).fetchone()[0])


def _said(detail: str | None) -> str:
    """A step's figures as `name: value; name: value`."""
    found: Any = json.loads(detail) if detail else None
    if isinstance(found, dict):
        return "; ".join(f"{name}: {value}" for name, value in found.items() if value not in (None, "", [], {}))
    return "" if found is None else str(found)
