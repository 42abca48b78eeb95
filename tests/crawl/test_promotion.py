"""`newsarchive teasers` and `newsarchive promoted`, on an archive of two editions of the demo newspaper."""

from __future__ import annotations

import json

import pytest
from killing import run_to_the_end

from newsarchive.archive.reader import open_archive
from newsarchive.demo.manifest import manifest
from newsarchive.demo.server import DemoServer
from newsarchive.errors import NotInArchive


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    home = tmp_path_factory.mktemp("promotion")
    for edition in (1, 2):
        with DemoServer(edition) as server:
            run_to_the_end(home / "archive.db", server, home)
    return home / "archive.db"


def promoted_target():
    """A page of the first edition and an archived article that it promotes."""
    articles = manifest(1).articles
    return next((url, item.teasers[0].url) for url, item in articles.items() if item.teasers and item.teasers[0].url in articles)


def test_both_directions_tell_the_same_appearance(archive):
    page, target = promoted_target()
    with open_archive(archive) as opened:
        forth = [item for item in opened.shown_on(page) if item.target_url == target]
        back = [item for item in opened.promoted(target) if item.page_url == page]
    assert forth == back != []
    assert forth[0].target_article_id
    assert forth[0].page_article_id
    assert forth[0].first_seen <= forth[0].last_seen
    assert forth[0].captures >= 1


def test_teasers_come_in_page_order_each_target_once(archive):
    page, _ = promoted_target()
    with open_archive(archive) as opened:
        shown = opened.shown_on(page)
    newest = [item.position for item in shown if item.last_seen == shown[0].last_seen]
    assert newest == sorted(newest)
    assert len({item.target_url for item in shown}) == len(shown)


def test_an_address_that_nothing_promotes_and_nobody_archived_is_told(archive):
    with open_archive(archive) as opened, pytest.raises(NotInArchive, match="no archived page promotes it"):
        opened.promoted("http://demo-news.example/nowhere/at/all")


def test_the_commands_print_words_and_json(archive, crawler):
    page, target = promoted_target()
    words = crawler.run("teasers", page, "--archive", str(archive))
    assert words.code == 0, words.err
    assert "captures" in words.out or "capture" in words.out
    record = json.loads(crawler.run("promoted", target, "--archive", str(archive), "--json").out)
    assert page in [item["page_url"] for item in record]
