"""The archive as sorted lines without anything that differs between two crawls of the same pages.

Two archives are the same when their dumps are equal: integer ids, run names, moments, attempts and compression do not
show, addresses are compared as identities, and runs count by their order.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsarchive import urls
from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.reading import READ_COLUMNS
from newsarchive.errors import InvalidUrl

_ADDRESSES = frozenset({"url", "final_url", "source_url", "page_url"})

_QUERIES = {
    "article": f"SELECT article_id, {', '.join(READ_COLUMNS)}, source_url, revisions, missing_since IS NOT NULL AS missing,"
    " gone_at IS NOT NULL AS gone FROM article",
    "article_revision": "SELECT a.article_id, r.seq, r.reason, r.title, r.description, r.authors, r.date_published, r.date_modified,"
    " r.content_hash, r.extractor, r.extractor_version, r.body, r.body_blocks"
    " FROM article_revision r JOIN article a ON a.id=r.article_id",
    "cluster": "SELECT group_concat(article_id, ' ') AS articles FROM (SELECT cluster_id, article_id FROM article"
    " WHERE cluster_id IS NOT NULL ORDER BY cluster_id, article_id) GROUP BY cluster_id",
    "fetch": "SELECT DISTINCT f.run_id, f.url, f.final_url,"
    " CASE WHEN f.outcome='source' THEN f.kind END AS kind, f.status, f.outcome, f.detail, f.content_type,"
    " f.opt_outs, f.raw_sha256, f.raw_id IS NOT NULL AS kept FROM fetch f WHERE f.is_final",
    "frontier": "SELECT identity, state, last_outcome FROM frontier",
    "outcome": "SELECT v.run_id, v.url, v.outcome, v.detail FROM outcome v",
    "placement": "SELECT f.run_id, f.url AS page_url, a.article_id, p.position, p.kind, p.module, t.title,"
    " t.url AS teaser_url, t.category, CASE WHEN t.date_published_raw IS NULL THEN t.date_published END AS date_published,"
    " t.date_published_raw, t.credit, t.excerpt, t.image_url"
    " FROM placement p JOIN teaser t ON t.id=p.teaser_id JOIN fetch f ON f.id=p.fetch_id LEFT JOIN article a ON a.id=p.page_article_id",
    "raw": "SELECT sha256, size FROM raw",
    "redirect": "SELECT url, target FROM redirect",
    "saved_query": "SELECT * FROM saved_query",
    "site_block": "SELECT site, block_hash, pages FROM site_block",
    "source": "SELECT url, kind FROM source",
    "teaser": "SELECT hash FROM teaser",
    "tombstone": "SELECT identity_sha256, scope FROM tombstone",
    "url_alias": "SELECT l.url, a.article_id, l.reason FROM url_alias l JOIN article a ON a.id=l.article_id",
}


def canonical_dump(path: Path | str) -> Iterator[str]:
    """Lines `table {json}`, sorted within each table."""
    path = Path(path)
    connection = connect_reader(path)
    try:
        with clear_errors(path):
            runs = [row[0] for row in connection.execute("SELECT DISTINCT run_id FROM outcome ORDER BY run_id")]
            order = {run: number for number, run in enumerate(runs, start=1)}
            for table, query in _QUERIES.items():
                yield from sorted(f"{table} {_line(row, order)}" for row in connection.execute(query))
    finally:
        connection.close()


def _line(row: sqlite3.Row, order: dict[int, int]) -> str:
    names = row.keys()
    record = {name: order.get(row[name]) if name == "run_id" else _plain(name, row[name]) for name in names}
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401 - any column
    if isinstance(value, bytes):
        return value.hex()
    if name in _ADDRESSES and isinstance(value, str):
        try:
            return urls.identity(value)
        except InvalidUrl:
            return value
    return value
