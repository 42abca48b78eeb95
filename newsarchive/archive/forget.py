"""Deletion on request: the words are gone for good, a tombstone keeps them from coming back.

What is removed: article, revisions, raw pages, teasers that promote the page, captures, outcomes and every other row
that names the address. What stays: a digest of the address. Raw pages of other articles may show a teaser of the
removed one; they are other publishers' or other pages' records and are not rewritten.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newsarchive import urls
from newsarchive.archive import similar
from newsarchive.archive.conditions import rows_where
from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.frontier_rows import buried_digest
from newsarchive.archive.moments import as_text
from newsarchive.archive.raw import delete_raw
from newsarchive.archive.store import Store
from newsarchive.archive.wiping import mark, wipe

_ADDRESS = re.compile(r"https?://[^\s\"'\\]+")

SCRUBBED = "removed on request"
"""Stands where a run's record named a removed address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was removed, or would be."""

    articles: int
    revisions: int
    raw_pages: int
    teasers: int
    captures: int
    addresses: int
    """Tombstones set for addresses."""
    is_log_clear: bool = True
    """False where a reader kept the -wal file from being emptied: the words are still in it until that reader ends."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked for the removal of what."""

    reason: str
    reference: str | None = None
    """File number or letter."""


def addresses_of(store: Store, url: str) -> list[str]:
    """All identities under which the archive knows the page at `url`: its own, aliases, redirects that lead to it."""
    start = urls.identity(url)
    with clear_errors(store.path):
        row = store.connection.execute(
            "SELECT id FROM article WHERE article_id=? UNION SELECT article_id FROM url_alias WHERE url=?", (urls.article_id(url), start)
        ).fetchone()
        return sorted(_spread(store.connection, {start}, [] if row is None else [row[0]]))


def addresses_of_site(store: Store, site: str) -> list[str]:
    """All identities of a site (a registrable domain or a host) that the archive knows."""
    with clear_errors(store.path):
        rows = store.connection.execute(
            "SELECT identity FROM frontier UNION SELECT identity FROM article UNION SELECT identity FROM teaser"
        )
        return sorted(row[0] for row in rows if site in (urls.registrable_domain(row[0]), urls.host_of(row[0])))


def addresses_where(store: Store, condition: str) -> list[str]:
    """All identities of the articles for which an SQL condition on the view `articles` holds, such as `title LIKE '%ferry%'`.

    The condition is run on a read-only connection: it cannot change anything.
    """
    reader = connect_reader(store.path)
    try:
        rows = rows_where(reader, condition)
        with clear_errors(store.path):
            return sorted(_spread(store.connection, set(), rows))
    finally:
        reader.close()


def _spread(connection: sqlite3.Connection, found: set[str], rows: Iterable[int]) -> set[str]:
    for row in rows:
        known = connection.execute("SELECT identity, url, source_url FROM article WHERE id=?", (row,)).fetchone()
        found |= {urls.identity(address) for address in known}
        found |= {item[0] for item in connection.execute("SELECT url FROM url_alias WHERE article_id=?", (row,))}
    while True:
        marks = ",".join("?" * len(found))
        more = {row[0] for row in connection.execute(f"SELECT url FROM redirect WHERE target IN ({marks})", sorted(found))} - found
        if not more:
            return found
        found |= more


def forget(store: Store, identities: Sequence[str], request: Request, *, site: str | None = None, dry_run: bool = False) -> Forgotten:
    """Remove everything under these identities in one transaction, then the traces in index, log and free pages (`wiping`).

    With `site` a tombstone for the whole site is set as well: none of its pages is archived again.
    """
    connection = store.connection
    with clear_errors(store.path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = _remove(connection, identities, request, as_text(store.now()), site)
            connection.execute("ROLLBACK" if dry_run else "COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        store.forget_keyframes()
        if not dry_run:
            done = replace(done, is_log_clear=wipe(connection))
    return done


def _remove(connection: sqlite3.Connection, identities: Sequence[str], request: Request, now: str, site: str | None) -> Forgotten:
    spellings = _mark(connection, identities)
    articles = [row[0] for row in connection.execute(f"SELECT id FROM article WHERE identity IN {_IDENTITIES}")]
    revisions = sum(
        connection.execute("SELECT count(*) FROM article_revision WHERE article_id=?", (row,)).fetchone()[0] for row in articles
    )
    fetches = [row[0] for row in connection.execute(f"SELECT id FROM fetch WHERE url IN {_SPELLINGS} OR final_url IN {_SPELLINGS}")]
    pages = {
        row[0] for number in fetches for row in connection.execute("SELECT raw_id FROM fetch WHERE id=? AND raw_id IS NOT NULL", (number,))
    }
    teasers = connection.execute(f"DELETE FROM teaser WHERE identity IN {_IDENTITIES} RETURNING id").fetchall()
    for row in articles:
        similar.leave(connection, row, similar.signature_of(connection, row))
    connection.executemany("DELETE FROM article WHERE id=?", [(row,) for row in articles])
    connection.executemany("DELETE FROM fetch WHERE id=?", [(row,) for row in fetches])
    delete_raw(connection, pages)
    _remove_addresses(connection, spellings)
    connection.execute("DELETE FROM teaser WHERE NOT EXISTS(SELECT 1 FROM placement WHERE teaser_id=teaser.id)")
    buried = [(buried_digest(item), "url", now, request.reason, request.reference) for item in identities]
    if site is not None:
        buried.append((buried_digest(site), "site", now, request.reason, request.reference))
    connection.executemany(
        "INSERT INTO tombstone(identity_sha256, scope, removed_at, reason, reference) VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING", buried
    )
    connection.execute("DELETE FROM temp.doomed")
    mark(connection)
    return Forgotten(
        articles=len(articles),
        revisions=revisions,
        raw_pages=len(pages),
        teasers=len(teasers),
        captures=len(fetches),
        addresses=len(identities),
    )


_IDENTITIES = "(SELECT url FROM temp.doomed WHERE is_identity)"
_SPELLINGS = "(SELECT url FROM temp.doomed)"


def _mark(connection: sqlite3.Connection, identities: Sequence[str]) -> set[str]:
    """Fill temp.doomed with the identities and with every spelling of them that some table holds; returns all of these."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS doomed(url TEXT PRIMARY KEY, is_identity INTEGER) WITHOUT ROWID")
    connection.execute("DELETE FROM temp.doomed")
    add = "INSERT INTO temp.doomed VALUES(?, ?) ON CONFLICT DO NOTHING"
    connection.executemany(add, [(item, 1) for item in identities])
    found = {row[0] for row in connection.execute(f"SELECT url FROM frontier WHERE identity IN {_IDENTITIES}")}
    for row in connection.execute(f"SELECT url, source_url, canonical_url FROM article WHERE identity IN {_IDENTITIES}"):
        found |= {address for address in row if address}
    connection.executemany(add, [(item, 0) for item in found])
    return found | set(identities)


def _remove_addresses(connection: sqlite3.Connection, spellings: set[str]) -> None:
    """Every other row and field that names one of the addresses."""
    for table, column in (("outcome", "url"), ("frontier", "url"), ("source", "url"), ("redirect", "url"), ("redirect", "target")):
        connection.execute(f"DELETE FROM {table} WHERE {column} IN {_SPELLINGS}")
    connection.execute(f"DELETE FROM url_alias WHERE url IN {_SPELLINGS}")
    hosts = {urls.host_of(address) for address in spellings}
    connection.executemany("DELETE FROM shape_tally WHERE instr(shape, ?)", [(host,) for host in hosts if host])
    connection.execute(f"UPDATE frontier SET found_on=NULL WHERE found_on IN {_SPELLINGS}")
    connection.execute(f"UPDATE source SET found_on=NULL WHERE found_on IN {_SPELLINGS}")
    _scrub(
        connection,
        "SELECT run_id, url, detail FROM outcome",
        "UPDATE outcome SET detail=:text WHERE run_id=:run_id AND url=:url",
        spellings,
    )
    _scrub(connection, "SELECT id, detail FROM fetch", "UPDATE fetch SET detail=:text WHERE id=:id", spellings)
    _scrub(connection, "SELECT id, headers FROM fetch", "UPDATE fetch SET headers=NULL WHERE id=:id", spellings)
    for column in ("seeds", "command", "settings", "stats"):
        _scrub(connection, f"SELECT id, {column} FROM run", f"UPDATE run SET {column}=:text WHERE id=:id", spellings)


def _scrub(connection: sqlite3.Connection, query: str, update: str, spellings: set[str]) -> None:
    """Replace the addresses in a text column (the last of the query) wherever one stands in it."""
    for row in connection.execute(query).fetchall():
        text = row[len(row) - 1]
        named = [address for address in _ADDRESS.findall(text) if address in spellings] if text else []
        if named:
            for address in sorted(named, key=len, reverse=True):
                text = text.replace(address, SCRUBBED)
            connection.execute(update, dict(zip(row.keys(), tuple(row), strict=True)) | {"text": text})
