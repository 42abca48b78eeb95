"""One read-only connection for each thread that answers requests, opened anew when the archive's file was replaced."""

from __future__ import annotations

import threading
from pathlib import Path

from newsarchive.archive.reader import Archive


class Readers:
    """The archives open in the threads of the server."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._here = threading.local()
        self._lock = threading.Lock()
        self._open: set[Archive] = set()

    def archive(self) -> Archive:
        """The archive as open in this thread. Raises NotInArchive when the file is gone."""
        known: tuple[Archive, tuple[int, int] | None] | None = getattr(self._here, "known", None)
        now = self._identity()
        if known is not None and known[1] == now:
            return known[0]
        if known is not None:
            self._forget(known[0])
            self._here.known = None
        archive = Archive(self.path)
        with self._lock:
            self._open.add(archive)
        self._here.known = (archive, now)
        return archive

    def _identity(self) -> tuple[int, int] | None:
        """Device and number of the file: another one after a backup was put in its place."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _forget(self, archive: Archive) -> None:
        with self._lock:
            self._open.discard(archive)
        archive.close()

    def close(self) -> None:
        """Close all; no thread may be reading."""
        with self._lock:
            while self._open:
                self._open.pop().close()
