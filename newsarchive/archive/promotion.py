"""What a site promotes next to what, over time: the placements of teasers, read in both directions."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promotion:
    """One target on one page: all appearances of its teasers there, taken together."""

    page_url: str
    """The page that shows it."""
    page_article_id: str | None
    """That page's article."""
    target_url: str
    """The promoted address, as last written."""
    target_article_id: str | None
    """The promoted article, where the archive holds it."""
    title: str
    """The headline as last shown."""
    kind: str
    """`related`, `inline` or `list`, as last shown."""
    module: str | None
    """Heading of its block, as last shown."""
    category: str | None
    position: int
    """Place among the page's teasers, as last shown, from 0."""
    captures: int
    """Captures of the page that showed it."""
    first_seen: str
    """UTC."""
    last_seen: str
    """UTC."""


_QUERY = """
WITH shown AS (
  SELECT f.url AS page_url, s.article_id AS page_article_id, t.identity, t.url AS target_url, t.title, t.category,
    p.kind, p.module, p.position, f.fetched_at, p.fetch_id,
    (SELECT article_id FROM article WHERE identity=t.identity UNION ALL
     SELECT a.article_id FROM url_alias l JOIN article a ON a.id=l.article_id WHERE l.url=t.identity LIMIT 1) AS target_article_id,
    row_number() OVER (PARTITION BY f.url, t.identity ORDER BY f.fetched_at DESC, p.fetch_id DESC, p.position) AS newest,
    min(f.fetched_at) OVER (PARTITION BY f.url, t.identity) AS first_seen,
    max(f.fetched_at) OVER (PARTITION BY f.url, t.identity) AS last_seen,
    count(*) OVER (PARTITION BY f.url, t.identity) AS captures
  FROM {source} JOIN fetch f ON f.id=p.fetch_id LEFT JOIN article s ON s.id=p.page_article_id WHERE {condition}
)
SELECT page_url, page_article_id, target_url, target_article_id, title, kind, module, category, position, captures, first_seen, last_seen
FROM shown WHERE newest=1 ORDER BY {order}
"""


def shown_on(connection: sqlite3.Connection, article_row: int) -> list[Promotion]:
    """What the page of an article promoted, in all its captures: what it shows now first, in page order."""
    query = _QUERY.format(
        source="placement p JOIN teaser t ON t.id=p.teaser_id", condition="p.page_article_id=?", order="last_seen DESC, position"
    )
    return [Promotion(*row) for row in connection.execute(query, (article_row,))]


def promoted(connection: sqlite3.Connection, identities: list[str]) -> list[Promotion]:
    """Where an address was promoted, under any of its identities: the pages that show it now first, then by place on the page."""
    marks = ",".join("?" * len(identities))
    query = _QUERY.format(
        source="teaser t JOIN placement p ON p.teaser_id=t.id",
        condition=f"t.identity IN ({marks})",
        order="last_seen DESC, position, page_url",
    )
    return [Promotion(*row) for row in connection.execute(query, identities)]
