"""Frames on the pipes between the pool and its workers: a fixed head, a JSON header, a binary body.

Nothing is ever unpickled. A frame that breaks a rule raises FrameError, and its sender is treated as crashed.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

_HEAD = struct.Struct(">4sII")
_MAGIC = b"NRF1"

MAX_HEADER_BYTES = 96 * 1024 * 1024
"""Bytes. The largest honest header is that of a sitemap of 50,000 entries with titles, about 25 MB."""

MAX_BODY_BYTES = 64 * 1024 * 1024
"""Bytes. The largest body is a sitemap's 50 MB; pages stop at 8 MB."""


class FrameError(Exception):
    """Raised for bytes that are no frame. The connection cannot be used any more."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    header: dict[str, Any]
    body: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes of a frame. Raises FrameError when it is over the limits: the other side would refuse it."""
    header = json.dumps(frame.header, separators=(",", ":")).encode("ascii")
    if len(header) > MAX_HEADER_BYTES or len(frame.body) > MAX_BODY_BYTES:
        raise FrameError(f"a frame of {len(header)} + {len(frame.body)} bytes is over the limit")
    return _HEAD.pack(_MAGIC, len(header), len(frame.body)) + header + frame.body


def _sizes(head: bytes) -> tuple[int, int]:
    magic, header_size, body_size = _HEAD.unpack(head)
    if magic != _MAGIC:
        raise FrameError(f"not a frame: it begins with {magic!r}")
    if header_size > MAX_HEADER_BYTES or body_size > MAX_BODY_BYTES:
        raise FrameError(f"a frame of {header_size} + {body_size} bytes is over the limit")
    return header_size, body_size


def _frame(header: bytes, body: bytes) -> Frame:
    try:
        found = json.loads(header)
    except (ValueError, RecursionError):
        raise FrameError("the header is no JSON") from None
    if not isinstance(found, dict):
        raise FrameError("the header is no object")
    return Frame(found, body)


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame of a blocking stream; None at its end. Raises FrameError where it ends inside a frame."""
    head = _exactly(stream, _HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise FrameError("the stream ended inside a frame")
    header_size, body_size = _sizes(head)
    header, body = _exactly(stream, header_size), _exactly(stream, body_size)
    if len(header) < header_size or len(body) < body_size:
        raise FrameError("the stream ended inside a frame")
    return _frame(header, body)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    pieces: list[bytes] = []
    while size > 0:
        piece = stream.read(size)
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class FrameDecoder:
    """Puts frames together from pieces of any size, as they come from a pipe."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._needed = _HEAD.size

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take in a piece and give the frames it completes. Raises FrameError for what is no frame."""
        self._buffer += data
        while len(self._buffer) >= self._needed:
            header_size, body_size = _sizes(bytes(self._buffer[: _HEAD.size]))
            total = _HEAD.size + header_size + body_size
            if len(self._buffer) < total:
                self._needed = total
                return
            header_end = _HEAD.size + header_size
            frame = _frame(bytes(self._buffer[_HEAD.size : header_end]), bytes(self._buffer[header_end:total]))
            del self._buffer[:total]
            self._needed = _HEAD.size
            yield frame
