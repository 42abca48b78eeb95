"""Captures that others made, on their way into the archive: each at its own time, none over a newer one.

The rule, whatever the order in which captures arrive:

- A capture newer than everything the archive knows of its article is handled as in a crawl.
- An older one goes to its place among the article's texts (`older_texts`): provenance where that text was in force, else
  an older text.
- A capture that the archive has (address, moment and bytes) adds nothing.
- An older capture never brings a lost article back, and never says where an address leads now.
- What was removed on request does not come back, and what a collection's pages link to is not crawled because of it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsarchive import urls
from newsarchive.archive import articles
from newsarchive.archive.connection import clear_errors, connect_reader, transaction
from newsarchive.archive.frontier import Frontier
from newsarchive.archive.frontier_rows import Entry
from newsarchive.archive.migrations import check_version
from newsarchive.archive.moments import as_text, utc
from newsarchive.archive.older_texts import place_older
from newsarchive.archive.raw import Packer
from newsarchive.archive.saving import CaptureWriter, Prepared, prepare_capture
from newsarchive.archive.statements import clean, insert_into
from newsarchive.archive.store import Store
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import ARTICLES, LOST, Outcome
from newsarchive.model.page import Page
from newsarchive.model.run import Revisit

IN_ARCHIVE = "this capture is in the archive already"
"""Detail of a record that adds nothing."""

_BEST_FIRST = (
    Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.GONE, Outcome.MISSING, Outcome.OPTED_OUT,
    Outcome.NOT_ARTICLE, Outcome.REDIRECTED,
)  # fmt: skip
"""An address with several records gets the outcome that says most, whatever their order; what is not listed comes last."""

_LOST_STATUS = (404, 410)


class Importer:
    """Writes the captures of one import run. Belongs to the store's thread; every commit is on the disk when it returns."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._run_id = run_id
        self._packer = Packer()
        store.connection.execute("PRAGMA synchronous=FULL")

    def outcome_of(self, page: Page) -> Outcome | None:
        """What a capture came to that the archive has already; None where it has not."""
        with clear_errors(self._store.path):
            return _known_outcome(self._store.connection, page)

    def save(
        self,
        captures: Sequence[Capture],
        state: Callable[[list[Outcome]], Mapping[str, Any]],
        *,
        reread: Mapping[str, Extraction] | None = None,
    ) -> list[Outcome]:
        """Commit captures, all of them or none, and return the outcome of each.

        In the same transaction goes what `state` makes of the outcomes: from it the run can be taken up. `reread` holds
        what today's extractor reads on the pages of `Store.old_captures`.
        """
        connection, now, again = self._store.connection, self._store.now(), reread or {}
        with clear_errors(self._store.path):
            prepared = [prepare_capture(item, connection, self._packer, now, again.get(item.url)) for item in captures]
            writer = ImportWriter(connection, _Closed(connection, self._store.path), self._run_id)
            with transaction(connection):
                outcomes = [writer.write(item) for item in prepared]
                connection.execute(
                    "UPDATE run SET stats=?, heartbeat_at=? WHERE id=?",
                    (json.dumps(dict(state(outcomes)), ensure_ascii=False), as_text(now), self._run_id),
                )
        return outcomes


class KnownCaptures:
    """Which captures an archive has, for a dry run. An archive that does not exist has none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect_reader(path) if path.exists() else None
        if self._connection is not None:
            with clear_errors(path):
                check_version(self._connection, path)

    def __enter__(self) -> KnownCaptures:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    def outcome_of(self, page: Page) -> Outcome | None:
        """As `Importer.outcome_of`."""
        if self._connection is None:
            return None
        with clear_errors(self._path):
            return _known_outcome(self._connection, page)


def _spelled(connection: sqlite3.Connection, url: str) -> str:
    """The address as the archive asks for it: one spelling for each identity."""
    row = connection.execute("SELECT url FROM frontier WHERE identity=?", (urls.identity(url),)).fetchone()
    return url if row is None else str(row[0])


def _known_outcome(connection: sqlite3.Connection, page: Page) -> Outcome | None:
    if page.fetched_at is None:
        return None
    sha256 = hashlib.sha256(page.body).hexdigest() if page.body else None
    row = connection.execute(
        "SELECT outcome FROM fetch WHERE url=? AND fetched_at=? AND raw_sha256 IS ? AND status IS ? LIMIT 1",
        (_spelled(connection, page.url), as_text(utc(page.fetched_at)), sha256, page.status),
    ).fetchone()
    if row is None:
        return None
    outcome = Outcome(row[0])
    return Outcome.UNCHANGED if outcome in ARTICLES else outcome


class _Closed(Frontier):
    """A queue that takes nothing."""

    def add_prepared(self, entries: Sequence[Entry], run_id: int, revisit: Revisit) -> int:
        """Queue none of the addresses."""
        return 0


class ImportWriter(CaptureWriter):
    """Writes prepared captures by the rule of this module, inside a transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection, queue: Frontier, run_id: int) -> None:
        super().__init__(connection, queue, run_id, "never")
        self._fetches: list[int] = []

    def write(self, item: Prepared) -> Outcome:
        """Write one capture and return its outcome."""
        spelled = _spelled(self._connection, item.capture.url)
        if spelled != item.capture.url:
            item = replace(item, capture=replace(item.capture, url=spelled))
        known = _known_outcome(self._connection, item.capture.page) if item.capture.page else None
        if known is not None:
            self._save_outcome(item, articles.Verdict(known, IN_ARCHIVE, None))
            return known
        self._fetches.clear()
        outcome = super().write(item)
        for fetch_id in self._fetches:
            self._connection.execute(
                "UPDATE teaser SET first_seen=:at WHERE first_seen>:at AND id IN (SELECT teaser_id FROM placement WHERE fetch_id=:fetch)",
                {"at": as_text(item.seen_at), "fetch": fetch_id},
            )
        return outcome

    def _save_fetch(self, item: Prepared) -> int:
        fetch_id = super()._save_fetch(item)
        self._fetches.append(fetch_id)
        return fetch_id

    def _judge(self, item: Prepared, fetch_id: int | None) -> articles.Verdict:
        if item.columns is not None and fetch_id is not None:
            return self._judge_article(item, fetch_id, item.columns["identity"])
        capture, seen_at = item.capture, as_text(item.seen_at)
        status = capture.page.status if capture.page else None
        if status in _LOST_STATUS:
            known = articles.article_under(self._connection, capture.url)
            if known is None or seen_at <= self._last_known(known["id"]):
                return articles.Verdict(Outcome.HTTP_4XX, capture.detail, None)
        if capture.outcome is Outcome.REDIRECTED and self._newer_redirect(capture.url, seen_at) is not None:
            return articles.Verdict(Outcome.REDIRECTED, capture.detail, None)
        return super()._judge(item, fetch_id)

    def _judge_article(self, item: Prepared, fetch_id: int, identity: str) -> articles.Verdict:
        seen_at, url = as_text(item.seen_at), item.capture.url
        known = self._connection.execute(
            "SELECT id, source_url, last_seen, missing_since, gone_at FROM article WHERE article_id=?", (urls.article_id(identity),)
        ).fetchone()
        leads_on = self._newer_redirect(url, seen_at)
        is_own = known is not None and urls.article_id(known["source_url"]) == urls.article_id(url)  # http and https are one page
        if is_own and seen_at <= known["last_seen"]:
            assert item.columns is not None
            return place_older(self._connection, known["id"], item.columns, fetch_id, seen_at)
        if is_own:
            self._connection.execute("UPDATE article SET source_url=? WHERE id=?", (url, known["id"]))
        verdict = super()._judge(item, fetch_id)
        if leads_on is not None:
            self._connection.execute("INSERT INTO redirect(url, target, last_seen) VALUES(?,?,?)", tuple(leads_on))
        if is_own:
            source = max(known["source_url"], url) if urls.identity(known["source_url"]) != urls.identity(url) else url  # https wins
            self._connection.execute("UPDATE article SET source_url=? WHERE id=?", (source, known["id"]))
        if known is not None:
            self._keep_lost(known, seen_at)
        return verdict

    def _keep_lost(self, known: sqlite3.Row, seen_at: str) -> None:
        """An article that was found lost after this capture is lost still."""
        for column in ("missing_since", "gone_at"):
            if known[column] is not None and known[column] > seen_at:
                self._connection.execute(f"UPDATE article SET {column}=? WHERE id=?", (known[column], known["id"]))

    def _newer_redirect(self, url: str, seen_at: str) -> sqlite3.Row | None:
        """The archive's redirect of an address, where it was seen after this capture."""
        found: sqlite3.Row | None = self._connection.execute(
            "SELECT url, target, last_seen FROM redirect WHERE url=? AND last_seen>?", (urls.identity(url), seen_at)
        ).fetchone()
        return found

    def _last_known(self, row: int) -> str:
        """The last moment for which the archive says whether the article was there."""
        query = "SELECT max(last_seen, coalesce(missing_since, ''), coalesce(gone_at, '')) FROM article WHERE id=?"
        return str(self._connection.execute(query, (row,)).fetchone()[0])

    def _save_outcome(self, item: Prepared, verdict: articles.Verdict) -> None:
        url = item.capture.url
        before = self._connection.execute("SELECT outcome FROM outcome WHERE run_id=? AND url=?", (self._run_id, url)).fetchone()
        if before is not None and _rank(Outcome(before[0])) <= _rank(verdict.outcome):
            return
        detail = clean(verdict.detail) if verdict.detail else None
        super()._save_outcome(item, replace(verdict, detail=detail))

    def _finish_address(self, item: Prepared, verdict: articles.Verdict) -> None:
        """Make the address known as done. What a crawl knows of it stays, unless only this import found the article."""
        url, outcome = item.capture.url, verdict.outcome
        due = as_text(item.seen_at + self._wait(item, verdict))
        row = self._connection.execute(
            "SELECT id, state, last_outcome, last_done_run FROM frontier WHERE identity=?", (urls.identity(url),)
        ).fetchone()
        if row is None:
            columns = {
                "url": url, "identity": urls.identity(url), "host": item.host, "kind": "page", "state": "done", "run_id": self._run_id,
                "priority": 0, "depth": 0, "found_by": "import", "hints": "{}", "last_outcome": outcome.value,
                "last_done_run": self._run_id, "next_due_at": due,
            }  # fmt: skip
            self._connection.execute(insert_into("frontier", columns), columns)
            return
        if row["state"] != "done" or row["last_outcome"] is None:
            return
        was = Outcome(row["last_outcome"])
        is_better = _rank(outcome) < _rank(was)
        if is_better and (row["last_done_run"] == self._run_id or (outcome in ARTICLES and was not in ARTICLES | LOST)):
            self._connection.execute(
                "UPDATE frontier SET last_outcome=?, last_done_run=?, next_due_at=? WHERE id=?",
                (outcome.value, self._run_id, due, row["id"]),
            )


def _rank(outcome: Outcome) -> int:
    return _BEST_FIRST.index(outcome) if outcome in _BEST_FIRST else len(_BEST_FIRST)
