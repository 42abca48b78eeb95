"""The archive as a record: differences, changes, retention, deletion that holds, copies."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from archive_samples import NOON, PLAN, SITE, Clock, answer, article, link, teaser
from test_archive_raw import template

from newsarchive.archive.copies import backup, share
from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.forget import Request, addresses_of, addresses_of_site, addresses_where, forget
from newsarchive.archive.places import file_system_of, require_local
from newsarchive.archive.reader import open_archive
from newsarchive.archive.retention import purge_raw
from newsarchive.archive.store import Store
from newsarchive.archive.verify import repair_search_index, verify
from newsarchive.errors import ArchiveOnNetwork, ConfigurationError, LockHeld, NotInArchive
from newsarchive.model.outcome import Outcome

SECRET = "Quixotic"
REQUEST = Request("court order", "7 O 12/26")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store(tmp_path / "a.db", clock=clock) as opened:
        yield opened


def save_in_new_run(store, *captures):
    run = store.begin_run(PLAN, [SITE])
    outcomes = store.save(captures, run.id)
    store.finish_run(run.id, "finished", "finished")
    return outcomes


def edited(store, clock):
    """An article with three texts: a headline changed silently, then a paragraph with the page's date."""
    first = ["The ferry left at nine.", "It carried forty goats.", "The end."]
    save_in_new_run(store, article("/ferry", "Ferry leaves", first, date_modified="2026-05-01T12:00Z"))
    clock.move(hours=3)
    save_in_new_run(store, article("/ferry", "Ferry leaves late", first, date_modified="2026-05-01T12:00Z", at=clock.now))
    clock.move(hours=3)
    last = ["The ferry left at ten.", "Nobody was hurt.", "The end."]
    save_in_new_run(store, article("/ferry", "Ferry leaves late", last, date_modified="2026-05-01T18:00Z", at=clock.now))


def test_a_difference_shows_what_went_and_what_came(store, clock):
    edited(store, clock)
    with open_archive(store.path) as archive:
        found = archive.diff(f"{SITE}/ferry")
        whole = archive.diff(f"{SITE}/ferry", first=1, last=3, words=False)
        same = archive.diff(f"{SITE}/ferry", first=2, last=2)
        with pytest.raises(NotInArchive, match="no text 9"):
            archive.diff(f"{SITE}/ferry", first=9)
    assert [part.operation for part in found.body] == ["edit", "insert", "delete", "equal"]
    assert [(piece.operation, piece.text) for piece in found.body[0].pieces] == [
        ("equal", "The ferry left at "),
        ("delete", "nine"),
        ("insert", "ten"),
        ("equal", "."),
    ]
    assert found.title.operation == "equal"
    assert [(piece.operation, piece.text) for piece in whole.title.pieces] == [("delete", "Ferry leaves"), ("insert", "Ferry leaves late")]
    assert [part.operation for part in whole.body] == ["insert", "insert", "delete", "delete", "equal"]
    assert same.is_empty


def test_changes_list_edits_silent_headlines_and_deletions(store, clock):
    edited(store, clock)
    clock.move(hours=1)
    save_in_new_run(store, answer("/ferry", Outcome.HTTP_4XX, status=410, at=clock.now))
    with open_archive(store.path) as archive:
        found = archive.changes()
        later = archive.changes("2026-05-01T16:00:00Z")
        assert archive.changes(site="other.example") == []
    assert [(change.kind, change.is_silent, change.seq) for change in found] == [
        ("gone", False, None),
        ("text", False, 2),
        ("headline", True, 1),
    ]
    assert (found[2].title_before, found[2].title_after, found[2].at) == ("Ferry leaves", "Ferry leaves late", "2026-05-01T15:00:00Z")
    assert later == found[:2]


def pages_of_a_site(store, clock, number=6):
    for n in range(number):
        capture = article(f"/{n}", f"Story {n}", at=clock.now)
        object.__setattr__(capture.page, "body", template("a", n).encode())
        save_in_new_run(store, capture)
        clock.move(days=1)


def test_retention_by_age_keeps_texts_and_digests_and_the_younger_pages(store, clock):
    pages_of_a_site(store, clock)
    assert purge_raw(store, older_than=timedelta(days=3), dry_run=True).pages == 3
    done = purge_raw(store, older_than=timedelta(days=3))
    assert (done.pages, done.left_pages) == (3, 3)
    with open_archive(store.path) as archive:
        digests = [archive.article(f"{SITE}/{n}").raw_sha256 for n in range(6)]
        for n, digest in enumerate(digests):
            if n < 3:
                with pytest.raises(NotInArchive, match="purged"):
                    archive.raw(digest)
            else:
                assert archive.raw(digest) == template("a", n).encode()
        assert archive.stats().articles == 6
    assert verify(store.path).is_sound
    capture = article("/new", "New", at=clock.now)
    object.__setattr__(capture.page, "body", template("a", 99).encode())
    save_in_new_run(store, capture)  # compressed against what is left
    assert verify(store.path).is_sound


def test_retention_by_size_lets_the_oldest_go_first(store, clock):
    pages_of_a_site(store, clock)
    total = purge_raw(store, dry_run=True).left_bytes
    done = purge_raw(store, max_bytes=total // 2)
    assert 0 < done.left_bytes <= total // 2 + 6000
    rows = store.connection.execute("SELECT url FROM fetch WHERE raw_id IS NOT NULL ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [f"{SITE}/{n}" for n in range(6 - done.left_pages, 6)]
    assert purge_raw(store, max_bytes=10**9).pages == 0


def everywhere(folder: Path) -> bytes:
    """All bytes of the archive's files, and all raw pages in them as they were received."""
    found = b"".join(path.read_bytes() for path in sorted(folder.glob("a.db*")))
    with open_archive(folder / "a.db") as archive:
        connection = archive.connection
        for row in connection.execute("SELECT sha256 FROM raw"):
            found += archive.raw(row[0])
        for row in connection.execute("SELECT body_blocks FROM article"):
            found += row[0].encode()
    return found


def secret_archive(store, clock):
    """Quixotic words in every place that an article's words can get to, and innocent neighbours."""
    address = f"{SITE}/{SECRET.lower()}-ferry"
    run = store.begin_run(PLAN | {"command": f"newsarchive crawl {address}"}, [address])
    frame = template("a", 0)
    secret = article(f"/{SECRET.lower()}-ferry", f"{SECRET} ferry", [f"The {SECRET} words."], description=SECRET, authors=[f"Don {SECRET}"])
    object.__setattr__(secret.page, "body", (frame + f"<p>{SECRET} words</p>").encode())
    promoting = article(
        "/other", "Other", teasers=[teaser(f"{SECRET} ferry"), teaser("Harmless boats", 1)], candidates=[link(address, title=SECRET)]
    )
    object.__setattr__(promoting.page, "body", template("a", 1).encode())
    moved = answer("/moved", Outcome.REDIRECTED, status=301, detail=address, candidates=[link(address, found_by="redirect")])
    object.__setattr__(moved.page, "headers", {"location": address})
    store.frontier.add([link(address, title=SECRET, found_on=f"{SITE}/other")], run.id)
    store.connection.execute("INSERT INTO shape_tally VALUES(?,?,1,0)", (run.id, address.partition("://")[2]))
    assert store.save([secret, promoting, moved], run.id) == [Outcome.STORED, Outcome.STORED, Outcome.REDIRECTED]
    store.save([article(f"/amp/{SECRET.lower()}", f"{SECRET} ferry", canonical_url=address)], run.id)
    store.finish_run(run.id, "finished", "finished", {"seeds": [address]})
    changed = article(f"/{SECRET.lower()}-ferry", f"{SECRET} again", [f"More {SECRET}."], at=clock.move(hours=2), keep_raw=False)
    save_in_new_run(store, changed)
    return address


def visit_again(store, clock, address):
    """The neighbours still promote the removed page, redirect to it and name it as canonical; the crawl meets all of that."""
    run = store.begin_run({"revisit": "now"}, [SITE]).id
    shown = [teaser(f"{SECRET} ferry"), teaser("Harmless boats", 1)]
    promoting = article(
        "/other", "Other again", teasers=shown, candidates=[link(address, title=SECRET)], at=clock.move(hours=1), keep_raw=False
    )
    moved = answer("/moved-too", Outcome.REDIRECTED, status=301, detail=address, candidates=[link(address, found_by="redirect")])
    object.__setattr__(moved.page, "headers", {"location": address})
    twin = article(f"/mobile/{SECRET.lower()}", SECRET, canonical_url=address)
    outcomes = store.save([promoting, moved, twin], run)
    store.finish_run(run, "finished", "finished")
    assert store.counts(run)["forgotten"] == {"removed on request": 2}
    return [outcome.value for outcome in outcomes]


def test_what_is_forgotten_is_gone_from_every_byte_and_does_not_come_back(tmp_path, store, clock):
    address = secret_archive(store, clock)
    assert SECRET.encode() in everywhere(tmp_path)
    preview = forget(store, addresses_of(store, address), REQUEST, dry_run=True)
    assert store.article_count() == 2
    done = forget(store, addresses_of(store, f"{SITE}/amp/{SECRET.lower()}"), REQUEST)
    assert done == preview
    assert (done.articles, done.revisions, done.raw_pages, done.teasers) == (1, 1, 2, 1)
    left = everywhere(tmp_path)
    assert SECRET.lower().encode() not in left.lower()
    assert template("a", 1).encode() in left
    assert b"Harmless boats" in left
    with open_archive(store.path) as archive:
        assert archive.search(SECRET) == []
        assert len(archive) == 1
    assert visit_again(store, clock, address) == ["updated", "redirected", "forgotten"]
    assert SECRET.lower().encode() not in everywhere(tmp_path).lower()
    assert verify(store.path).is_sound
    run = store.begin_run({"revisit": "now"}, [SITE]).id
    assert (
        store.frontier.add(
            [link(address), link(address.replace("https", "http")), link("/moved"), link(f"{address}?utm_source=x#y")], run, "now"
        )
        == 0
    )
    assert (
        store.save([article(f"/{SECRET.lower()}-ferry", keep_raw=True), article("/z", canonical_url=address)], run)
        == [Outcome.FORGOTTEN] * 2
    )
    assert store.article_count() == 1


def test_a_whole_site_can_be_forgotten(store, clock):
    save_in_new_run(
        store, article("https://www.sued-paper.org/a"), article("https://blog.sued-paper.org/b", "Other"), article("/kept", "Kept")
    )
    forget(store, addresses_of_site(store, "sued-paper.org"), REQUEST, site="sued-paper.org")
    assert store.article_count() == 1
    run = store.begin_run({"revisit": "now"}, [SITE]).id
    assert store.frontier.add([link("https://www.sued-paper.org/never-seen"), link("/kept")], run, "now") == 1


def test_articles_can_be_chosen_by_a_condition_that_cannot_write(store, clock):
    save_in_new_run(store, article("/a", "Apple"), article("/b", "Pear"))
    assert addresses_where(store, "title LIKE 'App%'") == [f"{SITE}/a"]
    for wrong in ("1=1); DROP TABLE article; --", "nonsense ==", "id IN (DELETE FROM article)"):
        with pytest.raises(ConfigurationError, match="condition"):
            addresses_where(store, wrong)
    assert store.article_count() == 2


def test_a_reader_that_keeps_the_log_open_is_reported(tmp_path, store, clock):
    address = secret_archive(store, clock)
    with open_archive(store.path) as archive:
        archive.connection.execute("BEGIN")
        archive.connection.execute("SELECT count(*) FROM article").fetchone()
        store.connection.execute("PRAGMA busy_timeout=50").fetchone()
        done = forget(store, addresses_of(store, address), REQUEST)
        assert not done.is_log_clear
        archive.connection.execute("ROLLBACK")


def test_a_backup_is_whole_while_the_crawl_goes_on(tmp_path, store, clock):
    edited(store, clock)
    target = tmp_path / "copies" / "b.db"
    target.parent.mkdir()
    assert backup(store.path, target) == target.stat().st_size
    save_in_new_run(store, article("/later", "Later"))
    with open_archive(target) as archive:
        assert len(archive) == 1
    assert verify(target).is_sound
    assert [path.name for path in target.parent.iterdir()] == ["b.db"]
    with pytest.raises(ConfigurationError, match="is there already"):
        backup(store.path, target)
    with pytest.raises(LockHeld):
        Store(store.path)
    Store(target).close()


def private_archive(store, clock):
    plan = PLAN | {
        "contact": "desk@paper.example",
        "command": "newsarchive crawl --contact desk@paper.example",
        "archive": "/home/berg/a.db",
    }
    run = store.begin_run(plan, [SITE]).id
    secret = article("/reserved", "Reserved", ["A reserved text."], opt_outs=["noarchive"])
    store.save(
        [article("/a", "Open", ["An open text."], teasers=[teaser("Boats", excerpt="An excerpt.")], candidates=[link("/next")]), secret],
        run,
    )
    store.finish_run(run, "finished", "finished", {"archive": "/home/berg/a.db", "stored": 2})


@pytest.mark.parametrize(("raw", "text"), [(False, True), (True, True), (False, False)])
def test_a_shared_copy_holds_what_may_be_shared(tmp_path, store, clock, raw, text):
    private_archive(store, clock)
    target = tmp_path / "shared.db"
    share(store.path, target, raw=raw, text=text)
    content = target.read_bytes()
    for private in (b"desk@paper.example", b"/home/berg", b"newsarchive crawl"):
        assert private not in content
    assert (b"An open text." in content) == text
    assert (b"An excerpt." in content) == text
    with open_archive(target) as archive:
        assert archive.stats().waiting == 0
        assert archive.stats().raw_pages == (1 if raw else 0)
        assert archive.article(f"{SITE}/a").article.title == "Open"
        assert bool(archive.search("text")) == text
        assert len(archive.search("open")) == 1
    assert verify(target).is_sound
    assert verify(store.path).is_sound


def test_a_shared_copy_gets_its_name_when_all_that_is_private_is_out_of_it(tmp_path, store, clock, monkeypatch):
    private_archive(store, clock)
    target = tmp_path / "copies" / "shared.db"
    target.parent.mkdir()

    def stripped(copy):
        assert [path.name for path in target.parent.iterdir() if "-journal" not in path.name] == ["shared.db.part"]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("newsarchive.archive.copies._strip_private", stripped)
        with pytest.raises(KeyboardInterrupt):
            share(store.path, target)
    assert list(target.parent.iterdir()) == []
    (target.parent / "shared.db.part").write_bytes(b"of a killed copy")
    (target.parent / "shared.db.part-journal").write_bytes(b"of a killed copy")
    share(store.path, target)
    assert [path.name for path in target.parent.iterdir()] == ["shared.db"]


def test_a_broken_search_index_can_be_built_anew(store, clock):
    edited(store, clock)
    store.connection.execute("INSERT INTO article_fts(article_fts) VALUES('delete-all')")
    assert [problem.check for problem in verify(store.path).problems] == ["search-index"]
    repair_search_index(store)
    assert verify(store.path).is_sound


def test_a_network_file_system_is_refused_before_anything_is_written(tmp_path):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "21 1 8:1 / / rw - ext4 /dev/sda rw\n"
        f"22 21 0:40 / {tmp_path}/net\\040share rw - nfs4 server:/x rw\n"
        f"23 22 0:41 / {tmp_path}/net\\040share/local rw - tmpfs tmpfs rw\n"
        "a line that is none\n"
    )
    assert file_system_of(tmp_path / "a.db", mounts) == "ext4"
    assert file_system_of(tmp_path / "net share" / "a.db", mounts) == "nfs4"
    assert file_system_of(tmp_path / "net share" / "local" / "a.db", mounts) == "tmpfs"
    assert file_system_of(tmp_path / "a.db", tmp_path / "nothing") is None
    with pytest.raises(ArchiveOnNetwork, match=r"nfs4.*--archive"):
        require_local(tmp_path / "net share" / "a.db", mounts)


def test_forget_retention_and_backup_leave_the_rest_of_the_archive_as_it_was(tmp_path, store, clock):
    save_in_new_run(store, article("/a", "Kept"), article("/b", "Dropped"))
    with Store(tmp_path / "only.db", clock=Clock(NOON)) as other:
        save_in_new_run(other, article("/a", "Kept"))
    forget(store, [f"{SITE}/b"], REQUEST)
    store.connection.execute("DELETE FROM tombstone")
    assert list(canonical_dump(store.path)) == list(canonical_dump(tmp_path / "only.db"))
    connection = sqlite3.connect(store.path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
