"""Teasers and where each was shown."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from typing import Any

from newsarchive import urls
from newsarchive.archive.frontier_rows import is_buried
from newsarchive.archive.reading import compact
from newsarchive.archive.statements import clean, insert_into, storable
from newsarchive.errors import InvalidUrl
from newsarchive.model.teaser import Teaser


def teaser_hash(teaser: Teaser) -> str:
    """Digest of what a teaser shows. A relative date counts as it was shown, not as the day it meant."""
    shown = teaser.date_published_raw or teaser.date_published
    parts = [teaser.url, teaser.title, teaser.category, shown, teaser.credit, teaser.excerpt, teaser.image_url]
    return hashlib.sha256(compact(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def save_teasers(connection: sqlite3.Connection, teasers: Sequence[Teaser], fetch_id: int, article_row: int | None, seen_at: str) -> None:
    """Write the placements of one capture, and the teasers that are new; none for what was removed on request."""
    shown = []
    buries = bool(connection.execute("SELECT EXISTS(SELECT 1 FROM tombstone)").fetchone()[0])
    for place, teaser in enumerate(teasers):
        try:
            identity = urls.identity(teaser.url)
        except InvalidUrl:
            identity = teaser.url
        if buries and is_buried(connection, identity):
            continue
        values: dict[str, Any] = {
            "hash": teaser_hash(teaser),
            "url": teaser.url,
            "identity": identity,
            "site": urls.registrable_domain(identity),
            "title": teaser.title,
            "category": teaser.category,
            "date_published": teaser.date_published,
            "date_published_raw": teaser.date_published_raw,
            "credit": teaser.credit,
            "excerpt": teaser.excerpt,
            "image_url": teaser.image_url,
            "first_seen": seen_at,
            "last_seen": seen_at,
        }
        seen = " ON CONFLICT(hash) DO UPDATE SET last_seen=max(last_seen, excluded.last_seen) RETURNING id"
        row = connection.execute(insert_into("teaser", values) + seen, storable(values)).fetchone()
        shown.append((fetch_id, place, row[0], teaser.kind, clean(teaser.module) if teaser.module else None, article_row))
    connection.executemany(
        "INSERT INTO placement(fetch_id, position, teaser_id, kind, module, page_article_id) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        shown,
    )


def drop_placements(connection: sqlite3.Connection, fetch_id: int) -> None:
    """Remove a capture's placements, and teasers that stand nowhere else."""
    shown = [row[0] for row in connection.execute("SELECT DISTINCT teaser_id FROM placement WHERE fetch_id=?", (fetch_id,))]
    connection.execute("DELETE FROM placement WHERE fetch_id=?", (fetch_id,))
    connection.executemany(
        "DELETE FROM teaser WHERE id=? AND NOT EXISTS(SELECT 1 FROM placement WHERE teaser_id=teaser.id)", [(item,) for item in shown]
    )


def teasers_on(connection: sqlite3.Connection, fetch_id: int) -> list[sqlite3.Row]:
    """What one capture shows, in page order: hash, title, kind and module of each."""
    return connection.execute(
        "SELECT t.hash, t.title, p.kind, p.module FROM placement p JOIN teaser t ON t.id=p.teaser_id"
        " WHERE p.fetch_id=? ORDER BY p.position",
        (fetch_id,),
    ).fetchall()


def teasers_of(connection: sqlite3.Connection, article_row: int) -> list[Teaser]:
    """The teasers of an article's page as its last capture showed them."""
    rows = connection.execute(
        "SELECT t.*, p.position, p.kind, p.module FROM placement p JOIN teaser t ON t.id=p.teaser_id WHERE p.fetch_id="
        "(SELECT p.fetch_id FROM placement p JOIN fetch f ON f.id=p.fetch_id WHERE p.page_article_id=?"
        " ORDER BY f.fetched_at DESC, f.id DESC LIMIT 1) ORDER BY p.position",
        (article_row,),
    )
    return [
        Teaser(
            title=row["title"],
            url=row["url"],
            position=row["position"],
            kind=row["kind"],
            module=row["module"],
            category=row["category"],
            date_published=row["date_published"],
            date_published_raw=row["date_published_raw"],
            credit=row["credit"],
            excerpt=row["excerpt"],
            image_url=row["image_url"],
        )
        for row in rows
    ]
