"""What a crawl shows while it runs: a table that renews itself on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from newsarchive.cli.log_output import LoggedProgress
from newsarchive.cli.terminal import one_line, say
from newsarchive.logs import is_json

if TYPE_CHECKING:
    from rich.table import Table

    from newsarchive.model.run import Progress

PLAIN_SECONDS = 5.0
"""Seconds between two plain lines: often enough to see that it lives, seldom enough for a log of a night."""
HOSTS_SHOWN = 4
"""Hosts named at the same time; more do not fit beside the numbers on 80 columns."""


class ShowsProgress(Protocol):
    """What `run_crawl` calls with each state of the crawl."""

    def __call__(self, progress: Progress) -> None:
        """Show this state."""


class PlainProgress:
    """Lines on the error stream: the first state at once, then one every `PLAIN_SECONDS`."""

    def __init__(self) -> None:
        self._next = 0.0
        self._closed = False

    def __call__(self, progress: Progress) -> None:
        """Print a line when it is time for one; a reader that went away does not stop the crawl."""
        if self._closed or progress.seconds < self._next:
            return
        self._next = progress.seconds + PLAIN_SECONDS
        try:
            say(plain_line(progress), error=True)
        except OSError:
            self._closed = True


def plain_line(progress: Progress) -> str:
    """One state on one line."""
    hosts = f", at {named_hosts(progress)}" if progress.hosts else ""
    return (
        f"[{progress.seconds:5.0f} s] found {progress.found}, fetched {progress.fetched}, stored {progress.stored}, "
        f"waiting {progress.waiting}, {progress.pages_per_second:.1f} pages/s{hosts}"
    )


def named_hosts(progress: Progress) -> str:
    """The current hosts, a few by name and the rest as a number."""
    names = [one_line(host, 40) for host in progress.hosts[:HOSTS_SHOWN]]
    more = len(progress.hosts) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def live_table(progress: Progress) -> Table:
    """One state as the table of the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    words = ("found", "fetched", "stored", "waiting", "pages/s", "time")
    for _ in words:
        table.add_column(min_width=7)
    table.add_row(*(Text(word, style="dim") for word in (*words, "at")))
    table.add_row(
        Text(str(progress.found)),
        Text(str(progress.fetched)),
        Text(str(progress.stored), style="bold green"),
        Text(str(progress.waiting)),
        Text(f"{progress.pages_per_second:.1f}"),
        Text(duration(progress.seconds)),
        Text(named_hosts(progress), style="cyan", overflow="ellipsis", no_wrap=True),
    )
    return table


def duration(seconds: float) -> str:
    """A time span for people: `3.2 s`, `4 min 05 s`, `2 h 03 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


@contextmanager
def progress_display(*, quiet: bool) -> Iterator[ShowsProgress | None]:
    """The display that fits the error stream: live on a terminal, lines of a JSON log, plain lines elsewhere, None when quiet."""
    if quiet:
        yield None
    elif is_json():
        yield LoggedProgress()
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
            yield lambda progress: live.update(live_table(progress), refresh=True)
    else:
        yield PlainProgress()
