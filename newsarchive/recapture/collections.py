"""Collections as the user names them: WARC files, WACZ files, folders with a map, folders of WARC files, indexes."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsarchive.errors import NoSuchFile, NotACollection
from newsarchive.recapture.cdx import read_index
from newsarchive.recapture.entries import Collection, Entry, Place, entry_of
from newsarchive.recapture.files import RegularFile, Window, open_inside, open_regular
from newsarchive.recapture.folder import FolderCollection
from newsarchive.recapture.members import Container, Damaged, container_of
from newsarchive.recapture.wacz import ZIP_MAGIC, warc_members
from newsarchive.recapture.warc import read_record_at, read_records

WARC_NAMES = (".warc", ".warc.gz", ".warc.zst")
_COLLECTION_NAMES = (*WARC_NAMES, ".wacz")
INDEX_NAMES = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")

MAX_FILES = 100_000
"""Files of a folder that are opened one after the other; a year of CC-NEWS has about 5,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user asked to take in."""

    sources: Sequence[Path]
    index: Path | None = None
    """CDX or CDXJ: only the records it names."""
    url_map: Path | None = None
    """CSV, TSV or JSON lines that name the files of a folder of pages with their addresses."""


class WarcCollection:
    """One WARC file, or the part of one that an index names. Also one inside of a WACZ."""

    def __init__(self, window: Window, name: str, now: datetime, offsets: Sequence[int] | None = None) -> None:
        """`offsets`: read only the records there. Raises NotACollection for a file that is no WARC."""
        self.name = name
        self.size = window.size
        self.signature = f"{window.size}:{window.file.modified_ns}"
        self._window = window
        self._now = now
        self._offsets = None if offsets is None else sorted(set(offsets))
        self._container = require_warc(window, name)

    def entries(self, after: Place | None) -> Iterator[Entry]:
        """The file's records."""
        if self._container is None:
            return
        if self._offsets is None:
            for found in read_records(self._container, after):
                yield entry_of(found, self._now)
            return
        for number, offset in enumerate(self._offsets):
            if after is None or number > after[1]:
                entry = entry_of(read_record_at(self._container, offset), self._now)
                yield Entry(
                    place=(0, number), offset=offset, page=entry.page, trouble=entry.trouble, detail=entry.detail, passed=entry.passed,
                    fault=entry.fault,
                )  # fmt: skip


def require_warc(window: Window, name: str) -> Container | None:
    """How a WARC file is stored; None for an empty one. Raises NotACollection for a file that is no WARC."""
    try:
        container = container_of(window)
    except Damaged as error:
        raise NotACollection(f"{name}: {error.reason}.") from None
    if container is None and window.size:
        raise NotACollection(f"{name} is no WARC file (plain, gzip or zstd), no WACZ file and no index.")
    return container


def open_collections(wanted: Wanted, now: datetime) -> Generator[Collection, None, None]:
    """The collections one after the other; each is open until the next is asked for, or the generator is closed.

    Raises NoSuchFile and NotACollection.
    """
    if wanted.url_map is not None:
        if len(wanted.sources) != 1:
            raise NotACollection("With a map of addresses name one folder of pages.")
        yield FolderCollection(wanted.sources[0], wanted.url_map, now)
    elif wanted.index is not None:
        yield from _indexed(wanted.index, wanted.sources, now)
    else:
        for path in wanted.sources:
            yield from _named(path, now)


def total_size(wanted: Wanted) -> int | None:
    """Bytes of all files that will be read, after a look at the beginning of each; None where an index or a map chooses.

    Raises NoSuchFile and NotACollection, so that nothing is written because of a mistyped name.
    """
    if wanted.url_map is not None or wanted.index is not None or any(_is_index(path) for path in wanted.sources):
        return None
    size = 0
    for path in wanted.sources:
        for name in _files_of(path):
            with open_regular(name) as file:
                size += file.size
                if file.read_whole(len(ZIP_MAGIC)) != ZIP_MAGIC:
                    require_warc(file.window(), file.name)
    return size


def _is_index(path: Path) -> bool:
    return path.name.lower().endswith(INDEX_NAMES) and not path.is_dir()


def _named(path: Path, now: datetime) -> Iterator[Collection]:
    if _is_index(path):
        yield from _indexed(path, [], now)
        return
    for file in _files_of(path):
        yield from _opened(open_regular(file), now)


def _opened(file: RegularFile, now: datetime) -> Iterator[Collection]:
    """The collections in a file: itself, or the WARC files of a WACZ."""
    try:
        if file.read_whole(len(ZIP_MAGIC)) != ZIP_MAGIC:
            yield WarcCollection(file.window(), file.name, now)
            return
        for name, window in warc_members(file):
            yield WarcCollection(window, f"{file.name}/{name}", now)
    finally:
        file.close()


def _files_of(path: Path) -> list[Path]:
    """The file itself, or the WARC and WACZ files below a folder; links are not followed, so loops end."""
    if path.is_symlink() or not path.is_dir():
        return [path]
    found: list[Path] = []
    for folder, folders, names in os.walk(path, followlinks=False):
        folders.sort()
        found += [Path(folder) / name for name in sorted(names) if name.lower().endswith(_COLLECTION_NAMES)]
        if len(found) > MAX_FILES:
            raise NotACollection(f"{path} holds more than {MAX_FILES} WARC files; name its folders one by one.")
    found = [file for file in found if not file.is_symlink()]
    if not found:
        raise NotACollection(f"{path} holds no WARC or WACZ file; for a folder of pages name a file with their addresses: --map urls.csv")
    return found


def _indexed(index: Path, sources: Sequence[Path], now: datetime) -> Iterator[Collection]:
    """The WARC files of an index, with the records it names: of `sources` by their name, else beside the index."""
    named = read_index(index)
    by_name = {path.name: path for path in sources}
    unknown = sorted(by_name.keys() - {name.rpartition("/")[2] for name in named})
    if unknown:
        raise NotACollection(f"{index} names no record of {', '.join(unknown[:3])}.")
    for name, offsets in named.items():
        base = name.rpartition("/")[2]
        if sources and base not in by_name:
            continue
        file = open_regular(by_name[base]) if sources else _beside(index.parent, name)
        try:
            yield WarcCollection(file.window(), file.name, now, offsets)
        finally:
            file.close()


def _beside(folder: Path, name: str) -> RegularFile:
    """A file that an index names, in the index's folder or where the index says below it."""
    try:
        return open_inside(folder, name)
    except NoSuchFile:
        if "/" not in name:
            raise
        return open_inside(folder, name.rpartition("/")[2])
