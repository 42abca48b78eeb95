"""The pool: up to as many workers as cores, one page each at a time, and whatever a page does to its worker, the next page is served.

One worker is started at once, the others when pages wait: loading what a page needs costs a core for a second.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive.errors import WorkerFailed, WorkersStopped
from newsarchive.workers.child import Child, ChildDied
from newsarchive.workers.frames import Frame, FrameError
from newsarchive.workers.job import Job, Result
from newsarchive.workers.records import job_frame, result_of

PAGE_SECONDS = 10.0
"""Seconds for one page. The slowest page of the bench takes under one; ten leaves room for a machine that is busy otherwise."""

SOURCE_PATIENCE = 6
"""Times longer for more than SOURCE_BYTES: a sitemap of 50,000 addresses takes some seconds, and its loss would be dear."""

SOURCE_BYTES = 1024 * 1024
"""Bytes from which an answer gets the longer time, if its address or content type speaks of XML or gzip."""

START_PATIENCE = 0.2
"""Seconds a page waits for a busy worker before another one is started. A page takes some hundredths: whoever waits longer is one of
many. A start costs 1.0 s of CPU and 150 MB, so that a small crawl, which one worker serves, is not to pay it for every core."""

_SOURCE_STARTS = (b"<?xml", b"\x1f\x8b", b"<urlset", b"<rss", b"<feed", b"<rdf", b"http")

MEMORY_MB = 1024
"""MiB a worker may use beyond what its libraries take (about 300). A page of 8 MB takes some hundreds."""


@dataclass(slots=True)
class _Slot:
    """The place of one worker; the worker in it can change."""

    child: Child | None = None
    starting: asyncio.Task[Child] | None = None


def default_size() -> int:
    """The number of cores this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return os.cpu_count() or 1


class WorkerPool:
    """Runs jobs in killable processes. All methods but `kill` belong to one event loop."""

    def __init__(
        self, size: int | None = None, *, page_seconds: float = PAGE_SECONDS, memory_mb: int = MEMORY_MB, command: Sequence[str] = ()
    ) -> None:
        """`size` is the most workers at a time, None one a core. `memory_mb` 0 means no limit. `command` is another program as worker."""
        self.size = size or default_size()
        self.page_seconds = page_seconds
        self.memory_mb = memory_mb
        self.restarts = 0
        """Workers that were replaced."""
        self._command = tuple(command)
        self._slots: list[_Slot] = []
        self._cold: list[_Slot] = []
        """Places whose worker was not needed yet."""
        self._is_started = False
        self._free: asyncio.Queue[_Slot] = asyncio.Queue()
        self._living: set[Child] = set()
        self._is_closed = False
        self._number = 0

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that are alive, those that are still starting included."""
        return sorted(child.pid for child in self._living if child.is_alive)

    async def start(self) -> None:
        """Start the first worker. Raises WorkerFailed when it cannot be started; none is left then. Jobs given meanwhile wait.

        Raises WorkersStopped when the pool is closed or killed meanwhile.
        """
        self._slots = [_Slot() for _ in range(self.size)]
        first, self._cold = self._slots[0], self._slots[1:]
        self._begin(first)
        try:
            await self._ready(first)
        except ChildDied as error:
            if self._is_closed:
                raise WorkersStopped("the workers were stopped") from None
            await self.close()
            raise WorkerFailed("error", f"workers cannot be started: {error.reason}") from None
        finally:
            self._is_started = True
            self._free.put_nowait(first)  # also when there will be no workers: whoever waits for one learns it

    def _begin(self, slot: _Slot) -> None:
        """Start a worker for a slot in the background."""
        slot.child = None
        if not self._is_closed:
            slot.starting = asyncio.ensure_future(Child.start(self.memory_mb, self._command, self._living))

    async def _ready(self, slot: _Slot) -> Child:
        """The slot's worker, started when there is none. Raises ChildDied when it cannot be started."""
        if slot.child is not None and slot.child.is_alive:
            return slot.child
        if slot.child is not None:
            self.restarts += 1
            await slot.child.end()
            slot.child = None
        if slot.starting is None:
            self._begin(slot)
        starting = slot.starting
        if starting is None:
            raise WorkersStopped("the workers were stopped")
        try:
            slot.child = await asyncio.shield(starting)
        finally:
            if starting.done():
                slot.starting = None
        return slot.child

    async def run(self, job: Job) -> Result:
        """Read one page in a worker; waits for a free one.

        Raises WorkerFailed with the outcome `parse_timeout` (over the time), `unreadable` (out of memory, twice) or `error`
        (the worker died twice, or our code failed on the page), and WorkersStopped when the pool is closed meanwhile.
        """
        if self._is_closed or not self._slots:
            raise WorkersStopped("the workers were stopped, or never started")
        slot = await self._take()
        try:
            if self._is_closed:
                raise WorkersStopped("the workers were stopped")
            return await self._run_in(slot, job)
        finally:
            self._free.put_nowait(slot)

    async def _take(self) -> _Slot:
        """A place that is free. While pages wait for one, further workers are started, up to the pool's size."""
        while self._cold:
            try:
                async with asyncio.timeout(START_PATIENCE):
                    return await self._free.get()
            except TimeoutError:
                if self._is_started and not self._is_closed and self._cold:
                    self._warm(self._cold.pop(0))
        return await self._free.get()

    def _warm(self, slot: _Slot) -> None:
        """Start the first worker of a place; the place is free when that has come to an end, well or not."""
        self._begin(slot)
        if slot.starting is not None:
            slot.starting.add_done_callback(lambda _: self._free.put_nowait(slot))

    async def _run_in(self, slot: _Slot, job: Job) -> Result:
        death = ChildDied("")
        for _ in range(2):
            try:
                child = await self._ready(slot)
            except ChildDied as error:
                raise WorkerFailed("error", error.reason) from None
            try:
                return await self._ask(slot, child, job)
            except ChildDied as error:
                death = error
                await self._replace(slot, child)
        outcome = "unreadable" if death.out_of_memory else "error"
        raise WorkerFailed(outcome, f"the worker died twice on this page: {death.reason}")

    async def _ask(self, slot: _Slot, child: Child, job: Job) -> Result:
        self._number += 1
        number = self._number
        seconds = self.page_seconds * (SOURCE_PATIENCE if _is_large_source(job) else 1)
        try:
            frame = await child.ask(job_frame(job, number), seconds)
        except TimeoutError:
            await self._replace(slot, child)
            raise WorkerFailed("parse_timeout", f"not read within {seconds:g} s") from None
        except FrameError as error:
            raise WorkerFailed("error", str(error)) from None
        except asyncio.CancelledError:
            # Whoever waited is gone, and the worker is in the middle of a page: it cannot be given another.
            child.kill()
            raise
        return _result(frame, number)

    async def _replace(self, slot: _Slot, child: Child) -> None:
        """Kill and reap a worker, and start the next one without waiting for it."""
        self.restarts += 1
        await child.end()
        if self._is_closed:
            raise WorkersStopped("the workers were stopped")
        self._begin(slot)

    async def close(self) -> None:
        """End all workers and wait until they are reaped. Jobs in hand and waiting end with WorkersStopped. Can be called twice."""
        self._is_closed = True
        for slot in self._slots:
            if slot.starting is not None:
                slot.starting.cancel()
                await asyncio.gather(slot.starting, return_exceptions=True)
                slot.starting = None
        await asyncio.gather(*(child.end() for child in list(self._living)))

    def kill(self) -> None:
        """SIGKILL every worker at once, without an event loop: the last act of a crawl that must end now. Can be called at any time."""
        self._is_closed = True
        for child in list(self._living):
            child.abandon()


def _is_large_source(job: Job) -> bool:
    if len(job.page.body) < SOURCE_BYTES and not job.page.body.startswith(b"\x1f\x8b"):
        return False
    start = job.page.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return job.kind == "sitemap" or start.startswith(_SOURCE_STARTS)


def _result(frame: Frame, number: int) -> Result:
    if frame.header.get("job") != number:
        raise ChildDied("it answered another question")
    if "fault" in frame.header:
        raise WorkerFailed("error", str(frame.header["fault"]))
    try:
        return result_of(frame)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ChildDied(f"its answer makes no sense ({type(error).__name__}: {error})") from None
