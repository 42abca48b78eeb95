"""The archive that the program of the first schema version wrote (tests/archives)."""

from __future__ import annotations

import lzma
import sqlite3
from pathlib import Path

_PACKED = Path(__file__).parent.parent / "archives" / "first-version.db.xz"


def first_archive(path: Path, *, wal: bool = False) -> Path:
    """Write it to `path`. With `wal` as a crawl leaves it, otherwise as a copy of it."""
    path.write_bytes(lzma.decompress(_PACKED.read_bytes()))
    if wal:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    return path
