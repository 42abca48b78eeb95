"""Opening SQLite files, and SQLite's errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from newsarchive.archive.schema import APPLICATION_ID
from newsarchive.errors import (
    ArchiveBusy,
    ArchiveCorrupt,
    ArchiveError,
    ArchiveReadOnly,
    DiskFull,
    NotAnArchive,
    NotInArchive,
    SearchTooSlow,
)

BUSY_SECONDS = 15.0
"""How long we wait for another program's transaction (an analyst's tool that writes). Ours take milliseconds."""

CACHE_KIB = 65536
"""Page cache of the writer. With the default of 2 MB, full-text merges of a large archive read the same pages again and again."""

_MAGIC = b"SQLite format 3\x00"


def explain_error(error: sqlite3.Error, path: Path | str) -> ArchiveError:
    """The error of errors.py that says what happened to the archive at `path` and what to do."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return DiskFull(f"No space is left for {path}; what was stored before is safe. Free space and run the same command again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return ArchiveReadOnly(
                f"{path} cannot be written; check the permissions of the file and its folder, or give another place with --archive."
            )
        case sqlite3.SQLITE_CANTOPEN:
            return ArchiveReadOnly(
                f"{path} cannot be opened; check that its folder exists and may be written, or give another place with --archive."
            )
        case sqlite3.SQLITE_NOTADB:
            return NotAnArchive(f"{path} is not a newsarchive archive; give another file with --archive.")
        case sqlite3.SQLITE_CORRUPT:
            return ArchiveCorrupt(f"{path} is damaged ({error}); look with `newsarchive verify`, and restore a backup.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ArchiveBusy(f"{path} is locked by another program for more than {BUSY_SECONDS:.0f} s; close that program and try again.")
        case sqlite3.SQLITE_INTERRUPT:
            return SearchTooSlow("The search took too long and was ended; rarer words, --site or --since make it quicker.")
        case sqlite3.SQLITE_IOERR:
            return ArchiveCorrupt(f"Reading or writing {path} failed ({error}); check the disk, then look with `newsarchive verify`.")
    return ArchiveError(f"{path}: {error}; please report this.")


@contextmanager
def clear_errors(path: Path | str) -> Iterator[None]:
    """Turn every sqlite3.Error of the block into one of errors.py."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain_error(error, path) from error


def header_is_ours(path: Path) -> bool | None:
    """Whether the file's header is an archive's; None for an empty file, which may become one. Touches nothing.

    The schema and the application id are written before the file is switched to WAL, so that the header always tells.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except IsADirectoryError:
        raise NotAnArchive(f"{path} is a folder, not an archive; name a file in it with --archive.") from None
    except OSError as error:
        raise ArchiveReadOnly(f"{path} cannot be read ({error.strerror}); check its permissions.") from None
    if not header:
        return None
    if len(header) < 100 or not header.startswith(_MAGIC):
        return False
    return int.from_bytes(header[68:72], "big") == APPLICATION_ID


def require_ours(path: Path) -> None:
    """Raise NotAnArchive unless the file is an archive or empty."""
    if header_is_ours(path) is False and not path.with_name(path.name + "-journal").exists():
        raise NotAnArchive(f"{path} is not a newsarchive archive; it was left as it was. Give another file with --archive.")


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection without implicit transactions: every BEGIN and COMMIT in this package is written out."""
    connection = sqlite3.connect(str(path), isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False, cached_statements=256)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA secure_delete=ON")  # what is removed on request must not linger in free pages; no measurable cost
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection that never blocks the writer, also in a folder that may not be written.

    Raises NotInArchive where there is no file, NotAnArchive where it is another one.
    """
    if not path.exists():
        raise NotInArchive(f"There is no archive at {path}; `newsarchive crawl URL --archive {path}` makes one.")
    if header_is_ours(path) is not True:
        require_ours(path)
        raise NotInArchive(f"The archive at {path} is empty; `newsarchive crawl URL --archive {path}` fills it.")
    name = "file:" + quote(str(path.resolve()))
    with clear_errors(path):
        connection = sqlite3.connect(f"{name}?mode=ro", uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            if path.with_name(path.name + "-wal").exists():
                raise
            connection.close()  # a folder where SQLite may not make its side files: nobody can be writing either
            connection = sqlite3.connect(f"{name}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """BEGIN IMMEDIATE ... COMMIT; anything raised inside rolls everything back."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
