"""Stored pages as a WARC 1.1 file (ISO 28500:2017), one gzip member a record.

The same captures give the same bytes: record ids are made from what a record holds, and no clock is read.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from newsarchive.archive.kept_pages import KeptPages, PageSelection
from newsarchive.errors import ConfigurationError
from newsarchive.export.places import whole_file
from newsarchive.model.page import Page
from newsarchive.version import __version__

REQUESTED = "Newsarchive-Requested-URI"
"""Our own header, as the specification allows: the address the crawl asked for, where another one answered."""

GZIP_LEVEL = 6
"""As other WARC writers; 9 takes twice the time for one per cent."""

_NOT_REPEATED = frozenset({"content-length", "content-encoding", "transfer-encoding"})
"""Headers of the transfer: the page is stored with codings undone, so they would be wrong."""
_EPOCH = "1970-01-01T00:00:00Z"

Named = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcExport:
    """What was written."""

    path: Path
    records: int
    """Pages."""
    reserved: int
    """Pages left out because their publisher wants no copies shown (noarchive)."""
    size: int
    """Bytes of the file."""


def export_warc(
    archive: Path, path: Path, selection: PageSelection, on_page: Callable[[int, int], None] = lambda done, total: None
) -> WarcExport:
    """Write the selected pages to `path` (gzip where it ends with .gz); all of them, or there is no file.

    A file that is there already is replaced at the end. Raises the archive's errors, ConfigurationError for another
    ending, ArchiveReadOnly where the folder does not exist or may not be written.
    """
    if not path.name.endswith((".warc.gz", ".warc")):
        raise ConfigurationError(f"{path} does not end with .warc.gz or .warc; give the file such a name.")
    pack = gzip_member if path.name.endswith(".gz") else bytes
    with KeptPages(archive, selection) as pages:
        with whole_file(path) as file:
            _write(file, pack, pages, path.name, on_page)
            size = file.tell()
        return WarcExport(path=path, records=len(pages), reserved=pages.reserved, size=size)


def _write(file: BinaryIO, pack: Callable[[bytes], bytes], pages: KeptPages, name: str, on_page: Callable[[int, int], None]) -> None:
    file.write(pack(_warcinfo(name, pages.newest or _EPOCH)))
    for number, page in enumerate(pages, start=1):
        file.write(pack(response_record(page)))
        on_page(number, len(pages))


def gzip_member(record: bytes) -> bytes:
    """A record as a .warc.gz file holds it; the same record gives the same bytes."""
    return gzip.compress(record, GZIP_LEVEL, mtime=0)


def _warcinfo(name: str, moment: str) -> bytes:
    fields = {
        "software": f"newsarchive/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    block = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
    return _record("warcinfo", moment, block, [("WARC-Filename", name), ("Content-Type", "application/warc-fields")], name)


def response_record(page: Page) -> bytes:
    """A WARC record of a page as the answer it was, with the headers that matter; a page without a moment is of 1970."""
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}".rstrip(), *_http_headers(page)]
    block = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + page.body
    moment = page.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ") if page.fetched_at else _EPOCH
    address = page.address
    headers = [
        ("WARC-Target-URI", address),
        ("Content-Type", "application/http;msgtype=response"),
        ("WARC-Payload-Digest", _digest(page.body)),
    ]
    if address != page.url:
        headers.append((REQUESTED, page.url))
    return _record("response", moment, block, headers, f"{page.url} {moment}")


def _http_headers(page: Page) -> Iterator[str]:
    for name, value in page.headers.items():
        if name not in _NOT_REPEATED:
            yield f"{name.title()}: {' '.join(value.split())}"
    yield f"Content-Length: {len(page.body)}"


def _record(kind: str, moment: str, block: bytes, headers: Named, name: str) -> bytes:
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {name} {hashlib.sha256(block).hexdigest()}")
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{named}>",
        f"WARC-Date: {moment}",
        *(f"{key}: {value}" for key, value in headers),
        f"WARC-Block-Digest: {_digest(block)}",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def _digest(data: bytes) -> str:
    """SHA-1 in base 32, which every reader of WARC files knows."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
