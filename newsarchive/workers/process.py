"""The child's side: a loop that reads a job from stdin and writes its result to stdout, until stdin ends.

A worker cannot outlive its parent, ignores the terminal's signals (the parent decides when it ends), and has a limit on
its memory. Whatever happens to a page, it answers with a frame or dies; the pool handles both.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from py3langid import classify

from newsarchive.model.page import Page
from newsarchive.workers.frames import Frame, FrameError, encode, read_frame
from newsarchive.workers.job import Job, Result, perform
from newsarchive.workers.records import job_of, result_frame

EXIT_ORPHANED = 70
EXIT_BAD_FRAME = 71
EXIT_OUT_OF_MEMORY = 72
"""Exit codes of a worker, named in the pool's details."""

_PR_SET_PDEATHSIG = 1
_GC_THRESHOLD = 50_000
"""Allocations between two collections. A page makes some ten thousand objects, hardly any in cycles; the default of 700 costs 10 %."""

_WARM_PAGE = b"""<!doctype html><html lang="en"><head><title>Tides</title><meta property="og:title" content="Tides"></head><body>
<article><h1>Tides</h1><time datetime="2026-01-02">2 January 2026</time><p>The harbour office has put up new tide tables for the year,
and they can be read beside the old crane.</p><p>Boats with a deep keel should wait for the evening.</p></article>
<ul><li><a href="/2026/01/01/the-crane-is-painted">The crane is painted</a></li></ul></body></html>"""

_WARM_FEED = b"<rss version='2.0'><channel><item><title>Tides</title><link>/tides</link></item></channel></rss>"


def main(arguments: Sequence[str]) -> int:
    """Run a worker: `arguments` are the parent's process id and the memory limit in MiB above what the warm worker needs."""
    parent, memory_mb = int(arguments[0]), int(arguments[1])
    _die_with(parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    source, target = _private_pipes()
    _warm_up()
    _limit(memory_mb)
    return _serve(source, target, perform)


def _die_with(parent: int) -> None:
    """Be killed when the parent dies (Linux). Elsewhere the end of stdin ends the worker."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(EXIT_ORPHANED)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes away from descriptors 0 and 1: a library that prints or reads there cannot spoil a frame."""
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(source, "rb"), os.fdopen(target, "wb")


def _warm_up() -> None:
    """Load everything that a page will need, before the memory limit and the first page's clock."""
    perform(Job(page=Page(url="http://warm.example/2026/01/02/tides", body=_WARM_PAGE)))
    perform(Job(page=Page(url="http://warm.example/feed", body=_WARM_FEED)))
    # The language detector unpacks its model, half a second, on the first page that does not say its language.
    classify("The crane is painted")
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD, 20, 20)


def _limit(memory_mb: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_mb > 0:
        limit = _address_space() + memory_mb * 1024 * 1024
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _address_space() -> int:
    """Bytes of address space in use; 0 where /proc does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _serve(source: BinaryIO, target: BinaryIO, work: Callable[[Job], Result]) -> int:
    _send(target, Frame({"ready": os.getpid()}))
    while True:
        try:
            frame = read_frame(source)
        except FrameError as error:
            print(f"worker: {error}", file=sys.stderr, flush=True)  # noqa: T201 - stderr is what the pool reads
            return EXIT_BAD_FRAME
        if frame is None:
            return 0
        try:
            answer = encode(_answer(frame, work))
        except MemoryError:
            # The heap may be in any state: say so with the exit code and let a fresh worker try.
            os._exit(EXIT_OUT_OF_MEMORY)
        target.write(answer)
        target.flush()
        del frame, answer


def _answer(frame: Frame, work: Callable[[Job], Result]) -> Frame:
    number = frame.header.get("job", -1)
    try:
        return result_frame(work(job_of(frame)), number)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the stage's boundary: the page gets an outcome, the worker goes on
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Frame({"job": number, "fault": f"{type(error).__name__}: {str(error)[:300]} ({where})"})


def _send(target: BinaryIO, frame: Frame) -> None:
    target.write(encode(frame))
    target.flush()
