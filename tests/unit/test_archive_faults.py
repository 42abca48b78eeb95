"""Whatever breaks, wherever: nothing acknowledged is lost, nothing is doubled, and the next crawl ends in the same archive."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3

import pytest
from archive_crawl import break_at, crawl

from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.errors import ArchiveError, ArchiveReadOnly, DiskFull

KILLS_IN_CI = 40
KILLS_LONG = 200
STEPS_OF_A_CRAWL = 1700
"""Tens of steps of SQLite's machine that a crawl of the little web takes at least."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Dumps of the uninterrupted crawls of both editions, and how many statements each takes."""
    path = tmp_path_factory.mktemp("whole") / "a.db"
    counts, dumps = [], []
    for edition in (1, 2):
        counting = []
        crawl(path, edition, prepare=lambda store, counting=counting: counting.append(break_at(store, 0, lambda: None)))
        counts.append(counting[0].count)
        dumps.append(list(canonical_dump(path)))
    return counts, dumps


def test_the_little_web_shows_every_kind_of_outcome(whole):
    outcomes = {line.split('"outcome": "')[1].split('"')[0] for line in whole[1][1] if line.startswith("outcome")}
    assert outcomes == {"source", "stored", "updated", "unchanged", "duplicate", "not_article", "redirected", "http_5xx", "gone"}


def fail():
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


def error_rounds(folder, whole, step):
    """Let each `step`-th statement of a crawl fail once; the next crawl must complete the archive."""
    counts, dumps = whole
    failed = 0
    for at in range(1, counts[0] + 1, step):
        path = folder / f"{at}.db"
        try:
            crawl(path, prepare=lambda store, at=at: break_at(store, at, fail))
        except DiskFull:
            failed += 1
            report = verify(path)
            assert report.problems == ()
            crawl(path)
        assert list(canonical_dump(path)) == dumps[0], f"statement {at}"
        for file in folder.iterdir():
            file.unlink()
    return failed, len(range(1, counts[0] + 1, step))


def test_an_error_at_a_statement_rolls_back_and_the_next_crawl_completes_the_archive(tmp_path, whole):
    failed, tried = error_rounds(tmp_path, whole, 7)
    assert failed >= tried - 1  # the checkpoint after the last commit may fail: the run is safe


@pytest.mark.long
def test_an_error_at_any_statement_rolls_back_and_the_next_crawl_completes_the_archive(tmp_path, whole):
    failed, tried = error_rounds(tmp_path, whole, 1)
    assert failed >= tried - 2


def killed_crawl(path, edition, prepare):
    """Run a crawl in a child process until it kills itself. Returns the addresses whose save had returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        crawl(path, edition, prepare=prepare, saved=lambda address: os.write(writing, address.encode() + b"\n"))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        saved = pipe.read().decode().split()
    _, status = os.waitpid(child, 0)
    return saved, os.WIFSIGNALED(status)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def kill_inside(store, at):
    """Kill in the middle of a statement, `at` tens of steps of SQLite's machine from here."""
    left = iter(range(at))
    store._connection.set_progress_handler(lambda: kill() if next(left, None) is None else 0, 10)


def check_after_kill(path, saved, edition):
    """Returns whether the run's end was committed before the kill."""
    if not path.exists() or path.stat().st_size == 0:
        assert saved == []
        return False
    report = verify(path)
    assert report.problems == ()
    connection = sqlite3.connect(path)
    known = {row[0] for row in connection.execute("SELECT url FROM outcome")}
    finished = connection.execute("SELECT count(*) FROM run WHERE status='finished'").fetchone()[0]
    connection.close()
    assert set(saved) <= known, "an acknowledged capture is lost"
    return finished == edition


def finished_runs(path):
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with Store(path) as store:
        return store.finished_runs()


def kill_rounds(tmp_path, whole, number):
    """Kill both editions' crawls `number` times in all, at statements spread over the run and in the middle of statements."""
    counts, dumps = whole
    kills = 0
    for index in range(number):
        path = tmp_path / f"{index}.db"
        edition = 1 + index % 2
        if edition == 2:
            crawl(path, 1)
        if index % 4 < 2:  # before a statement: BEGIN, INSERT, COMMIT, ...
            at = 1 + (index * 7919) % counts[edition - 1]
            saved, was_killed = killed_crawl(path, edition, lambda store, at=at: break_at(store, at, kill))
        else:
            at = 1 + (index * 7919) % STEPS_OF_A_CRAWL
            saved, was_killed = killed_crawl(path, edition, lambda store, at=at: kill_inside(store, at))
        kills += was_killed
        if was_killed and not check_after_kill(path, saved, edition):
            crawl(path, edition)
        assert list(canonical_dump(path)) == dumps[edition - 1], f"kill {index}"
        assert verify(path).is_sound
        for file in tmp_path.glob(f"{index}.db*"):
            file.unlink()
    return kills


def test_kills_lose_nothing_and_double_nothing(tmp_path, whole):
    assert kill_rounds(tmp_path, whole, KILLS_IN_CI) >= KILLS_IN_CI * 0.8


@pytest.mark.long
def test_two_hundred_kills_lose_nothing_and_double_nothing(tmp_path, whole):
    assert kill_rounds(tmp_path, whole, KILLS_LONG) >= KILLS_LONG * 0.8


def tear_writes_at(size):
    """Let the kernel kill this process in the middle of the write that would take a file past `size` bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_kill_in_the_middle_of_writing_a_commit_leaves_the_commits_before_it(tmp_path, whole):
    """SQLite appends a commit to the -wal page by page; the file-size limit cuts it at any byte, as a kill during COMMIT does."""
    dumps = whole[1]
    kills = 0
    for size in range(30_011, 600_000, 28_657):
        path = tmp_path / f"{size}.db"
        saved, was_killed = killed_crawl(path, 1, lambda store, size=size: tear_writes_at(size))
        kills += was_killed
        if was_killed and not check_after_kill(path, saved, 1):
            crawl(path)
        assert list(canonical_dump(path)) == dumps[0], f"torn at {size}"
        assert verify(path).is_sound
    assert kills >= 10


def test_a_kill_while_the_archive_is_made_leaves_a_file_the_next_crawl_can_use(tmp_path, monkeypatch):
    import newsarchive.archive.store as module

    real = module.migrate
    for steps in (50, 400, 1500, 4000, 9000):
        path = tmp_path / f"{steps}.db"

        def dying(connection, path, steps=steps):
            connection.set_progress_handler(kill, steps)
            return real(connection, path)

        monkeypatch.setattr(module, "migrate", dying)
        killed_crawl(path, 1, None)
        monkeypatch.setattr(module, "migrate", real)
        crawl(path)
        assert verify(path).is_sound


@pytest.mark.parametrize(
    ("code", "error"),
    [(sqlite3.SQLITE_READONLY, ArchiveReadOnly), (sqlite3.SQLITE_IOERR, ArchiveError), (sqlite3.SQLITE_AUTH, ArchiveError)],
)
def test_every_error_of_sqlite_is_one_sentence_that_names_the_file(tmp_path, code, error):
    def fail_so():
        found = sqlite3.OperationalError("something")
        found.sqlite_errorcode = code
        raise found

    with pytest.raises(error, match=r"a\.db") as caught:
        crawl(tmp_path / "a.db", prepare=lambda store: break_at(store, 40, fail_so))
    assert "\n" not in str(caught.value)


def test_a_reader_sees_only_whole_captures_while_the_writer_is_at_work(tmp_path):
    path = tmp_path / "a.db"
    seen = []

    def look(store):
        def peek():
            with open_archive(path) as archive:
                stats = archive.stats()
                seen.append((stats.articles, stats.raw_pages))

        break_at(store, 60, peek)

    crawl(path, prepare=look)
    assert seen
    assert verify(path).is_sound
