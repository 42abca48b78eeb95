"""Runs a job in a process of its own, and ends it when it takes too long, comes no further, or fills the disk.

First gracefully (SIGTERM: a crawl queues again what is under way and closes its run), then by force (SIGKILL to the whole
group). A job that is stopped in the kernel, hangs in a parser or waits for a lock cannot answer; its end does not depend on it.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from newsarchive.errors import ExitCode, NewsArchiveError

GRACE_SECONDS = 20.0
"""From SIGTERM to SIGKILL. A crawl is out within 15 s of a signal (`crawl.run.GRACE_SECONDS` and the end of its run)."""
LOOK_SECONDS = 0.2
"""Between two looks at the clock, at signals and at the process."""
DISK_SECONDS = 5.0
"""Between two looks at the disk. At 100 MB a second, more than a crawl ever writes, 500 MB last as long."""
LATE_SECONDS = 60.0
"""A job that knows its own limit gets so much longer to keep it by itself."""
MAX_LINE_BYTES = 16 * 1024 * 1024
"""Of one event. A report of a night of a thousand sites has 2 MB."""

START_SECONDS = 60.0
"""What loading the libraries may take on a busy machine; 2 s on an idle one."""

StopReason = Literal["finished", "stalled", "time_limit", "disk_low", "interrupted", "died"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a job is ended."""

    seconds: float
    """So long it may take at most."""
    stalled_seconds: float | None = None
    """So long it may go without progress; None: as long as it wants."""
    start_seconds: float = START_SECONDS
    """So much longer until its first word."""
    grace_seconds: float = GRACE_SECONDS
    is_disk_low: Callable[[], bool] = lambda: False
    """Asked every few seconds."""
    disk_seconds: float = DISK_SECONDS


@dataclass(slots=True, kw_only=True)
class Ended:
    """How a job ended."""

    reason: StopReason
    pid: int
    seconds: float = 0.0
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    was_forced: bool = False
    """Whether it had to be killed."""
    result: Mapping[str, Any] | None = None
    """What it came to; None where it did not say."""
    error: str = ""
    """Why it failed, as it said itself or as its death tells."""
    exit_code: ExitCode = ExitCode.OK
    """Of the error; OK where there was none."""


@dataclass(slots=True)
class Signals:
    """SIGINT, SIGTERM and SIGHUP that this process received."""

    count: int = 0

    @contextmanager
    def caught(self) -> Iterator[Signals]:
        """Count signals inside instead of ending; the former handlers come back afterwards."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        former = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield self
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        self.count += 1


def supervise(
    name: str,
    arguments: Mapping[str, Any],
    limits: Limits,
    signals: Signals,
    on_event: Callable[[Mapping[str, Any]], None] = lambda event: None,
    *,
    command: Sequence[str] = (),
) -> Ended:
    """Do a job of `jobs.JOBS` in a process of its own and wait for its end, whatever that takes.

    `command` starts another program in the place of `newsarchive.nightly.child`.
    """
    with _Job(name, arguments, limits, signals, on_event, tuple(command) or _child()) as job:
        return job.wait()


@dataclass(slots=True)
class _Job:
    name: str
    arguments: Mapping[str, Any]
    limits: Limits
    signals: Signals
    on_event: Callable[[Mapping[str, Any]], None]
    command: Sequence[str]
    process: subprocess.Popen[bytes] = field(init=False)
    ended: Ended = field(default_factory=lambda: Ended(reason="finished", pid=0))
    began: float = field(default_factory=time.monotonic)
    came_further: float = field(default_factory=time.monotonic)
    looked_at_disk: float = float("-inf")
    counters: tuple[Any, ...] = ()
    is_started: bool = False
    kill_at: float | None = None
    signals_before: int = 0
    rest: bytes = b""

    def __enter__(self) -> _Job:
        self.signals_before = self.signals.count
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.ended.pid = self.process.pid
        assert self.process.stdin is not None
        line = json.dumps({"name": self.name, "arguments": self.arguments}, default=str).encode() + b"\n"
        with suppress(BrokenPipeError):
            self.process.stdin.write(line)
            self.process.stdin.flush()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self._kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self.process.wait()

    def wait(self) -> Ended:
        """Until the process has ended."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            is_open = True
            while is_open or self.process.poll() is None:
                if is_open and selector.select(LOOK_SECONDS):
                    is_open = self._read()
                    if not is_open:
                        selector.unregister(self.process.stdout)
                elif not is_open:
                    with suppress(subprocess.TimeoutExpired):
                        self.process.wait(LOOK_SECONDS)
                self._look()
        self.ended.seconds = time.monotonic() - self.began
        if self.ended.result is None and not self.ended.error and self.ended.reason == "finished":
            self._note_death()
        return self.ended

    def _read(self) -> bool:
        """Take in what the process says; False when it will say nothing more."""
        assert self.process.stdout is not None
        data = os.read(self.process.stdout.fileno(), 65536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue  # half a line of a process that was killed while it wrote
            self._note_event(event)
        if len(self.rest) > MAX_LINE_BYTES:
            raise NewsArchiveError(f"the process of {self.name} says more than {MAX_LINE_BYTES} bytes at once")
        return bool(data)

    def _note_event(self, event: Mapping[str, Any]) -> None:
        if not self.is_started:
            self.is_started, self.came_further = True, time.monotonic()
        if "result" in event:
            self.ended.result = event["result"]
        elif "error" in event:
            self.ended.error, self.ended.exit_code = event["error"]["message"], ExitCode(event["error"]["code"])
        elif "progress" in event:
            progress = event["progress"]
            counters = (progress["fetched"], progress["found"] - progress["waiting"])
            if counters != self.counters:
                self.counters, self.came_further = counters, time.monotonic()
        self.on_event(event)

    def _look(self) -> None:
        now = time.monotonic()
        if self.process.poll() is not None:
            return
        received = self.signals.count - self.signals_before
        if received and self.kill_at is None:
            self._stop("interrupted")
        if received > 1 or (self.kill_at is not None and now >= self.kill_at):
            self._kill()
        elif self.kill_at is not None:
            return
        elif now - self.began > self.limits.seconds:
            self._stop("time_limit")
        elif self._is_stalled(now):
            self._stop("stalled")
        elif now - self.looked_at_disk >= self.limits.disk_seconds:
            self.looked_at_disk = now
            if self.limits.is_disk_low():
                self._stop("disk_low")

    def _is_stalled(self, now: float) -> bool:
        if self.limits.stalled_seconds is None:
            return False
        patience = self.limits.stalled_seconds + (0.0 if self.is_started else self.limits.start_seconds)
        return now - self.came_further > patience

    def _stop(self, reason: StopReason) -> None:
        self.ended.reason = reason
        self.kill_at = time.monotonic() + self.limits.grace_seconds
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGTERM)

    def _kill(self) -> None:
        self.ended.was_forced = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _note_death(self) -> None:
        code = self.process.returncode
        how = f"by signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"with code {code}"
        hint = "; the system may have run out of memory" if code == -signal.SIGKILL else ""
        self.ended.reason, self.ended.exit_code = "died", ExitCode.INTERNAL
        self.ended.error = f"the process of {self.name} ended {how} without a word{hint}"


def _child() -> list[str]:
    """The command of a child: the same interpreter, as strict about warnings."""
    strict = [argument for option in sys.warnoptions for argument in ("-W", option)]
    return [sys.executable, *strict, "-m", "newsarchive.nightly.child"]
