"""Bring an archive to the schema of this program: sqlite-utils migrations inside one outer transaction.

Released migrations are never edited. An archive that is older is copied (`NAME.before-vN`) before it is changed;
one that is newer is refused.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from newsarchive.archive import similar
from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.schema import APPLICATION_ID, MISSING_INDEXES, SHAPE_TALLIES, TABLES, TEXT_PRINTS
from newsarchive.archive.schema_health import HEALTH_TABLES
from newsarchive.archive.schema_nights import NIGHTS
from newsarchive.archive.schema_search import FULL_TEXT, VIEW_NAMES, VIEWS
from newsarchive.archive.schema_web import WEB_INDEXES
from newsarchive.errors import ArchiveNewer, NotAnArchive
from newsarchive.version import __version__

SCHEMA_VERSION = 4
"""`user_version` of archives that this program writes: the number of migrations."""

NEEDS = "needs_newsarchive"
"""Key in `archive_info`: the oldest newsarchive that can open the archive, for the message to those that cannot."""

_VERSION = re.compile(r"\d[\w.]{0,20}")

migrations = Migrations("newsarchive")
"""All migrations, oldest first. `sqlite-utils migrate --list` shows them in an archive."""


@migrations()
def first_schema(database: sqlite_utils.Database) -> None:
    """Tables, search index and views of version 1."""
    for statement in (*TABLES, *FULL_TEXT, *VIEWS):
        database.conn.execute(statement)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    database.conn.executemany(
        "INSERT INTO archive_info(key, value) VALUES(?, ?)", [("created_at", now), ("created_by", f"newsarchive {__version__}")]
    )


@migrations()
def second_schema(database: sqlite_utils.Database) -> None:
    """The index of near-duplicate texts, indexes that the first archives lack, and the views as they are now.

    Views hold nothing, so they are made anew. Comparing the texts takes about 1 ms an article.
    """
    for statement in (*TEXT_PRINTS, *MISSING_INDEXES):
        database.conn.execute(statement)
    similar.rebuild(database.conn)
    for (name,) in database.conn.execute("SELECT name FROM sqlite_master WHERE type='view'").fetchall():
        if name in VIEW_NAMES:
            database.conn.execute(f"DROP VIEW {name}")
    for statement in VIEWS:
        database.conn.execute(statement)
    database.conn.execute(
        "INSERT INTO archive_info(key, value) VALUES(?, '0.1.0') ON CONFLICT(key) DO UPDATE SET value=excluded.value", (NEEDS,)
    )


@migrations()
def third_schema(database: sqlite_utils.Database) -> None:
    """What an interrupted run knows of traps, so that the crawl that takes it up knows it, too."""
    for statement in SHAPE_TALLIES:
        database.conn.execute(statement)


@migrations()
def fourth_schema(database: sqlite_utils.Database) -> None:
    """What unattended crawls remember of themselves, what they measured of each site, and indexes for the web page."""
    for statement in (*NIGHTS, *HEALTH_TABLES, *WEB_INDEXES):
        database.conn.execute(statement)


def schema_version(connection: sqlite3.Connection) -> int:
    """The archive's schema version; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_version(connection: sqlite3.Connection, path: Path) -> int:
    """The archive's schema version. Raises ArchiveNewer or NotAnArchive where we must not touch the file."""
    version = schema_version(connection)
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION_ID and not (application == 0 and version == 0 and empty):
        raise NotAnArchive(f"{path} is an SQLite file, but not a newsarchive archive; it was left as it was.")
    if version > SCHEMA_VERSION:
        raise ArchiveNewer(
            f"{path} has schema version {version}; this newsarchive {__version__} knows {SCHEMA_VERSION}."
            f" Upgrade newsarchive{_needed(connection)} to open it."
        )
    return version


def _needed(connection: sqlite3.Connection) -> str:
    """` to VERSION or newer`, as a newer archive says of itself; empty where it says nothing that reads like a version."""
    try:
        row = connection.execute("SELECT value FROM archive_info WHERE key=?", (NEEDS,)).fetchone()
    except sqlite3.Error:
        return ""
    said = str(row[0]) if row else ""
    return f" to {said} or newer" if _VERSION.fullmatch(said) else ""


def migrate(connection: sqlite3.Connection, path: Path) -> Path | None:
    """Bring the archive to SCHEMA_VERSION. Returns the backup copy that was made, or None where there was nothing to save.

    Only the writer calls this, with the lock held. A failure or kill in the middle leaves the archive as it was.
    """
    with clear_errors(path):
        version = check_version(connection, path)
        if version == SCHEMA_VERSION:
            return None
        backup = _copy_aside(connection, path, version) if version else None
        upgrade(connection)
    return backup


def upgrade(connection: sqlite3.Connection) -> None:
    """Apply the migrations that an archive lacks, in one transaction and without a copy: for new ones and for copies."""
    database = sqlite_utils.Database(connection, execute_plugins=False, recursive_triggers=False)
    with transaction(connection):
        migrations.apply(database)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def _copy_aside(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    backup = path.with_name(f"{path.name}.before-v{SCHEMA_VERSION}-from-v{version}")
    unfinished = path.with_name(backup.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(str(unfinished))) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.replace(backup)
    return backup
