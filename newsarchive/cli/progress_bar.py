"""Progress of a job of known size: a bar that renews itself on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from newsarchive.cli.progress import PLAIN_SECONDS
from newsarchive.cli.terminal import say

ShowCount = Callable[[int, int | None, str], None]
"""Called with how many are done, how many there are (None: not known), and a few words more."""


@contextmanager
def counted(things: str, *, quiet: bool = False) -> Iterator[ShowCount]:
    """A display of `done of total things` on the error stream."""
    if quiet:
        yield lambda done, total, words: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(things), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[words]}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(things, total=None, words="")
            yield lambda done, total, words: bar.update(task, completed=done, total=total, words=words)
    else:
        yield _Lines(things)


class _Lines:
    """Lines on the error stream, one every PLAIN_SECONDS; a reader that went away does not stop the job."""

    def __init__(self, things: str) -> None:
        self._things = things
        self._started = monotonic()
        self._next = PLAIN_SECONDS
        self._closed = False

    def __call__(self, done: int, total: int | None, words: str) -> None:
        seconds = monotonic() - self._started
        if self._closed or seconds < self._next:
            return
        self._next = seconds + PLAIN_SECONDS
        of = f" of {total}" if total is not None else ""
        try:
            say(f"[{seconds:5.0f} s] {done}{of} {self._things}, {words}", error=True)
        except OSError:
            self._closed = True
