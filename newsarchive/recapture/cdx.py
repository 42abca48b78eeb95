"""Indexes of WARC files: CDX (with its legend, or the usual 11 fields) and CDXJ, also gzip-compressed."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsarchive.errors import NotACollection
from newsarchive.recapture.files import Window, open_regular

MAX_LINE_BYTES = 64 * 1024
"""Bytes of a line; the longest honest ones carry an address of a few thousand."""

MAX_RECORDS = 20_000_000
"""Records of one index: 8 bytes each are kept. A monthly index of CC-NEWS has fewer."""

_USUAL_LEGEND = "N b a m s k r M S V g"
_OFFSET, _FILE = "V", "g"
_CHUNK = 65536


def read_index(path: Path) -> dict[str, Sequence[int]]:
    """File name -> offsets of the records that an index names. Raises NoSuchFile, and NotACollection where it names none."""
    found: dict[str, array[int]] = {}
    legend = _USUAL_LEGEND.split()
    records = 0
    with open_regular(path) as file:
        for line in _lines(file.window()):
            text = line.decode("utf-8", "replace").strip()
            if text.startswith("CDX "):
                legend = text.split()[1:]
                continue
            named = _from_json(text) if "{" in text else _from_fields(text, legend)
            if named is None:
                continue
            records += 1
            if records > MAX_RECORDS:
                raise NotACollection(f"{path} names more than {MAX_RECORDS} records; divide it.")
            found.setdefault(named[0], array("q")).append(named[1])
    if not found:
        raise NotACollection(f"{path} names no records: neither CDXJ nor CDX with file names and offsets.")
    return dict(found)


def _from_json(text: str) -> tuple[str, int] | None:
    try:
        record = json.loads(text[text.index("{") :])
        return _named(str(record["filename"]), str(record["offset"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _from_fields(text: str, legend: list[str]) -> tuple[str, int] | None:
    fields = dict(zip(legend, text.split(), strict=False))
    return _named(fields.get(_FILE, ""), fields.get(_OFFSET, ""))


def _named(name: str, offset: str) -> tuple[str, int] | None:
    if not name or not offset.isascii() or not offset.isdigit() or len(offset) > 18:
        return None
    return name, int(offset)


def _lines(window: Window) -> Iterator[bytes]:
    """The lines of a plain or gzip-compressed file; over-long ones are left out."""
    rest, is_long = b"", False
    for piece in _pieces(window):
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for line in lines:
            if not is_long and len(line) <= MAX_LINE_BYTES:
                yield line
            is_long = False
        if len(rest) > MAX_LINE_BYTES:
            rest, is_long = b"", True
    if rest and not is_long:
        yield rest


def _pieces(window: Window) -> Iterator[bytes]:
    offset, inflate = 0, None
    if window.read_at(0, 2) == b"\x1f\x8b":
        inflate = zlib.decompressobj(31)
    while data := window.read_at(offset, _CHUNK):
        offset += len(data)
        if inflate is None:
            yield data
            continue
        while data:
            try:
                yield inflate.decompress(data, _CHUNK)
            except zlib.error:
                raise NotACollection(f"{window.file.name} is damaged: its compression cannot be read.") from None
            data = inflate.unconsumed_tail
            if inflate.eof:  # the next member
                data = inflate.unused_data
                inflate = zlib.decompressobj(31)
