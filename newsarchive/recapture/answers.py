"""The HTTP answer in a record: status, headers, and the body with transfer and content codings undone."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

import brotli
import zstandard

from newsarchive.model.outcome import Outcome

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Bytes of a page, codings undone: the crawl's own limit (DOWNLOAD_MAXSIZE)."""

MAX_CODINGS = 4
"""Content codings on top of each other that are undone; honest servers use one, proxies sometimes add another."""

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?:[ \t\r]|\Z)")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")
_SLICE = 1024
"""Compressed bytes given to zstd at once: it can give 128 KiB for 4 of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """As it stands in the record."""

    def header(self, name: str) -> str:
        """The values of a header, joined; empty where it is missing."""
        return ", ".join(value for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True, slots=True)
class Content:
    """A body with its codings undone, or why there is none."""

    body: bytes
    trouble: Outcome | None = None
    """`truncated`, `too_large` or `unreadable`; the body is not to be stored then."""
    detail: str | None = None


def parse_answer(block: bytes) -> Answer | None:
    """The answer of a `response` record; None where it is no HTTP."""
    found = _STATUS.match(block)
    if found is None:
        return None
    ends = [(place, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (place := block.find(mark)) >= 0]
    place, width = min(ends, default=(len(block), 0))
    headers: list[tuple[str, str]] = []
    for line in block[:place].split(b"\n")[1:]:
        text = line.decode("latin-1").rstrip("\r")
        if text[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], headers[-1][1] + " " + text.strip())
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            headers.append((name.strip(), value.strip()))
    return Answer(int(found[1]), tuple(headers), block[place + width :])


def content_of(answer: Answer, *, is_cut: bool = False) -> Content:
    """The page's bytes. Codings that the headers name but the bytes do not have were undone by whoever made the record."""
    if is_cut:
        return Content(b"", Outcome.TOO_LARGE, "larger than the limit")
    body, is_whole = answer.body, True
    if "chunked" in answer.header("transfer-encoding").lower():
        body, is_whole = _unchunk(body)
    elif not answer.header("content-encoding") and _is_short(answer):
        is_whole = False
    if not is_whole:
        return Content(b"", Outcome.TRUNCATED, "the answer was cut off")
    codings = [name.strip().lower() for name in answer.header("content-encoding").split(",") if name.strip()]
    if len(codings) > MAX_CODINGS:
        return Content(b"", Outcome.UNREADABLE, f"{len(codings)} content codings")
    for name in reversed(codings):
        content = _undo(name, body)
        if content.trouble is not None:
            return content
        body = content.body
    if len(body) > MAX_PAGE_BYTES:
        return Content(b"", Outcome.TOO_LARGE, "larger than the limit")
    return Content(body)


def _is_short(answer: Answer) -> bool:
    announced = answer.header("content-length").strip()
    return announced.isdigit() and len(announced) < 18 and len(answer.body) < int(announced)


def _unchunk(body: bytes) -> tuple[bytes, bool]:
    """The body without chunk sizes, and whether it is whole; as it is where it has none (already undone)."""
    if not _CHUNK_SIZE.match(body):
        return body, True
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK_SIZE.match(body, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(pieces), True
        piece = body[found.end() : found.end() + size]
        pieces.append(piece)
        at = found.end() + size
        if len(piece) < size:
            return b"".join(pieces), False
        if body[at : at + 2] == b"\r\n":
            at += 2
        elif body[at : at + 1] == b"\n":
            at += 1
        else:
            break
    return (b"".join(pieces), False) if len(pieces) > 1 else (body, True)


def _undo(name: str, body: bytes) -> Content:
    match name:
        case "identity" | "utf-8" | "none":
            return Content(body)
        case "gzip" | "x-gzip":
            return _inflate(body, 31) if body.startswith(b"\x1f\x8b") else Content(body)
        case "deflate":
            return _inflate(body, 15 if _is_zlib(body) else -15) if not body.lstrip().startswith(b"<") else Content(body)
        case "br":
            return Content(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _unbrotli(body)
        case "zstd":
            return _unzstd(body) if body.startswith(b"\x28\xb5\x2f\xfd") else Content(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Content(body)
    return Content(b"", Outcome.UNREADABLE, f"the content coding {name[:20]} is not known")


def _is_zlib(body: bytes) -> bool:
    return len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _checked(body: bytes, name: str, *, is_whole: bool) -> Content:
    if len(body) > MAX_PAGE_BYTES:
        return Content(b"", Outcome.TOO_LARGE, "larger than the limit")
    return Content(body) if is_whole else Content(b"", Outcome.TRUNCATED, f"its {name} content was cut off")


def _inflate(body: bytes, window: int) -> Content:
    unpack = zlib.decompressobj(window)
    try:
        found = unpack.decompress(body, MAX_PAGE_BYTES + 1)
        return _checked(found, "gzip" if window > 15 else "deflate", is_whole=unpack.eof)
    except zlib.error:
        return Content(b"", Outcome.UNREADABLE, "its compressed content is damaged")


def _unbrotli(body: bytes) -> Content:
    unpack = brotli.Decompressor()
    pieces, size, data = [], 0, body
    try:
        while size <= MAX_PAGE_BYTES and not unpack.is_finished():
            piece = unpack.process(data, output_buffer_limit=1024 * 1024)
            if not piece and not data:
                break
            data = b""
            pieces.append(piece)
            size += len(piece)
        return _checked(b"".join(pieces), "br", is_whole=unpack.is_finished())
    except brotli.error:
        return Content(b"", Outcome.UNREADABLE, "its compressed content is damaged")


def _unzstd(body: bytes) -> Content:
    unpack = zstandard.ZstdDecompressor(max_window_size=MAX_PAGE_BYTES * 2).decompressobj()
    pieces, size = [], 0
    try:
        for at in range(0, len(body), _SLICE):
            pieces.append(unpack.decompress(body[at : at + _SLICE]))
            size += len(pieces[-1])
            if unpack.eof or size > MAX_PAGE_BYTES:
                break
        return _checked(b"".join(pieces), "zstd", is_whole=unpack.eof)
    except zstandard.ZstdError:
        return Content(b"", Outcome.UNREADABLE, "its compressed content is damaged")
