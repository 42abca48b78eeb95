"""One writer an archive: an flock on a side file that says who holds it.

The kernel frees the lock when the process ends, however it ends; the side file stays and means nothing by itself.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from newsarchive.errors import ArchiveReadOnly, LockHeld

LOOKS = 5
LOOK_SECONDS = 0.01
"""Between two tries. A look by `who_writes` takes microseconds; a writer holds the lock for minutes."""


def lock_path(archive: Path) -> Path:
    """The side file of an archive: `archive.db.lock`."""
    return archive.with_name(archive.name + ".lock")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes to an archive."""

    pid: int | None
    """Process; None where the side file does not say (yet)."""
    host: str | None
    """Machine."""
    started_at: str | None
    """UTC, when it took the lock."""

    def __str__(self) -> str:
        if self.pid is None:
            return "another process"
        return f"process {self.pid} on {self.host} since {self.started_at}"


Describe = Callable[[Path, Holder], str]


def _plainly(archive: Path, holder: Holder) -> str:
    return str(holder)


class WriterLock:
    """The right to write to an archive, from construction to `release`. Raises LockHeld at once, never waits.

    `describe` says who holds it, in the error.
    """

    def __init__(self, archive: Path, *, describe: Describe = _plainly) -> None:
        self.archive = archive
        try:
            self._descriptor: int | None = os.open(lock_path(archive), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ArchiveReadOnly(
                f"{archive} cannot be written: {lock_path(archive)} cannot be made ({error.strerror}). "
                "Check the permissions of the folder, or give another place with --archive."
            ) from None
        if not _seize(self._descriptor):
            holder = _read_holder(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
            raise LockHeld(
                f"{archive} is being written by {describe(archive, holder)}; nothing was touched."
                " Wait until it ends, or stop it, and run again."
            )
        self._write_holder()

    def _write_holder(self) -> None:
        assert self._descriptor is not None
        record = {"pid": os.getpid(), "host": socket.gethostname(), "started_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        data = json.dumps(record).encode() + b"\n"
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, data, 0)
        except OSError:
            return  # a full disk: the lock holds all the same, only its name is missing

    def release(self) -> None:
        """Let the next writer in. Harmless when already released."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def _seize(descriptor: int) -> bool:
    """Take the lock if it is free. Tried more than once, because `who_writes` holds it for a moment when it looks."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(LOOK_SECONDS)
        else:
            return True
    return False


def _read_holder(descriptor: int) -> Holder:
    try:
        record = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(record["pid"]), str(record["host"]), str(record["started_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(None, None, None)


def who_writes(archive: Path) -> Holder | None:
    """Who holds the archive's lock at this moment, or None. Touches nothing but the lock file's shared lock."""
    try:
        descriptor = os.open(lock_path(archive), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _read_holder(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)
