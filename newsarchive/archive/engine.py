"""What this Python's SQLite can do."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

MINIMUM = (3, 38, 0)
"""STRICT tables came with 3.37, the JSON functions without a build option with 3.38."""


@dataclass(frozen=True, slots=True)
class SqliteFacts:
    """The SQLite library that Python was built with."""

    version: str
    is_new_enough: bool
    """At least `minimum`."""
    has_fts5: bool
    minimum: str = ".".join(map(str, MINIMUM))


def sqlite_facts() -> SqliteFacts:
    """Look at the library; opens a database in memory, touches no file."""
    connection = sqlite3.connect(":memory:")
    try:
        options = {str(row[0]) for row in connection.execute("PRAGMA compile_options")}
    finally:
        connection.close()
    return SqliteFacts(sqlite3.sqlite_version, sqlite3.sqlite_version_info >= MINIMUM, "ENABLE_FTS5" in options)
