"""Read stored pages again with today's extractor, on all cores.

Texts are read in a fixed order and committed in that order, a batch at a time, together with the place that was reached:
a killed run goes on there. A reading that is refused (no article any more, unreadable, over the time) changes nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from newsarchive.archive.moments import from_text
from newsarchive.archive.reading import version_with
from newsarchive.archive.rereading import FieldChange, NewReading, Selection, StoredText, StoredTexts, run_state, save_readings
from newsarchive.archive.runs import RunStatus
from newsarchive.archive.store import Store
from newsarchive.errors import WorkerFailed
from newsarchive.sites.profile import Profiles
from newsarchive.sites.reading import ReadingRules, reading_rules
from newsarchive.workers.job import Job
from newsarchive.workers.pool import WorkerPool

BATCH = 50
"""Texts of one transaction: its cost is spread over them, and a kill repeats at most so many and those in hand."""

AHEAD = 4
"""Pages in hand for each worker, so that a slow one does not leave the others idle."""

SAMPLES_PER_FIELD = 3
"""Changes shown of each field."""

NO_ARTICLE = "refused: it is no article"
SAME = "read again: the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReextractPlan:
    """What is to be read again."""

    archive: Path
    selection: Selection = field(default_factory=Selection)
    dry_run: bool = False
    """Read and compare, write nothing; no lock is taken."""
    workers: int | None = None
    """Processes; None: one a core."""
    profiles: Profiles = field(default_factory=Profiles)
    """The site profiles: their rules for reading hold as of the day of each capture."""
    command: str = ""
    """The command line, for the run record."""

    def rules_for(self, address: str, fetched_on: date | None) -> ReadingRules | None:
        """How a page is read; None without rules of its own."""
        return reading_rules(self.profiles.for_url(address), fetched_on)

    def version_of(self, address: str, fetched_at: str) -> str:
        """The version that reading a page captured then gives."""
        return version_with(self.rules_for(address, from_text(fetched_at).date()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReextractProgress:
    """The state of a running re-extraction."""

    done: int
    total: int
    changed: int
    seconds: float


@dataclass(slots=True, kw_only=True)
class ReextractReport:
    """What reading again came to."""

    selected: int = 0
    """Texts with a stored page."""
    without_page: int = 0
    """Selected texts whose page is not kept: they stay as they are."""
    read: int = 0
    """Texts read, in all sessions of the run."""
    changed: int = 0
    """Texts of which a field differs."""
    refused: dict[str, int] = field(default_factory=dict)
    """Reason -> texts whose new reading was refused; the old one stays."""
    fields: dict[str, int] = field(default_factory=dict)
    """Field -> texts in which it differs."""
    sample: list[FieldChange] = field(default_factory=list)
    """Up to SAMPLES_PER_FIELD changes of each field, of this session."""
    seconds: float = 0.0
    resumed: bool = False
    is_complete: bool = False
    """False where it was interrupted; the same command goes on."""
    dry_run: bool = False


@dataclass(slots=True)
class _Tally:
    """Counts that survive a kill: they are committed with the texts they count."""

    read: int = 0
    changed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    place: tuple[int, int] | None = None

    @classmethod
    def of(cls, state: dict[str, Any]) -> _Tally:
        """The counts a run left behind."""
        place = state.get("place")
        return cls(
            state.get("read", 0),
            state.get("changed", 0),
            Counter(state.get("refused", {})),
            Counter(state.get("fields", {})),
            (int(place[0]), int(place[1])) if place else None,
        )

    def record(self) -> dict[str, Any]:
        """As JSON for the run's row."""
        return {
            "read": self.read,
            "changed": self.changed,
            "refused": dict(self.refused),
            "fields": dict(self.fields),
            "place": self.place,
        }


def _record(plan: ReextractPlan) -> dict[str, Any]:
    """The plan for the run's row: an unfinished run of an equal one is taken up."""
    selection = plan.selection
    return {
        "job": "reextract",
        "site": selection.site,
        "since": selection.since,
        "where": selection.condition,
        "every_version": selection.every_version,
        "command": plan.command,
    }


class _Session:
    """One process's part of a re-extraction."""

    def __init__(
        self, plan: ReextractPlan, texts: StoredTexts, store: Store | None, on_progress: Callable[[ReextractProgress], None]
    ) -> None:
        self.plan = plan
        self.texts = texts
        self.store = store
        self.on_progress = on_progress
        self.started = monotonic()
        self.samples: dict[str, list[FieldChange]] = {}
        self.tally = _Tally()
        self.run_id: int | None = None
        self.resumed = False
        if store is not None:
            run = store.begin_run(_record(plan), [])
            self.run_id, self.resumed = run.id, run.resumed
            self.tally = _Tally.of(run_state(store, run.id))
        self.selected = self.tally.read + sum(1 for _ in texts.after(self.tally.place))
        self.without_page = texts.count_without_page()

    async def work(self) -> None:
        """Read everything that is selected; commit batch by batch."""
        if self.selected == self.tally.read:
            return
        pool = WorkerPool(self.plan.workers)
        await pool.start()
        ready: list[NewReading] = []
        try:
            async for text, reading in self._readings(pool):
                ready.append(self._count(text, reading))
                if len(ready) >= BATCH:
                    self._commit(ready)
                    ready = []
            self._commit(ready)
        finally:
            await pool.close()

    async def _readings(self, pool: WorkerPool) -> AsyncIterator[tuple[StoredText, NewReading]]:
        """New readings in the order of the texts, some pages being read ahead."""
        waiting: deque[tuple[StoredText, asyncio.Task[NewReading]]] = deque()
        todo: Iterator[StoredText] = self.texts.after(self.tally.place)
        try:
            for text in todo:
                waiting.append((text, asyncio.create_task(self._read(pool, text))))
                if len(waiting) >= AHEAD * pool.size:
                    first, task = waiting.popleft()
                    yield first, await task
            while waiting:
                first, task = waiting.popleft()
                yield first, await task
        finally:
            for _, task in waiting:
                task.cancel()
            await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)

    async def _read(self, pool: WorkerPool, text: StoredText) -> NewReading:
        page = self.texts.page(text)
        if page is None:
            return NewReading(text=text, extraction=None, detail="refused: its page is gone or damaged")
        try:
            rules = self.plan.rules_for(page.address, page.fetched_at.date() if page.fetched_at else None)
            result = await pool.run(Job(page=page, kind="page", reading=rules))
        except WorkerFailed as error:
            return NewReading(text=text, extraction=None, detail=f"refused: {error.outcome}")
        if result.kind != "article" or result.extraction is None:
            return NewReading(text=text, extraction=None, detail=NO_ARTICLE)
        return NewReading(text=text, extraction=result.extraction, detail=SAME)

    def _count(self, text: StoredText, reading: NewReading) -> NewReading:
        """Count a reading and what it changes; returned with the account of it."""
        self.tally.read += 1
        if reading.extraction is None:
            self.tally.refused[reading.detail.removeprefix("refused: ")] += 1
        else:
            changes = self.texts.changes(text, reading.extraction)
            if changes:
                self.tally.changed += 1
                reading = replace(reading, detail=f"read again: {', '.join(change.field for change in changes)} differ")
            for change in changes:
                self.tally.fields[change.field] += 1
                shown = self.samples.setdefault(change.field, [])
                if len(shown) < SAMPLES_PER_FIELD:
                    shown.append(change)
        self.tally.place = text.place
        self.on_progress(
            ReextractProgress(done=self.tally.read, total=self.selected, changed=self.tally.changed, seconds=monotonic() - self.started)
        )
        return reading

    def _commit(self, readings: list[NewReading]) -> None:
        if self.store is not None and self.run_id is not None and readings:
            save_readings(self.store, self.run_id, readings, self.tally.record())

    def finish(self, *, is_complete: bool) -> ReextractReport:
        """Close the run and say what it came to."""
        if self.store is not None and self.run_id is not None:
            status: RunStatus = "finished" if is_complete else "interrupted"
            self.store.finish_run(self.run_id, status, status, run_state(self.store, self.run_id))
        return ReextractReport(
            selected=self.selected,
            without_page=self.without_page,
            read=self.tally.read,
            changed=self.tally.changed,
            refused=dict(self.tally.refused.most_common()),
            fields=dict(self.tally.fields.most_common()),
            sample=[change for changes in self.samples.values() for change in changes],
            seconds=monotonic() - self.started,
            resumed=self.resumed,
            is_complete=is_complete,
            dry_run=self.plan.dry_run,
        )


def reextract(plan: ReextractPlan, on_progress: Callable[[ReextractProgress], None] = lambda progress: None) -> ReextractReport:
    """Read the selected texts again and put the new readings in their place (with `dry_run`: only compare).

    Can be killed at any moment; the same plan goes on where it stopped. Ctrl-C ends it in order. Raises the archive's
    errors, NotInArchive for a condition that cannot be read.
    """
    if plan.dry_run:
        with StoredTexts(plan.archive, plan.selection, plan.version_of) as texts:
            return _run(_Session(plan, texts, None, on_progress))
    with Store(plan.archive, create=False) as store, StoredTexts(plan.archive, plan.selection, plan.version_of) as texts:
        return _run(_Session(plan, texts, store, on_progress))


def _run(session: _Session) -> ReextractReport:
    try:
        asyncio.run(session.work())
    except KeyboardInterrupt:
        return session.finish(is_complete=False)
    return session.finish(is_complete=True)
