"""Write one capture: fetch, raw page, article, teasers, outcome, source, frontier and new addresses.

`prepare_capture` does everything that needs time (compression, digests, identities) outside of the transaction;
`CaptureWriter.write` is statements only, inside the one that the store holds.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsarchive import urls
from newsarchive.archive import articles
from newsarchive.archive.frontier import Frontier
from newsarchive.archive.frontier_rows import Entry, buried_digest, is_buried, nameless, prepare
from newsarchive.archive.moments import REVISIT_STEPS, RevisitSteps, as_text, from_text, moment_of, revisit_after, utc
from newsarchive.archive.raw import PackedPage, Packer, save_raw
from newsarchive.archive.reading import Columns, columns_of, compact
from newsarchive.archive.sources import save_source
from newsarchive.archive.statements import clean, insert_into, storable
from newsarchive.archive.teasers import save_teasers
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import ARTICLES, FAILED, LISTS, Outcome
from newsarchive.model.run import Revisit

NEXT_TRY = {
    Outcome.NOT_ARTICLE: timedelta(days=7),
    Outcome.DUPLICATE: timedelta(days=7),
    Outcome.REDIRECTED: timedelta(days=7),
    Outcome.MISSING: timedelta(days=1),
    Outcome.GONE: timedelta(days=30),
    Outcome.HTTP_4XX: timedelta(days=7),
    Outcome.ROBOTS: timedelta(days=1),
    Outcome.OUT_OF_RANGE: timedelta(days=365),
}
"""When an address that is no article is worth another look; everything not listed is, in a day (failures, most of all)."""
_NEXT_TRY_OTHERWISE = timedelta(days=1)

_LOST_STATUS = (404, 410)
_CONDITIONAL = ARTICLES | LISTS - {Outcome.REDIRECTED}
"""Outcomes after which the server's validators are kept: a 304 next time then means that we need not read again."""


@dataclass(slots=True)
class Prepared:
    """A capture with all that was computed for it."""

    capture: Capture
    seen_at: datetime
    address: str
    """Where the page came from, without fragment."""
    host: str
    signals: list[str]
    """Opt-out signals of headers and markup."""
    raw_sha256: str | None
    packed: PackedPage | None
    columns: Columns | None
    found: list[Entry]
    old: Columns | None
    """The article's previous capture as today's extractor reads it; None where nobody read it again."""


def prepare_capture(capture: Capture, connection: sqlite3.Connection, packer: Packer, now: datetime, reread: Extraction | None) -> Prepared:
    """Everything about a capture that needs no transaction."""
    page = capture.page
    address = (page.address if page else capture.url).partition("#")[0]
    signals = sorted(set(capture.opt_outs) | set(capture.extraction.opt_outs if capture.extraction else ()))
    columns = None
    if capture.extraction is not None and capture.outcome is Outcome.STORED:
        columns = columns_of(capture.extraction, address, signals)
    sha256 = hashlib.sha256(page.body).hexdigest() if page and page.body else None
    return Prepared(
        capture=capture,
        seen_at=utc(page.fetched_at) if page and page.fetched_at else now,
        address=address,
        host=urls.host_of(capture.url),
        signals=signals,
        raw_sha256=sha256,
        packed=packer.pack(connection, page.body, sha256, urls.host_of(address)) if page and sha256 and capture.keep_raw else None,
        columns=columns,
        found=prepare(capture.candidates),
        old=columns_of(reread, address, list(reread.opt_outs)) if reread else None,
    )


class CaptureWriter:
    """Writes prepared captures of one run, inside a transaction of the caller."""

    def __init__(
        self, connection: sqlite3.Connection, queue: Frontier, run_id: int, revisit: Revisit, steps_of: RevisitSteps = lambda url: None
    ) -> None:
        self._connection = connection
        self._steps_of = steps_of
        self._queue = queue
        self._run_id = run_id
        self._revisit = revisit

    def write(self, item: Prepared) -> Outcome:
        """Write one capture and return its outcome. With `retry_at` only the attempt is recorded."""
        capture = item.capture
        if self._buries():
            if self._is_forgotten(item):
                return self._forget(item)
            item = self._without_buried_target(item)
            capture = item.capture
        fetch_id = self._save_fetch(item) if capture.attempted else None
        if capture.retry_at is not None:
            self._defer(capture)
            return capture.outcome
        verdict = self._judge(item, fetch_id)
        if verdict.detail:
            verdict = replace(verdict, detail=clean(verdict.detail))
        if fetch_id is not None:
            self._connection.execute(
                "UPDATE fetch SET outcome=?, detail=? WHERE id=? AND outcome<>?",
                (verdict.outcome.value, verdict.detail, fetch_id, verdict.outcome.value),
            )
            if capture.extraction is not None and verdict.shows_teasers:
                save_teasers(self._connection, capture.extraction.article.teasers, fetch_id, verdict.article_row, as_text(item.seen_at))
        self._save_outcome(item, verdict)
        new = self._queue.add_prepared(item.found, self._run_id, self._revisit)
        if verdict.outcome is Outcome.SOURCE:
            links, new = capture.links_before + len(item.found), capture.new_before + new
            save_source(self._connection, capture, item.seen_at, links=links, new=new)
        self._finish_address(item, verdict)
        return verdict.outcome

    def _buries(self) -> bool:
        return bool(self._connection.execute("SELECT EXISTS(SELECT 1 FROM tombstone)").fetchone()[0])

    def _without_buried_target(self, item: Prepared) -> Prepared:
        """A redirect to what was removed is a redirect to nowhere: its Location is not kept."""
        capture, page = item.capture, item.capture.page
        if capture.outcome is not Outcome.REDIRECTED or not any(is_buried(self._connection, entry.identity) for entry in item.found):
            return item
        if page is not None:
            page = replace(page, headers={name: value for name, value in page.headers.items() if name != "location"})
        return replace(item, capture=replace(capture, detail="removed on request", candidates=(), page=page), found=[])

    def _is_forgotten(self, item: Prepared) -> bool:
        names = {urls.identity(item.capture.url), urls.identity(item.address)}
        if item.columns is not None:
            names.add(item.columns["identity"])
        return any(is_buried(self._connection, name) for name in names)

    def _forget(self, item: Prepared) -> Outcome:
        """Nothing of the page is kept, nor its address, which is another one of what was removed: only that it was asked for."""
        identity = urls.identity(item.capture.url)
        self._connection.execute("DELETE FROM frontier WHERE identity=?", (identity,))
        self._connection.execute(
            "INSERT INTO tombstone(identity_sha256, scope, removed_at, reason) VALUES(?, 'url', ?, 'leads to what was removed on request')"
            " ON CONFLICT DO NOTHING",
            (buried_digest(identity), as_text(item.seen_at)),
        )
        self._connection.execute(
            "INSERT INTO outcome(run_id, url, host, outcome, detail, decided_at) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            (self._run_id, nameless(identity), item.host, Outcome.FORGOTTEN.value, "removed on request", as_text(item.seen_at)),
        )
        return Outcome.FORGOTTEN

    def _save_fetch(self, item: Prepared) -> int:
        capture, page = item.capture, item.capture.page
        if item.packed is not None:
            save_raw(self._connection, item.packed, urls.host_of(item.address))
        headers = dict(page.headers) if page else {}
        values = {
            "run_id": self._run_id,
            "url": capture.url,
            "final_url": item.address if page and item.address != capture.url else None,
            "host": item.host,
            "kind": capture.kind,
            "fetched_at": as_text(item.seen_at),
            "status": page.status if page else None,
            "elapsed_ms": page.elapsed_ms if page else None,
            "outcome": capture.outcome.value,
            "detail": capture.detail,
            "is_final": int(capture.retry_at is None),
            "content_type": headers.get("content-type"),
            "etag": headers.get("etag"),
            "last_modified": headers.get("last-modified"),
            "headers": compact(headers) if headers else None,
            "opt_outs": compact(item.signals),
            "raw_id": self._raw_id(item) if capture.keep_raw else None,
            "raw_sha256": item.raw_sha256,
        }
        row = self._connection.execute(insert_into("fetch", values) + " RETURNING id", storable(values)).fetchone()
        return int(row[0])

    def _raw_id(self, item: Prepared) -> int | None:
        row = self._connection.execute("SELECT id FROM raw WHERE sha256=?", (item.raw_sha256,)).fetchone()
        return None if row is None else int(row[0])

    def _judge(self, item: Prepared, fetch_id: int | None) -> articles.Verdict:
        """What the capture means for the archive."""
        capture, seen_at = item.capture, as_text(item.seen_at)
        if item.columns is not None and fetch_id is not None:
            old_hash = item.old["content_hash"] if item.old else None
            arrival = articles.Arrival(capture.url, item.columns, self._run_id, fetch_id, seen_at, old_hash, item.old)
            verdict = articles.save_article(self._connection, arrival)
            detail = verdict.detail or (capture.detail if verdict.outcome is Outcome.STORED else None)
            return articles.Verdict(verdict.outcome, detail, verdict.article_row, verdict.shows_teasers)
        known = articles.article_under(self._connection, capture.url)
        status = capture.page.status if capture.page else None
        if status in _LOST_STATUS or capture.outcome in (Outcome.GONE, Outcome.MISSING):
            if known is None:
                return articles.Verdict(Outcome.HTTP_4XX, capture.detail, None)
            return articles.Verdict(articles.lose_article(self._connection, known, status, seen_at), capture.detail, known["id"])
        if capture.outcome is Outcome.UNCHANGED and known is not None:
            articles.still_there(self._connection, known["id"], seen_at)
            return articles.Verdict(Outcome.UNCHANGED, capture.detail, known["id"])
        if capture.outcome is Outcome.REDIRECTED and capture.candidates:
            self._save_redirect(capture, seen_at)
        return articles.Verdict(capture.outcome, capture.detail, None)

    def _save_redirect(self, capture: Capture, seen_at: str) -> None:
        source, target = urls.identity(capture.url), urls.identity(capture.candidates[0].url)
        if source != target:
            self._connection.execute(
                "INSERT INTO redirect(url, target, last_seen) VALUES(?,?,?)"
                " ON CONFLICT(url) DO UPDATE SET target=excluded.target, last_seen=excluded.last_seen",
                (source, target, seen_at),
            )

    def _save_outcome(self, item: Prepared, verdict: articles.Verdict) -> None:
        self._connection.execute(
            "INSERT INTO outcome(run_id, url, host, outcome, detail, decided_at) VALUES(?,?,?,?,?,?)"
            " ON CONFLICT(run_id, url) DO UPDATE SET outcome=excluded.outcome, detail=excluded.detail, decided_at=excluded.decided_at",
            (
                self._run_id,
                item.capture.url,
                item.host,
                verdict.outcome.value,
                verdict.detail,
                as_text(item.seen_at),
            ),
        )

    def _defer(self, capture: Capture) -> None:
        assert capture.retry_at is not None
        self._connection.execute(
            "UPDATE frontier SET state='deferred', not_before=?, attempts=attempts+1 WHERE url=?",
            (as_text(utc(capture.retry_at)), capture.url),
        )

    def _finish_address(self, item: Prepared, verdict: articles.Verdict) -> None:
        """Mark the address as done, with when it is due again and what the server gave for a conditional request."""
        capture = item.capture
        due = as_text(item.seen_at + self._wait(item, verdict))
        headers = capture.page.headers if capture.page else {}
        etag, last_modified = headers.get("etag"), headers.get("last-modified")
        keep_old = (capture.page is not None and capture.page.status == 304) or verdict.outcome in FAILED
        if verdict.outcome not in _CONDITIONAL:
            etag = last_modified = None
        values: Columns = {
            "url": capture.url,
            "identity": urls.identity(capture.url),
            "host": item.host,
            "kind": capture.kind,
            "run": self._run_id,
            "outcome": verdict.outcome.value,
            "due": due,
            "keep": keep_old,
            "etag": etag,
            "modified": last_modified,
        }
        self._connection.execute(
            "INSERT INTO frontier(url, identity, host, kind, state, run_id, priority, depth, found_by, hints, last_outcome, last_done_run,"
            " next_due_at, etag, last_modified)"
            " VALUES(:url, :identity, :host, :kind, 'done', :run, 0, 0, 'archive', '{}', :outcome, :run, :due, :etag, :modified)"
            " ON CONFLICT(identity) DO UPDATE SET kind=:kind, state='done',"
            " run_id=:run, not_before=NULL, last_outcome=:outcome, last_done_run=:run,"
            " next_due_at=:due, etag=CASE WHEN :keep THEN coalesce(:etag, etag) ELSE :etag END,"
            " last_modified=CASE WHEN :keep THEN coalesce(:modified, last_modified) ELSE :modified END",
            values,
        )

    def _wait(self, item: Prepared, verdict: articles.Verdict) -> timedelta:
        if verdict.outcome not in ARTICLES or verdict.article_row is None:
            return NEXT_TRY.get(verdict.outcome, _NEXT_TRY_OTHERWISE)
        row = self._connection.execute("SELECT published_utc, first_seen FROM article WHERE id=?", (verdict.article_row,)).fetchone()
        born = moment_of(row["published_utc"]) or from_text(row["first_seen"])
        steps = self._steps_of(item.capture.url)
        return revisit_after(max(item.seen_at - born, timedelta(0)), REVISIT_STEPS if steps is None else steps)
