"""Full-text search. Whatever is typed is a search: nothing can be a syntax error.

Words are joined by AND; `"a phrase"`, `OR`, `-word` and `begin*` work, everything else is taken for words.
"""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass

from newsarchive.archive.schema_search import RANKING
from newsarchive.archive.words import CJK

_PIECE = re.compile(r'"([^"]*)"?(\*?)|(\S+)')
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_SNIPPET_WORDS = 24
"""Words of the excerpt around a hit: two lines on a terminal."""
MAX_TERMS = 64
"""Terms of a query that are used. A pasted paragraph is cut here: SQLite refuses expressions deeper than 256."""

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
    authors: str
    """JSON list."""
    description: str | None
    snippet: str
    """Text around the words found, without marks."""
    score: float
    """Higher is better; comparable within one search."""


@dataclass(frozen=True, slots=True)
class _Term:
    expression: str
    excluded: bool = False
    alternative: bool = False
    """Whether `OR` stood before it."""


def match_expression(typed: str) -> str | None:
    """What was typed as an FTS5 expression that cannot fail; None where it holds no word to look for."""
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    for term in _terms(typed):
        if term.excluded:
            unwanted.append(term.expression)
        elif term.alternative and wanted:
            wanted[-1].append(term.expression)
        else:
            wanted.append([term.expression])
    if not wanted:
        return None
    expression = " AND ".join("(" + " OR ".join(group) + ")" for group in wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def _terms(typed: str) -> list[_Term]:
    terms: list[_Term] = []
    alternative = negated = False
    text = "".join(character if character.isprintable() else " " for character in typed.translate(_QUOTES))
    for phrase, phrase_star, word in _PIECE.findall(text):
        if word == "OR":
            alternative = True
            continue
        if word in ("AND", "NOT"):
            negated = word == "NOT"
            continue
        excluded = negated or (word.startswith("-") and len(word) > 1)
        star = bool(phrase_star) or word.endswith("*")
        expression = _expression(phrase or word.lstrip("-+"), prefix=star)
        if expression is not None:
            terms.append(_Term(expression, excluded, alternative))
        alternative = negated = False
    return terms[:MAX_TERMS]


def _expression(text: str, *, prefix: bool) -> str | None:
    """One word or phrase, quoted; Chinese, Japanese and Korean runs as phrases of characters in their own column."""
    parts: list[str] = []
    for piece in re.findall(f"(?:{CJK.pattern})+|[^{CJK.pattern[1:-1]}]+", text):
        if CJK.match(piece):
            parts.append('cjk : "' + " ".join(piece) + '"')
        elif any(character.isalnum() for character in piece):
            parts.append('"' + piece.replace('"', " ").strip() + '"' + (" *" if prefix else ""))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else "(" + " AND ".join(parts) + ")"


RANKED = 100_000
"""Hits that are ranked in a search without filters: the newest in the archive. Ranking takes 1 to 2 µs a hit; without a bound
a word that stands in each of 400,000 articles takes half a second, and more with every year."""

_SNIPPET = f"snippet(article_fts, 2, '', '', '…', {_SNIPPET_WORDS})"
_FLOOR = "SELECT rowid FROM article_fts WHERE article_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
_PLAIN = (
    f"SELECT rowid AS id, rank AS score, {_SNIPPET} AS snippet FROM article_fts WHERE article_fts MATCH :match{{}}"
    " ORDER BY rank LIMIT :limit"
)
"""FTS5 sorts by itself here, and makes snippets of what is returned alone."""
_FILTERED = (
    f"SELECT f.rowid AS id, {RANKING} AS score, NULL AS snippet FROM article_fts f WHERE f.article_fts MATCH :match"
    " AND +f.rowid IN (SELECT id FROM article WHERE {}) ORDER BY score LIMIT :limit"
)
"""The filter is read from an index of its own into a set; only members of the set are ranked. The plus sign keeps SQLite from
asking the full text about each member, which is slow where the set is large."""


def search(
    connection: sqlite3.Connection,
    typed: str,
    limit: int,
    *,
    site: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> list[Hit]:
    """The best articles for what was typed, at most `limit`. `since` (inclusive) and `until` (exclusive) are ISO dates.

    The search index is asked first, always: with filters alone SQLite would walk an index of the article table and ask
    the full text about every row of it (at 400,000 articles 3.3 s instead of 0.18 s). Without a filter only the RANKED
    newest hits are ranked, or `limit` of them where that is more.
    """
    expression = match_expression(typed)
    if expression is None or limit <= 0:
        return []
    values = {"match": expression, "limit": limit, "site": site, "since": since, "until": until}
    conditions = [
        condition
        for condition, value in (("site = :site", site), ("published_utc >= :since", since), ("published_utc < :until", until))
        if value
    ]
    if conditions:
        inner = _FILTERED.format(" AND ".join(conditions))
    else:
        floor = connection.execute(_FLOOR, (expression, max(limit, RANKED))).fetchone()
        inner = _PLAIN.format(f" AND rowid > {int(floor[0])}" if floor else "")
    rows = connection.execute(
        f"SELECT a.id, a.article_id, a.url, a.title, a.site, a.date_published, a.published_utc, a.authors, a.description, h.score,"
        f" h.snippet FROM ({inner}) h JOIN article a ON a.id = h.id ORDER BY h.score, a.published_utc DESC, a.id",
        values,
    ).fetchall()
    snippets = _snippets(connection, expression, [row["id"] for row in rows]) if conditions else {}
    return [_hit(row, snippets.get(row["id"], row["snippet"])) for row in rows]


def _snippets(connection: sqlite3.Connection, expression: str, ids: list[int]) -> dict[int, str | None]:
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
    return Hit(
        article_id=row["article_id"],
        url=row["url"],
        title=row["title"],
        site=row["site"],
        date_published=row["date_published"],
        published_utc=row["published_utc"],
        authors=row["authors"],
        description=row["description"],
        snippet=" ".join((snippet or "").split()),
        score=-float(row["score"]),
    )
