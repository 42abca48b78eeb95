"""Full-text search: the best or the newest articles for what was typed, how many there are, and where they stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from newsarchive.archive.filters import Filters
from newsarchive.archive.query import match_expression
from newsarchive.archive.schema_search import RANKING

Sort = Literal["relevance", "date"]

_SNIPPET_WORDS = 24
"""Words of the excerpt around a hit: two lines on a terminal."""

MARK_START, MARK_END = "\x02", "\x03"
"""Around the words found in a snippet; no page text contains them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found."""

    article_id: str
    url: str
    title: str | None
    site: str
    date_published: str | None
    """As the page gave it."""
    published_utc: str | None
    authors: list[str]
    """Names in the order of the byline."""
    description: str | None
    snippet: str
    """Text around the words found, without marks."""
    score: float
    """Higher is better; comparable within one search. 0 where the order is that of dates."""
    marks: tuple[tuple[int, int], ...] = ()
    """Where in `snippet` the words found stand: (start, end) in characters."""


RANKED = 100_000
"""Hits that are ranked in a search without filters: the newest in the archive. Ranking takes 1 to 2 µs a hit; without a bound
a word that stands in each of 400,000 articles takes half a second, and more with every year."""

_SNIPPET = f"snippet(article_fts, 2, '{MARK_START}', '{MARK_END}', '…', {_SNIPPET_WORDS})"
_FLOOR = "SELECT rowid FROM article_fts WHERE article_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
_PLAIN = (
    f"SELECT rowid AS id, rank AS score, {_SNIPPET} AS snippet FROM article_fts WHERE article_fts MATCH :match{{}}"
    " ORDER BY rank LIMIT :limit"
)
"""FTS5 sorts by itself here, and makes snippets of what is returned alone."""
_FILTERED = (
    f"SELECT f.rowid AS id, {RANKING} AS score, NULL AS snippet FROM article_fts f WHERE f.article_fts MATCH :match"
    " AND +f.rowid IN (SELECT a.id FROM article a WHERE {}) ORDER BY score LIMIT :limit"
)
"""The filter is read from an index of its own into a set; only members of the set are ranked. The plus sign keeps SQLite from
asking the full text about each member, which is slow where the set is large."""
_NEWEST = "SELECT a.id, 0 AS score, NULL AS snippet FROM article a{} WHERE {} ORDER BY a.published_utc DESC, a.id LIMIT :limit"
_MATCHED = "+a.id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH :match)"


def search(
    connection: sqlite3.Connection, typed: str, limit: int, filters: Filters | None = None, *, sort: Sort = "relevance"
) -> list[Hit]:
    """The best articles for what was typed, or with `sort` "date" the newest, at most `limit`. Nothing typed: the newest of all.

    The search index is asked first, always: with filters alone SQLite would walk an index of the article table and ask
    the full text about every row of it (at 400,000 articles 3.3 s instead of 0.18 s). Without a filter only the RANKED
    newest hits are ranked, or `limit` of them where that is more.
    """
    expression = match_expression(typed)
    if limit <= 0 or (expression is None and typed.strip()):
        return []
    conditions, values = (filters or Filters()).conditions()
    values |= {"match": expression, "limit": limit}
    if expression is None or sort == "date":
        wanted = [*conditions, *([_MATCHED] if expression is not None else [])]
        inner = _NEWEST.format(" INDEXED BY article_published" if not conditions else "", " AND ".join(wanted) or "1")
    elif conditions:
        inner = _FILTERED.format(" AND ".join(conditions))
    else:
        floor = connection.execute(_FLOOR, (expression, max(limit, RANKED))).fetchone()
        inner = _PLAIN.format(f" AND rowid > {int(floor[0])}" if floor else "")
    rows = connection.execute(
        f"SELECT a.id, a.article_id, a.url, a.title, a.site, a.date_published, a.published_utc, a.authors, a.description, h.score,"
        f" h.snippet FROM ({inner}) h JOIN article a ON a.id = h.id ORDER BY h.score, a.published_utc DESC, a.id",
        values,
    ).fetchall()
    ids = [row["id"] for row in rows if row["snippet"] is None]
    snippets = _snippets(connection, expression, ids) if expression is not None else {}
    return [_hit(row, snippets.get(row["id"], row["snippet"])) for row in rows]


def count_hits(connection: sqlite3.Connection, typed: str, filters: Filters | None = None) -> int:
    """How many articles there are for what was typed."""
    matched, values = matching(typed, filters)
    if not (filters or Filters()).conditions()[0] and values.get("match"):
        return int(connection.execute("SELECT count(*) FROM article_fts WHERE article_fts MATCH :match", values).fetchone()[0])
    return int(connection.execute(f"SELECT count(*) FROM article a WHERE {matched}", values).fetchone()[0])


def matching(typed: str, filters: Filters | None = None) -> tuple[str, dict[str, object]]:
    """The SQL condition on `article a` for what was typed and the filters, with its values."""
    expression = match_expression(typed)
    conditions, values = (filters or Filters()).conditions()
    if expression is not None:
        conditions.append(_MATCHED)
        values["match"] = expression
    elif typed.strip():
        conditions.append("0")
    return " AND ".join(conditions) or "1", values


@contextmanager
def time_limit(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Let no statement of the block run on past so many seconds: SQLite interrupts it then."""
    end = monotonic() + seconds
    connection.set_progress_handler(lambda: int(monotonic() > end), PROGRESS_STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


SEARCH_SECONDS = 30.0
"""Seconds after which a search is given up: the slowest one over 400,000 articles takes under one."""

PROGRESS_STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock: under a millisecond each, and no measurable cost."""


def _snippets(connection: sqlite3.Connection, expression: str, ids: Sequence[int]) -> dict[int, str | None]:
    """Number of an article -> the text around the words found.

    Asked row by row, FTS5 skips to each; but the beginning of a word is looked up anew each time, so that one pass over
    all hits is quicker then.
    """
    if '" *' not in expression:
        query = f"SELECT {_SNIPPET} FROM article_fts WHERE article_fts MATCH ? AND rowid = ?"
        return {number: connection.execute(query, (expression, number)).fetchone()[0] for number in ids}
    query = f"SELECT rowid, {_SNIPPET} FROM article_fts WHERE article_fts MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"
    return {row[0]: row[1] for row in connection.execute(query, (expression, json.dumps(ids)))}


def _hit(row: sqlite3.Row, snippet: str | None) -> Hit:
    text, marks = _marked(" ".join((snippet or "").split()))
    return Hit(
        article_id=row["article_id"],
        url=row["url"],
        title=row["title"],
        site=row["site"],
        date_published=row["date_published"],
        published_utc=row["published_utc"],
        authors=json.loads(row["authors"]),
        description=row["description"],
        snippet=text,
        score=-float(row["score"]),
        marks=marks,
    )


def _marked(snippet: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A snippet without its marks, and where they stood."""
    text, marks = "", []
    for number, piece in enumerate(snippet.split(MARK_START)):
        found, closed, rest = piece.partition(MARK_END)
        if number and closed:
            marks.append((len(text), len(text) + len(found)))
        text += found + rest
    return text, tuple(marks)
