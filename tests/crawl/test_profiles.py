from __future__ import annotations

from itertools import pairwise

import pytest
from loopback import Answer, Site, article_html, listing_html

PATHS = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(6)]


@pytest.fixture
def sites(crawler):
    folder = crawler.folder / "sites"
    folder.mkdir()
    crawler.extra["NEWSARCHIVE_SITES"] = str(folder)
    return folder


def served_pages():
    return Site({"/": Answer(listing_html(PATHS)), **{path: Answer(article_html(i)) for i, path in enumerate(PATHS)}})


def test_a_profile_sets_headers_cookies_contact_delay_and_what_is_skipped(crawler, sites):
    with served_pages() as served:
        (sites / "courier.toml").write_text(
            f'domains = ["127.0.0.1:{served.port}"]\ncontact = "desk@example.org"\ndelay_seconds = 0.3\n'
            'skip_patterns = [\'town-[01]$\']\n[headers]\nX-Reader = "research"\n[cookies]\nconsent = "yes"\n'
        )
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["stored"] == 4, ran.err
    assert not {PATHS[0], PATHS[1]} & set(served.paths)
    sent = served.headers[-1]
    assert sent["X-Reader"] == "research"
    assert sent["Cookie"] == "consent=yes"
    assert "desk@example.org" in sent["User-Agent"]
    times = [when for path, when in served.requests if path in PATHS]
    assert min(b - a for a, b in pairwise(times)) > 0.25


def test_feeds_of_a_profile_are_read(crawler, sites):
    with served_pages() as served:
        items = "".join(f"<item><title>R {i}</title><link>{served.url}{path}</link></item>" for i, path in enumerate(PATHS))
        served.pages["/hidden.rss"] = Answer(f"<rss version='2.0'><channel><title>R</title>{items}</channel></rss>")
        served.pages["/"] = Answer(listing_html(PATHS[:1]))
        (sites / "courier.toml").write_text(
            f'domains = ["127.0.0.1:{served.port}"]\nstart = ["{served.url}/"]\nfeeds = ["{served.url}/hidden.rss"]\n'
        )
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["stored"] == 6, ran.err


def test_every_fault_of_every_profile_is_told_before_the_first_request(crawler, sites):
    (sites / "one.toml").write_text('domains = ["example.com"]\ndelay_second = 3\n')
    (sites / "two.toml").write_text("domains = []\n")
    with served_pages() as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert served.paths == []
    assert ran.code == 5
    assert "one.toml:2" in ran.err
    assert "delay_seconds" in ran.err
    assert "two.toml:1" in ran.err
    assert not crawler.archive.exists()


def test_a_key_that_the_crawl_cannot_follow_is_refused_rather_than_ignored(crawler, sites):
    (sites / "one.toml").write_text('domains = ["example.com"]\nbrowser = true\n')
    with served_pages() as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.code == 5
    assert "browser" in ran.err
