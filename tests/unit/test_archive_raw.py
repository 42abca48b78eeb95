"""Raw pages come back byte for byte, whatever they were compressed against and whatever was deleted since."""

from __future__ import annotations

import random
import sqlite3

import pytest
from archive_samples import NOON, PLAN, SITE, article, page
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.connection import transaction
from newsarchive.archive.raw import delete_raw, load_raw
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.errors import ArchiveCorrupt, NotInArchive
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome

WORDS = [f"w{number:x}" for number in range(4000)]


def template(site, seed):
    """A page of a site: the same frame of about 20 KB, another text of about 2 KB."""
    frame, text = random.Random(site), random.Random(f"{site}{seed}")
    head = "".join(f"<link class={frame.choice(WORDS)} id={frame.choice(WORDS)}>" for _ in range(800))
    return head + "<p>" + " ".join(text.choices(WORDS, k=400)) + "</p>" + head[::-1]


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "a.db") as opened:
        opened.run = opened.begin_run(PLAN, [SITE]).id
        yield opened


def keep(store, url, text):
    capture = Capture(url=url, outcome=Outcome.NOT_ARTICLE, page=page(url, text, at=NOON), keep_raw=True)
    store.save([capture], store.run)
    return store._connection.execute("SELECT r.* FROM raw r JOIN fetch f ON f.raw_id=r.id WHERE f.url=?", (url,)).fetchone()


def test_pages_of_a_site_are_compressed_against_an_older_one_and_come_back(store):
    rows = [keep(store, f"{SITE}/{n}", template("a", n)) for n in range(12)]
    assert [row["codec"] for row in rows] == ["zstd"] + ["zstd-ref"] * 11
    assert sum(row["size"] for row in rows[1:]) > 7 * sum(len(row["data"]) for row in rows[1:])
    for number, row in enumerate(rows):
        assert load_raw(store._connection, row["sha256"]) == template("a", number).encode()


def test_a_page_of_another_template_becomes_a_keyframe_itself(store):
    rows = [keep(store, f"{SITE}/{n}", template("ab"[n % 2], n)) for n in range(6)]
    assert [row["codec"] for row in rows] == ["zstd", "zstd", "zstd-ref", "zstd-ref", "zstd-ref", "zstd-ref"]
    assert {row["ref_id"] for row in rows[2::2]} == {rows[0]["id"]}
    assert {row["ref_id"] for row in rows[3::2]} == {rows[1]["id"]}


def test_other_sites_and_small_pages_stand_alone(store):
    keep(store, f"{SITE}/0", template("a", 0))
    assert keep(store, "https://other.example/1", template("a", 1))["codec"] == "zstd"
    assert keep(store, f"{SITE}/2", "<p>short</p>")["codec"] == "zstd"


def test_a_new_writer_goes_on_with_the_keyframes_of_the_last(tmp_path, store):
    first = keep(store, f"{SITE}/0", template("a", 0))
    store.close()
    with Store(tmp_path / "a.db") as again:
        again.run = again.begin_run(PLAN, [SITE]).id
        assert keep(again, f"{SITE}/1", template("a", 1))["ref_id"] == first["id"]


@settings(max_examples=25, deadline=None)
@given(doomed=st.sets(st.integers(0, 9), min_size=1))
def test_deleting_any_pages_leaves_the_others_whole(tmp_path_factory, doomed):
    path = tmp_path_factory.mktemp("raw") / "a.db"
    with Store(path) as store:
        store.run = store.begin_run(PLAN, [SITE]).id
        rows = [keep(store, f"{SITE}/{n}", template("ab"[n % 3 == 2], n)) for n in range(10)]
        with transaction(store._connection):
            assert delete_raw(store._connection, [rows[n]["id"] for n in doomed]) == len(doomed)
        for number, row in enumerate(rows):
            if number in doomed:
                with pytest.raises(NotInArchive, match="purged"):
                    load_raw(store._connection, row["sha256"])
            else:
                assert load_raw(store._connection, row["sha256"]) == template("ab"[number % 3 == 2], number).encode()
        store.finish_run(store.run, "finished", "finished")
    assert verify(path).is_sound


def test_a_damaged_page_is_found_on_reading_and_by_verify(tmp_path, store):
    row = keep(store, f"{SITE}/0", template("a", 0))
    other = keep(store, f"{SITE}/1", template("a", 1))
    data = bytearray(row["data"])
    data[len(data) // 2] ^= 1
    store._connection.execute("UPDATE raw SET data=? WHERE id=?", (bytes(data), row["id"]))
    for damaged in (row, other):
        with pytest.raises(ArchiveCorrupt, match="restore a backup"):
            load_raw(store._connection, damaged["sha256"])
    problems = verify(tmp_path / "a.db").problems
    assert [problem.check for problem in problems] == ["raw-hash", "raw-hash"]


def test_verify_names_what_is_wrong(tmp_path, store):
    keep(store, f"{SITE}/0", template("a", 0))
    store.close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM outcome")
    connection.execute("UPDATE fetch SET run_id=77")
    connection.execute("INSERT INTO teaser(hash, url, identity, site, title, first_seen, last_seen) VALUES('h','u','u','s','t','x','x')")
    connection.commit()
    connection.close()
    problems = {problem.check: problem.text for problem in verify(tmp_path / "a.db").problems}
    assert set(problems) == {"foreign-keys", "orphans", "outcomes"}
    assert "1 teasers stand on no page" in problems["orphans"]


def test_raw_can_be_read_while_the_writer_holds_a_transaction(store):
    row = keep(store, f"{SITE}/0", template("a", 0))
    with open_archive(store.path) as archive, transaction(store._connection):
        assert archive.raw(row["sha256"]) == template("a", 0).encode()


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO article_fts(article_fts, rowid, title, body) VALUES('delete', 1, 'The ferry is late', 'It came at noon.')",
        "INSERT INTO article_fts(rowid, title) VALUES(9, 'ghost')",
        "DELETE FROM article_fts_data WHERE id > 10",
    ],
)
def test_a_search_index_that_does_not_fit_is_found(tmp_path, store, damage):
    store.save([article("/ferry")], store.run)
    store.close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute(damage)
    connection.commit()
    connection.close()
    assert "search-index" in {problem.check for problem in verify(tmp_path / "a.db").problems}
