"""Records of WARC files (1.0 and 1.1), also of damaged ones: what is whole comes in, what is not is told with its place."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from newsarchive.recapture.members import WARC_START, Container, Damaged, Member, Plain

MAX_HEADER_BYTES = 128 * 1024
"""Bytes of a record's own header. Those seen have under 2 KB."""

MAX_KEPT_BYTES = 8 * 1024 * 1024 + 256 * 1024
"""Bytes of a record that are kept in memory: the largest page, and the head of the answer before it."""

MAX_BLOCK_BYTES = 2 * 1024**3
"""Bytes of a record that are read to pass over it (films stand in web archives too); one that announces more is damaged."""

INFLATED_SHARE = 100
INFLATED_BASE = 1024**3
"""A file may hold so many times its size, and a gigabyte, when decompressed. Web archives come to 3 to 20 times."""

MAX_FAULTS = 10_000
"""Damaged places after which the rest of a file is given up: each costs a search for the next record."""

_FIRST_LINE = re.compile(rb"WARC/[01]\.\d{1,2}\s*\Z")
_DIGITS = re.compile(r"\d{1,18}\Z")
_PAGES = frozenset({"response", "resource"})
_RECORD_ENDS = (b"\r\n\r\n", b"\n\n", b"\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record."""

    offset: int
    """Where it, or the compressed member around it, begins."""
    index: int
    """Number among the records of that member, from 0."""
    kind: str
    """WARC-Type: `response`, `request`, `revisit`, ..."""
    headers: dict[str, str] = field(default_factory=dict)
    """The record's own headers, names in lower case."""
    block: bytes = b""
    """Its content, of responses and resources; at most MAX_KEPT_BYTES."""
    is_cut: bool = False
    """Whether the content is longer than what is kept."""

    @property
    def place(self) -> tuple[int, int]:
        """From here reading can be taken up."""
        return self.offset, self.index


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that cannot be read, and was passed over."""

    offset: int
    reason: str
    next_offset: int
    """Where the next record was found; the size of the file where there was none."""

    @property
    def place(self) -> tuple[int, int]:
        """From here reading can be taken up: behind the fault."""
        return self.next_offset, -1


class _Buffer:
    """Lines and stretches of a member. `budget` holds how many bytes the file may still give."""

    def __init__(self, member: Member, budget: list[int]) -> None:
        self._member = member
        self._budget = budget
        self._data = b""
        self.consumed = 0

    def _more(self, size: int) -> bytes:
        more = self._member.read(size)
        self._budget[0] -= len(more)
        if self._budget[0] < 0:
            raise Damaged("it decompresses to far more than its size")
        return more

    def line(self) -> bytes:
        """The next line with its end; without one only at the end of the member. Raises Damaged for one that is too long."""
        while (end := self._data.find(b"\n")) < 0:
            if len(self._data) > MAX_HEADER_BYTES:
                raise Damaged("a header line never ends")
            more = self._more(4096)
            if not more:
                end = len(self._data) - 1
                break
            self._data += more
        return self._cut(end + 1)

    def take(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises Damaged where there are fewer."""
        pieces = [self._cut(min(size, len(self._data)))]
        missing = size - len(pieces[0])
        while missing > 0:
            more = self._more(missing)
            if not more:
                raise Damaged("it is cut off")
            self._data = more
            pieces.append(self._cut(min(missing, len(more))))
            missing -= len(pieces[-1])
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes. Raises Damaged where there are fewer."""
        while size > 0:
            size -= len(self.take(min(size, 1024 * 1024)))

    def peek(self, size: int) -> bytes:
        """Up to `size` of the next bytes, which stay."""
        while len(self._data) < size:
            more = self._more(size)
            if not more:
                break
            self._data += more
        return self._data[:size]

    def _cut(self, size: int) -> bytes:
        piece, self._data = self._data[:size], self._data[size:]
        self.consumed += size
        return piece


def read_records(container: Container, after: tuple[int, int] | None = None) -> Iterator[Record | Fault]:
    """All records of a file in order, with the places that cannot be read; from behind `after`, a place, where given.

    A fault costs the record it is in (where many records are compressed as one, those behind it as well). Time and
    memory are bounded by the size of the file, whatever it says about itself.
    """
    window = container.window
    offset: int | None = after[0] if after else 0
    budget = [INFLATED_SHARE * window.size + INFLATED_BASE]
    faults = 0
    while offset is not None and offset < window.size:
        end = [offset]
        first = after[1] + 1 if after and after[0] == offset else 0
        try:
            yield from islice(_member_records(container, offset, end, budget), first, None)
            offset = end[0]
            continue
        except Damaged as error:
            reason = error.reason
        faults += 1
        if faults >= MAX_FAULTS or budget[0] < 0:
            why = f"more than {MAX_FAULTS} damaged places" if faults >= MAX_FAULTS else "it holds too much for its size"
            yield Fault(offset, f"{reason}; the rest of the file is passed over: {why}", window.size)
            return
        following = container.next_start(offset + 1)
        yield Fault(offset, reason, window.size if following is None else following)
        offset = following


def read_record_at(container: Container, offset: int) -> Record | Fault:
    """The first record of the member at an offset that an index names."""
    try:
        if offset >= container.window.size:
            raise Damaged("the file ends before it")
        for record in _member_records(container, offset, [offset], [INFLATED_BASE]):
            return record
    except Damaged as error:
        return Fault(offset, error.reason, offset)
    return Fault(offset, "no record begins here", offset)


def _member_records(container: Container, offset: int, end: list[int], budget: list[int]) -> Iterator[Record]:
    """The records of the member at an offset (of an uncompressed file: one). Sets `end` to where the next member begins."""
    member = container.open(offset)
    buffer = _Buffer(member, budget)
    index = 0
    while True:
        while buffer.peek(1) in (b"\r", b"\n"):
            buffer.take(1)
        if not buffer.peek(1):
            end[0] = member.end
            return
        record = _record(container, buffer, offset, index)
        is_last = not container.is_compressed or not buffer.peek(1)  # at the end of a member its checksum is compared
        if is_last:
            end[0] = member.end if container.is_compressed else offset + buffer.consumed
        yield record
        if is_last:
            return
        index += 1


def _record(container: Container, buffer: _Buffer, offset: int, index: int) -> Record:
    headers = _headers(buffer)
    if not _DIGITS.match(headers.get("content-length", "")):
        raise Damaged("its header names no length")
    length, kind = int(headers["content-length"]), headers.get("warc-type", "").lower()
    if not kind:
        raise Damaged("its header names no type")
    if length > MAX_BLOCK_BYTES or (isinstance(container, Plain) and length > container.window.size - offset):
        raise Damaged(f"it announces {length} bytes, which are not there")
    kept = min(length, MAX_KEPT_BYTES) if kind in _PAGES else 0
    block = buffer.take(kept)
    buffer.skip(length - kept)
    follows = buffer.peek(5)
    ending = next((end for end in _RECORD_ENDS if follows.startswith(end)), b"")
    if not ending and follows and not follows.startswith(WARC_START):
        raise Damaged("it does not end where its header says")
    buffer.take(len(ending))
    if not container.is_checked and kept == length and _is_changed(headers.get("warc-block-digest", ""), block):
        raise Damaged("its bytes are not those of its digest")
    return Record(offset=offset, index=index, kind=kind, headers=headers, block=block, is_cut=length > kept and kind in _PAGES)


def _headers(buffer: _Buffer) -> dict[str, str]:
    first = buffer.line()
    if not _FIRST_LINE.match(first):
        raise Damaged("no record begins here")
    headers: dict[str, str] = {}
    name, size = "", 0
    while True:
        line = buffer.line()
        size += len(line)
        if not line:
            raise Damaged("it is cut off in its header")
        if size > MAX_HEADER_BYTES:
            raise Damaged("its header never ends")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            return headers
        if text[0] in " \t" and name:
            headers[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if not colon or not name:
            raise Damaged("its header is no header")
        headers.setdefault(name, value.strip())


def _is_changed(digest: str, block: bytes) -> bool:
    """Whether the block is not the one whose digest is given; False for digests that we cannot read."""
    name, _, value = digest.partition(":")
    name = name.strip().lower().replace("-", "")
    if name not in ("sha1", "sha256", "md5") or not block:
        return False
    found = hashlib.new(name, block, usedforsecurity=False).digest()
    spellings = {found.hex(), base64.b32encode(found).decode().rstrip("=").lower(), base64.b64encode(found).decode().rstrip("=").lower()}
    return value.strip().rstrip("=").lower() not in spellings
