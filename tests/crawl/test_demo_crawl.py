"""Crawls of the demo newspaper, edition after edition, against its manifest."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from killing import run_to_the_end

from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.verify import verify
from newsarchive.demo.expectation import ORIGIN, without_tracking
from newsarchive.demo.judge import disagreements, forbidden_requests
from newsarchive.demo.manifest import edition_change, manifest
from newsarchive.demo.server import DemoServer

EDITIONS = (1, 2, 3)


class Night:
    """One crawl of one edition."""

    def __init__(self, edition: int, archive: Path, server: DemoServer) -> None:
        self.edition = edition
        self.requests = list(server.requests)
        connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
        self.outcomes = dict(connection.execute("SELECT url, outcome FROM outcome WHERE run_id=(SELECT max(id) FROM run)"))
        self.attempted = {row[0] for row in connection.execute("SELECT url FROM fetch WHERE run_id=(SELECT max(id) FROM run)")}
        self.dump = list(canonical_dump(archive))
        connection.close()


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    home = tmp_path_factory.mktemp("nights")
    archive = home / "archive.db"
    found = []
    for edition in EDITIONS:
        with DemoServer(edition) as server:
            run_to_the_end(archive, server, home)
            found.append(Night(edition, archive, server))
    return archive, found


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_address_gets_the_outcome_of_the_manifest(nights, edition):
    night = nights[1][edition - 1]
    before = edition - 1 if edition > 1 else None
    assert disagreements(edition, night.outcomes, before=before) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_address_the_server_saw_has_an_outcome_and_every_attempt_was_seen(nights, edition):
    night = nights[1][edition - 1]
    seen = {ORIGIN + target for target, _ in night.requests}
    assert seen == night.attempted
    assert seen <= set(night.outcomes)


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_is_asked_for_that_robots_txt_forbids_or_twice(nights, edition):
    night = nights[1][edition - 1]
    assert forbidden_requests(edition, night.requests) == []
    twice = [target for target, count in Counter(target for target, _ in night.requests).items() if count > 1]
    assert not [target for target in twice if target != "/robots.txt"]


def test_edits_of_the_second_edition_are_revisions_with_the_old_text(nights):
    archive, _ = nights
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    for url in edition_change(2).updated:
        rows = connection.execute(
            "SELECT r.title, r.body FROM article_revision r JOIN article a ON a.id=r.article_id WHERE a.source_url=? ORDER BY r.seq", (url,)
        ).fetchall()
        assert rows, url
        assert rows[0][0] == manifest(1).articles[url].title
    connection.close()


def test_the_archive_is_sound_after_three_editions(nights):
    report = verify(nights[0])
    assert not report.problems, report.problems


def test_an_edition_crawled_again_stores_nothing_twice(nights, tmp_path):
    archive = tmp_path / "again.db"
    with DemoServer(1) as server:
        run_to_the_end(archive, server, tmp_path)
        run_to_the_end(archive, server, tmp_path)
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    outcomes = Counter(row[0] for row in connection.execute("SELECT outcome FROM outcome WHERE run_id=2"))
    revisions = connection.execute("SELECT count(*) FROM article_revision").fetchone()[0]
    articles = connection.execute("SELECT count(*) FROM article").fetchone()[0]
    connection.close()
    assert outcomes["stored"] == outcomes["updated"] == revisions == 0
    assert articles == outcomes["unchanged"]


def test_tracking_parameters_are_never_requested(nights):
    assert all(without_tracking(ORIGIN + target) == ORIGIN + target for target, _ in nights[1][0].requests)
