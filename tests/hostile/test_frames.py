"""Frames between the pool and its workers: they survive any cut into pieces, and what is no frame is refused at once."""

import io
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.model.candidate import Candidate
from newsarchive.model.page import Page
from newsarchive.workers import frames
from newsarchive.workers.frames import Frame, FrameDecoder, FrameError, encode, read_frame
from newsarchive.workers.job import Job, Result
from newsarchive.workers.records import job_frame, job_of, result_frame, result_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
FRAME = st.builds(Frame, st.dictionaries(st.text(), JSON, max_size=4), st.binary(max_size=200))


@settings(deadline=None)
@given(st.lists(FRAME, max_size=4), st.lists(st.integers(1, 60), min_size=1))
def test_frames_come_out_as_they_went_in_however_the_pipe_cuts_them(sent, cuts):
    data = b"".join(map(encode, sent))
    decoder, received, at, turn = FrameDecoder(), [], 0, 0
    while at < len(data):
        size = cuts[turn % len(cuts)]
        received += decoder.feed(data[at : at + size])
        at, turn = at + size, turn + 1
    assert received == sent
    stream = io.BytesIO(data)
    assert [read_frame(stream) for _ in sent] == sent
    assert read_frame(stream) is None


@given(st.binary(min_size=12, max_size=300))
def test_bytes_that_are_no_frame_are_refused(junk):
    if junk.startswith(b"NRF1"):
        return
    with pytest.raises(FrameError):
        list(FrameDecoder().feed(junk))
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(junk))


@pytest.mark.parametrize("sizes", [(frames.MAX_HEADER_BYTES + 1, 0), (2, frames.MAX_BODY_BYTES + 1), (2**32 - 1, 2**32 - 1)])
def test_sizes_over_the_limit_are_refused_before_anything_is_read(sizes):
    with pytest.raises(FrameError, match="limit"):
        list(FrameDecoder().feed(struct.pack(">4sII", b"NRF1", *sizes)))


@pytest.mark.parametrize("header", [b"not json", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_header_that_is_no_json_object_is_refused(header):
    with pytest.raises(FrameError, match="header"):
        list(FrameDecoder().feed(struct.pack(">4sII", b"NRF1", len(header), 0) + header))


def test_a_stream_that_ends_inside_a_frame_is_refused():
    data = encode(Frame({"a": 1}, b"body"))
    for end in range(1, len(data)):
        with pytest.raises(FrameError, match="inside"):
            read_frame(io.BytesIO(data[:end]))


def test_jobs_and_results_come_back_whole():
    page = Page(
        url="http://demo.example/a", final_url="http://demo.example/b", status=203, headers={"content-type": "text/html"}, body=b"\x00\xff",
        fetched_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
    )  # fmt: skip
    job = Job(page=page, kind="feed", depth=3, site_blocks=["Sign up"])
    assert job_of(job_frame(job, 7)) == job
    found = [Candidate(url="http://demo.example/c", kind="feed", found_by="link", depth=2, title="é \ud83d", date_published="2026-11-20")]
    result = Result(kind="feed", candidates=found, detail="broken", opt_outs=("noai",))
    (frame,) = FrameDecoder().feed(encode(result_frame(result, 7)))
    assert result_of(frame) == result
