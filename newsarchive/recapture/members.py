"""The compressed members that a WARC file consists of: gzip members, zstd frames, or nothing compressed at all.

Every member can be opened at its offset without what stands before it, which is what makes damaged files readable.
Reading is bounded: no call gives more than a few tens of megabytes, whatever the bytes say.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import Protocol

import zstandard

from newsarchive.recapture.files import Window

CHUNK_BYTES = 65536
"""Bytes read from the disk at a time."""

ZSTD_SLICE_BYTES = 1024
"""Compressed bytes given to zstd at once. A block of 4 bytes can stand for 128 KiB, so a slice gives at most 32 MiB."""

ZSTD_WINDOW_BYTES = 128 * 1024 * 1024
"""Memory a frame may ask for: what `zstd` itself grants without `--long`."""

MAX_DICTIONARY_BYTES = 16 * 1024 * 1024
"""Largest dictionary of a .warc.zst file. Those in use have about 1 MiB."""

HEADER_BYTES = 8192
"""Bytes behind `WARC/1.1` among which a record names its type and its length."""

MAX_FALSE_STARTS = 100_000
"""Places of a file that look like the beginning of a member and are none, after which no more are looked for. By chance there is
one in 16 MB of compressed data."""

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"
_SKIPPABLE = struct.Struct("<II")
_SKIPPABLE_MAGIC = 0x184D2A50
WARC_START = b"WARC/"
_HEADER = re.compile(
    rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n(?=(?:[^\r\n]+\r?\n)*?content-length[ \t]*:)(?=(?:[^\r\n]+\r?\n)*?warc-type[ \t]*:)", re.IGNORECASE
)


class Damaged(Exception):
    """Raised inside the reader where bytes cannot be read; the reader goes on behind them and counts what it passed over."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Member(Protocol):
    """The bytes of one member, decompressed."""

    end: int
    """Offset behind the member; right once `read` has given nothing."""

    def read(self, size: int) -> bytes:
        """The next bytes, about `size` at most; empty at the end. Raises Damaged."""


class Container(Protocol):
    """How a file is divided into members."""

    window: Window
    is_checked: bool
    """Whether decompression notices changed bytes."""
    is_compressed: bool

    def open(self, offset: int) -> Member:
        """The member at an offset."""

    def next_start(self, offset: int) -> int | None:
        """Offset of the next member, at or behind `offset`, that begins with a record; None where there is none."""


class _PlainMember:
    def __init__(self, window: Window, offset: int) -> None:
        self._window = window
        self.end = offset

    def read(self, size: int) -> bytes:
        data = self._window.read_at(self.end, max(size, CHUNK_BYTES))
        self.end += len(data)
        return data


class _GzipMember:
    def __init__(self, window: Window, offset: int) -> None:
        self._window = window
        self._inflate = zlib.decompressobj(31)
        self._is_over = False
        self.end = offset

    def read(self, size: int) -> bytes:
        found = b""
        while not found and not self._is_over:
            data = self._inflate.unconsumed_tail
            if not data:
                data = self._window.read_at(self.end, CHUNK_BYTES)
                self.end += len(data)
            if not data:
                raise Damaged("the file ends inside of it")
            try:
                found = self._inflate.decompress(data, max(size, 1))
            except zlib.error as error:
                raise Damaged(f"its compression is damaged ({_short(error)})") from None
            if self._inflate.eof:
                self._is_over = True
                self.end -= len(self._inflate.unused_data)
        return found


class _ZstdMember:
    def __init__(self, window: Window, offset: int, dictionary: zstandard.ZstdCompressionDict | None) -> None:
        self._window = window
        self._frame = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=ZSTD_WINDOW_BYTES).decompressobj()
        self._chunk = b""
        self._is_over = offset >= window.size  # nothing but skippable frames
        self.end = offset

    def read(self, size: int) -> bytes:
        found = b""
        while not found and not self._is_over:
            if not self._chunk:
                self._chunk = self._window.read_at(self.end, CHUNK_BYTES)
            if not self._chunk:
                raise Damaged("the file ends inside of it")
            piece, self._chunk = self._chunk[:ZSTD_SLICE_BYTES], self._chunk[ZSTD_SLICE_BYTES:]
            self.end += len(piece)
            try:
                found = self._frame.decompress(piece)
            except zstandard.ZstdError as error:
                raise Damaged(f"its compression is damaged ({_short(error)})") from None
            if self._frame.eof:
                self._is_over = True
                self.end -= len(self._frame.unused_data)
        return found


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:100]


class Plain:
    """A file that is not compressed: each record is a member."""

    is_checked = False
    is_compressed = False

    def __init__(self, window: Window) -> None:
        self.window = window
        self.false_starts = 0

    def open(self, offset: int) -> Member:
        """The bytes from an offset on."""
        return _PlainMember(self.window, offset)

    def next_start(self, offset: int) -> int | None:
        """The next bytes that look like the beginning of a record: pages about web archives may quote one, without its header."""
        while self.false_starts < MAX_FALSE_STARTS and (found := _search(self.window, WARC_START, offset)) is not None:
            if _HEADER.match(self.window.read_at(found, HEADER_BYTES)):
                return found
            self.false_starts += 1
            offset = found + 1
        return None


class Gzip:
    """Gzip members, mostly one for each record."""

    is_checked = True
    is_compressed = True

    def __init__(self, window: Window) -> None:
        self.window = window
        self.false_starts = 0

    def open(self, offset: int) -> Member:
        """The gzip member at an offset."""
        return _GzipMember(self.window, offset)

    def next_start(self, offset: int) -> int | None:
        """The next gzip member that begins with a record."""
        return _next_member(self, GZIP_MAGIC, offset)


class Zstd:
    """Zstd frames, mostly one for each record, with the file's own dictionary where its first frame holds one.

    https://iipc.github.io/warc-specifications/specifications/warc-zstd/ describes it.
    """

    is_compressed = True
    is_checked = False  # checksums are optional

    def __init__(self, window: Window) -> None:
        self.window = window
        self.false_starts = 0
        self._dictionary = _dictionary(window)

    def open(self, offset: int) -> Member:
        """The frame at an offset; skippable frames before it are passed over."""
        return _ZstdMember(self.window, _behind_skippable(self.window, offset), self._dictionary)

    def next_start(self, offset: int) -> int | None:
        """The next frame that begins with a record."""
        return _next_member(self, ZSTD_MAGIC, offset)


def container_of(window: Window) -> Plain | Gzip | Zstd | None:
    """How a WARC file is stored, by its first bytes; None where it is no WARC file. Raises Damaged for an unusable dictionary."""
    head = window.read_at(0, 8)
    if head.startswith(WARC_START):
        return Plain(window)
    if head.startswith(GZIP_MAGIC):
        return Gzip(window)
    if head.startswith(ZSTD_MAGIC) or _is_skippable(head):
        return Zstd(window)
    return None


def _is_skippable(head: bytes) -> bool:
    return len(head) >= _SKIPPABLE.size and _SKIPPABLE.unpack(head[:8])[0] & 0xFFFFFFF0 == _SKIPPABLE_MAGIC


def _behind_skippable(window: Window, offset: int) -> int:
    while _is_skippable(head := window.read_at(offset, _SKIPPABLE.size)):
        offset += _SKIPPABLE.size + int(_SKIPPABLE.unpack(head)[1])
    return offset


def _dictionary(window: Window) -> zstandard.ZstdCompressionDict | None:
    """The dictionary of the file's first frame; None where it has none."""
    head = window.read_at(0, _SKIPPABLE.size)
    if not _is_skippable(head):
        return None
    size = _SKIPPABLE.unpack(head)[1]
    if size > MAX_DICTIONARY_BYTES:
        raise Damaged(f"its dictionary of {size} bytes is over the limit of {MAX_DICTIONARY_BYTES}")
    data = window.read_at(_SKIPPABLE.size, size)
    try:
        if data.startswith(ZSTD_MAGIC):
            with zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES).stream_reader(data) as reader:
                data = reader.read(MAX_DICTIONARY_BYTES)
        return zstandard.ZstdCompressionDict(data) if data.startswith(_DICTIONARY_MAGIC) else None
    except zstandard.ZstdError as error:
        raise Damaged(f"its dictionary cannot be read ({_short(error)})") from None


def _next_member(container: Gzip | Zstd, magic: bytes, offset: int) -> int | None:
    """The magic bytes also occur by chance inside compressed data: only what decompresses to a record counts."""
    while container.false_starts < MAX_FALSE_STARTS and (found := _search(container.window, magic, offset)) is not None:
        try:
            if container.open(found).read(len(WARC_START)).startswith(WARC_START):
                return found
        except Damaged:
            pass
        container.false_starts += 1
        offset = found + 1
    return None


def _search(window: Window, needle: bytes, offset: int) -> int | None:
    kept = b""
    while chunk := window.read_at(offset, CHUNK_BYTES):
        area = kept + chunk
        place = area.find(needle)
        if place >= 0:
            return offset - len(kept) + place
        kept = area[-(len(needle) - 1) :]
        offset += len(chunk)
    return None
