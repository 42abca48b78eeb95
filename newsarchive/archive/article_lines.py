"""A few facts of some articles, for lists of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

OPENING_CHARS = 240
"""Characters of the beginning of a text, where a page has no summary: two lines on a screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """What a list shows of an article beside its title."""

    section: str | None
    language: str | None
    revisions: int
    """Texts the publisher showed, the newest included."""
    missing_since: str | None
    """UTC."""
    gone_at: str | None
    """UTC."""
    opening: str
    """The page's summary, else the beginning of the text."""


def article_lines(connection: sqlite3.Connection, identifiers: Sequence[str]) -> dict[str, ArticleLine]:
    """`article_id` -> its line, for those that the archive holds."""
    rows = connection.execute(
        "SELECT article_id, section, language, revisions, missing_since, gone_at, description, substr(body, 1, ?) AS beginning"
        " FROM article WHERE article_id IN (SELECT value FROM json_each(?))",
        (OPENING_CHARS + 1, json.dumps(list(identifiers))),
    )
    return {
        row["article_id"]: ArticleLine(
            section=row["section"],
            language=row["language"],
            revisions=row["revisions"],
            missing_since=row["missing_since"],
            gone_at=row["gone_at"],
            opening=_opening(row["description"] or row["beginning"]),
        )
        for row in rows
    }


def _opening(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= OPENING_CHARS else line[:OPENING_CHARS].rpartition(" ")[0] + " …"
