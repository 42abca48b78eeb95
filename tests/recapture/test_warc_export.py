"""Stored pages as WARC: other programs read them, and an empty archive that takes them in is the same."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
import warc_samples as samples
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from program import Program, record
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newsarchive.archive.kept_pages import PageSelection
from newsarchive.archive.merge import merge
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.errors import ArchiveReadOnly, ConfigurationError
from newsarchive.export.warc import export_warc

RESERVED = "https://www.harbour-herald.example/copy-me-not"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An archive with an edited article, one that was changed back, a redirected address and a page that is not to be copied."""
    program = Program(tmp_path_factory.mktemp("source"))
    edits = [
        samples.response("https://quayside.example/edited", samples.article(80, extra=extra), date=f"2026-05-1{day}T00:00:00Z")
        for day, extra in enumerate(("", "<p>A correction stands below the text now, as readers asked.</p>", ""))
    ]
    canonical = '<link rel="canonical" href="https://quayside.example/edited">'
    copies = [samples.response("https://quayside.example/edited?page=2", samples.article(80, meta=canonical), date="2026-05-20T00:00:00Z")]
    path = program.folder / "a.warc.gz"
    path.write_bytes(samples.gzipped([*samples.cc_news(), *edits, *copies]))
    report = program.take_in(path)
    assert report["outcomes"]["stored"] == samples.CC_NEWS_OUTCOMES["stored"] + 1
    return program


@pytest.fixture(scope="module")
def exported(source: Program) -> Path:
    path = source.folder / "out.warc.gz"
    done = export_warc(source.archive, path, PageSelection())
    assert (done.records, done.reserved, done.size) == (40, 1, path.stat().st_size)
    return path


def pages_of(source: Program) -> dict[tuple[str, str], str]:
    rows = source.query("SELECT url, fetched_at, raw_sha256 FROM fetch WHERE raw_id IS NOT NULL AND url<>?", RESERVED)
    return {(url, moment): digest for url, moment, digest in rows}


def test_warcio_reads_what_was_written(exported, source):
    from hashlib import sha256

    found = {}
    with exported.open("rb") as file:
        for item in ArchiveIterator(file, check_digests="raise"):
            if item.rec_type == "response":
                assert item.http_headers.get_statuscode() == "200"
                url, moment = (item.rec_headers.get_header(name) for name in ("WARC-Target-URI", "WARC-Date"))
                found[url, moment] = sha256(item.content_stream().read()).hexdigest()
    assert found == pages_of(source)


def test_fastwarc_reads_what_was_written_and_finds_its_digests_right(exported, source):
    found = set()
    with exported.open("rb") as file:
        for item in FastIterator(file, parse_http=False, record_types=WarcRecordType.response):
            assert item.verify_block_digest()
            item.parse_http()
            assert item.http_content_type == "text/html"
            found.add((item.headers["WARC-Target-URI"], item.headers["WARC-Date"]))
    assert found == set(pages_of(source))


def test_warcio_checks_the_file_and_finds_nothing_wrong(exported, capsys):
    class Request:
        inputs = (str(exported),)
        verbose = True

    checker = Checker(Request())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


def test_an_empty_archive_that_takes_in_an_export_is_the_same(exported, source, tmp_path):
    program = Program(tmp_path)
    assert program.take_in(exported)["faults"] == 0
    named = {row[0] for row in source.query("SELECT article_id FROM article WHERE source_url=?", RESERVED)}
    digests = {row[0] for row in source.query("SELECT raw_sha256 FROM fetch WHERE url=?", RESERVED)}
    kept = [line for line in record(source.archive) if not any(word in line for word in named | digests) or line.startswith("cluster ")]
    assert [line for line in record(program.archive) if not line.startswith("cluster ")] == [
        line for line in kept if not line.startswith("cluster ")
    ]
    assert program.query("SELECT count(*) FROM article_revision") == [(2,)]
    assert verify(program.archive).is_sound


def test_the_same_pages_give_the_same_file(exported, source, tmp_path):
    again = tmp_path / exported.name
    export_warc(source.archive, again, PageSelection())
    assert again.read_bytes() == exported.read_bytes()


def test_only_what_was_asked_for_is_written(source, tmp_path):
    path = tmp_path / "some.warc"
    assert export_warc(source.archive, path, PageSelection(site="bergpost.example")).records == 6
    assert path.read_bytes().startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    assert export_warc(source.archive, path, PageSelection(since="2026-05-10T00:00:00Z")).records == 4
    assert export_warc(source.archive, path, PageSelection(condition="url LIKE '%/edited'")).records == 3
    with path.open("rb") as file:
        assert sum(item.rec_type == "response" for item in ArchiveIterator(file)) == 3


def test_a_failed_export_leaves_nothing_and_the_former_file_whole(source, tmp_path, monkeypatch):
    path = tmp_path / "out.warc.gz"
    path.write_bytes(b"former")

    def fail(done: int, total: int) -> None:
        if done == 3:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export_warc(source.archive, path, PageSelection(), fail)
    assert [item.name for item in tmp_path.iterdir()] == ["out.warc.gz"]
    assert path.read_bytes() == b"former"
    with pytest.raises(ConfigurationError):
        export_warc(source.archive, tmp_path / "out.zip", PageSelection())
    with pytest.raises(ArchiveReadOnly, match="make that folder first"):
        export_warc(source.archive, tmp_path / "none" / "out.warc.gz", PageSelection())
    with pytest.raises(ConfigurationError, match="cannot be read"):
        export_warc(source.archive, path, PageSelection(condition="url LIKE"))


def test_a_redirected_pages_asked_address_survives(tmp_path):
    from newsarchive.export.warc import response_record
    from newsarchive.model.page import Page
    from newsarchive.recapture.entries import entry_of
    from newsarchive.recapture.files import open_regular
    from newsarchive.recapture.members import container_of
    from newsarchive.recapture.warc import read_records

    moment = datetime.fromisoformat("2026-05-01T09:30:00+00:00")
    headers = {"content-type": "text/html", "x-robots-tag": "nosnippet", "content-length": "7"}
    page = Page(
        url="https://quayside.example/a", final_url="https://quayside.example/b", body=b"<p>Text", headers=headers, fetched_at=moment
    )
    path = tmp_path / "a.warc"
    path.write_bytes(response_record(page))
    with open_regular(path) as file:
        (found,) = read_records(container_of(file.window()))
    assert entry_of(found, moment).page == page
    assert next(iter(ArchiveIterator(io.BytesIO(response_record(page))))).rec_headers.get_header("WARC-Target-URI") == page.final_url


def test_shards_a_cc_news_file_and_a_damaged_copy_end_in_one_sound_archive(source, tmp_path):
    """Two crawlers' shards are merged, then the collection and its damaged copy come in."""
    items = samples.cc_news()
    shards = []
    for name, part in (("east", items[:70]), ("west", items[50:])):
        shard = Program(tmp_path / name)
        shard.folder.mkdir()
        path = shard.folder / "part.warc.gz"
        path.write_bytes(samples.gzipped(part))
        shard.take_in(path)
        shards.append(shard.archive)
    program = Program(tmp_path)
    with Store(program.archive) as store:
        merge(store, shards)
    assert verify(program.archive).is_sound
    merged = record(program.archive)
    whole = samples.gzipped(items)
    for name, data in (("whole", whole), ("damaged", whole[: len(whole) // 2] + b"noise" * 300 + whole[len(whole) // 2 + 900 :])):
        (tmp_path / f"{name}.warc.gz").write_bytes(data)
        report = program.take_in(tmp_path / f"{name}.warc.gz")
        assert (report["known"], report["faults"] > 0) == (report["pages"], name == "damaged")
        assert record(program.archive) == merged
    assert verify(program.archive).is_sound
