"""Reading stored pages again: the demo newspaper's archive with readings that are worse, missing or all there."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import Crawler, environment

from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.verify import verify

KILLED_AT_COMMIT = """
import os, signal, sys
from newsarchive.recapture import reextract
count, save = 0, reextract.save_readings
def killing(*given):
    global count
    save(*given)
    count += 1
    if count == int(sys.argv[1]):
        os.killpg(0, signal.SIGKILL)
reextract.save_readings = killing
reextract.BATCH = 10
from newsarchive.cli.main import main
main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    crawler = Crawler(tmp_path_factory.mktemp("demo"))
    ran = crawler.run("crawl", "--demo", *crawler.options(None))
    assert ran.code == 0, ran.err
    return crawler.archive


@pytest.fixture
def copy(demo_archive: Path, crawler: Crawler) -> Crawler:
    shutil.copy(demo_archive, crawler.archive)
    return crawler


def change(archive: Path, *statements: str) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def worsen(archive: Path) -> None:
    """As if an older version had stored the articles: other titles, shorter texts, no teasers."""
    change(
        archive,
        "UPDATE article SET extractor_version='0', title='Worse: ' || title, body=substr(body, 1, 80)",
        "DELETE FROM placement WHERE page_article_id IS NOT NULL",
        "DELETE FROM teaser WHERE id NOT IN (SELECT teaser_id FROM placement)",
    )


def record(archive: Path) -> list[str]:
    """What the archive holds, without what its runs came to."""
    return [line for line in canonical_dump(archive) if not line.startswith("outcome ")]


def reextract(crawler: Crawler, *options: str) -> dict[str, object]:
    ran = crawler.run("reextract", "--archive", str(crawler.archive), "--json", *options)
    assert ran.code == 0, ran.err
    return ran.summary


def test_reading_everything_again_with_the_same_version_changes_nothing(copy, demo_archive):
    before = record(copy.archive)
    report = reextract(copy, "--all")
    assert report["read"] > 70
    assert report["fields"] == {}
    assert record(copy.archive) == before


def test_a_worse_reading_is_replaced_and_is_no_edit(copy, demo_archive):
    worsen(copy.archive)
    report = reextract(copy)
    assert report["fields"]["title"] == report["read"] > 70
    assert report["fields"]["teasers"] > 20
    assert record(copy.archive) == record(demo_archive)
    assert verify(copy.archive).is_sound
    assert copy.query("SELECT count(*) FROM article_revision") == [(0,)]
    assert reextract(copy)["selected"] == 0


def test_a_dry_run_counts_and_shows_but_writes_nothing(copy):
    worsen(copy.archive)
    before = record(copy.archive)
    report = reextract(copy, "--dry-run", "--where", "section IS NOT NULL")
    assert 0 < report["changed"] < 77
    titles = [item for item in report["sample"] if item["field"] == "title"]
    assert titles
    assert all(item["before"] == "Worse: " + item["after"] for item in titles)
    assert record(copy.archive) == before
    assert copy.query("SELECT count(*) FROM run") == [(1,)]


@pytest.mark.parametrize("commit", [1, 4])
def test_a_killed_run_goes_on_where_it_stopped(copy, demo_archive, commit):
    worsen(copy.archive)
    command = [sys.executable, "-c", KILLED_AT_COMMIT, str(commit), "reextract", "--archive", str(copy.archive), "--json"]
    killed = subprocess.run(command, env=environment(copy.folder), capture_output=True, start_new_session=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert copy.query("SELECT count(*) FROM article WHERE extractor_version<>'0'") == [(10 * commit,)]
    report = reextract(copy)
    assert report["resumed"] is True
    assert report["read"] == copy.query("SELECT count(*) FROM article")[0][0]
    assert record(copy.archive) == record(demo_archive)
    assert [row[0] for row in copy.query("SELECT status FROM run ORDER BY id")] == ["finished", "finished"]


def test_a_reading_that_would_lose_the_article_is_refused(copy):
    url = copy.query("SELECT source_url FROM article ORDER BY id LIMIT 1")[0][0]
    change(copy.archive, "UPDATE fetch SET raw_id=NULL WHERE id=(SELECT fetch_id FROM article ORDER BY id LIMIT 1)")
    poor = "(SELECT fetch_id FROM article ORDER BY id LIMIT 1 OFFSET 1)"
    listing = "(SELECT raw_id FROM fetch WHERE raw_id IS NOT NULL AND id=(SELECT fetch_id FROM article ORDER BY id LIMIT 1 OFFSET 1))"
    from hashlib import sha256

    page = b"<html><head><title>Nothing here</title></head><body><p>Closed.</p></body></html>"
    with closing(sqlite3.connect(copy.archive)) as connection:
        connection.execute(
            f"UPDATE raw SET sha256=?, size=?, codec='none', ref_id=NULL, data=? WHERE id={listing}",
            (sha256(page).hexdigest(), len(page), page),
        )
        connection.execute(f"UPDATE fetch SET raw_sha256=? WHERE id={poor}", (sha256(page).hexdigest(),))
        connection.commit()
    kept = copy.query("SELECT id, title, body FROM article ORDER BY id LIMIT 2")
    report = reextract(copy, "--all")
    assert report["without_page"] == 1
    assert report["refused"] == {"it is no article": 1}
    assert copy.query("SELECT id, title, body FROM article ORDER BY id LIMIT 2") == kept
    assert copy.query("SELECT count(*) FROM outcome WHERE run_id=2 AND url=?", url) == [(0,)]


def test_an_edit_that_was_only_the_old_extractors_noise_is_no_edit_any_more(copy):
    row, fetch = copy.query("SELECT id, fetch_id FROM article ORDER BY id LIMIT 1")[0]
    change(
        copy.archive,
        "INSERT INTO article_revision(article_id, seq, reason, first_seen, replaced_at, title, content_hash, fetch_id, extractor,"
        f" extractor_version, body, body_blocks) VALUES({row}, 1, 'edit', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'Noise', 'x',"
        f" {fetch}, 'newsarchive', '0', 'Advertisement. It was.', '[]')",
        f"UPDATE article SET revisions=2, extractor_version='0' WHERE id={row}",
    )
    assert len(json.loads(copy.run("changes", "--archive", str(copy.archive), "--json").out)) == 1
    assert reextract(copy)["read"] == 2
    assert json.loads(copy.run("changes", "--archive", str(copy.archive), "--json").out) == []
    assert copy.query("SELECT revisions FROM article WHERE id=?", row) == [(1,)]
    assert copy.query("SELECT reason FROM article_revision") == [("extractor",)]


def test_a_crawl_that_was_interrupted_can_still_be_taken_up(copy):
    change(copy.archive, "UPDATE run SET status='interrupted'")
    reextract(copy, "--all")
    assert copy.query("SELECT status FROM run ORDER BY id") == [("interrupted",), ("finished",)]


def test_a_condition_that_is_no_sql_and_an_archive_that_is_none_get_a_sentence(copy):
    ran = copy.run("reextract", "--archive", str(copy.archive), "--where", "title LIKE")
    assert (ran.code, "cannot be read" in ran.err) == (5, True)
    ran = copy.run("reextract", "--archive", str(copy.folder / "none.db"))
    assert (ran.code, "There is no archive" in ran.err) == (13, True)


def test_site_profiles_are_followed_and_new_rules_are_another_reader(copy):
    sites = copy.folder / "sites"
    sites.mkdir()
    (sites / "demo.toml").write_text('domains = ["demo-news.example"]\n\n[selectors]\nsection = ["h1"]\n')
    report = reextract(copy, "--sites", str(sites))
    assert report["fields"] == {"section": report["changed"]}
    assert report["changed"] > 60
    assert reextract(copy, "--sites", str(sites))["selected"] == 0
    assert reextract(copy)["fields"] == {"section": report["changed"]}
