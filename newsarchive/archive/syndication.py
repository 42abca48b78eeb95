"""Stories that stand in several places: who had them first, and who printed them after."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a story."""

    article_id: str
    url: str
    site: str
    title: str | None
    published_utc: str | None
    """As `article.published_utc`."""
    first_seen: str
    """UTC; the archive had it then."""
    word_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles with one text, or nearly one, in the order of publication."""

    first: Copy
    """The earliest by its own date; where a page gives none, by when it was first seen."""
    copies: tuple[Copy, ...]
    """The others."""
    sites: int
    """Different sites, that of the first included."""


_MEMBERS = """
WITH member AS (
  SELECT coalesce('c' || cluster_id, content_hash) AS cluster, coalesce(published_utc, first_seen) AS moment, article_id, url, site, title,
    published_utc, first_seen, word_count FROM article
), story AS (
  SELECT cluster, max(moment) AS newest FROM member GROUP BY cluster
  HAVING count(*) > 1 AND (count(DISTINCT site) > 1 OR :within_site) AND max(moment) >= :since AND (:site IS NULL OR sum(site = :site) > 0)
)
SELECT m.* FROM story s JOIN member m ON m.cluster = s.cluster ORDER BY s.newest DESC, m.cluster, m.moment, m.first_seen, m.article_id
"""


def stories(connection: sqlite3.Connection, *, since: str = "", site: str | None = None, within_site: bool = False) -> list[Story]:
    """Stories of which a copy came out at `since` (UTC, ISO) or later, and one on `site`; the newest first.

    With `within_site` also those whose copies all stand on one site.
    """
    rows = connection.execute(_MEMBERS, {"since": since, "site": site, "within_site": within_site})
    found = []
    for _, members in groupby(rows, key=lambda row: row["cluster"]):
        first, *copies = (Copy(**{name: row[name] for name in Copy.__dataclass_fields__}) for row in members)
        found.append(Story(first=first, copies=tuple(copies), sites=len({copy.site for copy in (first, *copies)})))
    return found


_COPIES = """
SELECT c.article_id, c.url, c.site, c.title, c.published_utc, c.first_seen, c.word_count
FROM article a JOIN article c ON c.content_hash = a.content_hash OR (a.cluster_id IS NOT NULL AND c.cluster_id = a.cluster_id)
WHERE a.article_id = ? AND c.id <> a.id ORDER BY coalesce(c.published_utc, c.first_seen), c.article_id LIMIT ?
"""


def copies_of(connection: sqlite3.Connection, article_id: str, limit: int = 200) -> list[Copy]:
    """Other articles with the text of this one, or nearly, in the order of publication; at most `limit`."""
    return [Copy(**dict(row)) for row in connection.execute(_COPIES, (article_id, limit))]
