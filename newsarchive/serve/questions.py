"""Saved queries: questions that analysts usually ask, as pages of Datasette with their parameters as fields.

They are tested against an archive, and each is bounded: an index or a LIMIT keeps it within the time limit of SQL.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from newsarchive.archive.schema_reference import described

QUESTIONS: dict[str, dict[str, str]] = {
    "articles-by-month": {
        "title": "How many articles did a site publish each month?",
        "description": "Months are those of UTC. The first rows are the newest months.",
        "sql": "SELECT substr(published_utc, 1, 7) AS month, count(*) AS articles\nFROM article\n"
        "WHERE site = :site AND published_utc IS NOT NULL\nGROUP BY 1 ORDER BY 1 DESC",
    },
    "authors-of-a-site": {
        "title": "Who wrote most for a site since a day?",
        "description": "Names as the bylines give them; an article counts once for each of its authors.",
        "sql": "SELECT j.value AS author, count(*) AS articles, max(a.published_utc) AS newest\nFROM article a, json_each(a.authors) j\n"
        "WHERE a.site = :site AND a.published_utc >= :since\nGROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500",
    },
    "sections-of-a-site": {
        "title": "Which sections does a site have?",
        "description": "As its pages name them, with the newest article of each.",
        "sql": "SELECT section, count(*) AS articles, max(published_utc) AS newest, avg(word_count) AS words\nFROM article\n"
        "WHERE site = :site\nGROUP BY 1 ORDER BY 2 DESC",
    },
    "silent-headline-changes": {
        "title": "Which headlines were changed without a word?",
        "description": "The page’s own date of modification did not move with the headline. The newest changes first.",
        "sql": "SELECT r.replaced_at, a.site, r.title AS before, coalesce(n.title, a.title) AS after, a.article_id\n"
        "FROM article_revision r JOIN article a ON a.id = r.article_id\n"
        "LEFT JOIN article_revision n ON n.article_id = r.article_id AND n.seq = r.seq + 1\n"
        "WHERE r.reason = 'edit' AND r.title IS NOT coalesce(n.title, a.title)\n"
        "  AND r.date_modified IS CASE WHEN n.seq IS NULL THEN a.date_modified ELSE n.date_modified END\n"
        "ORDER BY r.replaced_at DESC LIMIT 500",
    },
    "most-promoted": {
        "title": "Which stories did a host’s pages promote most as related since a day?",
        "description": "Appearances of teasers in related blocks; `since` is the day of the capture. Host as in www.example.com.",
        "sql": "SELECT t.title, count(*) AS appearances, count(DISTINCT f.url) AS pages, min(f.fetched_at) AS first,\n"
        "  max(f.fetched_at) AS last, (SELECT article_id FROM article WHERE identity = t.identity) AS article_id\n"
        "FROM fetch f JOIN placement p ON p.fetch_id = f.id JOIN teaser t ON t.id = p.teaser_id\n"
        "WHERE f.host = :host AND f.fetched_at >= :since AND p.kind = 'related'\nGROUP BY t.identity ORDER BY 2 DESC, 1 LIMIT 200",
    },
    "failed-addresses": {
        "title": "What could not be had in a run, and why?",
        "description": "Everything that came to no article, by host and reason; the list of runs has their numbers.",
        "sql": "SELECT host, outcome, detail, count(*) AS addresses, min(url) AS example\nFROM outcome\n"
        "WHERE run_id = :run AND outcome NOT IN ('stored', 'updated', 'unchanged', 'duplicate', 'source', 'redirected')\n"
        "GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 500",
    },
    "printed-elsewhere": {
        "title": "Which stories of a site stand on other sites as well?",
        "description": "Texts that are nearly the same, with who had them first by the pages’ own dates. The newest first.",
        "sql": "SELECT a.published_utc, a.title, a.article_id, c.site AS other_site, c.published_utc AS other_published,\n"
        "  c.article_id AS other_article_id\n"
        "FROM article a JOIN article c ON c.cluster_id = a.cluster_id AND c.site <> a.site\n"
        "WHERE a.site = :site AND a.cluster_id IS NOT NULL\nORDER BY a.published_utc DESC LIMIT 500",
    },
    "removed-articles": {
        "title": "Which articles did publishers remove?",
        "description": "They answer 410, or 404 twice a day apart; those that are only missing so far have no `gone_at`.",
        "sql": "SELECT coalesce(gone_at, missing_since) AS noticed, gone_at, site, title, published_utc, article_id\nFROM article\n"
        "WHERE gone_at IS NOT NULL OR missing_since IS NOT NULL\nORDER BY coalesce(gone_at, missing_since) DESC LIMIT 500",
    },
}
"""Name -> title, description and SQL. Names with a colon are fields of the page."""

HIDDEN = ("_sqlite_migrations", "article_fts", "frontier", "shape_tally", "site_block", "text_print", "tombstone", "saved_query")
"""Tables of the program's own bookkeeping: they are shown on demand."""


def metadata(connection: sqlite3.Connection) -> dict[str, Any]:
    """What Datasette says of an archive: its saved queries, and what tables and columns mean as the schema's comments have it."""
    tables: dict[str, dict[str, Any]] = {}
    for relation in (*described(connection, "table"), *described(connection, "view")):
        columns = {column.name: column.meaning for column in relation.columns if column.meaning}
        tables[relation.name] = {"description": relation.about, **({"columns": columns} if columns else {})}
    for name in HIDDEN:
        tables.setdefault(name, {})["hidden"] = True
    about = "Start with the view articles. Everything here only reads, and a query may take two seconds."
    return {"databases": {"archive": {"description": about, "queries": QUESTIONS, "tables": tables}}}
