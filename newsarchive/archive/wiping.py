"""After rows are deleted on request: their words out of the index's old segments, the file's pages and the log.

That takes statements beyond the transaction that deleted them, so a kill can fall in between. A mark in `archive_info`,
set in that transaction, stays until all is done; whoever opens the archive for writing next goes on from there.
"""

from __future__ import annotations

import sqlite3

from newsarchive.archive.connection import transaction

PENDING = "wiping"
"""Key in `archive_info`. Its value is what is still to be done: `words` (index, pages and log) or `log` alone."""


def mark(connection: sqlite3.Connection, left: str = "words") -> None:
    """Note, inside the caller's transaction, what is still to be wiped."""
    connection.execute(
        "INSERT INTO archive_info(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", (PENDING, left)
    )


def pending(connection: sqlite3.Connection) -> str | None:
    """What an interrupted deletion left to be wiped; None where nothing."""
    row = connection.execute("SELECT value FROM archive_info WHERE key=?", (PENDING,)).fetchone()
    return None if row is None else str(row[0])


def wipe(connection: sqlite3.Connection) -> bool:
    """Do what is pending. Returns whether all is done: a program that reads may keep the log from being emptied."""
    left = pending(connection)
    if left is None:
        return True
    if left != "log":
        with transaction(connection):
            connection.execute("INSERT INTO article_fts(article_fts) VALUES('optimize')")
        connection.execute("VACUUM")  # older copies of moved rows may linger inside pages of archives made by other programs
        with transaction(connection):
            mark(connection, "log")
    is_busy = bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    if is_busy:
        return False
    with transaction(connection):
        connection.execute("DELETE FROM archive_info WHERE key=?", (PENDING,))
    return True
