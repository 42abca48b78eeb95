"""From what was fetched to a `Document`: refuse what is no page, decode, guard, parse once."""

from __future__ import annotations

import re

from newsarchive.errors import UnreadablePage
from newsarchive.model.page import Page
from newsarchive.pages.charset import decode
from newsarchive.pages.document import Document
from newsarchive.pages.glance import is_deep, is_plain
from newsarchive.pages.guard import Guarded, guard, mend
from newsarchive.pages.tree import parse
from newsarchive.urls import absolute

_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3\x00", "a database"),
    (b"RIFF", "a media file"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x1cftyp", "a video"),
    (b"\x00\x00\x00 ftyp", "a video"),
    (b"\x1aE\xdf\xa3", "a video"),
)

_REFUSED_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/gzip", "application/json")
_TAG = re.compile(r"<(?:!doctype|[a-zA-Z][a-zA-Z0-9:-]*[\s/>])", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = (*range(9), 0x0B, *range(0x0E, 0x20), 0x7F)

SAMPLE_BYTES = 65536
"""How much of the page is looked at to tell text from binary data. A page that begins as text is parsed whatever comes later."""

MAX_CONTROL_SHARE = 0.02
"""Share of control characters in the sample above which it is binary data. Text has none; damaged pages a few, random bytes 11 %."""


def read_page(page: bytes | str | Page, url: str | None = None, *, content_type: str | None = None) -> Document:
    """Read a page. `url` and `content_type` override what a `Page` says.

    Raises UnreadablePage where the input is empty, binary, no markup, or refused by the guard. What can be read in spite
    of some damage is read, and the document's flags say so.
    """
    headers: dict[str, str] = {}
    if isinstance(page, Page):
        url = url or page.address
        content_type = content_type or page.content_type
        headers = dict(page.headers)
        page = page.body
    text, encoding, flags = _decoded(page, content_type)
    guarded = mend(text, may_hold_nul=isinstance(page, str) or b"\0" in page)
    if not _TAG.search(guarded.text):
        raise UnreadablePage("it holds no HTML tag: plain text or data, not a page")
    tree = parse(guarded.text) if is_plain(guarded.text) else None
    if tree is None or is_deep(tree):
        repaired = guard(guarded.text)
        guarded = Guarded(repaired.text, guarded.flags + repaired.flags)
        tree = parse(guarded.text)
    text = guarded.text
    document = Document(
        url=absolute(url, url) if url else None,
        tree=tree,
        encoding=encoding,
        content_type=content_type,
        headers=headers,
        flags=[*flags, *guarded.flags],
        html=text,
    )
    if not re.search(r"</(?:html|body)\s*>\s*\Z|</html", text[-2000:], re.IGNORECASE) and "<html" in text[:5000].lower():
        document.flags.append("unclosed")
    return document


def _decoded(page: bytes | str, content_type: str | None) -> tuple[str, str, list[str]]:
    """Text, codec and flags; raises UnreadablePage for what is empty or binary."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind.startswith(_REFUSED_TYPES):
        raise UnreadablePage(f"its content type is {kind}, not HTML")
    if isinstance(page, str):
        if not page.strip():
            raise UnreadablePage("it is empty")
        flags = ["lone_surrogates"] if _SURROGATES.search(page) else []
        text = _SURROGATES.sub("", page)
        _refuse_binary(text[:SAMPLE_BYTES], [chr(code) for code in _CONTROLS])
        return text, "utf-8", flags
    data = bytes(page)
    if not data.strip():
        raise UnreadablePage("it is empty")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise UnreadablePage(f"it is {name}, not HTML")
    decoded = decode(data, content_type)
    text = decoded.text
    sample = data[:SAMPLE_BYTES]
    if decoded.source != "bom" and sample.count(0) > len(sample) // 4:
        text = _wide(data) or text
    # Whether a byte is there costs a tenth of a search for its character in text with any letter beyond Latin-1.
    _refuse_binary(text[:SAMPLE_BYTES], [chr(code) for code in _CONTROLS if code in sample])
    return text, decoded.encoding, decoded.flags


def _wide(data: bytes) -> str | None:
    """UTF-16 that says so neither by a mark nor in the header: every other byte of its markup is zero."""
    for codec, pattern in (("utf-16-le", b"<\x00"), ("utf-16-be", b"\x00<")):
        if pattern in data[:1024]:
            return data.decode(codec, "replace")
    return None


def _refuse_binary(sample: str, controls: list[str]) -> None:
    """Raise UnreadablePage where a text is full of these characters, or of what could not be decoded."""
    found = sum([sample.count(control) for control in controls])
    lost = sample.count("\ufffd") if "\ufffd" in sample else 0
    if found > MAX_CONTROL_SHARE * len(sample) or lost > 0.3 * len(sample):
        raise UnreadablePage("it is binary data, not text")
