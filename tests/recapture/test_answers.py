"""HTTP answers in records: codings undone, cut bodies told, bombs stopped."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import warc_samples as samples
import zstandard

from newsarchive.model.outcome import Outcome
from newsarchive.recapture.answers import MAX_PAGE_BYTES, content_of, parse_answer

PAGE = samples.article(3)


def chunked(body: bytes, size: int = 700) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(body) + pack.flush()


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def content(body: bytes, *headers: tuple[str, str], **more):
    answer = parse_answer(samples.http(body, headers=headers))
    assert answer is not None
    return content_of(answer, **more)


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_codings_are_undone(name, is_chunked):
    body, headers = CODINGS[name](PAGE), [("Content-Encoding", name)]
    if is_chunked:
        body, headers = chunked(body), [*headers, ("Transfer-Encoding", "chunked")]
    found = content(body, *headers)
    assert (found.trouble, found.body) == (None, PAGE)


def test_codings_on_top_of_each_other_are_undone():
    assert content(gzip.compress(brotli.compress(PAGE)), ("Content-Encoding", "br, gzip")).body == PAGE


@pytest.mark.parametrize("name", [*CODINGS, "aes128gcm"])
def test_headers_of_codings_that_the_collector_undid_do_no_harm(name):
    found = content(PAGE, ("Content-Encoding", name), ("Transfer-Encoding", "chunked"))
    assert (found.trouble, found.body) == (None, PAGE)


@pytest.mark.parametrize("name", CODINGS)
def test_a_compressed_body_that_was_cut_is_truncated(name):
    packed = CODINGS[name](PAGE)
    assert content(packed[: len(packed) * 2 // 3], ("Content-Encoding", name)).trouble in (Outcome.TRUNCATED, Outcome.UNREADABLE)


def test_cut_bodies_are_never_taken_for_whole_ones():
    assert content(PAGE[:500], ("Content-Length", str(len(PAGE)))).trouble is Outcome.TRUNCATED
    assert content(chunked(PAGE)[:1500], ("Transfer-Encoding", "chunked")).trouble is Outcome.TRUNCATED
    assert content(chunked(PAGE)[:-5], ("Transfer-Encoding", "chunked")).trouble is Outcome.TRUNCATED


@pytest.mark.parametrize("name", CODINGS)
def test_a_bomb_is_too_large_and_never_unpacked_whole(name):
    assert content(CODINGS[name](bytes(MAX_PAGE_BYTES * 8)), ("Content-Encoding", name)).trouble is Outcome.TOO_LARGE


def test_a_page_of_the_limit_is_read_and_a_larger_one_is_not():
    assert content(bytes(MAX_PAGE_BYTES)).trouble is None
    assert content(bytes(MAX_PAGE_BYTES + 1)).trouble is Outcome.TOO_LARGE
    assert content(b"<p>", is_cut=True).trouble is Outcome.TOO_LARGE


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_damaged_compression_is_unreadable(name):
    packed = bytearray(CODINGS[name](PAGE))
    packed[20:60] = bytes(range(40))
    assert content(bytes(packed), ("Content-Encoding", name)).trouble in (Outcome.UNREADABLE, Outcome.TRUNCATED)


def test_forty_codings_are_not_undone():
    assert content(PAGE, ("Content-Encoding", ",".join(["gzip"] * 40))).trouble is Outcome.UNREADABLE


def test_an_answer_is_read_by_its_first_line_and_headers():
    answer = parse_answer(b"HTTP/1.0 404 \nX-A: one\n  two\nSet-Cookie: x=1\nno header\n\nbody\n\n")
    assert answer is not None
    assert (answer.status, answer.header("x-a"), answer.body) == (404, "one two", b"body\n\n")
    assert parse_answer(b"SSH-2.0-OpenSSH\r\n") is None
    assert parse_answer(b"") is None
    assert parse_answer(b"HTTP/1.1 200 OK").body == b""
