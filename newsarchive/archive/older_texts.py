"""An older capture's place among the texts of an article.

The texts of an article are a line of time: each was in force from the first capture that showed it to the first that
showed the next. A capture from the middle of that line is compared with the text that was in force then:

- the same text: nothing changes;
- before the first text: it becomes the first, or the first text is found to be older than it was known;
- after the last capture that is known to have shown the text of its time: the change to the next text happened earlier,
  or this text came in between;
- between two captures that show the same text: the publisher changed it and changed it back, and both changes are kept;
- in the same second as another capture: nothing changes.

So the line is the same in whatever order captures arrive.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import pairwise

from newsarchive.archive.articles import READ_DIFFERENTLY, Verdict
from newsarchive.archive.reading import Columns
from newsarchive.archive.statements import insert_into
from newsarchive.model.outcome import ARTICLES, Outcome

TEXT_COLUMNS = (
    "title", "description", "authors", "date_published", "date_modified", "content_hash", "fetch_id", "extractor", "extractor_version",
    "body", "body_blocks",
)  # fmt: skip
"""Columns that `article` and `article_revision` share: one text of an article."""

OLDER_TEXT = "an older text"
"""Detail of `updated`: the archive holds a newer one."""


_OTHER_SCHEME = "CASE WHEN a.source_url LIKE 'https:%' THEN 'http' || substr(a.source_url, 6) ELSE 'https' || substr(a.source_url, 5) END"
"""The article's address with http for https, or the other way round: the same page."""


@dataclass(slots=True)
class _Text:
    """One text of the line."""

    seq: int | None
    """Number among the superseded texts; None for the newest."""
    start: str
    """UTC; when it was first seen."""
    end: str
    """UTC; when the next was first seen. Of the newest: when it was seen last."""
    content_hash: str
    reader: tuple[str, str]


def place_older(connection: sqlite3.Connection, row: int, columns: Columns, fetch_id: int, seen_at: str) -> Verdict:
    """Put a capture that is not newer than the article's last to its place; inside a transaction of the caller."""
    line = _line(connection, row)
    same = Verdict(Outcome.UNCHANGED, None, row)
    if seen_at < line[0].start:
        if line[0].content_hash == columns["content_hash"]:
            _begin_at(connection, row, line[0], seen_at)
        else:
            _insert(connection, row, 0, [(_read(columns, fetch_id), seen_at, line[0].start)])
        connection.execute("UPDATE article SET first_seen=? WHERE id=?", (seen_at, row))
        return same if line[0].content_hash == columns["content_hash"] else _changed(connection, row, line[0], columns)
    number = max(place for place, text in enumerate(line) if text.start <= seen_at)
    text = line[number]
    if text.content_hash == columns["content_hash"] or seen_at in (text.start, text.end):
        return same
    confirmed = _seen_again(connection, row, text, seen_at, fetch_id)
    if confirmed is None:
        following = line[number + 1]
        if following.content_hash == columns["content_hash"]:
            _begin_at(connection, row, following, seen_at)
            _end_at(connection, row, text, seen_at)
            return same
        _end_at(connection, row, text, seen_at)
        _insert(connection, row, number + 1, [(_read(columns, fetch_id), seen_at, following.start)])
    elif confirmed == seen_at:
        return same
    else:
        before = (_copy(connection, row, text), text.start, seen_at)
        _insert(connection, row, number, [before, (_read(columns, fetch_id), seen_at, confirmed)])
        if text.seq is not None:
            connection.execute("UPDATE article_revision SET first_seen=? WHERE article_id=? AND seq=?", (confirmed, row, number + 3))
    return _changed(connection, row, text, columns)


def _line(connection: sqlite3.Connection, row: int) -> list[_Text]:
    """The texts of an article, oldest first, numbered from 1 without gaps."""
    reading = "content_hash, extractor, extractor_version"
    newest = connection.execute(f"SELECT first_seen, last_seen, {reading} FROM article WHERE id=?", (row,)).fetchone()
    older = connection.execute(
        f"SELECT seq, first_seen, replaced_at, {reading} FROM article_revision WHERE article_id=? ORDER BY seq", (row,)
    ).fetchall()
    for number, text in enumerate(older, start=1):
        if text["seq"] != number:
            connection.execute("UPDATE article_revision SET seq=? WHERE article_id=? AND seq=?", (number, row, text["seq"]))
    line = [
        _Text(number, text["first_seen"], text["replaced_at"], text["content_hash"], (text["extractor"], text["extractor_version"]))
        for number, text in enumerate(older, start=1)
    ]
    start = line[-1].end if line else newest["first_seen"]
    line.append(_Text(None, start, newest["last_seen"], newest["content_hash"], (newest["extractor"], newest["extractor_version"])))
    return line


def _seen_again(connection: sqlite3.Connection, row: int, text: _Text, after: str, fetch_id: int) -> str | None:
    """The next moment at which a capture showed the text again; None where the archive knows of none."""
    marks = ",".join("?" * len(ARTICLES))
    found = connection.execute(
        f"SELECT min(f.fetched_at) FROM article a JOIN fetch f ON f.url IN (a.source_url, {_OTHER_SCHEME})"
        f" WHERE a.id=? AND f.id<>? AND f.is_final AND f.outcome IN ({marks}) AND f.fetched_at>=? AND f.fetched_at<?",
        (row, fetch_id, *sorted(ARTICLES), after, text.end),
    ).fetchone()[0]
    if found is None and text.seq is None:
        return text.end  # the newest text was in force when it was last seen
    return None if found is None else str(found)


def _read(columns: Columns, fetch_id: int) -> Columns:
    return {name: fetch_id if name == "fetch_id" else columns[name] for name in TEXT_COLUMNS}


def _copy(connection: sqlite3.Connection, row: int, text: _Text) -> Columns:
    table, condition = ("article", "id=:row") if text.seq is None else ("article_revision", "article_id=:row AND seq=:seq")
    found = connection.execute(f"SELECT {', '.join(TEXT_COLUMNS)} FROM {table} WHERE {condition}", {"row": row, "seq": text.seq}).fetchone()
    return dict(zip(TEXT_COLUMNS, tuple(found), strict=True))


def _insert(connection: sqlite3.Connection, row: int, before: int, texts: list[tuple[Columns, str, str]]) -> None:
    """Insert superseded texts (text, first seen, replaced) at a place of the line; those behind it get higher numbers."""
    moved = connection.execute("SELECT seq FROM article_revision WHERE article_id=? AND seq>? ORDER BY seq DESC", (row, before)).fetchall()
    for (seq,) in moved:
        connection.execute("UPDATE article_revision SET seq=? WHERE article_id=? AND seq=?", (seq + len(texts), row, seq))
    for number, (text, start, end) in enumerate(texts, start=before + 1):
        values = {**text, "article_id": row, "seq": number, "reason": "edit", "first_seen": start, "replaced_at": end}
        connection.execute(insert_into("article_revision", values), values)
    _settle_reasons(connection, row, {before, *range(before + 1, before + len(texts) + 1)})


def _settle_reasons(connection: sqlite3.Connection, row: int, touched: set[int]) -> None:
    """Texts that different versions of the extractor read are not called an edit; the article counts its edits."""
    line = _line(connection, row)
    for text, following in pairwise(line):
        if text.seq in touched:
            reason = "edit" if text.reader == following.reader else "extractor"
            connection.execute("UPDATE article_revision SET reason=? WHERE article_id=? AND seq=?", (reason, row, text.seq))
    connection.execute(
        "UPDATE article SET revisions=1+(SELECT count(*) FROM article_revision WHERE article_id=:row AND reason='edit') WHERE id=:row",
        {"row": row},
    )


def _begin_at(connection: sqlite3.Connection, row: int, text: _Text, start: str) -> None:
    if text.seq is not None:
        connection.execute("UPDATE article_revision SET first_seen=? WHERE article_id=? AND seq=?", (start, row, text.seq))


def _end_at(connection: sqlite3.Connection, row: int, text: _Text, end: str) -> None:
    connection.execute("UPDATE article_revision SET replaced_at=? WHERE article_id=? AND seq=?", (end, row, text.seq))


def _changed(connection: sqlite3.Connection, row: int, beside: _Text, columns: Columns) -> Verdict:
    """An older text that another version of the extractor might have read the same is not called a change."""
    if beside.reader == (columns["extractor"], columns["extractor_version"]):
        return Verdict(Outcome.UPDATED, OLDER_TEXT, row)
    return Verdict(Outcome.UNCHANGED, READ_DIFFERENTLY, row)
