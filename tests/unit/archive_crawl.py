"""A crawl without a network: a fixed little web, fetched through the frontier, for tests that break the writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive_samples import NOON, PLAN, SITE, Clock, answer, article, link, teaser

from newsarchive.archive.store import Store
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome

ARTICLES = [f"/story-{n}" for n in range(8)]


def little_web(edition: int = 1) -> dict[str, Capture]:
    """Address -> what fetching it gives. Edition 2 edits, removes and adds."""
    shown = [teaser("Boats", credit="Photo: Berg"), teaser("Fish", 1, kind="inline")]
    web = {
        "/": answer("/", Outcome.SOURCE, kind="listing", candidates=[link("/feed.xml", kind="feed"), link("/story-1"), link("/shop")]),
        "/feed.xml": answer("/feed.xml", Outcome.SOURCE, kind="feed", candidates=[link(path, found_by="feed") for path in ARTICLES]),
        "/shop": answer("/shop", Outcome.NOT_ARTICLE, detail="product"),
        "/old": answer("/old", Outcome.REDIRECTED, status=301, candidates=[link("/story-2", found_by="redirect", redirects=1)]),
        "/broken": answer("/broken", Outcome.HTTP_5XX, status=500, detail="HTTP 500"),
        "/amp/story-3": article("/amp/story-3", "Story 3", ["Amp words."], canonical_url=f"{SITE}/story-3", teasers=shown),
        "/new": article("/new", "New", ["Only in edition 2."]),
    }
    for number, path in enumerate(ARTICLES):
        found = [link("/old"), link("/broken"), link("/amp/story-3")] if number == 1 else [link("/new")] if edition > 1 else []
        words = [f"Paragraph {number}, edition {edition if number % 3 == 0 else 1}.", "港の船 " * number]
        web[path] = article(path, f"Story {number}", words, candidates=found, teasers=shown, date_published=f"2026-04-{number + 10}")
    if edition > 1:
        web["/story-5"] = answer("/story-5", Outcome.MISSING, status=410, detail="HTTP 410")
    return {SITE + path: capture for path, capture in web.items()}


def crawl(
    path: Path, edition: int = 1, *, prepare: Callable[[Store], None] | None = None, saved: Callable[[str], None] | None = None
) -> None:
    """Fetch the little web once. `prepare` gets the open store, `saved` each address whose save returned."""
    web = little_web(edition)
    with Store(path, clock=Clock(NOON)) as store:
        if prepare is not None:
            prepare(store)
        run = store.begin_run(PLAN | {"revisit": "now", "edition": edition}, [SITE])
        store.frontier.add([link("/", kind="listing", found_by="seed")], run.id, "now")
        store.frontier.add_known(run.id, "now", lambda url: "paper.example" in url)
        while leased := store.frontier.lease(run.id, limit=3):
            addresses = [item.candidate.url for item in leased]
            store.save([web[addresses[0]]], run.id)
            store.save([web[address] for address in addresses[1:]], run.id)
            for address in addresses if saved else []:
                saved(address)
        store.heartbeat(run.id)
        store.finish_run(run.id, "finished", "finished", {"stored": store.article_count()})


class BreakingConnection:
    """A connection that calls `action` instead of its `at`-th statement (counted from 1), and counts them all."""

    def __init__(self, connection: sqlite3.Connection, at: int, action: Callable[[], None]) -> None:
        self._connection = connection
        self._at = at
        self._action = action
        self.count = 0

    def _step(self) -> None:
        self.count += 1
        if self.count == self._at:
            self._action()

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self._step()
        return self._connection.execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        self._step()
        return self._connection.executemany(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def break_at(store: Store, at: int, action: Callable[[], None]) -> BreakingConnection:
    """Put a breaking connection under an open store."""
    broken = BreakingConnection(store._connection, at, action)
    store._connection = store.frontier._connection = broken
    return broken
