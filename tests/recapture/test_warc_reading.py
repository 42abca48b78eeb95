"""WARC files, whole and damaged: what is whole comes in, what is not is told with its place."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
import warc_samples as samples
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.recapture.files import open_regular
from newsarchive.recapture.members import Damaged, container_of
from newsarchive.recapture.warc import MAX_KEPT_BYTES, Fault, Record, read_record_at, read_records

URLS = [f"https://quayside.example/{number}" for number in range(12)]
RECORDS = [samples.response(url, samples.article(number)) for number, url in enumerate(URLS)]


def read(path: Path, data: bytes, after: tuple[int, int] | None = None) -> list[Record | Fault]:
    path.write_bytes(data)
    with open_regular(path) as file:
        container = container_of(file.window())
        assert container is not None
        return list(read_records(container, after))


def found_urls(found: list[Record | Fault]) -> list[str]:
    return [item.headers["warc-target-uri"] for item in found if isinstance(item, Record)]


def faults(found: list[Record | Fault]) -> list[Fault]:
    return [item for item in found if isinstance(item, Fault)]


@pytest.mark.parametrize("form", samples.FORMS)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_every_form_gives_the_same_records(tmp_path, form, version):
    date = "2026-05-01T09:30:00Z" if version == "1.0" else "2026-05-01T09:30:00.123456Z"
    records = [samples.record(url, samples.http(samples.article(n)), date=date, version=version) for n, url in enumerate(URLS)]
    found = read(tmp_path / "a.warc", samples.FORMS[form][1](records))
    assert found_urls(found) == URLS
    assert not faults(found)
    assert [item.block for item in found] == [samples.http(samples.article(n)) for n in range(12)]


@pytest.mark.parametrize("form", samples.FORMS)
def test_reading_can_be_taken_up_behind_every_record(tmp_path, form):
    data = samples.FORMS[form][1](RECORDS)
    whole = read(tmp_path / "a.warc", data)
    for number, item in enumerate(whole):
        assert found_urls(read(tmp_path / "a.warc", data, item.place)) == URLS[number + 1 :]


def damage(form: str, kind: str) -> tuple[bytes, set[str]]:
    """A damaged file, and the addresses of the records that the damage is in."""
    pack = samples.FORMS[form][1]
    before, hit, behind = pack(RECORDS[:5]), pack(RECORDS[5:6]), pack(RECORDS[6:])
    if "dictionary" in form:
        whole, head = pack(RECORDS), pack([])
        sizes = [len(pack([item])) - len(head) for item in RECORDS]
        at = len(head) + sum(sizes[:5])
        before, hit, behind = whole[:at], whole[at : at + sizes[5]], whole[at + sizes[5] :]
    noise = random.Random(7).randbytes(5000)
    match kind:
        case "garbage between":
            return before + noise + hit + behind, set()
        case "garbage before and after":
            return before + noise + hit + noise + behind, set()
        case "overwritten":
            return before + hit[:400] + b"\x00\xff\x13garbage" + hit[410:] + behind, {URLS[5]}
        case "bytes lost":
            return before + hit[: len(hit) // 2] + hit[len(hit) // 2 + 60 :] + behind, {URLS[5]}
        case "cut in the middle":
            return before + hit[: len(hit) // 2] + behind, {URLS[5]}
        case "zeros":
            return before + bytes(4096) + hit + behind, set()
        case "cut at the end":
            return (before + hit + behind)[:-30], {URLS[11]}
    raise AssertionError(kind)


DAMAGES = ("garbage between", "garbage before and after", "overwritten", "bytes lost", "cut in the middle", "zeros", "cut at the end")


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("form", [form for form in samples.FORMS if form != "gzip as a whole"])
def test_good_records_before_and_behind_a_fault_come_in(tmp_path, form, kind):
    data, lost = damage(form, kind)
    found = read(tmp_path / "a.warc", data)
    assert set(found_urls(found)) == set(URLS) - lost
    assert len(found_urls(found)) == len(URLS) - len(lost)
    assert 1 <= len(faults(found)) <= 2
    assert all(0 < fault.offset < len(data) and fault.reason for fault in faults(found))


def test_of_a_file_compressed_as_a_whole_the_part_before_the_fault_comes_in(tmp_path):
    data = samples.gzipped_whole([*RECORDS, samples.record("https://quayside.example/noise", random.Random(1).randbytes(20000))])
    found = read(tmp_path / "a.warc", data[: len(data) - 5000])
    assert found_urls(found) == URLS
    assert len(faults(found)) == 1


@pytest.mark.parametrize("kind", DAMAGES)
def test_reading_taken_up_behind_a_fault_does_not_tell_it_again(tmp_path, kind):
    data, _ = damage("gzip", kind)
    whole = read(tmp_path / "a.warc", data)
    for number, item in enumerate(whole):
        assert read(tmp_path / "a.warc", data, item.place) == whole[number + 1 :]


@pytest.mark.parametrize("pack", [samples.plain, samples.gzipped])
def test_a_gigantic_length_costs_one_record_and_no_time(tmp_path, pack):
    liar = samples.record(URLS[5], b"short", length=10**15, digest=False)
    found = read(tmp_path / "a.warc", pack([*RECORDS[:5], liar, *RECORDS[6:]]))
    assert found_urls(found) == URLS[:5] + URLS[6:]
    assert [fault.reason for fault in faults(found)] == ["it announces 1000000000000000 bytes, which are not there"]


@pytest.mark.parametrize("length", ["-5", "ten", "", "9" * 30, "0x10"])
def test_a_length_that_is_none_costs_one_record(tmp_path, length):
    liar = RECORDS[5].replace(
        f"Content-Length: {len(samples.http(samples.article(5)))}\r\n\r\nHTTP".encode(), f"Content-Length: {length}\r\n\r\nHTTP".encode()
    )
    assert liar != RECORDS[5]
    found = read(tmp_path / "a.warc.gz", samples.gzipped([*RECORDS[:5], liar, *RECORDS[6:]]))
    assert found_urls(found) == URLS[:5] + URLS[6:]
    assert len(faults(found)) == 1


def test_a_large_record_is_passed_over_without_being_held(tmp_path):
    film = samples.record("https://quayside.example/film", samples.http(bytes(40 * 1024 * 1024), kind="video/mp4"), digest=False)
    found = read(tmp_path / "a.warc.gz", samples.gzipped([RECORDS[0], film, RECORDS[1]]))
    assert [len(item.block) <= MAX_KEPT_BYTES for item in found] == [True] * 3
    assert [item.is_cut for item in found] == [False, True, False]


def test_a_bomb_ends_in_a_fault(tmp_path, monkeypatch):
    from newsarchive.recapture import warc

    monkeypatch.setattr(warc, "INFLATED_BASE", 1024 * 1024)
    bomb = samples.record("https://quayside.example/bomb", bytes(64 * 1024 * 1024), kind="resource", digest=False)
    found = read(tmp_path / "a.warc.gz", samples.gzipped([RECORDS[0], bomb, bomb, RECORDS[1]]))
    assert found_urls(found)[0] == URLS[0]
    assert faults(found)[-1].reason.endswith("it holds too much for its size")


def test_an_endless_zstd_frame_gives_bounded_pieces(tmp_path):
    import zstandard

    from newsarchive.recapture.members import ZSTD_SLICE_BYTES

    path = tmp_path / "a.warc.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(b"WARC/1.0\r\n" + bytes(512 * 1024 * 1024)))
    with open_regular(path) as file:
        member = container_of(file.window()).open(0)
        assert max(len(member.read(4096)) for _ in range(4)) <= ZSTD_SLICE_BYTES // 4 * 128 * 1024


def test_an_index_finds_the_record_at_its_offset(tmp_path):
    path = tmp_path / "a.warc.gz"
    parts = [gzip.compress(item, mtime=0) for item in RECORDS]
    path.write_bytes(b"".join(parts))
    with open_regular(path) as file:
        container = container_of(file.window())
        for number in (0, 7, 11):
            assert read_record_at(container, sum(map(len, parts[:number]))).headers["warc-target-uri"] == URLS[number]
        assert isinstance(read_record_at(container, 17), Fault)
        assert isinstance(read_record_at(container, 10**12), Fault)


def test_what_is_no_warc_is_not_taken_for_one(tmp_path):
    for data in (b"", b"<html>", b"PK\x03\x04 zip", b"WAR", bytes(100)):
        path = tmp_path / "a"
        path.write_bytes(data)
        with open_regular(path) as file:
            assert container_of(file.window()) is None


@settings(max_examples=60, deadline=None)
@given(form=st.sampled_from(sorted(samples.FORMS)), seed=st.integers(0, 10**6), holes=st.integers(1, 4))
def test_no_damage_stops_the_reading(tmp_path_factory, form, seed, holes):
    chance = random.Random(seed)
    data = bytearray(samples.FORMS[form][1](RECORDS))
    for _ in range(holes):
        at, size = chance.randrange(8, len(data)), chance.randrange(1, 2000)
        match chance.randrange(3):
            case 0:
                data[at : at + size] = chance.randbytes(size)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = chance.randbytes(size)
    try:
        found = read(tmp_path_factory.mktemp("fuzz") / "a.warc", bytes(data))
    except Damaged:
        assert "dictionary" in form
        return
    offsets = [item.offset for item in found]
    assert offsets == sorted(offsets)
    if form == "gzip":  # the form with checksums
        whole = {url: samples.http(samples.article(number)) for number, url in enumerate(URLS)}
        assert all(whole[item.headers["warc-target-uri"]] == item.block for item in found if isinstance(item, Record))
        assert len(found_urls(found)) + 3 * holes >= len(URLS)
