"""WARC files made for the tests, with pages in our own words."""

from __future__ import annotations

import base64
import gzip
import hashlib
import struct
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import zstandard

SUBJECTS = ("The harbour office", "A choir of bakers", "The night bus", "The weather station", "An old lighthouse", "The village school")
VERBS = ("reopened", "lost its sign", "counted its visitors", "moved the fence", "bought a second bell", "painted the railings")
PLACES = (
    "beside the fish market",
    "on the northern slope",
    "behind the post office",
    "at the end of the pier",
    "near the mill",
    "in Quay Lane",
)
ENDINGS = (
    "and nobody complained about the noise", "while the council was still debating", "after eleven weeks of rain",
    "before the first ferry had left", "to the surprise of both neighbours", "with the help of forty volunteers",
)  # fmt: skip


def sentences(number: int, count: int = 4) -> str:
    """A paragraph of its own for each number."""
    found = []
    for step in range(count):
        n = number * 7 + step * 5
        found.append(
            f"{SUBJECTS[n % 6]} {VERBS[(n // 6 + step) % 6]} {PLACES[(n // 2) % 6]} {ENDINGS[(n // 3) % 6]}, as entry {number}-{step} says."
        )
    return " ".join(found)


def title(number: int) -> str:
    """The headline of an article page."""
    return f"{SUBJECTS[number % 6]} and the matter of entry {number}"


def article(number: int, *, heading: str | None = None, meta: str = "", extra: str = "") -> bytes:
    """An article page; the same number gives the same text."""
    heading = heading or title(number)
    paragraphs = "".join(f"<p>{sentences(number * 10 + place)}</p>" for place in range(5))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title>{meta}'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{heading}">'
        f'<meta property="article:published_time" content="2026-04-{1 + number % 28:02d}T08:00:00Z"></head>'
        f"<body><header><nav><a href='/'>Home</a> <a href='/sport/'>Sport</a></nav></header><main><article><h1>{heading}</h1>"
        f"{paragraphs}{extra}</article></main><footer><p>About us</p></footer></body></html>"
    ).encode()


def listing() -> bytes:
    """A page of links."""
    links = "".join(f"<li><a href='/news/{number}'>{SUBJECTS[number % 6]} {number}</a></li>" for number in range(40))
    return f"<!DOCTYPE html><html><head><title>News</title></head><body><h1>News</h1><ul>{links}</ul></body></html>".encode()


def http(body: bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """An HTTP answer."""
    named = [*([("Content-Type", kind)] if kind else []), *headers]
    if not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in named):
        named.append(("Content-Length", str(len(body))))
    return "\r\n".join([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named), "", ""]).encode() + body


def record(
    url: str | None, block: bytes, *, kind: str = "response", date: str = "2026-05-01T09:30:00Z", version: str = "1.0", digest: bool = True,
    length: int | None = None, more: Sequence[tuple[str, str]] = (),
) -> bytes:  # fmt: skip
    """A WARC record."""
    lines = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Date: {date}"]
    lines.append(f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {url} {date}')}>")
    if url is not None:
        lines.append(f"WARC-Target-URI: {url}")
    content = {"response": "application/http; msgtype=response", "request": "application/http; msgtype=request"}.get(
        kind, "application/warc-fields"
    )
    if not any(name == "Content-Type" for name, _ in more):
        lines.append(f"Content-Type: {content}")
    if digest:
        lines.append("WARC-Block-Digest: sha1:" + base64.b32encode(hashlib.sha1(block).digest()).decode())
    lines += [f"{name}: {value}" for name, value in more]
    lines.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def response(url: str, body: bytes, *, date: str = "2026-05-01T09:30:00Z", **more) -> bytes:
    """A record of a page."""
    return record(url, http(body, **more), date=date)


def plain(records: Iterable[bytes]) -> bytes:
    return b"".join(records)


def gzipped(records: Iterable[bytes]) -> bytes:
    """One gzip member a record."""
    return b"".join(gzip.compress(item, mtime=0) for item in records)


def gzipped_whole(records: Iterable[bytes]) -> bytes:
    """The whole file as one gzip member: against the specification, and seen."""
    return gzip.compress(b"".join(records), mtime=0)


def zstd(records: Iterable[bytes]) -> bytes:
    """One zstd frame a record."""
    return b"".join(zstandard.ZstdCompressor().compress(item) for item in records)


@cache
def _dictionary() -> bytes:
    return zstandard.train_dictionary(8192, [article(number) for number in range(200)]).as_bytes()


def zstd_with_dictionary(records: Iterable[bytes], *, pack: bool = False) -> bytes:
    """As the specification of .warc.zst has it: a skippable frame with the dictionary first."""
    items = list(records)
    data = _dictionary()
    dictionary = zstandard.ZstdCompressionDict(data)
    if pack:
        data = zstandard.ZstdCompressor().compress(data)
    packed = zstandard.ZstdCompressor(dict_data=dictionary)
    return struct.pack("<II", 0x184D2A5D, len(data)) + data + b"".join(packed.compress(item) for item in items)


FORMS: dict[str, tuple[str, Callable[[Iterable[bytes]], bytes]]] = {
    "plain": (".warc", plain),
    "gzip": (".warc.gz", gzipped),
    "gzip as a whole": (".warc.gz", gzipped_whole),
    "zstd": (".warc.zst", zstd),
    "zstd with a dictionary": (".warc.zst", zstd_with_dictionary),
    "zstd with a packed dictionary": (".warc.zst", lambda records: zstd_with_dictionary(records, pack=True)),
}

HOSTS = (
    "www.harbour-herald.example",
    "quayside.example",
    "bergpost.example",
    "gazette.hill.example",
    "isletimes.example",
    "news.mill.example",
)


def cc_news() -> list[bytes]:
    """Records like those of a CC-NEWS file: many hosts, requests beside answers, and pages that are no articles."""
    crawled = [("X-Crawl-Content-Encoding", "gzip"), ("X-Crawl-Transfer-Encoding", "chunked")]
    items = [record(None, b"software: test\r\nformat: WARC File Format 1.0\r\n", kind="warcinfo")]
    for number in range(36):
        url = f"https://{HOSTS[number % 6]}/news/2026/entry-{number}"
        date = f"2026-05-{1 + number // 6:02d}T0{number % 6}:15:00Z"
        items.append(record(url, f"GET /news/2026/entry-{number} HTTP/1.1\r\n\r\n".encode(), kind="request", date=date))
        items.append(record(url, http(article(number), headers=crawled), date=date))
        items.append(record(url, b"fetchTimeMs: 12\r\n", kind="metadata", date=date))
    host = HOSTS[0]
    items[4:4] = [
        record(f"https://{host}/", http(listing())),
        record(
            f"https://{host}/old-entry",
            http(b"", status="301 Moved Permanently", headers=[("Location", f"https://{host}/news/2026/entry-0")]),
        ),
        record(f"https://{host}/lost", http(b"<html><body><p>Not here.</p></body></html>", status="404 Not Found")),
        record(f"https://{host}/busy", http(b"later", status="503 Service Unavailable")),
        record(f"https://{host}/logo.png", http(b"\x89PNG\r\n\x1a\n0000", kind="image/png")),
        record(f"https://{host}/robots.txt", http(b"User-agent: *\nAllow: /\n", kind="text/plain")),
        record("dns:harbour-herald.example", b"20260501 127.0.0.1\n", kind="response", more=[("Content-Type", "text/dns")]),
        record(f"https://{host}/news/2026/again", http(b""), kind="revisit"),
        record(f"https://{host}/noai", http(article(70), headers=[("X-Robots-Tag", "noai")])),
        record(f"https://{host}/reserved", http(article(71, meta='<meta name="tdm-reservation" content="1">'))),
        record(f"https://{host}/copy-me-not", http(article(72, meta='<meta name="robots" content="noarchive">'))),
        record(f"https://{host}/cut", http(article(73)[:900]), more=[("WARC-Truncated", "length")]),
        record(f"https://{host}/empty", http(b"")),
    ]
    return items


CC_NEWS_OUTCOMES = {
    "stored": 37, "not_article": 1, "redirected": 1, "http_4xx": 1, "http_5xx": 1, "opted_out": 2, "truncated": 1, "unreadable": 1,
}  # fmt: skip
"""Of `cc_news`, by address."""
