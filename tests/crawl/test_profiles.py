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


def test_selectors_drop_and_zone_of_a_profile_hold_in_a_crawl_and_a_new_profile_is_no_edit(crawler, sites):
    page = article_html(0, links=tuple(PATHS[1:3])).replace("Report 0. A first boat", "<b class=ad>Buy a boat.</b> A first boat")
    page = page.replace('content="2026-03-01T09:30:00+00:00"', 'content="2026-03-01T09:30:00"')
    with Site({"/": Answer(listing_html(PATHS[:1])), PATHS[0]: Answer(page)}) as served:
        profile = f'domains = ["127.0.0.1:{served.port}"]\nstart = ["{served.url}/"]\n'
        (sites / "courier.toml").write_text(
            f'{profile}drop = [".ad"]\ntimezone = "Europe/Oslo"\n[selectors]\ntitle = ".byline"\nteasers = "nav"\n'
        )
        ran = crawler.crawl(served.url + "/", allow=served.allow)
        assert ran.outcomes["stored"] == 1, ran.err
        ((title, published, body, rules, flags),) = crawler.query("SELECT title, date_published, body, rules, flags FROM article")
        assert (title, published) == ("By Ada Holm", "2026-03-01T09:30:00+01:00")
        assert "Buy a boat" not in body
        assert "A first boat" in body
        assert '"title":"profile-selector"' in rules
        assert "profile_missed:teasers" in flags
        (sites / "courier.toml").write_text(profile)
        served.pages[PATHS[0]] = Answer(page.replace("</body>", "<!-- served by another machine --></body>"))
        again = crawler.crawl(served.url + "/", allow=served.allow, options=("--revisit", "now"))
    assert again.outcomes["unchanged"] == 1, again.err
    ((title, body, revisions),) = crawler.query("SELECT title, body, revisions FROM article")
    assert title == "Ferry landing reopens, report 0"
    assert "Buy a boat" in body
    assert revisions == 1


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


def test_a_browser_that_is_not_there_is_missed_before_the_first_request(crawler, sites):
    crawler.extra["PATH"] = str(sites)
    with served_pages() as served:
        (sites / "one.toml").write_text(f'domains = ["127.0.0.1:{served.port}"]\nbrowser = true\n')
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.code == 5
    assert "browser = true needs a browser: apt install chromium" in ran.err
    assert served.paths == []
    assert not crawler.archive.exists()


def test_a_browser_is_not_combined_with_a_proxy_that_it_would_go_round(crawler, sites):
    with served_pages() as served:
        (sites / "one.toml").write_text(f'domains = ["127.0.0.1:{served.port}"]\nbrowser = true\nproxy = "http://127.0.0.1:9"\n')
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.code == 5
    assert "cannot be combined" in ran.err
    assert served.paths == []
