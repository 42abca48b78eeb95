"""Search hits with what a list shows of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields

from newsarchive.archive.article_lines import ArticleLine, article_lines
from newsarchive.archive.search import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Hit):
    """A hit with what a list shows of it."""

    line: ArticleLine


def with_lines(connection: sqlite3.Connection, hits: Sequence[Hit]) -> list[Found]:
    """The hits, each with its line; without those that were removed from the archive in between."""
    lines = article_lines(connection, [hit.article_id for hit in hits])
    names = [item.name for item in fields(Hit)]
    return [Found(**{name: getattr(hit, name) for name in names}, line=lines[hit.article_id]) for hit in hits if hit.article_id in lines]
