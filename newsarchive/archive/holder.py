"""What the writer of an archive is doing: since when, its last sign of life, its last progress. A hung one is told from a busy one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsarchive.archive.connection import connect_reader
from newsarchive.archive.lock import Holder, who_writes
from newsarchive.archive.moments import from_text, utc_now
from newsarchive.errors import NewsArchiveError

SILENT_AFTER = timedelta(minutes=1)
"""Six heartbeats of a crawl (`crawl.session.HEARTBEAT_SECONDS`): a crawl without them does not run any more, it hangs."""
IDLE_AFTER = timedelta(minutes=30)
"""Twice as long as a crawl waits for a host that asked for a pause: a crawl that came no further in it will not by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """The process that holds an archive's lock."""

    holder: Holder
    run_id: int | None = None
    """Its crawl; None for other work (retention, taking in, ...)."""
    command: str | None = None
    heartbeat_at: datetime | None = None
    progress_at: datetime | None = None

    def trouble(self, now: datetime) -> str | None:
        """Why it seems to hang, or None."""
        if self.heartbeat_at is not None and now - self.heartbeat_at > SILENT_AFTER:
            return f"it gave no sign of life for {_length(now - self.heartbeat_at)} and seems to hang"
        if self.progress_at is not None and now - self.progress_at > IDLE_AFTER:
            return f"it came no further for {_length(now - self.progress_at)} and seems to hang"
        return None

    def sentence(self, now: datetime) -> str:
        """Who it is, since when, and how it goes, for people."""
        parts = [str(self.holder)]
        if self.run_id is not None:
            progress = "none yet" if self.progress_at is None else f"{_length(now - self.progress_at)} ago"
            parts.append(f"run {self.run_id}, last progress {progress}")
        trouble = self.trouble(now)
        return ", ".join(parts) + (f"; {trouble}" if trouble else "")


def writer_of(archive: Path) -> Writer | None:
    """Who writes to the archive at this moment, or None. Never waits and never raises for what is wrong with the archive."""
    holder = who_writes(archive)
    if holder is None:
        return None
    try:
        with closing(connect_reader(archive)) as connection:
            row = connection.execute(
                "SELECT * FROM run WHERE pid=? AND host=? AND status='running' ORDER BY id DESC LIMIT 1", (holder.pid, holder.host)
            ).fetchone()
            if row is None:
                return Writer(holder=holder)
            return Writer(
                holder=holder,
                run_id=row["id"],
                command=row["command"],
                heartbeat_at=_moment(row["heartbeat_at"]),
                progress_at=_progress(connection, row["id"]),
            )
    except (NewsArchiveError, sqlite3.Error):
        return Writer(holder=holder)


def in_words(archive: Path, holder: Holder) -> str:
    """The writer in words; where it has let go meanwhile, who it was."""
    writer = writer_of(archive)
    return str(holder) if writer is None else writer.sentence(utc_now())


def _progress(connection: sqlite3.Connection, run_id: int) -> datetime | None:
    try:
        row = connection.execute("SELECT progress_at FROM run_record WHERE run_id=?", (run_id,)).fetchone()
    except sqlite3.OperationalError:  # an archive of an older schema
        return None
    return None if row is None else _moment(row[0])


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _length(length: timedelta) -> str:
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
