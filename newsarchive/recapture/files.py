"""Files that others made, opened without trust: regular files only, no symbolic links, read by place."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsarchive.errors import NoSuchFile

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""O_NONBLOCK: opening a FIFO that nobody writes to must not wait."""


class RegularFile:
    """An open regular file. Reads by place, so that several windows and threads can share it."""

    def __init__(self, descriptor: int, name: str) -> None:
        self.descriptor = descriptor
        self.name = shown(name)
        found = os.fstat(descriptor)
        self.size = found.st_size
        self.modified_ns = found.st_mtime_ns

    def __enter__(self) -> RegularFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Harmless when already closed."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def window(self) -> Window:
        """The whole file."""
        return Window(self, 0, self.size)

    def read_whole(self, limit: int) -> bytes:
        """The first `limit` bytes."""
        return self.window().read_at(0, limit)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an open file (all of it, or a member of a zip)."""

    file: RegularFile
    start: int
    size: int

    def read_at(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset` of the window; fewer at its end, none before its beginning."""
        size = min(size, self.size - offset) if offset >= 0 else 0
        pieces = []
        while size > 0:
            piece = os.pread(self.file.descriptor, size, self.start + offset)
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
            size -= len(piece)
        return b"".join(pieces)


def shown(name: str) -> str:
    """A file name as text: bytes that are no UTF-8, and what no file can be called, as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def open_regular(path: Path) -> RegularFile:
    """Open a file named by the user. Raises NoSuchFile where there is none, or a symbolic link, folder, pipe or device."""
    return _opened(str(path), str(path), None)


def open_inside(folder: Path, name: str) -> RegularFile:
    """Open a file by a name that somebody else wrote, below a folder. Raises NoSuchFile also for names that lead out of it.

    No part of the name may be a symbolic link.
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or "\0" in name or shown(name) != name:
        raise NoSuchFile(f"{name[:200]!r} does not name a file inside {folder}; write names relative to it, without `..`.")
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            try:
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            except OSError as error:
                raise NoSuchFile(f"{folder / name}: {_reason(error)}.") from None
            os.close(at)
            at = below
        return _opened(parts[-1], str(folder / name), at)
    finally:
        os.close(at)


def _opened(path: str, shown: str, folder: int | None) -> RegularFile:
    try:
        descriptor = os.open(path, _FLAGS, dir_fd=folder)
    except OSError as error:
        raise NoSuchFile(f"{shown}: {_reason(error)}.") from None
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        raise NoSuchFile(f"{shown} is {_kind(kind)}; only regular files are read.")
    return RegularFile(descriptor, shown)


def _reason(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return "is a symbolic link, which is not followed; name the file itself"
    if error.errno == errno.ENXIO:
        return "is a socket or device; only regular files are read"
    return f"cannot be read ({error.strerror})"


def _kind(mode: int) -> str:
    for test, name in (
        (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISBLK, "a device"),
        (stat.S_ISCHR, "a device"),
    ):  # fmt: skip
        if test(mode):
            return name
    return "no regular file"
