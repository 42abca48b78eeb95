"""Look an archive over: is the file sound, does the index fit the tables, are texts and pages the ones that were stored?"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from newsarchive.archive import similar
from newsarchive.archive.connection import clear_errors, connect_reader, transaction
from newsarchive.archive.lock import who_writes
from newsarchive.archive.migrations import check_version, schema_version
from newsarchive.archive.raw import load_raw
from newsarchive.archive.store import Store
from newsarchive.archive.wiping import pending
from newsarchive.archive.words import content_hash
from newsarchive.errors import ArchiveCorrupt

MAX_PROBLEMS = 20
"""Problems listed for each check; after that a count says more than a list."""


_CONTENT = re.compile(r"""content=(["'])article\1, content_rowid=(["'])id\2""")

_REBUILD = "rebuild it with: newsarchive verify --repair"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth a note."""

    check: str
    """Id of the check: `integrity`, `foreign-keys`, `search-index`, `near-duplicates`, `raw-hash`, `text-hash`, `orphans`,
    `leases`, `outcomes`, `wiping`."""
    text: str
    """What is wrong and what to do."""


NOTES = frozenset({"leases"})
"""Checks that find no damage: what a killed crawl, or a copy made beside a running one, leaves for the next crawl to take up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was looked at and what is wrong."""

    articles: int
    raw_pages: int
    checks: tuple[str, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()
    """What is not damaged, only unfinished (`NOTES`)."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(path: Path | str, *, raw: bool = True) -> VerifyReport:
    """Run every check. Only reads, beside a crawl too (leases of a running crawl are no problem). `raw=False` skips the pages."""
    path = Path(path)
    connection = connect_reader(path)
    try:
        with clear_errors(path):
            check_version(connection, path)
            checks = {name: check for name, check in _CHECKS.items() if raw or name != "raw-hash"}
            running = who_writes(path) is not None
            problems: list[Problem] = []
            for name, check in checks.items():
                if name in ("leases", "wiping") and running:
                    continue
                problems += _limited(name, check(connection))
            articles = connection.execute("SELECT count(*) FROM article").fetchone()[0]
            pages = connection.execute("SELECT count(*) FROM raw").fetchone()[0]
    finally:
        connection.close()
    return VerifyReport(
        articles=articles,
        raw_pages=pages,
        checks=tuple(checks),
        problems=tuple(found for found in problems if found.check not in NOTES),
        notes=tuple(found for found in problems if found.check in NOTES),
    )


def repair_search_index(store: Store) -> None:
    """Build the search index and the index of near-duplicate texts anew from the articles."""
    with clear_errors(store.path), transaction(store.connection):
        store.connection.execute("INSERT INTO article_fts(article_fts) VALUES('rebuild')")
        similar.rebuild(store.connection)


def _limited(name: str, texts: Iterator[str]) -> list[Problem]:
    found = list(texts)
    more = [Problem(name, f"and {len(found) - MAX_PROBLEMS} more")] if len(found) > MAX_PROBLEMS else []
    return [Problem(name, text) for text in found[:MAX_PROBLEMS]] + more


def _integrity(connection: sqlite3.Connection) -> Iterator[str]:
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield f"{text}; restore a backup"


def _foreign_keys(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row[1]} of {row[0]} points to a row of {row[2]} that does not exist"


def _search_index(connection: sqlite3.Connection) -> Iterator[str]:
    """Index all articles anew, in a temporary file, and compare every word with its counts.

    FTS5's own integrity check needs to write, which a reader may not and a running crawl would have to wait for.
    """
    fresh = sqlite3.connect("", isolation_level=None)
    try:
        definition = connection.execute("SELECT sql FROM sqlite_master WHERE name='article_fts'").fetchone()[0]
        fresh.execute(_CONTENT.sub("content=''", definition))
        fresh.execute("BEGIN")
        rows = connection.execute("SELECT id, title, description, body, authors, cjk FROM article")
        fresh.executemany("INSERT INTO article_fts(rowid, title, description, body, authors, cjk) VALUES(?,?,?,?,?,?)", map(tuple, rows))
        fresh.execute("COMMIT")
        for kept, right in zip_longest(_vocabulary(connection, "main"), _vocabulary(fresh, "main")):
            if kept != right:
                word = min(item[0] for item in (kept, right) if item)
                yield f"the search index does not fit the articles, first at the word {word!r}; {_REBUILD}"
                return
    except sqlite3.DatabaseError as error:
        yield f"the search index cannot be read ({error}); {_REBUILD}"
    finally:
        fresh.close()


def _vocabulary(connection: sqlite3.Connection, schema: str) -> Iterator[tuple[str, str, int, int]]:
    """Word, column, articles and occurrences, in the order of words."""
    connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_of_{schema} USING fts5vocab({schema}, article_fts, col)")
    for row in connection.execute(f"SELECT term, col, doc, cnt FROM temp.words_of_{schema}"):
        yield (row[0], row[1], row[2], row[3])


def _raw_hashes(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("SELECT sha256 FROM raw"):
        try:
            load_raw(connection, row["sha256"])
        except ArchiveCorrupt as error:
            yield str(error)


def _text_hashes(connection: sqlite3.Connection) -> Iterator[str]:
    if connection.execute("SELECT 1 FROM archive_info WHERE key='texts' AND value='removed'").fetchone():
        return  # a shared copy without texts keeps their digests alone
    for table in ("article", "article_revision"):
        for row in connection.execute(f"SELECT article_id, title, body, content_hash FROM {table}"):
            if content_hash(row["title"], row["body"]) != row["content_hash"]:
                yield f"the text of article {row['article_id']} in {table} is not the one that was stored; restore a backup"


_ORPHANS = {
    "SELECT count(*) FROM teaser t WHERE NOT EXISTS(SELECT 1 FROM placement p WHERE p.teaser_id=t.id)": "teasers stand on no page",
    "SELECT count(*) FROM raw r WHERE NOT EXISTS(SELECT 1 FROM fetch f WHERE f.raw_id=r.id)"
    " AND NOT EXISTS(SELECT 1 FROM raw d WHERE d.ref_id=r.id)": "raw pages belong to no capture",
    "SELECT count(*) FROM article a WHERE a.revisions <> 1 + (SELECT count(*) FROM article_revision r"
    " WHERE r.article_id=a.id AND r.reason='edit')": "articles count their revisions wrongly",
    "SELECT count(*) FROM fetch WHERE raw_id IS NOT NULL AND raw_sha256 IS NOT (SELECT sha256 FROM raw"
    " WHERE raw.id=raw_id)": "captures name a raw page with another digest",
}


def _orphans(connection: sqlite3.Connection) -> Iterator[str]:
    for query, what in _ORPHANS.items():
        number = connection.execute(query).fetchone()[0]
        if number:
            yield f"{number} {what}"


def _near_duplicates(connection: sqlite3.Connection) -> Iterator[str]:
    if schema_version(connection) < 2:
        return  # there was no such index
    kept, listed, known = connection.execute(
        "SELECT (SELECT coalesce(sum(length(minhash)), 0) / 8 FROM article), count(*), count(a.id)"
        " FROM text_print p LEFT JOIN article a ON a.id=p.article_id"
    ).fetchone()
    if not kept == listed == known:
        yield f"the index of near-duplicate texts does not fit the articles; {_REBUILD}"
    alone = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM article WHERE cluster_id IS NOT NULL GROUP BY cluster_id HAVING count(*)=1)"
    ).fetchone()[0]
    if alone:
        yield f"{alone} articles are marked as copies of none; {_REBUILD}"


def _leases(connection: sqlite3.Connection) -> Iterator[str]:
    number = connection.execute("SELECT count(*) FROM frontier WHERE state='leased'").fetchone()[0]
    if number:
        yield f"{number} addresses were being fetched when their crawl was stopped or this copy made; the next crawl fetches them"


def _wiping(connection: sqlite3.Connection) -> Iterator[str]:
    if pending(connection):
        yield "words that were removed on request are still in the file or its log; the next program that writes wipes them"


def _outcomes(connection: sqlite3.Connection) -> Iterator[str]:
    number = connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT run_id, url FROM fetch WHERE is_final AND run_id IS NOT NULL) f"
        " WHERE NOT EXISTS(SELECT 1 FROM outcome o WHERE o.run_id=f.run_id AND o.url=f.url)"
    ).fetchone()[0]
    if number:
        yield f"{number} captures have no outcome"
    number = connection.execute(
        "SELECT count(*) FROM frontier f WHERE f.state='done' AND f.last_done_run IS NOT NULL"
        " AND EXISTS(SELECT 1 FROM run WHERE id=f.last_done_run)"
        " AND NOT EXISTS(SELECT 1 FROM outcome o WHERE o.run_id=f.last_done_run AND o.url=f.url)"
    ).fetchone()[0]
    if number:
        yield f"{number} addresses are done without an outcome"


_CHECKS = {
    "integrity": _integrity,
    "foreign-keys": _foreign_keys,
    "search-index": _search_index,
    "near-duplicates": _near_duplicates,
    "raw-hash": _raw_hashes,
    "text-hash": _text_hashes,
    "orphans": _orphans,
    "leases": _leases,
    "outcomes": _outcomes,
    "wiping": _wiping,
}
