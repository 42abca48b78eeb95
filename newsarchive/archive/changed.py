"""What publishers did to articles that were out, a page at a time: the newest changes of a question, and how many on which day.

`revisions.changes` gives all of them at once, for programs. Here the edits are read in the order of an index and no further
than MOST_EDITS, so that a page of a large archive comes at once.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from newsarchive.archive.query import match_expression
from newsarchive.archive.revisions import Change

MOST_EDITS = 10_000
"""Edits that are looked at, the newest: 0.1 s."""

KINDS = ("headline", "silent", "text", "gone", "missing")
"""What can be asked for: `silent` are headline changes while the page's own date stood still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuestion:
    """Which changes are meant. All conditions hold together."""

    kind: str | None = None
    """One of KINDS; None: all."""
    site: str | None = None
    """Registrable domain."""
    words: str = ""
    """Words of the article as it is now, as in a search."""
    since: str | None = None
    """UTC, ISO: noticed at this moment or later."""
    until: str | None = None
    """UTC, ISO: noticed before this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfChange:
    """How many changes of one kind were noticed on one day."""

    day: str
    """UTC."""
    kind: str
    """`silent headline`, `headline`, `text`, `removed` or `missing`."""
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The changes of a question."""

    found: int
    """How many there are."""
    is_cut: bool
    """Whether there are older edits that were not looked at; removals of that time are left out as well then."""
    days: list[KindOfChange]
    """By day, then kind; days without changes are left out."""
    rows: list[Change]
    """Those of the page asked for, newest first."""


_EDITS = """
SELECT r.replaced_at AS at, r.seq, r.title AS title_before, CASE WHEN n.seq IS NULL THEN a.title ELSE n.title END AS title_after,
  a.article_id, a.url, a.site,
  r.date_modified IS CASE WHEN n.seq IS NULL THEN a.date_modified ELSE n.date_modified END AS is_silent
FROM article_revision r CROSS JOIN article a ON a.id = r.article_id
LEFT JOIN article_revision n ON n.article_id = r.article_id AND n.seq = r.seq + 1
WHERE r.reason = 'edit' AND r.replaced_at >= :since AND r.replaced_at < :until{0}
ORDER BY r.replaced_at DESC, a.article_id DESC, r.seq DESC
"""
_LOSSES = """
SELECT coalesce(a.gone_at, a.missing_since) AS at, NULL AS seq, a.title AS title_before, NULL AS title_after, a.article_id, a.url, a.site,
  0 AS is_silent, CASE WHEN a.gone_at IS NULL THEN 'missing' ELSE 'gone' END AS kind
FROM article a WHERE (a.gone_at IS NOT NULL OR a.missing_since IS NOT NULL) AND coalesce(a.gone_at, a.missing_since) >= :since
  AND coalesce(a.gone_at, a.missing_since) < :until{0}
ORDER BY coalesce(a.gone_at, a.missing_since) DESC, a.article_id DESC
"""
_HITS = " AND a.id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH :words)"

_NAMES = {"gone": "removed", "missing": "missing", "text": "text"}


def name_of(change: Change) -> str:
    """What a change is called on the page: `silent headline`, `headline`, `text`, `removed` or `missing`."""
    return ("silent headline" if change.is_silent else "headline") if change.kind == "headline" else _NAMES[change.kind]


def changes_of(connection: sqlite3.Connection, question: ChangeQuestion, *, limit: int = 50, offset: int = 0) -> Changes:
    """The changes of a question: `limit` of them from `offset` on, and all by day."""
    edits = list(islice(_edits(connection, question), MOST_EDITS + 1)) if question.kind not in ("gone", "missing") else []
    losses = list(_losses(connection, question)) if question.kind in (None, "gone", "missing") else []
    is_cut = len(edits) > MOST_EDITS
    oldest = edits[MOST_EDITS - 1].at if is_cut else ""
    seen = (*edits[:MOST_EDITS], *(loss for loss in losses if loss.at >= oldest))  # further back the edits would be missing beside them
    found = [change for change in seen if _is_meant(change, question.kind)]
    found.sort(key=lambda change: (change.at, change.article_id, change.seq or 0), reverse=True)
    by_day = Counter((change.at[:10], name_of(change)) for change in found)
    return Changes(
        found=len(found),
        is_cut=is_cut,
        days=[KindOfChange(day=day, kind=kind, changes=number) for (day, kind), number in sorted(by_day.items())],
        rows=found[offset : offset + limit],
    )


def _is_meant(change: Change, kind: str | None) -> bool:
    if kind == "silent":
        return change.kind == "headline" and change.is_silent
    return kind is None or change.kind == kind


def _edits(connection: sqlite3.Connection, question: ChangeQuestion) -> Iterator[Change]:
    for row in _rows(connection, _EDITS, question):
        kind = "text" if row["title_before"] == row["title_after"] else "headline"
        yield _change(row, kind, is_silent=bool(row["is_silent"]))


def _losses(connection: sqlite3.Connection, question: ChangeQuestion) -> Iterator[Change]:
    for row in _rows(connection, _LOSSES, question):
        yield _change(row, row["kind"], is_silent=False)


def _change(row: sqlite3.Row, kind: str, *, is_silent: bool) -> Change:
    return Change(
        at=row["at"],
        kind=kind,  # type: ignore[arg-type]  # the words of both queries
        is_silent=is_silent,
        article_id=row["article_id"],
        url=row["url"],
        site=row["site"],
        seq=row["seq"],
        title_before=row["title_before"],
        title_after=row["title_after"],
    )


def _rows(connection: sqlite3.Connection, query: str, question: ChangeQuestion) -> sqlite3.Cursor:
    conditions = ""
    values: dict[str, str] = {"since": question.since or "", "until": question.until or "~"}
    if question.site:
        conditions += " AND a.site = :site"
        values["site"] = question.site
    if question.words.strip():
        values["words"] = match_expression(question.words) or '""'
        conditions += _HITS
    return connection.execute(query.format(conditions), values)
