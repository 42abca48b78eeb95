"""The frontier: every address the crawls know and what is to be done with it, in the archive's own file.

One row for each identity (`urls.identity`), whatever the spelling. Nothing here depends on the order in which
addresses arrive as long as they are still queued: of two spellings the smaller wins, hints are merged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.frontier_rows import (
    KIND_RANK,
    LISTED,
    UNDATED_AGE,
    Entry,
    are_stamps,
    candidate_of,
    hints_of,
    is_buried,
    is_wanted,
    later,
    nameless,
    origin_rank,
    prepare,
    row_of,
    smaller,
    with_hints,
)
from newsarchive.archive.moments import as_text, from_text, utc, utc_now
from newsarchive.archive.statements import assign, insert_into
from newsarchive.model.candidate import Candidate, UrlKind
from newsarchive.model.outcome import Outcome
from newsarchive.model.run import Revisit

KNOWN_AT_ONCE = 5000
"""Archived articles queued in one transaction: a crawl of a large archive sends its first request before all are queued."""


@dataclass(frozen=True, slots=True)
class Leased:
    """An address handed to the crawl."""

    candidate: Candidate
    attempts: int
    """Attempts of this run that are to be repeated; 0 at first."""
    etag: str | None
    last_modified: str | None
    known_article: bool
    """Whether the archive holds an article under this address."""


class Frontier:
    """The queue of a run. Methods commit before they return; only the writer uses it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self._connection = connection
        self._path = path
        self._clock = clock
        self._next_host = ""

    def add(self, candidates: Iterable[Candidate], run_id: int, revisit: Revisit = "due") -> int:
        """Queue what is to be fetched in this run. Returns how many were newly queued.

        An address that this run knows already is never queued twice. One known from earlier runs is queued again if it
        is a feed, sitemap, listing or seed, and otherwise by `revisit`. Addresses removed on request get the outcome
        `forgotten` and are not queued.
        """
        entries = prepare(candidates)
        with clear_errors(self._path), transaction(self._connection):
            return self.add_prepared(entries, run_id, revisit)

    def add_prepared(self, entries: Sequence[Entry], run_id: int, revisit: Revisit) -> int:
        """`add` inside a transaction that the caller holds."""
        if not entries:
            return 0
        now = self._clock()
        undated = self._run_start(run_id) - UNDATED_AGE
        stamps = are_stamps(entries)
        buried = self._connection.execute("SELECT EXISTS(SELECT 1 FROM tombstone)").fetchone()[0]
        added = 0
        for entry in entries:
            if buried and is_buried(self._connection, entry.identity):
                self._refuse(entry, run_id, now)
                continue
            added += self._add_one(entry, run_id, revisit, as_text(now), undated, has_stamps=stamps)
        return added

    def _add_one(self, entry: Entry, run_id: int, revisit: Revisit, now: str, undated: datetime, *, has_stamps: bool) -> int:
        known = self._connection.execute("SELECT * FROM frontier WHERE identity=?", (entry.identity,)).fetchone()
        if known is None:
            self._insert(entry, run_id, undated)
            return 1
        is_ours = known["run_id"] == run_id
        if is_ours and known["state"] == "queued":
            self._merge(known, entry, undated)
            return 0
        if is_ours or (known["state"] == "done" and not is_wanted(known, entry.candidate, revisit, now, has_stamps=has_stamps)):
            self._note_listing(known, entry.candidate)
            return 0
        self._requeue(known, entry, run_id, undated)
        return 1

    def _insert(self, entry: Entry, run_id: int, undated: datetime) -> None:
        values = row_of(entry.candidate, undated) | {"identity": entry.identity, "state": "queued", "run_id": run_id}
        self._connection.execute(insert_into("frontier", values), values)

    def _merge(self, known: sqlite3.Row, entry: Entry, undated: datetime) -> None:
        """Two arrivals of one address in one run: the result is the same in either order."""
        before, item = candidate_of(known), entry.candidate
        fixed = known["last_outcome"] is not None  # fetched in an earlier run: its spelling stays
        merged = Candidate(
            url=before.url if fixed else min(before.url, item.url),
            kind=min(before.kind, item.kind, key=KIND_RANK.__getitem__),
            found_on=min(before, item, key=origin_rank).found_on,
            found_by=min(before, item, key=origin_rank).found_by,
            depth=min(before.depth, item.depth),
            title=smaller(before.title, item.title),
            date_published=smaller(before.date_published, item.date_published),
            date_modified=later(before.date_modified, item.date_modified),
            redirects=min(before.redirects, item.redirects),
            likelihood=max(before.likelihood, item.likelihood),
        )
        if merged != before:
            values = row_of(merged, undated)
            self._connection.execute(f"UPDATE frontier SET {assign(values)} WHERE id=:id", values | {"id": known["id"]})

    def _note_listing(self, known: sqlite3.Row, item: Candidate) -> None:
        """Remember that a feed or sitemap lists an address that need not be fetched now: `coverage` tells what was listed."""
        if item.found_by not in LISTED or (known["found_by"] == item.found_by and known["found_on"] == item.found_on):
            return
        before = candidate_of(known)
        origin = min(before, item, key=origin_rank)
        found = replace(with_hints(before, item), found_by=origin.found_by, found_on=origin.found_on)
        if found != before:
            self._connection.execute(
                "UPDATE frontier SET found_by=?, found_on=?, hints=? WHERE id=?",
                (found.found_by, found.found_on, hints_of(found), known["id"]),
            )

    def _requeue(self, known: sqlite3.Row, entry: Entry, run_id: int, undated: datetime) -> None:
        before, item = candidate_of(known), entry.candidate
        url = known["url"] if known["last_outcome"] is not None else min(known["url"], item.url)
        if before.found_by in LISTED and item.found_by not in LISTED and item.found_by != "seed":
            item = replace(with_hints(item, before), found_by=before.found_by, found_on=before.found_on)
        kind: UrlKind = known["kind"] if known["last_outcome"] == Outcome.SOURCE else item.kind
        values = row_of(replace(item, url=url, kind=kind), undated) | {
            "state": "queued",
            "run_id": run_id,
            "not_before": None,
            "attempts": 0,
        }
        self._connection.execute(f"UPDATE frontier SET {assign(values)} WHERE id=:id", values | {"id": known["id"]})

    def _refuse(self, entry: Entry, run_id: int, now: datetime) -> None:
        self._connection.execute(
            "INSERT INTO outcome(run_id, url, host, outcome, detail, decided_at) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            (run_id, nameless(entry.identity), entry.host, Outcome.FORGOTTEN.value, "removed on request", as_text(now)),
        )

    def _run_start(self, run_id: int) -> datetime:
        return from_text(self._connection.execute("SELECT started_at FROM run WHERE id=?", (run_id,)).fetchone()[0])

    def add_known(self, run_id: int, revisit: Revisit, is_ours: Callable[[str], bool], limit: int = KNOWN_AT_ONCE) -> int:
        """Queue at most `limit` archived articles whose time has come (`due`), or any not yet handled in this run (`now`).

        This is how the crawl notices what publishers change and remove on pages that nothing links any more. Returns how many
        were queued; to be called again until it returns 0. `is_ours` says of a host, given as an address, whether it belongs
        to the crawled sites.
        """
        if revisit == "never":
            return 0
        queued = 0
        due = "" if revisit == "now" else " AND (next_due_at IS NULL OR next_due_at<=:now)"
        query = (
            "UPDATE frontier SET state='queued', run_id=:run, not_before=NULL, attempts=0 WHERE id IN ("
            " SELECT id FROM frontier WHERE state='done' AND host=:host AND run_id<>:run"
            f" AND last_outcome IN ('stored','updated','unchanged','missing'){due} ORDER BY next_due_at LIMIT :limit)"
        )
        with clear_errors(self._path), transaction(self._connection):
            for host in self._known_hosts():
                if queued < limit and is_ours(f"http://{host}/"):
                    values = {"run": run_id, "host": host, "now": as_text(self._clock()), "limit": limit - queued}
                    queued += self._connection.execute(query, values).rowcount
        return queued

    def add_sources(self, run_id: int, revisit: Revisit, is_ours: Callable[[str], bool]) -> int:
        """Queue the feeds and sitemaps of earlier runs whose time has come (all of them for `now`). Returns how many.

        What names them may be unchanged and answer 304, such as an index whose sitemaps have changed. `is_ours` says of an
        address whether it belongs to the crawled sites. Those that failed last time are retired until something names them again.
        """
        due = "" if revisit == "now" else " AND s.next_due_at<=:now"
        query = (
            "SELECT f.id, f.url FROM source s JOIN frontier f ON f.url=s.url WHERE s.kind IN ('feed','sitemap')"
            f" AND f.state='done' AND f.run_id<>:run AND f.last_outcome='source'{due}"
        )
        requeue = "UPDATE frontier SET state='queued', run_id=?, not_before=NULL, attempts=0 WHERE id=?"
        with clear_errors(self._path), transaction(self._connection):
            rows = self._connection.execute(query, {"run": run_id, "now": as_text(self._clock())}).fetchall()
            ours = [(run_id, row["id"]) for row in rows if is_ours(row["url"])]
            self._connection.executemany(requeue, ours)
        return len(ours)

    def _known_hosts(self) -> list[str]:
        """Hosts with addresses that are done: one index seek a host."""
        step = "SELECT min(host) FROM frontier WHERE state='done'"
        rows = self._connection.execute(
            f"WITH RECURSIVE h(host) AS ({step} UNION ALL SELECT ({step} AND host>h.host) FROM h WHERE h.host IS NOT NULL)"
            " SELECT host FROM h WHERE host IS NOT NULL"
        )
        return [row[0] for row in rows]

    def adopt(self, run_id: int, is_ours: Callable[[str], bool], limit: int = KNOWN_AT_ONCE) -> int:
        """Take over at most `limit` addresses that earlier runs found and left unfetched (a limit, another command).

        Returns how many; to be called again until it returns 0. `is_ours` says of a host, given as an address, whether it
        belongs to the crawled sites.
        """
        take = "UPDATE frontier SET run_id=:run, state='queued', not_before=NULL, attempts=0 WHERE id IN (SELECT id FROM frontier"
        taken = 0
        with clear_errors(self._path), transaction(self._connection):
            for (former,) in self._connection.execute("SELECT id FROM run WHERE id<>?", (run_id,)).fetchall():
                rows = self._connection.execute("SELECT DISTINCT host FROM frontier WHERE state='deferred' AND run_id=?", (former,))
                places = [("queued", host) for host in self._hosts(former)] + [("deferred", row[0]) for row in rows.fetchall()]
                for state, host in places:
                    if taken < limit and is_ours(f"http://{host}/"):
                        values = {"run": run_id, "former": former, "host": host, "limit": limit - taken}
                        where = f" WHERE run_id=:former AND state='{state}' AND host=:host LIMIT :limit)"
                        taken += self._connection.execute(take + where, values).rowcount
        return taken

    def is_waiting(self, run_id: int, *states: str) -> bool:
        """Whether anything of the run is in one of the states (queued or deferred, where none is named); an index seek each."""
        with clear_errors(self._path):
            return any(
                self._connection.execute("SELECT 1 FROM frontier WHERE run_id=? AND state=? LIMIT 1", (run_id, state)).fetchone()
                for state in states or ("queued", "deferred")
            )

    def lease(self, run_id: int, *, limit: int, busy_hosts: Collection[str] = (), now: datetime | None = None) -> list[Leased]:
        """Hand out at most `limit` addresses, fairly by host and newest first within each, none of `busy_hosts`.

        Deferred ones whose time has come are among them. The lease is committed: after a kill the next writer finds it.
        """
        with clear_errors(self._path):
            self._promote(run_id, as_text(now or self._clock()))
            hosts = [host for host in self._hosts(run_id) if host not in busy_hosts] if limit > 0 else []
            if not hosts:
                return []
            chosen = self._choose(run_id, hosts, limit)
            with transaction(self._connection):
                self._connection.executemany("UPDATE frontier SET state='leased' WHERE id=?", [(row["id"],) for row in chosen])
        return [Leased(candidate_of(row), row["attempts"], row["etag"], row["last_modified"], bool(row["known_article"])) for row in chosen]

    def _promote(self, run_id: int, now: str) -> None:
        due = self._connection.execute(
            "SELECT 1 FROM frontier WHERE run_id=? AND state='deferred' AND not_before<=? LIMIT 1", (run_id, now)
        ).fetchone()
        if due is not None:
            with transaction(self._connection):
                self._connection.execute(
                    "UPDATE frontier SET state='queued', not_before=NULL WHERE run_id=? AND state='deferred' AND not_before<=?",
                    (run_id, now),
                )

    def hosts(self, run_id: int) -> list[str]:
        """Hosts with addresses of the run that are queued."""
        with clear_errors(self._path):
            return self._hosts(run_id)

    def _hosts(self, run_id: int) -> list[str]:
        """Hosts with something queued: one index seek a host, however long their queues are."""
        step = "SELECT min(host) FROM frontier WHERE run_id=:run AND state='queued'"
        rows = self._connection.execute(
            f"WITH RECURSIVE h(host) AS ({step} UNION ALL SELECT ({step} AND host>h.host) FROM h WHERE h.host IS NOT NULL)"
            " SELECT host FROM h WHERE host IS NOT NULL",
            {"run": run_id},
        )
        return [row[0] for row in rows]

    def _choose(self, run_id: int, hosts: list[str], limit: int) -> list[sqlite3.Row]:
        start = next((i for i, host in enumerate(hosts) if host > self._next_host), 0)
        share = -(-limit // len(hosts))
        chosen: list[sqlite3.Row] = []
        for host in hosts[start:] + hosts[:start]:
            if len(chosen) >= limit:
                break
            chosen += self._connection.execute(
                "SELECT f.*, EXISTS(SELECT 1 FROM article a WHERE a.source_url=f.url) AS known_article FROM frontier f"
                " WHERE run_id=? AND state='queued' AND host=? ORDER BY priority, url LIMIT ?",
                (run_id, host, min(share, limit - len(chosen))),
            ).fetchall()
            self._next_host = host
        return chosen

    def defer_host(self, run_id: int, host: str, until: datetime) -> int:
        """Put off everything queued or deferred for a host until then. Returns how many addresses wait."""
        with clear_errors(self._path), transaction(self._connection):
            return self._connection.execute(
                "UPDATE frontier SET state='deferred', not_before=? WHERE run_id=? AND state IN ('queued','deferred') AND host=?",
                (as_text(utc(until)), run_id, host),
            ).rowcount

    def addresses(self, run_id: int, limit: int, *, found_by: Collection[str] = ()) -> list[str]:
        """At most `limit` addresses of the run in any state; with `found_by` those found in one of these ways."""
        ways = ",".join("?" * len(found_by))
        query = "SELECT url FROM frontier WHERE run_id=?" + (f" AND found_by IN ({ways})" if found_by else "") + " LIMIT ?"
        with clear_errors(self._path):
            return [row[0] for row in self._connection.execute(query, (run_id, *found_by, limit))]

    def release(self, addresses: Iterable[str]) -> None:
        """Give leased addresses back unfetched: they are queued again."""
        with clear_errors(self._path), transaction(self._connection):
            self._connection.executemany("UPDATE frontier SET state='queued' WHERE url=? AND state='leased'", [(url,) for url in addresses])

    def release_all(self, run_id: int) -> int:
        """Give every lease of the run back. Returns how many there were."""
        with clear_errors(self._path), transaction(self._connection):
            return self._connection.execute("UPDATE frontier SET state='queued' WHERE run_id=? AND state='leased'", (run_id,)).rowcount

    def counts(self, run_id: int) -> dict[str, int]:
        """State -> number of addresses of the run; all four states are there."""
        with clear_errors(self._path):
            rows = self._connection.execute("SELECT state, count(*) FROM frontier WHERE run_id=? GROUP BY state", (run_id,)).fetchall()
        return {"queued": 0, "leased": 0, "deferred": 0, "done": 0} | {row[0]: row[1] for row in rows}

    def next_retry_at(self, run_id: int) -> datetime | None:
        """When the first deferred address is to be tried again; None where none is deferred."""
        with clear_errors(self._path):
            first = self._connection.execute(
                "SELECT min(not_before) FROM frontier WHERE run_id=? AND state='deferred'", (run_id,)
            ).fetchone()[0]
        return from_text(first) if first else None
