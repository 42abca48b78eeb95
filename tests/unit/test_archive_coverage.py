"""What was listed against what is stored: every listed page is counted once, and every missed one has its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from archive_samples import PLAN, SITE, Clock, answer, article, link

from newsarchive.archive.coverage import coverage_of, is_host_of
from newsarchive.archive.store import Store
from newsarchive.errors import NotInArchive
from newsarchive.model.outcome import Outcome

FEED = f"{SITE}/feed.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive in which a sitemap of nine pages was read and most of them were fetched."""
    place = tmp_path / "archive.db"
    listed = [
        link("/a", found_by="sitemap", found_on=f"{SITE}/map.xml", date_published="2026-04-30", title="A"),
        link("/old", found_by="sitemap", found_on=f"{SITE}/map.xml", date_modified="2025-01-01"),
        link("/shop", found_by="news-sitemap", found_on=f"{SITE}/news.xml"),
        link("/gone", found_by="feed", found_on=FEED, date_published="2026-04-29T10:00:00Z", title="=1+1"),
        link("/moved", found_by="feed", found_on=FEED),
        link("/lost", found_by="feed", found_on=FEED),
        link("/waiting", found_by="feed", found_on=FEED, date_published="2026-05-01"),
        link("/section/", kind="listing", found_by="sitemap", found_on=f"{SITE}/map.xml"),
        link("/linked-only", found_by="link", found_on=f"{SITE}/"),
    ]
    with Store(place, clock=Clock()) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.frontier.add([link("/feed.xml", kind="feed"), link("/map.xml", kind="sitemap")], run)
        store.save([answer("/feed.xml", Outcome.SOURCE, kind="feed", candidates=listed)], run)
        store.save(
            [
                answer("/map.xml", Outcome.HTTP_5XX, status=503, detail="HTTP 503", kind="sitemap"),
                article("/a"),
                article("/linked-only", "Another story", ("Somebody else came.",)),
                answer("/shop", Outcome.NOT_ARTICLE, detail="product"),
                answer("/gone", Outcome.HTTP_4XX, status=404, detail="HTTP 404"),
                answer("/moved", Outcome.REDIRECTED, status=301, candidates=[link("/here", found_by="redirect")]),
                answer("/lost", Outcome.REDIRECTED, status=301, candidates=[link("/there", found_by="redirect")]),
                answer("/section/", Outcome.SOURCE, kind="listing"),
            ],
            run,
        )
        store.save([article("/here", "A third story", ("Nobody came.",)), answer("/there", Outcome.ROBOTS, detail="disallowed")], run)
        store.save([answer("/old", Outcome.TIMEOUT, detail="no answer in time")], run)
    return place


def test_every_listed_page_is_counted_once(path):
    found = coverage_of(path, ["paper.example"])
    assert (found.listed, found.stored, len(found.missed)) == (7, 2, 5)
    assert found.by_listing == {
        "feed": {"listed": 4, "stored": 1},
        "news-sitemap": {"listed": 1, "stored": 0},
        "sitemap": {"listed": 2, "stored": 1},
    }


def test_every_missed_page_has_its_reason_newest_first(path):
    found = coverage_of(path, ["paper.example"])
    assert [(item.url.removeprefix(SITE), item.outcome) for item in found.missed] == [
        ("/waiting", None),
        ("/gone", "http_4xx"),
        ("/old", "timeout"),
        ("/lost", "robots"),
        ("/shop", "not_article"),
    ]
    assert found.missed[1].detail == "HTTP 404"
    assert found.missed[1].listed_on == FEED
    assert found.missed[3].detail == f"disallowed (redirected to {SITE}/there)"
    assert found.reasons[None] == 1


def test_sources_that_could_not_be_read_are_named(path):
    found = coverage_of(path, ["paper.example"])
    assert [(item.url.removeprefix(SITE), item.outcome, item.detail) for item in found.sources] == [
        ("/feed.xml", "source", None),
        ("/map.xml", "http_5xx", "HTTP 503"),
    ]
    assert found.sources[0].last_links == 9


def test_since_leaves_out_what_is_listed_with_an_earlier_date(path):
    found = coverage_of(path, ["paper.example"], since=date(2026, 4, 30))
    assert [item.url.removeprefix(SITE) for item in found.missed] == ["/waiting", "/lost", "/shop"]
    assert (found.listed, found.stored, found.undated) == (5, 2, 3)


def test_a_site_the_archive_does_not_know_is_told(path):
    with pytest.raises(NotInArchive, match=r"knows no address of other\.example"):
        coverage_of(path, ["other.example"])
    with pytest.raises(NotInArchive, match="no archive"):
        coverage_of(path.with_name("none.db"), ["paper.example"])


def test_hosts_belong_to_a_domain_by_whole_labels():
    assert is_host_of("www.paper.example", ["paper.example"])
    assert is_host_of("127.0.0.1:8000", ["127.0.0.1:8000"])
    assert is_host_of("localhost:9", ["localhost"])
    assert not is_host_of("newspaper.example", ["paper.example"])
    assert not is_host_of("127.0.0.1:8001", ["127.0.0.1:8000"])


def test_what_is_linked_first_and_listed_later_is_listed(tmp_path):
    """In one run and over runs, whichever comes first: that the site lists a page is not forgotten."""
    place = tmp_path / "archive.db"
    listed, linked = link("/a", found_by="sitemap", found_on=f"{SITE}/map.xml", depth=3), link("/a", depth=1)
    for number, order in enumerate(([linked, listed], [listed, linked])):
        with Store(place.with_name(f"{number}.db"), clock=Clock()) as store:
            run = store.begin_run(PLAN, [SITE]).id
            for candidate in order:
                store.frontier.add([candidate], run)
            store.save([article("/a")], run)
            store.finish_run(run, "finished", "finished")
            again = store.begin_run(PLAN | {"revisit": "now"}, [SITE]).id
            store.frontier.add([replace(linked, found_by="archive")], again, "now")
        assert coverage_of(place.with_name(f"{number}.db"), ["paper.example"]).listed == 1


def test_what_is_fetched_before_it_is_listed_is_listed(tmp_path):
    place = tmp_path / "archive.db"
    with Store(place, clock=Clock()) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.frontier.add([link("/a")], run)
        store.save([article("/a")], run)
        listed = link("/a", found_by="feed", found_on=FEED, date_published="2026-05-01", title="A")
        assert store.frontier.add([listed], run) == 0
    found = coverage_of(place, ["paper.example"], since=date(2026, 5, 1))
    assert (found.listed, found.stored, found.undated) == (1, 1, 0)
