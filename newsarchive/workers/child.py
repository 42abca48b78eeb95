"""The parent's side of one worker process: start it, talk to it, end it.

Plain asyncio, so that it also runs inside Twisted's asyncio reactor.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from newsarchive.workers.frames import Frame, FrameDecoder, FrameError, encode

START_SECONDS = 60.0
"""Seconds a worker may take to load its libraries. About one on an idle machine; a loaded one with a cold disk needs many."""

_KEPT_STDERR_BYTES = 4096
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV", "TZ")
_FIXED = {
    "PYTHONSAFEPATH": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUNBUFFERED": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""One thread a worker (there may be as many workers as cores), and the same hash seed in all: the same page gives the same record."""

_EXIT_WORDS = {70: "its parent was gone", 71: "it could not read the job", 72: "out of memory"}


class ChildDied(Exception):
    """Raised to whoever waits for an answer when the worker is gone or no longer makes sense."""

    def __init__(self, reason: str, *, out_of_memory: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.out_of_memory = out_of_memory


def worker_environment() -> dict[str, str]:
    """The environment of a worker: what Python needs, and nothing else of ours (no proxies, tokens or PYTHON* settings)."""
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment.update(_FIXED)
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    return environment


class Child(asyncio.SubprocessProtocol):
    """One worker process and the one job it may have in hand."""

    def __init__(self, living: set[Child]) -> None:
        self._living = living
        self._loop = asyncio.get_running_loop()
        self._decoder = FrameDecoder()
        self._transport: asyncio.SubprocessTransport | None = None
        self._pidfd: int | None = None
        self._errors: deque[bytes] = deque()
        self._waiting: asyncio.Future[Frame] | None = None
        self._fault: str | None = None
        self.gone: asyncio.Future[None] = self._loop.create_future()
        """Done when the process has been reaped and its pipes are closed."""
        self.pid = 0

    @classmethod
    async def start(cls, memory_mb: int, command: Sequence[str] = (), living: set[Child] | None = None) -> Child:
        """Start a worker and wait until it is ready. Raises ChildDied when it does not get that far.

        From the moment it has a process until it is reaped the worker is in `living`.
        """
        loop = asyncio.get_running_loop()
        child = cls(living if living is not None else set())
        arguments = command or (sys.executable, "-m", "newsarchive.workers")
        try:
            await loop.subprocess_exec(lambda: child, *arguments, str(os.getpid()), str(memory_mb), env=worker_environment())
        except OSError as error:
            raise ChildDied(f"a worker cannot be started: {error}") from error
        ready = child._expect()
        try:
            await asyncio.wait_for(ready, START_SECONDS)
        except TimeoutError:
            await child.end()
            raise ChildDied(f"a worker was not ready after {START_SECONDS:.0f} s") from None
        except BaseException:
            await child.end()
            raise
        return child

    @property
    def is_alive(self) -> bool:
        """Whether jobs can be sent to it."""
        return self._transport is not None and not self.gone.done() and self._fault is None and self._transport.get_returncode() is None

    async def ask(self, frame: Frame, seconds: float) -> Frame:
        """Send a job and wait for the answer. Raises ChildDied, or TimeoutError after `seconds`: end the child then."""
        if not self.is_alive or self._transport is None:
            raise ChildDied(self._obituary())
        answer = self._expect()
        pipe = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
        pipe.write(encode(frame))
        return await asyncio.wait_for(answer, seconds)

    def _expect(self) -> asyncio.Future[Frame]:
        self._waiting = self._loop.create_future()
        if self.gone.done():
            self._waiting.set_exception(ChildDied(self._obituary()))
        return self._waiting

    def kill(self) -> None:
        """SIGKILL, at once and without waiting. Harmless when the process is gone; works when the event loop has stopped."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                # Unlike a process id, this can never name another process.
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif self._transport is not None and self._transport.get_returncode() is None:
                os.kill(self.pid, signal.SIGKILL)

    async def end(self) -> None:
        """SIGKILL and wait until the process has been reaped."""
        self.kill()
        await asyncio.shield(self.gone)

    def abandon(self) -> None:
        """Kill and let go of the pipes without waiting, for when the event loop will not run any more."""
        self.kill()
        if self._transport is not None and not self._loop.is_closed():
            self._transport.close()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process has been started."""
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self.pid = self._transport.get_pid() or 0
        self._living.add(self)
        if hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal"):
            try:
                self._pidfd = os.pidfd_open(self.pid)
            except OSError:
                self._pidfd = None

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Frames from stdout; the end of what stderr says is kept for the detail of a crash."""
        if fd != 1:
            self._errors.append(data[-_KEPT_STDERR_BYTES:])
            while len(self._errors) > 1 and sum(map(len, self._errors)) - len(self._errors[0]) >= _KEPT_STDERR_BYTES:
                self._errors.popleft()
            return
        try:
            for frame in self._decoder.feed(data):
                self._deliver(frame)
        except FrameError as error:
            self._fault = f"it wrote {error}"
            self.kill()

    def _deliver(self, frame: Frame) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(frame)
        elif self._waiting is None or not self._waiting.cancelled():
            raise FrameError("a frame that nobody asked for")

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has been reaped and every pipe has been read to its end."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        self._living.discard(self)
        if self._transport is not None:
            self._transport.close()
        if not self.gone.done():
            self.gone.set_result(None)
        if self._waiting is not None and not self._waiting.done():
            code = self._transport.get_returncode() if self._transport is not None else None
            self._waiting.set_exception(ChildDied(self._obituary(), out_of_memory=code == 72 or b"MemoryError" in b"".join(self._errors)))

    def _obituary(self) -> str:
        """Why the worker is gone, in a few words, with the last line it wrote to stderr."""
        code = self._transport.get_returncode() if self._transport is not None else None
        if self._fault is not None:
            how = self._fault
        elif code is not None and code < 0:
            how = f"killed by {signal.Signals(-code).name}"
        else:
            how = _EXIT_WORDS.get(code or 0, f"exit code {code}")
        lines = [line.strip() for line in b"".join(self._errors).decode("utf-8", "replace").splitlines() if line.strip()]
        return f"{how}: {lines[-1][:300]}" if lines else how
