"""What a capture does to the archive."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from archive_samples import NOON, PLAN, SITE, Clock, answer, article, extraction, link, next_run, page, rows, teaser

from newsarchive.archive import reading
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.errors import NotInArchive
from newsarchive.model.outcome import Outcome
from newsarchive.version import EXTRACTOR_VERSION


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store(tmp_path / "a.db", clock=clock) as opened:
        yield opened
    assert verify(tmp_path / "a.db").problems == ()


@pytest.fixture
def run(store):
    return store.begin_run(PLAN, [SITE]).id


def test_an_article_comes_back_as_it_was_stored(store, run):
    capture = article(
        "/ferry",
        "Fähre verspätet",
        ["Erster Absatz.", "北京市の朝"],
        date_published="2026-05-01T09:30+02:00",
        date_published_raw="1. Mai, 9.30",
        authors=["Ida Berg"],
        tags=["harbour"],
        description="Kurz",
        section="City",
        language="de",
        image_url=f"{SITE}/f.jpg",
        site_name="Paper",
        is_paywalled=False,
        teasers=[teaser("More boats", credit="Foto: Berg", excerpt="They came.", date_published_raw="gestern"), teaser("Fish", 1)],
    )
    assert store.save([capture], run) == [Outcome.STORED]
    with open_archive(store.path) as archive:
        found = archive.article(f"{SITE}/ferry?utm_source=x#top")
    assert found.article == capture.extraction.article
    assert found.published_utc == "2026-05-01T07:30Z"
    assert found.rules == {"title": "og-title"}
    assert found.confidence == 0.9
    assert found.revisions == 1


def test_the_same_text_again_is_unchanged_and_makes_no_revision(store, run, clock):
    store.save([article("/ferry")], run)
    run = next_run(store, run)
    later = clock.move(hours=5)
    assert store.save([article("/ferry", description="another standfirst", at=later)], run) == [Outcome.UNCHANGED]
    assert rows(store, "SELECT revisions, description, last_seen FROM article") == [(1, None, "2026-05-01T17:00:00Z")]


def test_a_changed_headline_alone_keeps_the_old_text_as_a_revision(store, run, clock):
    store.save([article("/ferry", "The ferry is late")], run)
    run = next_run(store, run)
    assert store.save([article("/ferry", "The ferry sank", at=clock.move(hours=2))], run) == [Outcome.UPDATED]
    with open_archive(store.path) as archive:
        texts = [
            (text.seq, text.title, text.first_seen[11:16], (text.replaced_at or "")[11:16], text.reason)
            for text in archive.revisions(f"{SITE}/ferry")
        ]
    assert texts == [(1, "The ferry is late", "12:00", "14:00", "edit"), (2, "The ferry sank", "14:00", "", None)]
    assert store.new_revisions(run) == 1


def test_white_space_is_no_edit(store, run):
    store.save([article("/ferry", body=["It came at noon."])], run)
    assert store.save([article("/ferry", body=["It  came at\tnoon."])], next_run(store, run)) == [Outcome.UNCHANGED]


@pytest.mark.parametrize("new_text", [False, True], ids=["same-text", "new-text"])
@pytest.mark.parametrize("new_capture", [False, True], ids=["same-capture", "new-capture"])
@pytest.mark.parametrize("new_version", [False, True], ids=["same-version", "new-version"])
@pytest.mark.parametrize("raw_kept", [False, True], ids=["raw-purged", "raw-kept"])
def test_only_a_new_capture_with_another_text_in_the_same_reading_is_an_edit(
    store, run, clock, monkeypatch, new_text, new_capture, new_version, raw_kept
):
    """The eight cells of text x capture x extractor version; where text, capture and version are all new, the old page decides."""
    store.save([article("/ferry", "Old headline", keep_raw=raw_kept)], run)
    run = next_run(store, run)
    if new_version:
        monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "later")
    title = "New headline" if new_text else "Old headline"
    if new_capture:
        capture = article("/ferry", title, at=clock.move(hours=3))
        old = store.old_captures([capture])
        assert bool(old) == (new_version and raw_kept)
        reread = {url: extraction(url, "Old headline") for url in old}
        [outcome] = store.save([capture], run, reread=reread)
    else:
        outcome = store.save_reading(f"{SITE}/ferry", extraction(f"{SITE}/ferry", title))
    is_edit = new_text and new_capture and (not new_version or raw_kept)
    kept = rows(store, "SELECT reason, title FROM article_revision")
    assert [reason for reason, _ in kept if reason == "edit"] == (["edit"] if is_edit else [])
    assert outcome == (Outcome.UPDATED if is_edit else Outcome.UNCHANGED)
    if kept and not is_edit:  # nobody can say who changed it: the old text is kept, as a matter of the extractor
        assert kept == [("extractor", "Old headline")]
        assert new_text
        assert new_capture
        assert not raw_kept
    assert rows(store, "SELECT title, extractor_version, revisions FROM article") == [
        (title, "later" if new_version else EXTRACTOR_VERSION, 2 if is_edit else 1)
    ]


def test_a_better_reading_of_the_same_page_is_no_edit_even_when_the_page_was_fetched_again(store, run, clock, monkeypatch):
    store.save([article("/ferry", "Read badly")], run)
    run = next_run(store, run)
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "later")
    capture = article("/ferry", "Read well", at=clock.move(hours=3))
    reread = {f"{SITE}/ferry": extraction(f"{SITE}/ferry", "Read well")}
    assert store.save([capture], run, reread=reread) == [Outcome.UNCHANGED]
    assert rows(store, "SELECT title, revisions FROM article") == [("Read well", 1)]
    assert rows(store, "SELECT count(*) FROM article_revision") == [(0,)]


def test_another_address_in_a_later_run_is_a_duplicate_and_changes_nothing(store, run):
    store.save([article("/z", canonical_url=f"{SITE}/ferry")], run)
    run = next_run(store, run)
    assert store.save([article("/ferry", "Other words")], run) == [Outcome.DUPLICATE]
    assert rows(store, "SELECT title, revisions FROM article") == [("The ferry is late", 1)]


def test_http_and_https_are_one_article(store, run):
    assert store.save([article("http://paper.example/ferry"), article("https://paper.example/ferry")], run) == [
        Outcome.STORED,
        Outcome.STORED,
    ]
    assert rows(store, "SELECT source_url FROM article") == [("https://paper.example/ferry",)]


@pytest.mark.parametrize("address", ["/ferry", "/amp/ferry", "/old-ferry", "/older-ferry", "/via"])
def test_every_address_finds_the_article(store, run, address):
    store.save(
        [article("/amp/ferry", canonical_url=f"{SITE}/ferry"), article("/via", final_path="/amp/ferry", canonical_url=f"{SITE}/ferry")], run
    )
    for old, new in (("/older-ferry", "/old-ferry"), ("/old-ferry", "/ferry")):
        store.save([answer(old, Outcome.REDIRECTED, status=301, candidates=[link(new, found_by="redirect")])], run)
    with open_archive(store.path) as archive:
        found = archive.article(SITE + address)
        assert archive.article(found.article_id) == found == archive.article(found.article_id[:6])
        with pytest.raises(NotInArchive, match="newsarchive search"):
            archive.article(f"{SITE}/nowhere")


def test_410_is_gone_at_once_and_keeps_the_text(store, run, clock):
    store.save([article("/ferry")], run)
    run = next_run(store, run)
    assert store.save([answer("/ferry", Outcome.HTTP_4XX, status=410, at=clock.move(hours=1))], run) == [Outcome.GONE]
    assert rows(store, "SELECT body, gone_at FROM article") == [("It came at noon.", "2026-05-01T13:00:00Z")]
    assert rows(store, "SELECT state FROM articles") == [("gone",)]


def test_404_is_missing_until_it_lasts_a_day(store, run, clock):
    store.save([article("/ferry")], run)
    seen = []
    for hours in (1, 20, 5):
        run = next_run(store, run)
        seen += store.save([answer("/ferry", Outcome.MISSING, status=404, at=clock.move(hours=hours))], run)
    assert seen == [Outcome.MISSING, Outcome.MISSING, Outcome.GONE]
    run = next_run(store, run)
    assert store.save([article("/ferry", at=clock.move(hours=1))], run) == [Outcome.UNCHANGED]
    assert rows(store, "SELECT state FROM articles") == [("online",)]


def test_404_of_an_address_that_was_never_an_article_is_a_plain_failure(store, run):
    assert store.save([answer("/nothing", Outcome.MISSING, status=404, detail="HTTP 404")], run) == [Outcome.HTTP_4XX]


def test_an_article_whose_address_redirects_to_another_article_has_moved(store, run):
    store.save([article("/old"), article("/other", "Other")], run)
    run = next_run(store, run)
    target = [link("/new", found_by="redirect")]
    store.save([answer("/old", Outcome.REDIRECTED, status=301, candidates=target), article("/new", "The ferry is late, updated")], run)
    states = "SELECT url, state FROM articles ORDER BY url"
    assert rows(store, states) == [(f"{SITE}/new", "online"), (f"{SITE}/old", "moved"), (f"{SITE}/other", "online")]
    with open_archive(store.path) as archive:
        assert archive.article(f"{SITE}/old").moved_to == archive.article(f"{SITE}/new").article_id
    store.save([article("/old")], next_run(store, run))
    assert {state for _, state in rows(store, states)} == {"online"}


def test_not_modified_counts_as_seen(store, run, clock):
    store.save([article("/ferry")], run)
    run = next_run(store, run)
    assert store.save([answer("/ferry", Outcome.UNCHANGED, status=304, at=clock.move(hours=4))], run) == [Outcome.UNCHANGED]
    assert rows(store, "SELECT last_seen FROM article") == [("2026-05-01T16:00:00Z",)]


def test_every_appearance_of_a_teaser_is_kept_and_the_teaser_once(store, run):
    shown = teaser("More boats")
    store.save([article("/a", teasers=[shown]), article("/b", title="Other", teasers=[teaser("Fish"), teaser("More boats", 1)])], run)
    run = next_run(store, run)
    store.save([article("/a", teasers=[shown])], run)
    assert rows(store, "SELECT count(*) FROM teaser") == [(2,)]
    assert rows(store, "SELECT count(*) FROM placement") == [(4,)]
    assert rows(store, "SELECT DISTINCT title FROM promotion WHERE position=1") == [("More boats",)]


def test_a_relative_date_does_not_make_another_teaser_every_day(store, run, clock):
    for day in (1, 2):
        shown = teaser("More boats", date_published=f"2026-05-0{day}", date_published_raw="2 hours ago")
        store.save([article("/a", teasers=[shown], at=clock.move(days=1))], run)
        run = next_run(store, run)
    assert rows(store, "SELECT count(*) FROM teaser") == [(1,)]


def test_raw_pages_are_kept_once_and_come_back_checked(store, run):
    first, second = article("/a"), article("/b")
    store.save([first, second], run)
    assert rows(store, "SELECT count(*), min(codec) FROM raw") == [(1, "zstd")]
    with open_archive(store.path) as archive:
        assert archive.raw(archive.article(f"{SITE}/a").raw_sha256) == first.page.body


def test_without_keep_raw_only_the_digest_stays(store, run):
    store.save([article("/a", keep_raw=False)], run)
    assert rows(store, "SELECT count(*) FROM raw") == [(0,)]
    assert rows(store, "SELECT length(raw_sha256), raw_id FROM fetch") == [(64, None)]


def test_a_run_without_raw_pages_keeps_digests_alone(store):
    run = store.begin_run(PLAN | {"keep_raw": False}, [SITE])
    store.save([article("/a")], run.id)
    assert rows(store, "SELECT count(*) FROM raw") == [(0,)]
    store.close()
    with Store(store.path) as again:
        assert again.begin_run(PLAN, [SITE]).uuid == run.uuid


def test_an_attempt_to_be_repeated_leaves_no_verdict(store, run, clock):
    store.frontier.add([link("/slow")], run)
    store.frontier.lease(run, limit=1)
    store.save([answer("/slow", Outcome.HTTP_5XX, status=503, retry_at=NOON + timedelta(minutes=5))], run)
    assert store.counts(run) == {}
    assert store.frontier.counts(run)["deferred"] == 1
    assert rows(store, "SELECT outcome, is_final FROM fetch") == [("http_5xx", 0)]
    assert store.frontier.lease(run, limit=1) == []
    assert store.frontier.next_retry_at(run) == NOON + timedelta(minutes=5)
    clock.move(minutes=6)
    [again] = store.frontier.lease(run, limit=1)
    assert again.attempts == 1
    store.save([article("/slow")], run)


def test_deferred_addresses_get_their_outcome_when_the_run_is_finished(store, run):
    store.frontier.add([link("/slow")], run)
    store.save([answer("/slow", Outcome.HTTP_5XX, status=503, retry_at=NOON + timedelta(minutes=5))], run)
    store.finish_run(run, "finished", "finished")
    assert store.counts(run) == {"deferred": {"to be tried again": 1}}
    assert store.frontier.add([link("/slow")], store.begin_run(PLAN, [SITE]).id) == 1


def test_a_refusal_before_the_request_leaves_an_outcome_and_no_fetch(store, run):
    store.save([answer("/admin", Outcome.ROBOTS, attempted=False, detail="robots.txt")], run)
    assert rows(store, "SELECT count(*) FROM fetch") == [(0,)]
    assert store.counts(run) == {"robots": {"robots.txt": 1}}


def test_one_bad_capture_rolls_the_whole_batch_back(store, run):
    good, bad = article("/a", candidates=[link("/c")]), article("/b")
    object.__setattr__(bad.page, "status", "two hundred")
    with pytest.raises(Exception, match="cannot store TEXT"):
        store.save([good, bad], run)
    assert rows(store, "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM raw), (SELECT count(*) FROM frontier)") == [(0, 0, 0)]
    assert store.save([good], run) == [Outcome.STORED]


def test_sources_are_visited_less_often_while_they_yield_nothing(store, run, clock):
    def visit(run, links):
        capture = answer("/feed.xml", Outcome.SOURCE, kind="feed", at=clock.now, candidates=[link(path) for path in links])
        store.save([capture], run)
        return rows(store, "SELECT interval_seconds, last_new, total_new, fetches FROM source")[0]

    assert visit(run, ["/a", "/b"]) == (3600, 2, 2, 1)
    run = next_run(store, run)
    assert visit(run, ["/a", "/c"]) == (1800, 2, 4, 2)
    for _ in range(9):
        run = next_run(store, run)
        last = visit(run, [])
    assert last == (7 * 86400, 0, 4, 11)


def test_readers_see_committed_articles_while_the_writer_writes(store, run):
    store.save([article("/a")], run)
    with open_archive(store.path) as archive:
        store._connection.execute("BEGIN IMMEDIATE")
        assert len(archive) == 1
        store._connection.execute("ROLLBACK")
        store.save([article("/b")], run)
        assert len(archive) == 2


def test_views_have_what_analysts_ask_for(store, run, clock):
    store.save(
        [
            article("/a", date_published="2026-05-01", authors=["Ida Berg", "Bo"]),
            article("https://copy.example/a", date_published="2026-05-02"),
        ],
        run,
    )
    store.save([answer("/x", Outcome.HTTP_4XX, status=403, detail="HTTP 403")], run)
    assert rows(store, "SELECT day, site, articles FROM articles_per_day ORDER BY day") == [
        ("2026-05-01", "paper.example", 1),
        ("2026-05-02", "copy.example", 1),
    ]
    assert rows(store, "SELECT author FROM authors ORDER BY 1") == [("Bo",), ("Ida Berg",)]
    assert rows(store, "SELECT copies, sites, first_published FROM syndication") == [(2, 2, "2026-05-01")]
    assert rows(store, "SELECT host, outcome, detail, urls FROM errors") == [("paper.example", "http_4xx", "HTTP 403", 1)]
    assert len(rows(store, "SELECT * FROM revisions")) == 2


def test_a_page_is_never_interpreted_as_sql(store, run):
    nasty = "'); DROP TABLE article; --"
    store.save([article("/a", title=nasty, body=[nasty], authors=[nasty], teasers=[teaser(nasty, url=f"{SITE}/{nasty}")])], run)
    with open_archive(store.path) as archive:
        assert archive.article(f"{SITE}/a").article.title == nasty
        assert archive.search(nasty)


def test_counts_group_by_outcome_and_detail(store, run):
    store.save([answer("/a", Outcome.NOT_ARTICLE, detail="shop"), answer("/b", Outcome.NOT_ARTICLE, detail="shop"), article("/c")], run)
    assert store.counts(run) == {"not_article": {"shop": 2}, "stored": {"": 1}}


def test_a_capture_row_names_status_headers_and_digest(store, run):
    capture = article("/a")
    object.__setattr__(capture, "page", page(capture.url, "<p>x</p>", content_type="text/html", etag='"7"', x_robots_tag="noai"))
    store.save([capture], run)
    assert rows(store, "SELECT status, content_type, etag, json_extract(headers, '$.x-robots-tag') FROM fetch") == [
        (200, "text/html", '"7"', "noai")
    ]
    store.finish_run(run, "finished", "finished")
    run = store.begin_run({"revisit": "now"}, [SITE]).id
    store.frontier.add([link("/a")], run, "now")
    [leased] = store.frontier.lease(run, limit=1)
    assert (leased.etag, leased.known_article) == ('"7"', True)
    store.frontier.release_all(run)


def test_the_file_opens_in_plain_sqlite(store, run):
    store.save([article("/a")], run)
    connection = sqlite3.connect(store.path)
    assert connection.execute("SELECT title FROM articles").fetchone() == ("The ferry is late",)
    assert connection.execute("PRAGMA application_id").fetchone() == (1314013507,)
    connection.close()
