"""Whether the disk has room for a night."""

from __future__ import annotations

import shutil
from pathlib import Path

from newsarchive.errors import DiskFull


def free_bytes(place: Path) -> int:
    """Bytes free for us on the disk of a file or folder that may not exist yet."""
    there = place.absolute()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free


def require_room(archive: Path, minimum: int, free: int) -> None:
    """Raise DiskFull where less than the minimum is free."""
    if free < minimum:
        raise DiskFull(
            f"only {free // 1_000_000} MB are free for {archive}, and a night needs {minimum // 1_000_000} MB (min_free_disk);"
            " free some, or let raw pages go with `newsarchive retention`"
        )
