"""Several archives become one: `merge`. Once or twice, in any order: the result is the same.

What is taken: runs, captures, raw pages, articles with all texts, teasers and placements, outcomes, sources, redirects
and aliases, what the crawls know of addresses, and tombstones. What is not: addresses that still wait to be fetched
(they stay with the crawl that queued them), saved queries (they are programs), and everything that is buried in any
of the archives. Each archive is taken in one transaction; nothing is acknowledged before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from newsarchive import urls
from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.foreign import ForeignArchive, Row, identity_of
from newsarchive.archive.frontier_rows import is_buried
from newsarchive.archive.merge_articles import TEXT_COLUMNS, Record, checked, texts_of, write
from newsarchive.archive.merge_captures import OUTCOMES, CaptureTaker
from newsarchive.archive.migrations import upgrade
from newsarchive.archive.statements import insert_into
from newsarchive.archive.store import Store
from newsarchive.archive.words import content_hash
from newsarchive.errors import ConfigurationError, NotAnArchive
from newsarchive.model.candidate import UrlKind

UNFINISHED = ("running", "interrupted")
"""A run of another archive is never taken up here: it counts as killed."""


@dataclass(slots=True, kw_only=True)
class Merged:
    """What one archive brought."""

    path: Path
    articles_new: int = 0
    articles_changed: int = 0
    articles_same: int = 0
    captures: int = 0
    raw_pages: int = 0
    buried: int = 0
    """Articles left out because some archive has a tombstone for them."""
    waiting: int = 0
    """Addresses that its crawl has still to fetch; they stay with it."""
    rejected: dict[str, int] = field(default_factory=dict)
    """Table -> rows left out because they cannot be true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What a merge brought, and what is left to do."""

    merged: list[Merged]
    to_be_forgotten: list[str]
    """Addresses of articles that the archive holds although one of the others has removed them on request."""


def merge_into(target: Path, paths: Sequence[Path], *, keep_raw: bool = True) -> MergeReport:
    """Take other archives into the one at `target`, which is made where there is none.

    Raises for the first of them that is damaged, newer or no archive; nothing was made or taken then.
    """
    with ExitStack() as stack:
        schema = stack.enter_context(closing(sqlite3.connect(":memory:", isolation_level=None)))
        schema.row_factory = sqlite3.Row
        upgrade(schema)
        sources = _opened(stack, target, paths, schema)
        store = stack.enter_context(Store(target))
        return MergeReport(merged=_merge(store, sources, keep_raw=keep_raw), to_be_forgotten=buried_articles(store))


def merge(store: Store, paths: Sequence[Path], *, keep_raw: bool = True) -> list[Merged]:
    """Take other archives into an open one. Raises for the first of them that is damaged, newer or no archive; nothing was taken then."""
    with ExitStack() as stack:
        return _merge(store, _opened(stack, store.path, paths, store.connection), keep_raw=keep_raw)


def _opened(stack: ExitStack, target: Path, paths: Sequence[Path], ours: sqlite3.Connection) -> list[ForeignArchive]:
    sources = []
    for path in paths:
        if path.exists() and target.exists() and path.samefile(target):
            raise ConfigurationError(f"{path} is the archive that is merged into; name others.")
        sources.append(stack.enter_context(ForeignArchive(path, ours)))
    for source in sources:
        _refuse_without_texts(source)
    return sources


def _merge(store: Store, sources: Sequence[ForeignArchive], *, keep_raw: bool) -> list[Merged]:
    connection = store.connection
    with clear_errors(store.path):
        connection.execute("PRAGMA synchronous=FULL")
        with transaction(connection):
            runs = _take_runs(connection, sources)
            _take_tombstones(connection, sources)
        done = [_take(store, source, runs[source.path], keep_raw=keep_raw) for source in sources]
        connection.execute("PRAGMA synchronous=NORMAL")
    return done


def buried_articles(store: Store) -> list[str]:
    """Addresses of articles that the archive holds although it has tombstones for them: those of a merged archive."""
    with clear_errors(store.path):
        if not store.connection.execute("SELECT EXISTS(SELECT 1 FROM tombstone)").fetchone()[0]:
            return []
        rows = store.connection.execute("SELECT identity, url FROM article ORDER BY identity").fetchall()
        return [row["url"] for row in rows if is_buried(store.connection, row["identity"])]


def _refuse_without_texts(source: ForeignArchive) -> None:
    if any(row["key"] == "texts" and row["value"] == "removed" for row in source.rows("archive_info")):
        raise NotAnArchive(f"{source.path} is a shared copy without texts; there is nothing in it that can be merged.")


def _take_runs(connection: sqlite3.Connection, sources: Sequence[ForeignArchive]) -> dict[Path, dict[int, int]]:
    """Write the runs of all, the oldest first; returns for each archive its run numbers and ours."""
    found = [(source, row) for source in sources for row in source.rows("run")]
    numbers: dict[Path, dict[int, int]] = {source.path: {} for source in sources}
    for source, row in sorted(found, key=lambda item: (item[1]["started_at"], item[1]["id"], item[1]["uuid"])):
        values = {name: value for name, value in row.items() if name != "id"}
        if values["status"] in UNFINISHED:
            values |= {"status": "killed", "finished_at": values["finished_at"] or values["heartbeat_at"] or values["started_at"]}
        known = connection.execute("SELECT id, finished_at FROM run WHERE uuid=?", (values["uuid"],)).fetchone()
        try:
            if known is None:
                known = connection.execute(insert_into("run", values) + " RETURNING id", values).fetchone()
            elif (values["finished_at"] or "") > (known["finished_at"] or ""):
                connection.execute(
                    "UPDATE run SET status=:status, finished_at=:finished_at, finish_reason=:finish_reason, sessions=:sessions,"
                    " heartbeat_at=:heartbeat_at, stats=:stats WHERE uuid=:uuid",
                    values,
                )
        except sqlite3.IntegrityError:
            source.rejected["run"] += 1
            continue
        numbers[source.path][row["id"]] = int(known["id"])
    return numbers


def _take_tombstones(connection: sqlite3.Connection, sources: Sequence[ForeignArchive]) -> None:
    for source in sources:
        for row in source.rows("tombstone"):
            try:
                connection.execute(insert_into("tombstone", row) + " ON CONFLICT DO NOTHING", row)
            except sqlite3.IntegrityError:
                source.rejected["tombstone"] += 1


def _take(store: Store, source: ForeignArchive, runs: dict[int, int], *, keep_raw: bool) -> Merged:
    merged = Merged(path=source.path)
    connection = store.connection
    with transaction(connection):
        captures = CaptureTaker(connection, source, runs, keep_raw=keep_raw)
        merged.captures, merged.raw_pages = captures.take()
        articles = _ArticleTaker(connection, source, runs, captures.numbers, merged).take()
        captures.take_placements(articles)
        _take_aliases(connection, source, articles)
        _take_outcomes(connection, source, runs)
        captures.settle()
        _take_sources(connection, source)
        merged.waiting = _take_frontier(connection, source, runs)
    merged.rejected = dict(source.rejected)
    return merged


class _ArticleTaker:
    """Takes the articles of one archive."""

    def __init__(
        self, connection: sqlite3.Connection, source: ForeignArchive, runs: dict[int, int], captures: dict[int, int], merged: Merged
    ) -> None:
        self._connection = connection
        self._source = source
        self._runs = runs
        self._captures = captures
        self._merged = merged

    def take(self) -> dict[int, int]:
        """Returns their article numbers and ours."""
        numbers: dict[int, int] = {}
        for row in self._source.rows("article", "1 ORDER BY id"):
            article = checked(row)
            if article is None:
                self._source.rejected["article"] += 1
            elif is_buried(self._connection, article["identity"]):
                self._merged.buried += 1
            else:
                self._take_one(row["id"], article, numbers)
        return numbers

    def _take_one(self, number: int, article: Row, numbers: dict[int, int]) -> None:
        theirs = self._record(number, article)
        ours = self._known(article["article_id"])
        self._connection.execute("SAVEPOINT one_article")
        try:
            numbers[number], changed = write(self._connection, ours, theirs)
        except sqlite3.IntegrityError:
            self._connection.execute("ROLLBACK TO one_article")
            self._source.rejected["article"] += 1
            return
        finally:
            self._connection.execute("RELEASE one_article")
        if ours is None:
            self._merged.articles_new += 1
        elif changed:
            self._merged.articles_changed += 1
        else:
            self._merged.articles_same += 1

    def _record(self, number: int, article: Row) -> Record:
        article = article | {"fetch_id": self._captures.get(article["fetch_id"]), "first_run_id": self._runs.get(article["first_run_id"])}
        texts = []
        for row in self._source.rows("article_revision", "article_id=? ORDER BY seq", number):
            digest = content_hash(row["title"], row["body"])
            texts.append(row | {"content_hash": digest, "fetch_id": self._captures.get(row["fetch_id"])})
        return Record(article, texts_of(article, texts))

    def _known(self, article_id: str) -> Record | None:
        row = self._connection.execute("SELECT * FROM article WHERE article_id=?", (article_id,)).fetchone()
        if row is None:
            return None
        names = ", ".join((*TEXT_COLUMNS, "reason", "first_seen", "replaced_at"))
        texts = self._connection.execute(f"SELECT {names} FROM article_revision WHERE article_id=? ORDER BY seq", (row["id"],))
        article = dict(row)
        return Record(article, texts_of(article, [dict(text) for text in texts]))


def _take_aliases(connection: sqlite3.Connection, source: ForeignArchive, articles: dict[int, int]) -> None:
    """Other addresses of articles (of two claims the older holds) and redirects (the newer holds)."""
    for row in source.rows("url_alias"):
        article = articles.get(row["article_id"])
        if article is None or identity_of(row["url"]) != row["url"] or row["reason"] not in ("canonical", "redirect"):
            source.rejected["url_alias"] += article is not None
        elif not is_buried(connection, row["url"]):
            connection.execute(
                "INSERT INTO url_alias(url, article_id, reason, first_seen) VALUES(?,?,?,?) ON CONFLICT(url) DO UPDATE SET"
                " article_id=excluded.article_id, reason=excluded.reason, first_seen=excluded.first_seen"
                " WHERE excluded.first_seen < first_seen",
                (row["url"], article, row["reason"], row["first_seen"]),
            )
    for row in source.rows("redirect"):
        if identity_of(row["url"]) != row["url"] or identity_of(row["target"]) != row["target"]:
            source.rejected["redirect"] += 1
        elif not is_buried(connection, row["url"]) and not is_buried(connection, row["target"]):
            connection.execute(
                insert_into("redirect", row) + " ON CONFLICT(url) DO UPDATE SET target=excluded.target, last_seen=excluded.last_seen"
                " WHERE excluded.last_seen > last_seen",
                row,
            )


def _take_outcomes(connection: sqlite3.Connection, source: ForeignArchive, runs: dict[int, int]) -> None:
    for row in source.rows("outcome"):
        identity = identity_of(row["url"])
        is_address = identity is not None or row["url"].startswith("forgotten:")
        if row["run_id"] not in runs or row["outcome"] not in OUTCOMES or not is_address:
            source.rejected["outcome"] += 1
        elif identity is None or not is_buried(connection, identity):
            connection.execute(
                insert_into("outcome", row) + " ON CONFLICT(run_id, url) DO UPDATE SET outcome=excluded.outcome, detail=excluded.detail,"
                " decided_at=excluded.decided_at WHERE excluded.decided_at > decided_at",
                row | {"run_id": runs[row["run_id"]]},
            )


def _take_sources(connection: sqlite3.Connection, source: ForeignArchive) -> None:
    """Of two records of a source the one that was there last counts; figures are the larger ones, so that merging twice adds nothing."""
    for row in source.rows("source"):
        identity = identity_of(row["url"])
        if identity is None or row["kind"] not in get_args(UrlKind):
            source.rejected["source"] += 1
        elif not is_buried(connection, identity):
            connection.execute(
                insert_into("source", row) + " ON CONFLICT(url) DO UPDATE SET first_seen=min(first_seen, excluded.first_seen),"
                " fetches=max(fetches, excluded.fetches), total_new=max(total_new, excluded.total_new), etag=iif(excluded.last_fetched_at >"
                " last_fetched_at, excluded.etag, etag), last_modified=iif(excluded.last_fetched_at > last_fetched_at,"
                " excluded.last_modified, last_modified), next_due_at=max(next_due_at, excluded.next_due_at),"
                " last_fetched_at=max(last_fetched_at, excluded.last_fetched_at)",
                row,
            )


def _take_frontier(connection: sqlite3.Connection, source: ForeignArchive, runs: dict[int, int]) -> int:
    """What the crawls know of addresses that are done with, so that they are visited again when due. Returns how many still wait."""
    waiting = 0
    for row in source.rows("frontier"):
        identity = identity_of(row["url"])
        if row["state"] != "done":
            waiting += 1
        elif identity is None or urls.normalise(row["url"]) != row["url"] or row["kind"] not in get_args(UrlKind):
            source.rejected["frontier"] += 1
        elif not is_buried(connection, identity):
            run = runs.get(row["last_done_run"])
            if not connection.execute("SELECT 1 FROM outcome WHERE run_id=? AND url=?", (run, row["url"])).fetchone():
                run = None
            values = {name: value for name, value in row.items() if name != "id"}
            values |= {"identity": identity, "host": urls.host_of(row["url"]), "hints": "{}"}
            values |= {"run_id": runs.get(row["run_id"], 0), "last_done_run": run}
            connection.execute(
                insert_into("frontier", values) + " ON CONFLICT DO UPDATE SET last_outcome=excluded.last_outcome,"
                " last_done_run=excluded.last_done_run, next_due_at=excluded.next_due_at, etag=excluded.etag,"
                " last_modified=excluded.last_modified, url=excluded.url"
                " WHERE state='done' AND identity=excluded.identity AND coalesce(excluded.next_due_at, '') > coalesce(next_due_at, '')",
                values,
            )
    return waiting
