"""Accounts of runs in plain values, for `newsarchive runs`, reports and programs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from newsarchive.archive.moments import from_text
from newsarchive.archive.nights import has_nights, tally_sites
from newsarchive.errors import NotInArchive

COVERED = {"title": "titles", "body": "bodies", "date_published": "dates", "authors": "authors"}
"""Field -> measure that counts the articles that have it, of those read."""


def run_list(connection: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """The newest runs: number, state, moments, seconds, addresses by outcome, and how the command ended."""
    rows = connection.execute("SELECT * FROM run ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
    return [_line(connection, row) for row in rows]


def run_account(connection: sqlite3.Connection, name: str, site_of: Callable[[str], str]) -> dict[str, Any]:
    """Everything that is known of one run, by its number, its uuid or the beginning of that. Raises NotInArchive.

    `site_of` names the site of a host, for runs whose sites were not written down: those of `newsarchive crawl`.
    """
    row = _find(connection, name)
    stats = json.loads(row["stats"] or "{}")
    known = _record(connection, row["id"])
    sites = _sites(connection, row["id"], site_of)
    return _line(connection, row) | {
        "seeds": json.loads(row["seeds"]),
        "sessions": row["sessions"],
        "command": row["command"],
        "host": row["host"],
        "pid": row["pid"],
        "heartbeat_at": row["heartbeat_at"],
        "progress_at": known.get("progress_at"),
        "record": json.loads(known.get("record") or "{}"),
        "settings": json.loads(row["settings"] or "{}"),
        "software": json.loads(row["software"] or "{}"),
        "details": stats.get("details", {}),
        "notes": stats.get("notes", []),
        "articles_in_archive": stats.get("articles_in_archive"),
        "requests": sum(site["requests"] for site in sites),
        "bytes": sum(site["bytes"] for site in sites),
        "sites": sites,
        "steps": _steps(connection, row["id"]),
    }


def run_series(connection: sqlite3.Connection, until: int, limit: int) -> list[dict[str, Any]]:
    """The night with this number and the nights before it, the oldest first: moment, seconds, and by site outcomes and measures."""
    if not has_nights(connection):
        return []
    query = "SELECT * FROM run r WHERE id<=? AND EXISTS(SELECT 1 FROM run_site s WHERE s.run_id=r.id) ORDER BY id DESC LIMIT ?"
    rows = connection.execute(query, (until, limit)).fetchall()
    return [_night(connection, row) for row in reversed(rows)]


def _night(connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    ended = row["finished_at"] or row["heartbeat_at"] or row["started_at"]
    sites = connection.execute("SELECT site, outcomes FROM run_site WHERE run_id=?", (row["id"],)).fetchall()
    alarms = "SELECT count(*) FROM health_alarm WHERE since<=:end AND (over_at IS NULL OR over_at>:end) AND raised_at<=:recorded"
    recorded = connection.execute("SELECT max(finished_at) FROM run_step WHERE run_id=?", (row["id"],)).fetchone()[0] or ended
    return {
        "id": row["id"],
        "started_at": row["started_at"],
        "seconds": (from_text(ended) - from_text(row["started_at"])).total_seconds(),
        "outcomes": {site["site"]: json.loads(site["outcomes"]) for site in sites},
        "measures": _measures(connection, row["id"]),
        "alarms": connection.execute(alarms, {"end": ended, "recorded": recorded}).fetchone()[0],
    }


def _line(connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    ended = row["finished_at"] or row["heartbeat_at"]
    query = "SELECT outcome, count(*) FROM outcome WHERE run_id=? GROUP BY 1 ORDER BY 2 DESC, 1"
    return {
        "id": row["id"],
        "uuid": row["uuid"],
        "status": row["status"],
        "finish_reason": row["finish_reason"],
        "exit_code": _record(connection, row["id"]).get("exit_code"),
        "started_at": row["started_at"],
        "finished_at": row["finished_at"],
        "seconds": (from_text(ended) - from_text(row["started_at"])).total_seconds() if ended else None,
        "outcomes": dict(connection.execute(query, (row["id"],)).fetchall()),
    }


def _find(connection: sqlite3.Connection, name: str) -> sqlite3.Row:
    text = name.strip().lower()
    row = connection.execute("SELECT * FROM run WHERE id=?", (int(text),)).fetchone() if text.isdecimal() and len(text) < 10 else None
    if row is None and len(text) >= 4:
        found = connection.execute("SELECT * FROM run WHERE substr(uuid, 1, ?)=? LIMIT 2", (len(text), text)).fetchall()
        row = found[0] if len(found) == 1 else None
    if row is None:
        raise NotInArchive(f"the archive has no run {name!r}; see them with: newsarchive runs")
    known: sqlite3.Row = row
    return known


def _record(connection: sqlite3.Connection, run_id: int) -> dict[str, Any]:
    if not has_nights(connection):
        return {}
    row = connection.execute("SELECT * FROM run_record WHERE run_id=?", (run_id,)).fetchone()
    return {} if row is None else dict(row)


def _steps(connection: sqlite3.Connection, run_id: int) -> list[dict[str, Any]]:
    if not has_nights(connection):
        return []
    rows = connection.execute("SELECT name, status, started_at, finished_at, detail FROM run_step WHERE run_id=? ORDER BY seq", (run_id,))
    return [dict(row) | {"detail": json.loads(row["detail"] or "{}")} for row in rows]


def _sites(connection: sqlite3.Connection, run_id: int, site_of: Callable[[str], str]) -> list[dict[str, Any]]:
    written = []
    if has_nights(connection):
        rows = connection.execute("SELECT * FROM run_site WHERE run_id=? ORDER BY site", (run_id,)).fetchall()
        written = [dict(row) | {"outcomes": json.loads(row["outcomes"])} for row in rows]
    if not written:
        names = ("site", "status", "due_at", "started_at", "finished_at", "requests", "bytes", "outcomes")
        written = [{name: getattr(tally, name) for name in names} for tally in tally_sites(connection, run_id, site_of)]
    measures = _measures(connection, run_id)
    return [_with_yield(site, measures.get(site["site"], {})) for site in written]


def _with_yield(site: dict[str, Any], measures: Mapping[str, float]) -> dict[str, Any]:
    seconds = (from_text(site["finished_at"]) - from_text(site["started_at"])).total_seconds()
    new = site["outcomes"].get("stored", 0)
    return site | {
        "seconds": seconds,
        "articles_per_request": round(new / site["requests"], 3) if site["requests"] else None,
        "coverage": coverage_of(measures),
        "measures": dict(measures),
    }


def coverage_of(measures: Mapping[str, float]) -> dict[str, float | None]:
    """Field -> share of the articles read that have it, teasers of the pages captured; None where there was none. Empty unmeasured."""
    if not measures:
        return {}
    read, captured = measures.get("read", 0), measures.get("captured", 0)
    shares: dict[str, float | None] = {
        field: round(measures.get(measure, 0) / read, 3) if read else None for field, measure in COVERED.items()
    }
    return shares | {"teasers": round(measures.get("teasers", 0) / captured, 3) if captured else None}


def _measures(connection: sqlite3.Connection, run_id: int) -> dict[str, dict[str, float]]:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name='site_measure'").fetchone() is None:
        return {}
    found: dict[str, dict[str, float]] = {}
    for site, measure, value in connection.execute("SELECT site, measure, value FROM site_measure WHERE run_id=?", (run_id,)):
        found.setdefault(site, {})[measure] = value
    return found
