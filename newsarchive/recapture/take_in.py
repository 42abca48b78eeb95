"""Take in pages that others collected: one run, on all cores, that can be killed at any moment and goes on where it stopped.

Entries are read in the order of the collections and committed in that order, a batch at a time, together with the place
that was reached. What the archive has already is not read again.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from newsarchive.archive.importing import Importer, KnownCaptures
from newsarchive.archive.rereading import run_state
from newsarchive.archive.runs import RunStatus
from newsarchive.archive.store import Store
from newsarchive.errors import NewsArchiveError, WorkerFailed
from newsarchive.locations import default_sites
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.recapture.captures import capture_of_result, capture_unread
from newsarchive.recapture.collections import open_collections, total_size
from newsarchive.recapture.entries import Collection, Entry
from newsarchive.recapture.files import shown
from newsarchive.recapture.import_run import ImportEnd, ImportPlan, ImportProgress, ImportReport, ShownFault, Tally
from newsarchive.sites.load import load_default_profiles, load_profiles
from newsarchive.sites.profile import Profiles
from newsarchive.sites.reading import ReadingRules, reading_rules
from newsarchive.urls import host_of, registrable_domain
from newsarchive.workers.job import Job
from newsarchive.workers.pool import WorkerPool

BATCH = 50
"""Pages of one transaction: its cost is spread over them, and a kill repeats at most so many and those in hand."""

PASSED_BATCH = 5000
"""Entries that are no pages, after which the place is noted as well: a WARC file can begin with many of them."""

AHEAD = 4
"""Pages in hand for each worker, so that a slow one does not leave the others idle."""


class _Enough(Exception):
    """As many articles as were asked for."""


@dataclass(slots=True)
class _Work:
    """An entry on its way: read by a worker, or not to be read."""

    entry: Entry
    capture: Capture | None = None
    task: asyncio.Task[Capture] | None = None
    is_known: bool = False
    is_selected: bool = True


class _Session:
    """One process's part of an import."""

    def __init__(self, plan: ImportPlan, profiles: Profiles, known: KnownCaptures | Importer, tally: Tally, save: _Save) -> None:
        self.plan = plan
        self.profiles = profiles
        self.known = known
        self.tally = tally
        self.save = save
        self.now = datetime.now(UTC)
        self.on_progress: Callable[[ImportProgress], None] = lambda progress: None
        self.total: int | None = None
        self.done = 0
        self.ready: list[Capture] = []
        self.unsaved = 0

    async def work(self) -> None:
        """Take in everything; commit batch by batch. Raises _Enough."""
        pool = WorkerPool(self.plan.workers)
        await pool.start()
        try:
            with closing(open_collections(self.plan.wanted, self.now)) as collections:
                for number, collection in enumerate(collections):
                    if number >= self.tally.collections:
                        await self._take_in(pool, collection)
                    self.done += collection.size
        finally:
            await pool.close()

    async def _take_in(self, pool: WorkerPool, collection: Collection) -> None:
        tally = self.tally
        after = tally.place if tally.signature == collection.signature else None
        tally.signature, tally.place = collection.signature, after
        async for work in self._in_order(pool, collection.entries(after)):
            entry = work.entry
            tally.records += 1
            tally.count(collection.name, entry)
            tally.not_selected += not work.is_selected
            if work.capture is not None:
                tally.pages += 1
                tally.known += work.is_known
                self.ready.append(work.capture)
            tally.place = entry.place
            self.unsaved += 1
            await self._save_when_due(pool)
            self.on_progress(ImportProgress(done=self.done + entry.offset, total=self.total, articles=tally.articles, name=collection.name))
        tally.collections += 1
        tally.place = None
        await self._save(pool)

    async def _in_order(self, pool: WorkerPool, entries: Iterator[Entry]) -> AsyncIterator[_Work]:
        """The entries with their captures, some pages being read ahead."""
        waiting: deque[_Work] = deque()
        running = 0
        try:
            while (entry := await asyncio.to_thread(next, entries, None)) is not None:
                waiting.append(self._begin(pool, entry))
                running += waiting[-1].task is not None
                while waiting and (waiting[0].task is None or running >= AHEAD * pool.size):
                    running -= waiting[0].task is not None
                    yield await _finished(waiting.popleft())
            while waiting:
                yield await _finished(waiting.popleft())
        finally:
            tasks = [work.task for work in waiting if work.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, pool: WorkerPool, entry: Entry) -> _Work:
        page = entry.page
        if page is None:
            return _Work(entry)
        if not self._is_selected(page):
            return _Work(entry, is_selected=False)
        outcome = self.known.outcome_of(page)
        if outcome is not None:
            return _Work(entry, Capture(url=page.url, outcome=outcome, page=page), is_known=True)
        capture = capture_unread(entry, page)
        if capture is not None:
            return _Work(entry, capture)
        return _Work(entry, task=asyncio.create_task(self._read(pool, page)))

    def _is_selected(self, page: Page) -> bool:
        plan = self.plan
        if plan.site is not None and plan.site not in (host_of(page.url), registrable_domain(page.url)):
            return False
        moment = page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ") if page.fetched_at else ""
        return (plan.since is None or moment >= plan.since) and (plan.until is None or moment <= plan.until)

    async def _read(self, pool: WorkerPool, page: Page) -> Capture:
        profile = self.profiles.for_url(page.url)
        try:
            result = await pool.run(Job(page=page, kind="page", reading=self._reading(page)))
        except WorkerFailed as error:
            return Capture(url=page.url, outcome=Outcome(error.outcome), detail=error.detail, page=page)
        return capture_of_result(page, result, {*self.plan.obey, *(profile.obey if profile else ())})

    def _reading(self, page: Page) -> ReadingRules | None:
        return reading_rules(self.profiles.for_url(page.url), page.fetched_at.date() if page.fetched_at else None)

    async def _save_when_due(self, pool: WorkerPool) -> None:
        limit = self.plan.max_articles
        hoped = sum(capture.outcome is Outcome.STORED for capture in self.ready)
        if len(self.ready) >= BATCH or self.unsaved >= PASSED_BATCH or (limit is not None and self.tally.stored + hoped >= limit):
            await self._save(pool)
            if limit is not None and self.tally.stored >= limit:
                raise _Enough

    async def _save(self, pool: WorkerPool) -> None:
        again: dict[str, Extraction] = {}
        for url, old in self.save.old_captures(self.ready).items():
            try:
                found = (await pool.run(Job(page=old, kind="page", reading=self._reading(old)))).extraction
            except WorkerFailed:
                found = None
            if found is not None:
                again[url] = found
        self.save(self.ready, self.tally, again)
        self.ready, self.unsaved = [], 0


async def _finished(work: _Work) -> _Work:
    if work.task is not None:
        work.capture = await work.task
    return work


class _Save:
    """Where captures go: nowhere, in a dry run, but into its counts."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def old_captures(self, captures: list[Capture]) -> dict[str, Page]:
        """Pages to be read again before the captures are saved."""
        return {}

    def __call__(self, captures: list[Capture], tally: Tally, again: dict[str, Extraction]) -> None:
        for capture in captures:
            self.outcomes.setdefault(capture.url, capture.outcome)
            tally.count_outcome(capture.outcome)


class _SaveInto(_Save):
    """Captures go into the archive, with the state of the run."""

    def __init__(self, store: Store, importer: Importer) -> None:
        super().__init__()
        self._store = store
        self._importer = importer

    def old_captures(self, captures: list[Capture]) -> dict[str, Page]:
        """Pages to be read again before the captures are saved."""
        return self._store.old_captures(captures)

    def __call__(self, captures: list[Capture], tally: Tally, again: dict[str, Extraction]) -> None:
        self._importer.save(captures, lambda outcomes: _state(tally, outcomes), reread=again)


def _state(tally: Tally, outcomes: list[Outcome]) -> dict[str, Any]:
    for outcome in outcomes:
        tally.count_outcome(outcome)
    return asdict(tally)


def take_in(plan: ImportPlan, on_progress: Callable[[ImportProgress], None] = lambda progress: None) -> ImportReport:
    """Take in what the plan names (with `dry_run`: only read it and count).

    Can be killed at any moment; the same plan goes on where it stopped. Ctrl-C ends it in order. Raises NoSuchFile,
    NotACollection, SiteProfileError and the archive's errors.
    """
    profiles = load_profiles(plan.sites) if plan.sites else load_default_profiles(default_sites())
    total = total_size(plan.wanted)
    started = monotonic()
    if plan.dry_run:
        with KnownCaptures(plan.archive) as known:
            save = _Save()
            session = _Session(plan, profiles, known, Tally(), save)
            session.total, session.on_progress = total, on_progress
            end = _run(session)
            report = _report(session, end, Counter(outcome.value for outcome in save.outcomes.values()))
            report.seconds = monotonic() - started
            return report
    with Store(plan.archive) as store:
        run = store.begin_run(_record(plan), [])
        importer = Importer(store, run.id)
        session = _Session(plan, profiles, importer, Tally.of(run_state(store, run.id)), _SaveInto(store, importer))
        session.total, session.on_progress = total, on_progress
        try:
            end = _run(session)
        except NewsArchiveError as error:
            store.finish_run(run.id, "failed", type(error).__name__, run_state(store, run.id))
            raise
        status: RunStatus = "interrupted" if end == "interrupted" else "finished"
        store.finish_run(run.id, status, end, run_state(store, run.id))
        details = store.counts(run.id)
        report = _report(session, end, {outcome: sum(counts.values()) for outcome, counts in details.items()})
        report.details, report.articles_in_archive, report.resumed = details, store.article_count(), run.resumed
        report.seconds = monotonic() - started
        return report


def _record(plan: ImportPlan) -> dict[str, Any]:
    """The plan for the run's row: an unfinished run of an equal one is taken up."""
    wanted = plan.wanted
    return {
        "job": "import",
        "sources": [shown(str(path.absolute())) for path in wanted.sources],
        "index": shown(str(wanted.index.absolute())) if wanted.index else None,
        "map": shown(str(wanted.url_map.absolute())) if wanted.url_map else None,
        "site": plan.site,
        "since": plan.since,
        "until": plan.until,
        "max_articles": plan.max_articles,
        "obey": sorted(plan.obey),
        "command": shown(plan.command),
    }


def _run(session: _Session) -> ImportEnd:
    try:
        asyncio.run(session.work())
    except KeyboardInterrupt:
        return "interrupted"
    except _Enough:
        return "max_articles"
    return "finished"


def _report(session: _Session, end: ImportEnd, outcomes: Counter[str] | dict[str, int]) -> ImportReport:
    tally = session.tally
    return ImportReport(
        collections=tally.collections,
        records=tally.records,
        pages=tally.pages,
        known=tally.known,
        passed=dict(sorted(tally.passed.items(), key=lambda item: (-item[1], item[0]))),
        not_selected=tally.not_selected,
        faults=tally.faults,
        shown_faults=[ShownFault(**fault) for fault in tally.shown_faults],
        outcomes=dict(outcomes),
        end=end,
        dry_run=session.plan.dry_run,
    )
