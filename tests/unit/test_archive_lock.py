"""One writer an archive; other files are left alone; errors are sentences."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from archive_samples import PLAN, SITE, article

from newsarchive.archive.lock import WriterLock, lock_path, who_writes
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.errors import ArchiveBusy, ArchiveCorrupt, ArchiveNewer, ArchiveReadOnly, DiskFull, LockHeld, NotAnArchive, NotInArchive

HOLD = "import sys\nfrom newsarchive.archive.store import Store\ns = Store(sys.argv[1])\nprint('held', flush=True)\nsys.stdin.read()\n"


def listing(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_a_second_writer_is_told_who_holds_the_archive_and_touches_nothing(tmp_path):
    path = tmp_path / "a.db"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline() == b"held\n"
        before = listing(tmp_path)
        with pytest.raises(LockHeld, match=f"process {holder.pid} on .* since 20.*Wait"):
            Store(path)
        assert listing(tmp_path) == before
        assert who_writes(path).pid == holder.pid
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert who_writes(path) is None
        Store(path).close()
    finally:
        holder.kill()
        holder.communicate()


def test_the_lock_ends_with_the_store_even_after_an_error(tmp_path):
    path = tmp_path / "a.db"
    with pytest.raises(RuntimeError), Store(path):
        raise RuntimeError
    Store(path).close()
    assert json.loads(lock_path(path).read_text())["pid"] == os.getpid()


def test_a_lock_file_without_a_name_still_holds(tmp_path):
    with WriterLock(tmp_path / "a.db"):
        lock_path(tmp_path / "a.db").write_text("")
        with pytest.raises(LockHeld, match="another process"):
            WriterLock(tmp_path / "a.db")


@pytest.mark.parametrize("content", [b"hello, this is a letter", b"SQLite format 3\x00" + b"\x07" * 600, b"\x00" * 200])
def test_a_file_that_is_no_archive_is_left_as_it_was(tmp_path, content):
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    for attempt in (Store, open_archive):
        with pytest.raises(NotAnArchive, match="is not a newsarchive archive"):
            attempt(path)
    assert listing(tmp_path) == {"letter.txt": content}


def test_somebody_elses_database_is_left_as_it_was(tmp_path):
    path = tmp_path / "theirs.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes(text)")
    connection.commit()
    connection.close()
    before = listing(tmp_path)
    for attempt in (Store, open_archive):
        with pytest.raises(NotAnArchive):
            attempt(path)
    assert listing(tmp_path) == before


def test_a_folder_is_no_archive(tmp_path):
    for attempt in (Store, open_archive):
        with pytest.raises(NotAnArchive, match="is a folder"):
            attempt(tmp_path)


def test_a_newer_archive_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "a.db"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    for attempt in (Store, open_archive):
        with pytest.raises(ArchiveNewer, match=r"schema version 99.*Upgrade newsarchive to 0\.1\.0 or newer"):
            attempt(path)


@pytest.mark.parametrize("said", [None, "\x1b[31mred", "x" * 500, 7])
def test_a_newer_archive_may_say_anything_about_the_version_it_needs(tmp_path, said):
    path = tmp_path / "a.db"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE archive_info SET value=? WHERE key='needs_newsarchive'", (said,))
    connection.execute("PRAGMA user_version=99")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveNewer, match=r"Upgrade newsarchive( to 7 or newer)? to open it"):
        open_archive(path)


def test_a_missing_archive_is_not_made_for_reading(tmp_path):
    with pytest.raises(NotInArchive, match="newsarchive crawl"):
        open_archive(tmp_path / "none.db")
    with pytest.raises(NotInArchive):
        Store(tmp_path / "none.db", create=False)
    assert listing(tmp_path) == {}


def test_an_empty_file_becomes_an_archive(tmp_path):
    path = tmp_path / "a.db"
    path.touch()
    with pytest.raises(NotInArchive, match="is empty"):
        open_archive(path)
    with Store(path) as store:
        assert store.article_count() == 0


def test_folders_are_made_and_a_place_that_cannot_be_written_is_said(tmp_path):
    Store(tmp_path / "x" / "y" / "a.db").close()
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveReadOnly, match="--archive"):
        Store(tmp_path / "file" / "a.db")
    with pytest.raises(ArchiveReadOnly, match="--archive"):
        Store(Path("/proc/newsarchive-test.db"))


def test_a_damaged_archive_is_said_to_be_damaged(tmp_path):
    path = tmp_path / "a.db"
    with Store(path) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article(f"/{n}", body=["word " * 500]) for n in range(50)], run)
    data = bytearray(path.read_bytes())
    data[4096 * 5 :] = b"\x55" * (len(data) - 4096 * 5)
    path.write_bytes(data)
    with pytest.raises(ArchiveCorrupt, match="is damaged"), open_archive(path) as archive:
        list(archive)


def test_another_program_that_keeps_the_file_locked_is_named_as_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("newsarchive.archive.connection.BUSY_SECONDS", 0.05)
    path = tmp_path / "a.db"
    with Store(path) as store:
        run = store.begin_run(PLAN, [SITE]).id
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveBusy, match="locked by another program"):
            store.save([article("/a")], run)
        other.execute("ROLLBACK")
        other.close()
        store.save([article("/a")], run)


def test_a_full_disk_loses_nothing_that_was_stored(tmp_path):
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/a")], run)
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count={pages + 2}").fetchone()
        with pytest.raises(DiskFull, match="what was stored before is safe"):
            store.save([article("/b", body=[f"{n} word" for n in range(9000)])], run)
        store._connection.execute("PRAGMA max_page_count=1000000").fetchone()
        assert store.article_count() == 1
        store.save([article("/b", "Other")], run)
        assert store.article_count() == 2
