"""The articles found for some words, to be counted in several ways: the search index is asked once."""

from __future__ import annotations

import json
import sqlite3
from array import array
from dataclasses import dataclass
from typing import Any

from newsarchive.archive.filters import Filters
from newsarchive.archive.query import match_expression

FEW = 60
"""Times that hits have to go into all articles to be few. Looking up the row of one takes 60 times as long as passing over one
in an index (measured with 400,000 rows of 8 KB: 5 and 0.08 µs)."""

_HITS = "SELECT rowid FROM article_fts WHERE article_fts MATCH ?"
_IS_HIT = "substr(:hits, a.id, 1) = x'01'"
"""`:hits` has a byte for each number of an article. Looking into it takes a fifth of the time of looking into a table of hits."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Articles to be counted: those that the words find, where any were typed, for which the filters hold."""

    connection: sqlite3.Connection
    conditions: list[str]
    """On the table `article` under the name `a`."""
    values: dict[str, Any]
    is_filtered: bool
    are_few: bool
    """Whether it is quicker to look up each than to pass over all articles."""

    def rows(self, query: str, index: str | None = None, **values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 - whatever SQLite takes
        """The rows of a query in which `{0}` stands for the articles (as `a`) and `{1}` for the conditions.

        `index` names one that holds everything the query asks for.
        """
        if self.are_few:
            source = "json_each(:hits) h CROSS JOIN article a ON a.id = h.value"
        else:
            source = f"article a INDEXED BY {index}" if index and not self.is_filtered else "article a"
        return self.connection.execute(query.format(source, " AND ".join(self.conditions) or "1"), self.values | values).fetchall()


def hits_of(connection: sqlite3.Connection, typed: str, filters: Filters) -> Hits:
    """What is found for what was typed and the filters; the search index is asked once."""
    expression = match_expression(typed)
    conditions, values = filters.conditions()
    is_filtered = bool(conditions)
    if expression is None:
        return Hits(connection, [*conditions, *(["0"] if typed.strip() else [])], values, is_filtered, are_few=False)
    cursor = connection.cursor()
    cursor.row_factory = None
    found = array("q", (row[0] for row in cursor.execute(_HITS, (expression,))))
    last = connection.execute("SELECT max(id) FROM article").fetchone()[0] or 0
    if len(found) * FEW < last:
        return Hits(connection, conditions, values | {"hits": json.dumps(found.tolist())}, is_filtered, are_few=True)
    marks = bytearray(last)
    for number in found:
        marks[number - 1] = 1
    return Hits(connection, [*conditions, _IS_HIT], values | {"hits": bytes(marks)}, is_filtered, are_few=False)
