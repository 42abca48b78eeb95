"""One state of an archive, read row by row: what leaves the archive, in a fixed order and in little memory.

The rows are those of one moment, also beside a crawl that writes: everything is read in one transaction. First the
numbers of the rows wanted are noted (8 bytes each), then their rows are fetched in batches by those numbers, so that the
search index and the filters' indexes are asked once and long texts are never sorted.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.filters import Filters
from newsarchive.archive.migrations import check_version
from newsarchive.archive.record_fields import Column, What, columns_of
from newsarchive.archive.search import matching

BATCH = 500
"""Rows fetched by one statement: at 11 KB an article 6 MB, and less than a hundredth of the time goes into statements."""

_CHOSEN: dict[What, str] = {
    "articles": "SELECT a.id FROM article a WHERE {} ORDER BY +a.id",
    "revisions": "SELECT a.id FROM article a WHERE {} ORDER BY +a.id",
    "teasers": "SELECT DISTINCT p.teaser_id FROM placement p WHERE p.page_article_id IN (SELECT a.id FROM article a WHERE {}) ORDER BY 1",
    "placements": "SELECT DISTINCT p.fetch_id FROM placement p WHERE p.page_article_id IN (SELECT a.id FROM article a WHERE {}) ORDER BY 1",
}
"""The numbers of the rows wanted: articles, teasers, or captures that show teasers. The plus sign has SQLite read them from an index
and sort them, instead of walking through the rows of 8 KB, which are in order."""
_ALL: dict[What, str] = {"teasers": "SELECT id FROM teaser ORDER BY id", "placements": "SELECT DISTINCT fetch_id FROM placement ORDER BY 1"}
"""The same where every article is meant: then teasers of listings belong to it too."""

_IDS = "IN (SELECT value FROM json_each(:ids))"
_TARGETS = (
    " LEFT JOIN article d ON d.identity = t.identity LEFT JOIN url_alias l ON l.url = t.identity LEFT JOIN article u ON u.id = l.article_id"
)
_ROWS: dict[What, str] = {
    "articles": f"SELECT {{}} FROM article a LEFT JOIN fetch f ON f.id = a.fetch_id WHERE a.id {_IDS} ORDER BY a.id",
    "teasers": f"SELECT {{}} FROM teaser t{_TARGETS} WHERE t.id {_IDS} ORDER BY t.id",
    "placements": f"SELECT {{}} FROM placement p JOIN fetch f ON f.id = p.fetch_id JOIN teaser t ON t.id = p.teaser_id"
    f" LEFT JOIN article s ON s.id = p.page_article_id{_TARGETS} WHERE p.fetch_id {_IDS} ORDER BY p.fetch_id, p.position",
}
_NEWEST = {
    "seq": "coalesce((SELECT max(seq) FROM article_revision o WHERE o.article_id = a.id), 0) + 1",
    "reason": "NULL",
    "first_seen": "coalesce((SELECT max(replaced_at) FROM article_revision o WHERE o.article_id = a.id), a.first_seen)",
    "replaced_at": "NULL",
}
"""What an article's newest text has in the columns of superseded ones."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of an archive."""

    what: What = "articles"
    words: str = ""
    """As typed in a search; empty: all."""
    filters: Filters = Filters()  # noqa: RUF009 - frozen
    limit: int | None = None
    """Rows at most; None: all."""
    with_body: bool = True
    with_blocks: bool = False
    """Whether an article's `body_blocks` are a column."""


class Snapshot:
    """An archive as it is at one moment; a context manager. Raises what opening an archive raises."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connect_reader(path)
        try:
            with clear_errors(path):
                check_version(self.connection, path)
                self.connection.execute("BEGIN")
                self.connection.execute("SELECT 1 FROM archive_info").fetchone()  # the moment: SQLite takes it with the first read
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def stream(self, question: Question) -> Stream:
        """The rows for a question. Raises ConfigurationError for dates and zones that are none."""
        condition, values = matching(question.words, question.filters)
        query = _ALL.get(question.what) if condition == "1" else None
        with clear_errors(self.path):
            found = self.connection.execute(query or _CHOSEN[question.what].format(condition), values)
            return Stream(self, question, array("q", (row[0] for row in found)))


class Stream:
    """The rows for a question, read while they are looped over. Every loop reads anew and gives the same."""

    def __init__(self, snapshot: Snapshot, question: Question, numbers: array[int]) -> None:
        self._snapshot = snapshot
        self._numbers = numbers
        self.question = question
        self.columns: tuple[Column, ...] = columns_of(question.what, body=question.with_body, blocks=question.with_blocks)

    @property
    def total(self) -> int | None:
        """Rows there will be; None where they are known only at the end (revisions and placements)."""
        if self.question.what in ("revisions", "placements"):
            return None
        limit = self.question.limit
        return len(self._numbers) if limit is None else min(limit, len(self._numbers))

    def __iter__(self) -> Iterator[Row]:
        """Each row as the values of `columns`; lists and blocks are JSON texts, booleans 0 and 1."""
        left = self.question.limit
        cursor = self._snapshot.connection.cursor()
        cursor.row_factory = None
        query = _rows_query(self.question.what, self.columns)
        for first in range(0, len(self._numbers), BATCH):
            with clear_errors(self._snapshot.path):
                rows = cursor.execute(query, {"ids": json.dumps(self._numbers[first : first + BATCH].tolist())}).fetchall()
            if left is not None:
                rows = rows[:left]
                left -= len(rows)
            yield from rows
            if left == 0:
                return


def _rows_query(what: What, columns: tuple[Column, ...]) -> str:
    if what != "revisions":
        return _ROWS[what].format(", ".join(column.expression for column in columns))
    older = ", ".join(f"{column.expression} AS {column.name}" for column in columns)
    newest = ", ".join(f"{_NEWEST.get(column.name, 'a.' + column.name)} AS {column.name}" for column in columns)
    names = ", ".join(column.name for column in columns)
    return (
        f"SELECT {names} FROM (SELECT a.id AS number, {older} FROM article_revision r JOIN article a ON a.id = r.article_id"
        f" WHERE r.article_id {_IDS} UNION ALL SELECT a.id AS number, {newest} FROM article a WHERE a.id {_IDS}) ORDER BY number, seq"
    )
