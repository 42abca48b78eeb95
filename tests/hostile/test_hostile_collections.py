"""Collections made to harm: they end in a sentence or in counted faults, in bounded time and memory."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsarchive.errors import NoSuchFile, NotACollection
from newsarchive.recapture import wacz
from newsarchive.recapture.cdx import read_index
from newsarchive.recapture.collections import Wanted, open_collections, total_size
from newsarchive.recapture.files import open_inside, open_regular
from newsarchive.recapture.folder import FolderCollection

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-05-01T09:30:00Z\r\nWARC-Target-URI: https://quayside.example/a\r\n"
    b"Content-Length: 47\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\r\n\r\n"
)


def entries(*sources: Path, **more: Path) -> list[object]:
    wanted = Wanted(sources=sources, **more)
    total_size(wanted)
    return [entry for collection in open_collections(wanted, NOW) for entry in collection.entries(None)]


def test_links_pipes_folders_and_devices_are_refused_by_name(tmp_path):
    file = tmp_path / "a.warc"
    file.write_bytes(RECORD)
    (tmp_path / "link.warc").symlink_to(file)
    os.mkfifo(tmp_path / "pipe.warc")
    for name, words in (("link.warc", "symbolic link"), ("pipe.warc", "a pipe"), ("none.warc", "No such file")):
        with pytest.raises(NoSuchFile, match=words):
            entries(tmp_path / name)
    with pytest.raises(NoSuchFile, match="a device"):
        entries(Path("/dev/zero"))
    assert len(entries(file)) == 1


def test_a_folder_with_loops_ends(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "a" / "x.warc").write_bytes(RECORD)
    (tmp_path / "a" / "y.warc").symlink_to(tmp_path / "a" / "x.warc")
    assert len(entries(tmp_path)) == 1
    (tmp_path / "a" / "x.warc").unlink()
    with pytest.raises(NotACollection, match="--map"):
        entries(tmp_path)


@pytest.mark.parametrize(
    "name", ["../secret.html", "/etc/hostname", "sub/../../secret.html", "link.html", "out/secret.html", "", "a\0b", "pipe"]
)
def test_a_map_leads_nowhere_else(tmp_path, name):
    folder = tmp_path / "pages"
    folder.mkdir()
    (tmp_path / "secret.html").write_text("<p>secret")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    with pytest.raises(NoSuchFile):
        open_inside(folder, name)


def test_lines_of_a_map_that_lead_out_are_counted_and_the_others_come_in(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (tmp_path / "secret.html").write_text("<p>secret")
    (folder / "a.html").write_text("<p>Good")
    (folder / "large.html").write_bytes(bytes(9 * 1024 * 1024))
    rows = "../secret.html,https://a.example/1\na.html,ftp://a.example/2\na.html,https://a.example/3\nlarge.html,https://a.example/4\n"
    (tmp_path / "map.csv").write_text(rows)
    found = entries(folder, url_map=tmp_path / "map.csv")
    assert [entry.fault is not None for entry in found] == [True, True, False, False]
    assert [entry.trouble for entry in found] == [None, None, None, "too_large"]


def test_addresses_and_names_that_are_no_text_are_counted(tmp_path):
    (tmp_path / "a.html").write_text("<p>Good")
    lines = [r'{"file": "a.html", "url": "https://a.example/\ud800"}', r'{"file": "\ud800", "url": "https://a.example/"}']
    lines += [r'{"file": "a.html", "url": "http://[::"}', '{"file": "a.html", "url": "https://a.example/ok"}']
    (tmp_path / "map.jsonl").write_text("\n".join(lines))
    found = entries(tmp_path, url_map=tmp_path / "map.jsonl")
    assert [entry.fault is None for entry in found] == [False, False, False, True]


@pytest.mark.parametrize("text", ["", "file,url\n", "{}", "{" * 100000, '{"file": 1}\n[]', "a,b\nc", '"' + "x" * 200000])
def test_a_map_that_makes_no_sense_gets_a_sentence(tmp_path, text):
    (tmp_path / "map").write_text(text)
    with pytest.raises(NotACollection):
        FolderCollection(tmp_path, tmp_path / "map", NOW)


def zipped(path: Path, members: dict[str, bytes], method: int) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_a_zip_bomb_ends_in_a_sentence_before_it_fills_the_disk(tmp_path):
    path = zipped(tmp_path / "bomb.wacz", {"archive/a.warc": bytes(200 * 1024 * 1024)}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 300_000
    with pytest.raises(NotACollection, match="unpacks to more than"):
        entries(path)


@pytest.mark.parametrize("name", ["../../etc/a.warc", "/etc/a.warc", "archive/../../a.warc", "C:\\a.warc"])
def test_names_in_a_zip_are_never_used_as_paths(tmp_path, name):
    inside = tmp_path / "here"
    inside.mkdir()
    path = zipped(inside / "a.wacz", {name: RECORD}, zipfile.ZIP_DEFLATED)
    before = sorted(tmp_path.rglob("*"))
    assert len(entries(path)) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_zips_that_lie_about_themselves_get_a_sentence(tmp_path, monkeypatch):
    whole = zipped(tmp_path / "a.wacz", {"archive/a.warc": RECORD * 50}, zipfile.ZIP_STORED).read_bytes()
    end = whole.rfind(b"PK\x05\x06")
    wrong = {
        "cut": whole[: len(whole) // 2],
        "directory elsewhere": whole[: end + 16] + struct.pack("<I", 0xFFFFFFF0) + whole[end + 20 :],
        "gigantic directory": whole[: end + 12] + struct.pack("<I", 0xFFFFFFF0) + whole[end + 16 :],
        "no members": whole[:4] + whole[end:],
        "no WARC": zipped(tmp_path / "b.wacz", {"pages.html": b"<p>"}, zipfile.ZIP_STORED).read_bytes(),
        "damaged deflate": zipped(tmp_path / "c.wacz", {"archive/a.warc": RECORD * 50}, zipfile.ZIP_DEFLATED)
        .read_bytes()
        .replace(RECORD[:4], b"!!!!"),
    }
    packed = bytearray(wrong["damaged deflate"])
    packed[50:80] = bytes(30)
    wrong["damaged deflate"] = bytes(packed)
    for name, data in wrong.items():
        path = tmp_path / "wrong.wacz"
        path.write_bytes(data)
        with pytest.raises(NotACollection):
            pytest.fail(f"{name}: {len(entries(path))} entries")
    monkeypatch.setattr(wacz, "MAX_DIRECTORY_BYTES", 10)
    (tmp_path / "wrong.wacz").write_bytes(whole)
    with pytest.raises(NotACollection, match="over the limit"):
        entries(tmp_path / "wrong.wacz")


def test_overlapping_members_are_read_but_not_beyond_the_file(tmp_path):
    path = zipped(tmp_path / "a.wacz", {"archive/a.warc": RECORD * 3}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 20 : place + 28] = struct.pack("<II", 2**31, 2**31)
    path.write_bytes(data)
    with open_regular(path) as file:
        found = [entry for collection in open_collections(Wanted(sources=[path]), NOW) for entry in collection.entries(None)]
        assert sum(entry.page is not None or entry.passed is not None for entry in found) == 3
        assert file.size == len(data)


@pytest.mark.parametrize(
    "text", ["", "\n" * 1000, "nothing here", "x" * 10**6, '{"filename": 3}', " CDX V\nabc", " CDX g V\nname -1", "{" * 50000]
)
def test_an_index_that_names_nothing_gets_a_sentence(tmp_path, text):
    (tmp_path / "a.cdxj").write_text(text)
    with pytest.raises(NotACollection):
        read_index(tmp_path / "a.cdxj")


def test_an_index_leads_nowhere_else_and_its_wrong_offsets_are_counted(tmp_path):
    inside = tmp_path / "here"
    inside.mkdir()
    (tmp_path / "a.warc").write_bytes(RECORD)
    (inside / "a.cdxj").write_text('k 1 {"filename": "../a.warc", "offset": "0"}\n')
    with pytest.raises(NoSuchFile):
        entries(inside / "a.cdxj")
    (inside / "b.warc").write_bytes(RECORD * 2)
    lines = [f'k 1 {{"filename": "b.warc", "offset": "{offset}"}}' for offset in (0, len(RECORD), 7, 10**15)]
    (inside / "b.cdxj").write_text("\n".join(lines))
    assert [entry.fault is None for entry in entries(inside / "b.cdxj")] == [True, False, True, False]


MEMORY = """
import resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from newsarchive.recapture.collections import Wanted, open_collections
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
kinds = []
for collection in open_collections(Wanted(sources=[Path(sys.argv[1])]), datetime(2026, 6, 1, tzinfo=UTC)):
    for entry in collection.entries(None):
        kinds.append("fault" if entry.fault else "other")
print(len(kinds), kinds.count("fault"), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, time.process_time() - started)
"""


def many_liars() -> bytes:
    """Records that each announce nearly the whole rest of the file."""
    count, size = 4000, 150
    total = count * size
    found = b""
    for number in range(count):
        head = b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: %d\r\n\r\n" % (
            total - number * size - 200 if total - number * size > 400 else 1
        )
        found += head + b"x" * (size - len(head))
    return found


def nested_gzip() -> bytes:
    import gzip

    record = RECORD.replace(b"Content-Length: 47", b"Content-Length: 67108864") + bytes(64 * 1024 * 1024)
    return gzip.compress(record) * 6


def false_starts() -> bytes:
    import gzip

    return gzip.compress(RECORD) + b"\x1f\x8b\x08\x00" * 200_000 + gzip.compress(RECORD)


@pytest.mark.parametrize("make", [many_liars, nested_gzip, false_starts])
def test_hostile_files_cost_bounded_time_and_memory(tmp_path, make):
    path = tmp_path / ("a.warc" if make is many_liars else "a.warc.gz")
    path.write_bytes(make())
    done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, timeout=120, check=True)
    _, faults, kilobytes, seconds = done.stdout.split()
    assert int(faults) >= 1
    assert int(kilobytes) < 200_000
    assert float(seconds) < 30
