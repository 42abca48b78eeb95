"""Archives of several crawls become one: whatever the order, however often, and whatever a foreign file holds."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from datetime import timedelta

import pytest
import zstandard
from archive_crawl import crawl
from archive_samples import NOON, PLAN, SITE, Clock, answer, article, link, teaser
from first_archive import first_archive

from newsarchive.archive.copies import share
from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.forget import Request, addresses_of, forget
from newsarchive.archive.merge import buried_articles, merge
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.cli.main import run as run_command
from newsarchive.errors import ArchiveCorrupt, ArchiveNewer, ConfigurationError, ExitCode, NotAnArchive, NotInArchive
from newsarchive.model.outcome import Outcome


def made(path, *days):
    """An archive in which each of `days` is a run: (day, captures made of it)."""
    for day, *captures in days:
        clock = Clock(NOON + timedelta(days=day))
        with Store(path, clock=clock) as store:
            run = store.begin_run(PLAN | {"day": day, "path": path.name}, [SITE]).id
            store.save([capture(clock.now) for capture in captures], run)
            store.finish_run(run, "finished", "finished")
    return path


def text(words, path="/ferry", **more):
    return lambda now: article(path, f"The ferry {words}", [f"It was {words} today, the harbour says."], at=now, **more)


def merged(target, *paths, **options):
    with Store(target) as store:
        return merge(store, paths, **options)


def dump(path):
    return list(canonical_dump(path))


def texts(path, address="/ferry"):
    with open_archive(path) as archive:
        return [(item.title, item.reason) for item in archive.revisions(SITE + address)]


def test_an_archive_merged_into_nothing_is_the_same_archive(tmp_path):
    crawl(tmp_path / "a.db")
    crawl(tmp_path / "a.db", 2)
    [done] = merged(tmp_path / "c.db", tmp_path / "a.db")
    assert dump(tmp_path / "c.db") == dump(tmp_path / "a.db")
    assert (done.rejected, done.articles_new, done.raw_pages > 5) == ({}, 9, True)
    assert verify(tmp_path / "c.db").is_sound


def test_an_archive_of_the_first_version_is_taken_and_left_as_it_was(tmp_path):
    first = first_archive(tmp_path / "first.db")
    held = first.read_bytes()
    merged(tmp_path / "c.db", first)
    assert [line for line in dump(tmp_path / "c.db") if not line.startswith("cluster ")] == dump(first)
    assert first.read_bytes() == held
    assert verify(tmp_path / "c.db").is_sound


@pytest.fixture
def shards(tmp_path):
    """Two crawls that met the same article on different days, each with articles of its own."""
    boats = {"teasers": [teaser("Boats")]}
    one = made(
        tmp_path / "one.db",
        (0, text("late"), text("one", "/only-one", **boats)),
        (2, text("sunk", canonical_url=f"{SITE}/ferry", final_path="/ferry?x=1")),
    )
    two = made(tmp_path / "two.db", (1, text("lost", **boats)), (3, lambda now: answer("/ferry", Outcome.GONE, status=410, at=now)))
    return one, two


def test_an_article_gets_the_texts_of_all_archives_in_the_order_of_their_days(tmp_path, shards):
    merged(tmp_path / "c.db", *shards)
    assert texts(tmp_path / "c.db") == [("The ferry late", "edit"), ("The ferry lost", "edit"), ("The ferry sunk", None)]
    with open_archive(tmp_path / "c.db") as archive, open_archive(shards[0]) as one:
        found = archive.article(f"{SITE}/ferry")
        assert found.article_id == one.article(f"{SITE}/ferry").article_id
        assert (found.revisions, found.first_seen[:10], found.gone_at[:10]) == (3, "2026-05-01", "2026-05-04")
        assert len(archive.captures(f"{SITE}/ferry")) == 4
        assert [item.title for item in archive.teasers(f"{SITE}/only-one")] == ["Boats"]
    assert verify(tmp_path / "c.db").is_sound


def test_the_order_of_merging_and_merging_again_make_no_difference(tmp_path, shards):
    merged(tmp_path / "ab.db", *shards)
    merged(tmp_path / "ba.db", *shards[::-1])
    merged(tmp_path / "a.db", shards[0])
    merged(tmp_path / "a.db", shards[1], tmp_path / "ab.db")
    assert dump(tmp_path / "ab.db") == dump(tmp_path / "ba.db")
    without_runs = [{line for line in dump(tmp_path / name) if '"run_id"' not in line} for name in ("ab.db", "a.db")]
    assert without_runs[0] == without_runs[1]
    before = dump(tmp_path / "ab.db")
    again = merged(tmp_path / "ab.db", *shards)
    assert dump(tmp_path / "ab.db") == before
    assert [(item.articles_new, item.articles_changed, item.captures, item.raw_pages) for item in again] == [(0, 0, 0, 0)] * 2


def test_a_shard_that_grew_brings_what_is_new(tmp_path, shards):
    merged(tmp_path / "c.db", *shards)
    made(shards[0], (5, text("found"), text("two", "/only-two")))
    assert (merged(tmp_path / "c.db", shards[0])[0].articles_new, len(texts(tmp_path / "c.db"))) == (1, 4)
    with open_archive(tmp_path / "c.db") as archive:
        assert archive.article(f"{SITE}/ferry").gone_at is None
    assert verify(tmp_path / "c.db").is_sound


def test_what_still_waits_stays_with_its_crawl_and_no_foreign_run_is_taken_up(tmp_path):
    with Store(tmp_path / "a.db", clock=Clock()) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.frontier.add([link("/waiting")], run)
        store.save([article("/a")], run)
    assert merged(tmp_path / "c.db", tmp_path / "a.db")[0].waiting == 1
    with Store(tmp_path / "c.db") as store:
        assert store.connection.execute("SELECT status FROM run").fetchall()[0][0] == "killed"
        assert not store.begin_run(PLAN, [SITE]).resumed
    assert verify(tmp_path / "c.db").is_sound


def test_what_one_archive_removed_on_request_is_taken_from_none(tmp_path, shards):
    with Store(shards[0]) as store:
        forget(store, addresses_of(store, f"{SITE}/ferry"), Request("court order"))
    done = merged(tmp_path / "c.db", shards[1], shards[0])
    assert (done[0].buried, done[0].captures) == (1, 0)
    assert b"ferry lost" not in (tmp_path / "c.db").read_bytes()
    assert verify(tmp_path / "c.db").is_sound
    merged(tmp_path / "d.db", shards[1])
    merged(tmp_path / "d.db", shards[0])
    with Store(tmp_path / "d.db") as store:
        assert buried_articles(store) == [f"{SITE}/ferry"]


def test_without_raw_pages_the_digests_come_along(tmp_path, shards):
    merged(tmp_path / "c.db", *shards, keep_raw=False)
    with open_archive(tmp_path / "c.db") as archive:
        assert archive.stats().raw_pages == 0
        assert all(capture.sha256 for capture in archive.captures(f"{SITE}/ferry"))


def test_files_that_cannot_be_merged_are_refused_before_anything_is_taken(tmp_path, shards):
    one, two = shards
    share(one, tmp_path / "bare.db", text=False)
    damaged = tmp_path / "damaged.db"
    content = bytearray(one.read_bytes())
    content[8192:60000] = b"\xff" * (60000 - 8192)
    damaged.write_bytes(content)
    newer = tmp_path / "newer.db"
    newer.write_bytes(one.read_bytes())
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    (tmp_path / "text.db").write_text("no database")
    wrong = {
        "bare.db": NotAnArchive,
        "damaged.db": ArchiveCorrupt,
        "newer.db": ArchiveNewer,
        "text.db": NotAnArchive,
        "none.db": NotInArchive,
    }
    for name, error in wrong.items():
        with pytest.raises(error, match=name):
            merged(tmp_path / "c.db", two, tmp_path / name)
    with pytest.raises(ConfigurationError, match="merged into"):
        merged(two, two)
    with open_archive(tmp_path / "c.db") as archive:
        assert (len(archive), archive.runs()) == (0, [])


def loose(path, source, *statements):
    """The archive `source` in tables without types, checks and references, changed by statements."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("ATTACH ? AS theirs", (str(source),))
    for (name,) in connection.execute("SELECT name FROM theirs.sqlite_master WHERE type='table' AND sql NOT LIKE '%fts%'").fetchall():
        if not name.startswith(("article_fts", "sqlite_")):
            connection.execute(f"CREATE TABLE main.{name} AS SELECT * FROM theirs.{name}")
    for statement in statements:
        connection.execute(statement)
    version, application = (connection.execute(f"PRAGMA theirs.{name}").fetchone()[0] for name in ("user_version", "application_id"))
    connection.execute(f"PRAGMA user_version={version}")
    connection.execute(f"PRAGMA application_id={application}")
    connection.close()
    return path


BAD_ROWS = {
    "another id": "UPDATE article SET article_id='0123456789abcdef'",
    "an id of another address": f"UPDATE article SET canonical_url='{SITE}/elsewhere'",
    "a blob for a title": "UPDATE article SET title=x'00ff'",
    "a blob for a body": "UPDATE article SET body=x'07'",
    "no body": "UPDATE article SET body=NULL",
    "authors that are no JSON": "UPDATE article SET authors='[\"a'",
    "authors that are no texts": "UPDATE article SET authors='[1,{}]'",
    "deep JSON": "UPDATE article SET tags=replace(hex(zeroblob(40000)),'0','[')",
    "blocks of another shape": "UPDATE article SET body_blocks='[{\"kind\":[]}]'",
    "a moment that is none": "UPDATE article SET first_seen='yesterday'",
    "a state that is none": "UPDATE article SET is_paywalled=9",
    "an address that is none": "UPDATE article SET url='javascript:alert(1)'",
}


@pytest.mark.parametrize("statement", BAD_ROWS.values(), ids=BAD_ROWS)
def test_an_article_that_cannot_be_true_is_left_out_and_counted(tmp_path, shards, statement):
    bad = loose(tmp_path / "bad.db", shards[0], statement + f" WHERE source_url='{SITE}/only-one'")
    [done] = merged(tmp_path / "c.db", bad)
    assert (done.rejected, done.articles_new) == ({"article": 1}, 1)
    assert verify(tmp_path / "c.db").is_sound


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("fetch", "UPDATE fetch SET url='file:///etc/passwd'"),
        ("fetch", "UPDATE fetch SET kind='program'"),
        ("fetch", "UPDATE fetch SET headers='[]'"),
        ("fetch", "UPDATE fetch SET headers='{\"a\":1}'"),
        ("fetch", "UPDATE fetch SET etag='a' || char(13,10) || 'Cookie: b'"),
        ("frontier", "UPDATE frontier SET url='HTTPS://Paper.example/%7Ea'"),
        ("outcome", "UPDATE outcome SET outcome='paid'"),
        ("outcome", "UPDATE outcome SET url='x'"),
        ("frontier", "UPDATE frontier SET kind='program'"),
        ("placement", "UPDATE placement SET kind='program'"),
        ("run", "UPDATE run SET status='great'"),
        ("run", "UPDATE run SET uuid=NULL"),
        ("raw", "UPDATE raw SET data=x'00'"),
        ("raw", "UPDATE raw SET size=1e18"),
        ("raw", "UPDATE raw SET codec='zstd-ref', ref_id=id"),
        ("url_alias", "UPDATE url_alias SET url='x'"),
        ("teaser", "UPDATE teaser SET title=NULL"),
    ],
)
def test_other_rows_that_cannot_be_true_are_left_out_and_counted(tmp_path, shards, table, statement):
    [done] = merged(tmp_path / "c.db", loose(tmp_path / "bad.db", shards[0], statement))
    assert done.rejected[table] >= 1
    assert verify(tmp_path / "c.db").is_sound


def test_wrong_digests_and_figures_are_computed_anew(tmp_path, shards):
    bad = loose(
        tmp_path / "bad.db",
        shards[0],
        "UPDATE article SET content_hash='x', word_count=-5, site='bank.example', cluster_id=4, minhash=x'01'",
    )
    merged(tmp_path / "c.db", bad)
    merged(tmp_path / "right.db", shards[0])
    assert dump(tmp_path / "c.db") == dump(tmp_path / "right.db")
    assert verify(tmp_path / "c.db").is_sound


def bomb():
    """A page that says it unpacks to 200 MB, with the digest of its first bytes."""
    return zstandard.ZstdCompressor().compress(bytes(200_000_000))


def test_a_page_that_unpacks_to_too_much_is_not_unpacked(tmp_path, shards, monkeypatch):
    bad = loose(tmp_path / "bad.db", shards[0])
    connection = sqlite3.connect(bad)
    connection.execute("UPDATE raw SET data=?, codec='zstd', size=10", (bomb(),))
    connection.commit()
    connection.close()
    assert merged(tmp_path / "c.db", bad)[0].rejected["raw"] >= 1


TEASER_TEXTS = ("category", "date_published", "date_published_raw", "credit", "excerpt", "image_url", "first_seen", "last_seen")

PROGRAMS = {
    "a view in a table's place": ["ALTER TABLE article RENAME TO real", "CREATE VIEW article AS SELECT * FROM real"],
    "a generated column": [
        "ALTER TABLE teaser RENAME TO real",
        "CREATE TABLE teaser AS SELECT id, hash, url, identity, site FROM real",
        *(f"ALTER TABLE teaser ADD COLUMN {name} AS (upper(url))" for name in ("title", *TEASER_TEXTS)),
    ],
    "a virtual table": ["DROP TABLE outcome", "CREATE VIRTUAL TABLE outcome USING fts5(run_id, url)"],
    "a missing table": ["DROP TABLE fetch"],
    "a missing column": ["ALTER TABLE article DROP COLUMN body"],
}


@pytest.mark.parametrize("statements", PROGRAMS.values(), ids=PROGRAMS)
def test_a_file_whose_tables_are_something_else_is_refused(tmp_path, shards, statements):
    with pytest.raises(NotAnArchive, match="nothing of the file was taken"):
        merged(tmp_path / "c.db", loose(tmp_path / "bad.db", shards[0], *statements))
    with open_archive(tmp_path / "c.db") as archive:
        assert len(archive) == 0


def test_triggers_and_views_of_a_foreign_file_do_not_run(tmp_path, shards):
    bad = loose(
        tmp_path / "bad.db",
        shards[0],
        "CREATE TRIGGER evil AFTER INSERT ON article BEGIN DELETE FROM article; END",
        "CREATE VIEW articles AS SELECT load_extension('evil.so')",
        "CREATE TEMP TRIGGER worse AFTER UPDATE ON main.article BEGIN SELECT 1; END",
    )
    held = bad.read_bytes()
    merged(tmp_path / "c.db", bad)
    names = sqlite3.connect(tmp_path / "c.db").execute("SELECT count(*) FROM sqlite_master WHERE name='evil'").fetchone()
    assert (names, bad.read_bytes()) == ((0,), held)
    assert verify(tmp_path / "c.db").is_sound


def test_a_huge_cell_is_refused(tmp_path, shards, monkeypatch):
    monkeypatch.setattr("newsarchive.archive.foreign.MAX_CELL_BYTES", 500_000)
    bad = loose(tmp_path / "bad.db", shards[0], "UPDATE article SET body=hex(zeroblob(400000))")
    with pytest.raises(NotAnArchive, match="500000 bytes"):
        merged(tmp_path / "c.db", bad)
    with open_archive(tmp_path / "c.db") as archive:
        assert len(archive) == 0


def test_a_kill_at_any_moment_leaves_whole_archives_and_merging_again_completes(tmp_path, shards):
    merged(tmp_path / "whole.db", *shards)
    whole, kills = dump(tmp_path / "whole.db"), 0
    for steps in (1, 3, 6, 10, 16, 24, 36, 60, 100, 160):
        path = tmp_path / f"{steps}.db"
        Store(path).close()
        child = os.fork()
        if child == 0:
            with Store(path) as store:
                left = iter(range(steps))
                store.connection.set_progress_handler(
                    lambda left=left: os.kill(os.getpid(), signal.SIGKILL) if next(left, None) is None else 0, 100
                )
                merge(store, shards)
            os._exit(0)
        kills += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert verify(path).is_sound
        merged(path, *shards)
        assert dump(path) == whole, f"killed after {steps} hundred steps"
    assert kills >= 4


def test_a_merge_that_is_refused_leaves_no_archive_behind(tmp_path, shards, capsys):
    (tmp_path / "out.csv").write_text("title\n")
    share(shards[0], tmp_path / "bare.db", text=False)
    for name, code in (("out.csv", ExitCode.NOT_AN_ARCHIVE), ("bare.db", ExitCode.NOT_AN_ARCHIVE), ("none.db", ExitCode.NOT_FOUND)):
        assert run_command(["merge", str(shards[1]), str(tmp_path / name), "--into", str(tmp_path / "new" / "z.db")]) == code
        assert not (tmp_path / "new").exists()
    assert run_command(["merge", str(shards[0]), "--into", str(shards[0])]) == ExitCode.CONFIGURATION
    capsys.readouterr()


def test_the_command_says_what_came_and_what_was_left_out(tmp_path, shards, capsys):
    bad = loose(tmp_path / "bad.db", shards[1], "UPDATE article SET title=x'00'")
    target = str(tmp_path / "c.db")
    assert run_command(["merge", str(shards[0]), str(bad), "--into", target]) == ExitCode.OK
    out = capsys.readouterr().out
    assert "one.db: 2 articles new, 0 completed, 0 known; 3 captures" in out
    assert "1 row of article cannot be true and stayed out" in out
    assert run_command(["merge", str(shards[0]), "--into", target, "--json", "--no-raw"]) == ExitCode.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["merged"][0]["articles_same"], found["to_be_forgotten"]) == (2, [])
    assert run_command(["merge", str(tmp_path / "none.db"), "--into", target]) == ExitCode.NOT_FOUND
    assert run_command(["merge", "--into", target]) == ExitCode.USAGE
