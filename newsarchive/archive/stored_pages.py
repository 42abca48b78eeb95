"""Raw pages by address and moment."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from newsarchive import urls
from newsarchive.archive.raw import load_raw
from newsarchive.errors import InvalidUrl, NotInArchive

NEVER_SHOWN = frozenset({"noarchive"})
"""Opt-outs after which the raw page is kept for the archive's own use, and never shown or exported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """One capture of an address."""

    url: str
    final_url: str | None
    fetched_at: str
    """UTC."""
    status: int | None
    outcome: str
    content_type: str | None
    sha256: str | None
    """Digest of the page; None where no answer came."""
    is_kept: bool
    """Whether the page itself is in the archive."""
    is_reserved: bool
    """Whether its publisher does not want copies shown."""


def captures(connection: sqlite3.Connection, address: str, article_row: int | None) -> list[StoredCapture]:
    """Every capture of an address or of an article, newest first. `address` may be the digest of a page."""
    if len(address) == 64 and all(character in "0123456789abcdef" for character in address.lower()):
        condition, value = "f.raw_sha256=?", address.lower()
    elif article_row is not None:
        condition, value = "f.url=(SELECT source_url FROM article WHERE id=?)", str(article_row)
    else:
        try:
            condition, value = "f.url=(SELECT url FROM frontier WHERE identity=?)", urls.identity(address)
        except InvalidUrl:
            return []
    rows = connection.execute(
        "SELECT f.url, f.final_url, f.fetched_at, f.status, f.outcome, f.content_type, f.raw_sha256, f.raw_id, f.opt_outs FROM fetch f"
        f" WHERE {condition} ORDER BY f.fetched_at DESC, f.id DESC",
        (value,),
    )
    return [
        StoredCapture(
            url=row["url"],
            final_url=row["final_url"],
            fetched_at=row["fetched_at"],
            status=row["status"],
            outcome=row["outcome"],
            content_type=row["content_type"],
            sha256=row["raw_sha256"],
            is_kept=row["raw_id"] is not None,
            is_reserved=bool(NEVER_SHOWN & set(json.loads(row["opt_outs"]))),
        )
        for row in rows
    ]


def page_bytes(connection: sqlite3.Connection, found: list[StoredCapture], address: str, at: str | None) -> bytes:
    """The page of the newest capture that is kept, or of the newest not after `at` (UTC). Raises NotInArchive with the reason."""
    if not found:
        raise NotInArchive(f"The archive holds no capture of {address!r}.")
    kept = [capture for capture in found if capture.is_kept and capture.sha256 and (at is None or capture.fetched_at <= at)]
    if not kept:
        raise NotInArchive(
            f"No raw page of {address!r} is kept; it was purged, or crawled with --no-raw. Its digests are: newsarchive raw --list"
        )
    if kept[0].is_reserved:
        raise NotInArchive(f"The publisher of {kept[0].url} asked that copies of the page are not shown (noarchive); the archive obeys.")
    return load_raw(connection, kept[0].sha256 or "")
