"""An archive that the first program wrote is brought to today's schema in one step, whatever happens on the way."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
from datetime import timedelta

import pytest
from archive_samples import PLAN, SITE, article
from first_archive import first_archive

from newsarchive.archive import migrations as module
from newsarchive.archive.copies import share
from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.forget import Request, addresses_of, forget
from newsarchive.archive.migrations import SCHEMA_VERSION
from newsarchive.archive.reader import open_archive
from newsarchive.archive.retention import purge_raw
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.errors import ArchiveError, DiskFull

ARTICLES = 74
SHAPE = "SELECT m.type, m.name, c.name, c.type FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c ORDER BY 1, 2, 3"
STEPS = (1, 3, 9, 30, 100, 300, 600, 1000, 2000, 4000, 8000, 16000, 30000)
"""Hundreds of steps of SQLite's machine; the migration of the little archive takes thousands."""


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    return dump(first_archive(tmp_path_factory.mktemp("first") / "a.db"))


def dump(path):
    """What the archive holds, without the clusters that later programs find in it."""
    return [line for line in canonical_dump(path) if not line.startswith("cluster ")]


def version_of(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()


def shape_of(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute(SHAPE).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("wal", [False, True])
def test_the_first_archive_is_migrated_and_holds_what_it_held(tmp_path, before, wal):
    path = first_archive(tmp_path / "a.db", wal=wal)
    assert version_of(path) == 1
    assert verify(path).is_sound
    Store(path).close()
    assert version_of(path) == SCHEMA_VERSION
    assert dump(path) == before
    assert verify(path).is_sound
    [copy] = tmp_path.glob("a.db.before-*")
    assert (version_of(copy), dump(copy)) == (1, before)
    assert verify(copy).is_sound


def test_a_migrated_archive_has_the_shape_of_a_new_one(tmp_path):
    path = first_archive(tmp_path / "a.db")
    Store(path).close()
    Store(tmp_path / "new.db").close()
    assert shape_of(path) == shape_of(tmp_path / "new.db")


def test_an_older_archive_can_be_read_searched_and_compared_without_being_changed(tmp_path):
    path = first_archive(tmp_path / "a.db")
    held = path.read_bytes()
    with open_archive(path) as archive:
        assert len(archive) == ARTICLES
        hit = archive.search("harbour")[0]
        assert archive.article(hit.article_id).article.title
        assert archive.changes()
        assert archive.stats().raw_pages == 36
        assert not archive.diff(archive.changes()[0].article_id).is_empty
    assert path.read_bytes() == held


@pytest.mark.parametrize("text", [True, False])
def test_a_shared_copy_of_an_older_archive_is_of_todays_schema_and_the_archive_stays(tmp_path, text):
    path = first_archive(tmp_path / "a.db")
    held = path.read_bytes()
    share(path, tmp_path / "shared.db", raw=text, text=text)
    assert (version_of(tmp_path / "shared.db"), verify(tmp_path / "shared.db").problems) == (SCHEMA_VERSION, ())
    assert path.read_bytes() == held
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.db", "shared.db"]


def test_views_of_analysts_survive_a_migration(tmp_path):
    path = first_archive(tmp_path / "a.db")
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIEW mine AS SELECT site, count(*) AS articles FROM articles GROUP BY 1")
    connection.commit()
    connection.close()
    Store(path).close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT articles FROM mine").fetchall() == [(ARTICLES,)]
    connection.close()


def migrate_in_a_child(path, prepare):
    """Open the archive for writing in a process that `prepare` may doom. Returns whether it was killed."""
    child = os.fork()
    if child == 0:
        prepare()
        try:
            Store(path).close()
        except ArchiveError:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def check_whole(path, before):
    """The archive is the old one or the new one, and the next writer makes the new one of it."""
    assert version_of(path) in (1, SCHEMA_VERSION)
    assert dump(path) == before
    Store(path).close()
    assert version_of(path) == SCHEMA_VERSION
    assert dump(path) == before
    assert verify(path).is_sound


@pytest.mark.parametrize("wal", [False, True])
def test_a_kill_during_the_migration_leaves_the_old_archive_or_the_new_one(tmp_path, before, monkeypatch, wal):
    real, kills = module.Migrations.apply, 0

    def killing(at):
        def apply(self, database, **options):
            left = iter(range(at))
            database.conn.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL) if next(left, None) is None else 0, 100)
            return real(self, database, **options)

        monkeypatch.setattr(module.Migrations, "apply", apply)

    for steps in STEPS:
        path = first_archive(tmp_path / f"{steps}.db", wal=wal)
        kills += migrate_in_a_child(path, lambda steps=steps: killing(steps))
        check_whole(path, before)
    assert kills >= 4


@pytest.mark.parametrize("wal", [False, True])
def test_a_kill_while_the_migration_is_written_leaves_the_old_archive_or_the_new_one(tmp_path, before, wal):
    def tear(size):
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    kills = 0
    for size in (5_000, 20_011, 60_000, 100_003, 300_000, 1_100_000, 1_224_709, 1_300_000, 1_500_000):
        path = first_archive(tmp_path / f"{size}.db", wal=wal)
        kills += migrate_in_a_child(path, lambda size=size: tear(size))
        check_whole(path, before)
    assert kills >= 5


def test_a_full_disk_during_the_copy_or_the_migration_leaves_the_archive_as_it_was(tmp_path, before, monkeypatch):
    path = first_archive(tmp_path / "a.db")
    held = path.read_bytes()
    real = module.migrations.apply

    def full(database):
        real(database)
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.migrations, "apply", full)
        with pytest.raises(DiskFull, match="what was stored before is safe"):
            Store(path)
    assert path.read_bytes() == held
    check_whole(path, before)


def test_after_migration_kills_retention_and_forget_the_archive_is_sound(tmp_path, monkeypatch):
    path = first_archive(tmp_path / "a.db", wal=True)
    with Store(path) as store:
        wanted = store.connection.execute("SELECT url FROM article ORDER BY id").fetchall()
        first, second = wanted[0][0], wanted[7][0]
        assert purge_raw(store, max_bytes=60_000).left_pages > 3
        done = forget(store, addresses_of(store, first), Request("court order"))
        assert done.articles == 1
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/new", "New after years")], run)
        store.finish_run(run, "finished", "finished")
        purge_raw(store, older_than=timedelta(days=3650))
        forget(store, addresses_of(store, second), Request("request"))
    report = verify(path)
    assert report.problems == ()
    assert report.articles == ARTICLES - 1
    with open_archive(path) as archive:
        assert archive.search("years")
