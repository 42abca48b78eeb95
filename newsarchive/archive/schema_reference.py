"""The schema as a page of the documentation, read from an archive that the migrations made.

SQLite keeps the comments of CREATE statements, so the meaning of each column travels in every archive:
`sqlite3 archive.db .schema` shows it too.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from newsarchive.archive.migrations import SCHEMA_VERSION, migrations
from newsarchive.archive.schema import APPLICATION_ID

_COLUMN = re.compile(r"^\s+(\w+) ([A-Z]+)\b([^\n]*?)(?:--\s*(.*))?$")
_ABOUT = re.compile(r"^\s*-- (.*)$", re.MULTILINE)
_REFERENCE = re.compile(r"REFERENCES (\w+)\((\w+)\)")


_WHAT = (
    f"An archive is one SQLite file: application id {APPLICATION_ID} (`NRAC`), schema version {SCHEMA_VERSION} in `user_version`. "
    "Any program that opens SQLite reads it, while a crawl writes to it. Moments are UTC (`2026-05-01T09:30:00Z`), lists are JSON."
)
_WHERE_TO_START = (
    "Start with the view `articles`. `article_fts` is the full-text index (FTS5) over title, description, body, authors and `cjk`; "
    "its rowid is `article.id`."
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its CREATE statement describes it."""

    name: str
    kind: str
    """SQLite's type, and what it refers to."""
    meaning: str
    """Empty where the statement has no comment."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One table or view."""

    name: str
    about: str
    columns: tuple[Column, ...]


def described(connection: sqlite3.Connection, kind: str) -> list[Relation]:
    """The tables or views (`kind`) of an archive in the order they were made, without the index's and sqlite-utils' own."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type=? AND name NOT LIKE 'article_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
        (kind,),
    ).fetchall()
    return [Relation(name, _about(sql), tuple(_columns(connection, name, sql))) for name, sql in rows]


def _about(sql: str) -> str:
    found = _ABOUT.search(sql)
    return found.group(1).strip() if found else ""


def _columns(connection: sqlite3.Connection, name: str, sql: str) -> Iterator[Column]:
    comments = {found.group(1): found for line in sql.splitlines() if (found := _COLUMN.match(line))}
    for row in connection.execute(f"PRAGMA table_info({name})"):
        found = comments.get(row[1])
        refers = _REFERENCE.search(found.group(3)) if found else None
        kind = row[2].lower() + (f", refers to {refers.group(1)}.{refers.group(2)}" if refers else "")
        yield Column(row[1], kind, (found.group(4) or "").strip() if found else "")


def schema_page() -> str:
    """docs/reference/schema.md, without the line that says how it was made."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrations.apply(sqlite_utils.Database(connection, execute_plugins=False))
        views, tables = described(connection, "view"), described(connection, "table")
    finally:
        connection.close()
    parts = ["# Schema of an archive", _WHAT, _WHERE_TO_START, "## Views"]
    for view in views:
        names = ", ".join(f"`{column.name}`" for column in view.columns)
        parts += [f"### {view.name}", view.about, names]
    parts.append("## Tables")
    for table in tables:
        lines = ["| column | type | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in table.columns]
        parts += [f"### {table.name}", table.about, "\n".join(lines)]
    return "\n\n".join(parts)
