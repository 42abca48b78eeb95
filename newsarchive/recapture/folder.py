"""A folder of pages with a map that says which address each file came from: CSV, TSV or JSON lines.

Columns or keys: `file` (relative to the folder), `url`, and optionally `fetched_at` (UTC, `2026-05-01T09:30:00Z` or a day);
without it the file's own date counts. A file of columns without a header has them in this order.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newsarchive.errors import NoSuchFile, NotACollection
from newsarchive.model.page import Page
from newsarchive.recapture.answers import MAX_PAGE_BYTES, Answer
from newsarchive.recapture.entries import Entry, Place, address_of, moment_of, page_entry
from newsarchive.recapture.files import open_inside, open_regular

MAX_MAP_BYTES = 256 * 1024 * 1024
"""Bytes of the map, which is read as a whole: a million lines of 250 bytes."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_COLUMNS = ("file", "url", "fetched_at")


class FolderCollection:
    """The files that a map names."""

    def __init__(self, folder: Path, url_map: Path, now: datetime) -> None:
        """Raises NoSuchFile, and NotACollection for a map that cannot be read."""
        if folder.is_symlink() or not folder.is_dir():
            raise NoSuchFile(f"{folder} is no folder; --map belongs to a folder of pages.")
        self.name = str(folder)
        self._folder = folder
        self._now = now
        with open_regular(url_map) as file:
            if file.size > MAX_MAP_BYTES:
                raise NotACollection(f"{url_map} is larger than {MAX_MAP_BYTES // 1024**2} MiB; divide it.")
            text = file.read_whole(MAX_MAP_BYTES).decode("utf-8-sig", "replace")
            self.signature = f"{file.size}:{file.modified_ns}"
        self._rows = _rows(text, url_map)
        self.size = len(self._rows)

    def entries(self, after: Place | None) -> Iterator[Entry]:
        """The files in the order of the map."""
        first = after[0] + 1 if after else 0
        for number, row in enumerate(self._rows[first:], start=first):
            yield self._entry(Entry(place=(number, 0), offset=number), *row)

    def _entry(self, empty: Entry, name: str, address: str, fetched_at: str) -> Entry:
        def fault(reason: str) -> Entry:
            return Entry(place=empty.place, offset=empty.offset, fault=reason)

        url = address_of(address)
        if url is None:
            return fault(f"line for {name[:100]!r}: {address[:100]!r} is no http(s) address")
        try:
            file = open_inside(self._folder, name)
        except (NoSuchFile, ValueError) as error:
            return fault(str(error))
        with file:
            moment = _moment(fetched_at, self._now) if fetched_at else datetime.fromtimestamp(file.modified_ns // 10**9, UTC)
            if moment is None:
                return fault(f"line for {name[:100]!r}: {fetched_at[:40]!r} is no moment; write it like 2026-05-01T09:30:00Z")
            body = file.read_whole(MAX_PAGE_BYTES + 1)
        coding = (("Content-Encoding", "gzip"),) if body.startswith(b"\x1f\x8b") else ()
        return page_entry(empty, Page(url=url, body=b"", fetched_at=moment), Answer(200, coding, body), is_cut=len(body) > MAX_PAGE_BYTES)


def _moment(text: str, now: datetime) -> datetime | None:
    return moment_of(f"{text}T00:00:00" if _DAY.match(text) else text, now)


def _rows(text: str, path: Path) -> list[tuple[str, str, str]]:
    """File, address and moment of each line. Raises NotACollection where the map has neither."""
    found = _json_rows(text, path) if text.lstrip().startswith("{") else _column_rows(text, path)
    if not found:
        raise NotACollection(f"{path} names no files; its columns are file,url[,fetched_at].")
    return found


def _json_rows(text: str, path: Path) -> list[tuple[str, str, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                record = json.loads(line)
                found.append((str(record["file"]), str(record["url"]), str(record.get("fetched_at") or "")))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise NotACollection(
                    f'{path}, line {number}: write it like {{"file": "a.html", "url": "https://example.com/a"}}.'
                ) from None
    return found


def _column_rows(text: str, path: Path) -> list[tuple[str, str, str]]:
    first = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ","))
    except csv.Error as error:
        raise NotACollection(f"{path} cannot be read ({error}); its columns are file,url[,fetched_at].") from None
    names = [name.strip().lower() for name in rows[0]] if rows else []
    has_header = "file" in names and "url" in names
    columns = names if has_header else list(_COLUMNS)
    found = []
    for number, row in enumerate(rows[has_header:], start=1 + has_header):
        if any(row):
            record = dict(zip(columns, row, strict=False))
            if not record.get("file") or not record.get("url"):
                raise NotACollection(f"{path}, line {number}: its columns are file,url[,fetched_at].")
            found.append((record["file"].strip(), record["url"].strip(), record.get("fetched_at", "").strip()))
    return found
