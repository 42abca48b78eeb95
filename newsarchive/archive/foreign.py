"""Archives that others made, read without trusting them.

The file is opened read-only on a connection of its own, never attached to ours: its triggers, views and generated
columns cannot run beside our rows. Only plain tables with the columns we know are read, each row is checked against
our own schema, and what follows from other columns (identities, digests, dates in UTC) is computed anew.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import zstandard

from newsarchive import urls
from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.migrations import check_version
from newsarchive.archive.raw import load_raw
from newsarchive.archive.statements import clean
from newsarchive.errors import ArchiveCorrupt, InvalidUrl, NotAnArchive, NotInArchive

Row = dict[str, Any]
"""Column -> value, checked."""

MAX_CELL_BYTES = 64 * 1024 * 1024
"""SQLite refuses to hand out larger cells. Pages are at most 50 MiB (sitemaps), compressed far smaller."""
MAX_PAGE_BYTES = 64 * 1024 * 1024
"""A raw page that says it unpacks to more is not unpacked."""

LISTS = frozenset({"authors", "tags", "flags", "opt_outs", "seeds"})
OBJECTS = frozenset({"rules", "headers", "settings", "software", "stats", "hints"})
_PLAIN_OBJECTS = frozenset({"rules", "headers"})
"""Objects whose values are texts."""
_SENT_BACK = frozenset({"etag", "last_modified"})
"""What a crawl sends to the server again: control characters in it would begin another header."""
_MOMENTS = frozenset(
    {"first_seen", "last_seen", "missing_since", "gone_at", "extracted_at", "replaced_at", "fetched_at", "decided_at", "started_at"}
    | {"heartbeat_at", "finished_at", "last_fetched_at", "next_due_at", "removed_at"}
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TYPES: dict[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "REAL": (float, int), "BLOB": (bytes,)}


class ForeignArchive:
    """Somebody's archive, open for reading. Raises NotAnArchive, ArchiveNewer, ArchiveCorrupt, NotInArchive."""

    def __init__(self, path: Path, ours: sqlite3.Connection) -> None:
        """`ours` is a connection to an archive of today's schema, by which rows are checked."""
        self.path = path
        self.rejected: Counter[str] = Counter()
        """Table -> rows that were left out because they cannot be true."""
        self._ours = ours
        self._columns: dict[str, dict[str, tuple[str, bool]]] = {}
        self._connection = connect_reader(path)
        try:
            with clear_errors(path):
                self._look()
        except BaseException:
            self._connection.close()
            raise

    def _look(self) -> None:
        connection = self._connection
        connection.text_factory = lambda data: clean(data.decode("utf-8", "replace"))
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
            connection.execute(f"PRAGMA {pragma}")
        check_version(connection, self.path)
        connection.execute("BEGIN")  # one state of the file, though its crawl may go on
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise ArchiveCorrupt(f"{self.path} is damaged; nothing of it was taken. Restore a backup, or look with `newsarchive verify`.")

    def __enter__(self) -> ForeignArchive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def columns(self, table: str) -> dict[str, tuple[str, bool]]:
        """Column -> type and whether it must not be NULL, by our schema. Raises NotAnArchive where theirs is not a table like it."""
        if table not in self._columns:
            expected = {row[1]: (row[2], bool(row[3])) for row in self._ours.execute(f"PRAGMA table_info({table})")}
            kind = self._connection.execute("SELECT type, sql FROM sqlite_master WHERE name=?", (table,)).fetchone()
            is_plain = kind is not None and kind[0] == "table" and str(kind[1]).upper().lstrip().startswith("CREATE TABLE")
            present = {row[1]: row[6] for row in self._connection.execute(f"PRAGMA table_xinfo({table})")} if is_plain else {}
            if not set(expected) <= set(present) or any(present[name] for name in expected):
                raise NotAnArchive(f"{self.path}: {table} is not the table of an archive; nothing of the file was taken.")
            self._columns[table] = expected
        return self._columns[table]

    def rows(self, table: str, condition: str = "1", *values: Any) -> Iterator[Row]:  # noqa: ANN401 - SQL parameters
        """The rows of a table that could be ours; the others are counted in `rejected`. `condition` is our own text."""
        columns = self.columns(table)
        query = f"SELECT {', '.join(columns)} FROM main.{table} WHERE {condition}"
        try:
            for found in self._connection.execute(query, values):
                row = dict(zip(columns, tuple(found), strict=True))
                if all(_fits(name, row[name], *columns[name]) for name in columns):
                    yield row
                else:
                    self.rejected[table] += 1
        except sqlite3.DataError:
            raise NotAnArchive(f"{self.path}: {table} holds a cell of more than {MAX_CELL_BYTES} bytes; nothing was taken.") from None

    def raw_page(self, raw_id: int) -> bytes | None:
        """A raw page, if it is what its digest says; None (and counted) otherwise."""
        self.columns("raw")
        row = self._connection.execute(
            "SELECT r.sha256, r.size, r.data, d.size AS their_size, d.data AS theirs, d.ref_id AS chain FROM main.raw r"
            " LEFT JOIN main.raw d ON d.id=r.ref_id WHERE r.id=?",
            (raw_id,),
        ).fetchone()
        try:
            if (
                row is None
                or row["chain"] is not None
                or not (_is_small(row["data"], row["size"]) and _is_small(row["theirs"], row["their_size"]))
            ):
                raise ArchiveCorrupt("too large")
            return load_raw(self._connection, row["sha256"])
        except (ArchiveCorrupt, NotInArchive, RecursionError, TypeError, zstandard.ZstdError):
            self.rejected["raw"] += 1
            return None


def _is_small(data: object, size: object) -> bool:
    """Whether a compressed page unpacks to at most MAX_PAGE_BYTES, by its column and by its own frame."""
    if data is None:
        return True
    if not isinstance(data, bytes) or not isinstance(size, int) or not 0 <= size <= MAX_PAGE_BYTES:
        return False
    return not data.startswith(b"\x28\xb5\x2f\xfd") or zstandard.frame_content_size(data) <= MAX_PAGE_BYTES


def _fits(name: str, value: object, kind: str, required: bool) -> bool:
    """Whether a value can stand in the column."""
    if value is None:
        return not required
    if not isinstance(value, _TYPES[kind]) or isinstance(value, bool):
        return False
    if not isinstance(value, str):
        return True
    if name in _MOMENTS:
        return _MOMENT.fullmatch(value) is not None
    if name in _SENT_BACK:
        return value.isprintable()
    if name in LISTS or name in OBJECTS or name == "body_blocks":
        return _is_json(name, value)
    return True


def _is_json(name: str, value: str) -> bool:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return False
    if name in OBJECTS:
        is_plain = name not in _PLAIN_OBJECTS or (isinstance(found, dict) and all(isinstance(part, str) for part in found.values()))
        return isinstance(found, dict) and is_plain
    if name == "body_blocks":
        return isinstance(found, list) and all(_is_block(item) for item in found)
    return isinstance(found, list) and all(isinstance(item, str) for item in found)


def _is_block(item: object) -> bool:
    return isinstance(item, dict) and set(item) == {"kind", "text"} and all(isinstance(part, str) for part in item.values())


def identity_of(address: object) -> str | None:
    """The identity of an address; None for what is no http(s) address."""
    try:
        return urls.identity(str(address))
    except InvalidUrl:
        return None
