"""Where an article's address came from: how the crawl heard of it, and its other addresses."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How an article came into the archive."""

    found_by: str | None
    """`seed`, `link`, `feed`, `sitemap` ...; None where no crawl of this archive asked for it."""
    found_on: str | None
    """The page, feed or sitemap that named the address."""
    listed_date: str | None
    """Date that the feed or sitemap gave."""
    first_run: int | None
    """The run that found it."""
    identity: str
    """The address as it is compared."""
    other_addresses: list[str]
    """Identities that lead to it: by redirect, or because their page named it as canonical."""


def origin_of(connection: sqlite3.Connection, article_id: str) -> Origin | None:
    """Where an article came from; None where the archive does not hold it."""
    row = connection.execute(
        "SELECT a.id, a.identity, a.first_run_id, f.found_by, f.found_on, f.hints FROM article a"
        " LEFT JOIN frontier f ON f.url = a.source_url WHERE a.article_id = ?",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    hints = json.loads(row["hints"]) if row["hints"] else {}
    others = connection.execute("SELECT url FROM url_alias WHERE article_id = ? ORDER BY url", (row["id"],))
    return Origin(
        found_by=row["found_by"],
        found_on=row["found_on"],
        listed_date=hints.get("date_published") or hints.get("date_modified"),
        first_run=row["first_run_id"],
        identity=row["identity"],
        other_addresses=[other[0] for other in others],
    )
