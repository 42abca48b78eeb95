"""`newsarchive coverage` after a real crawl: what the feed and the sitemap listed, what is stored, and why the rest is not."""

from __future__ import annotations

import csv
import io
import json

import pytest
from loopback import Answer, Site, article_html, listing_html


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """A crawl of a site whose sitemap lists five stories and whose feed lists one; two stories cannot be had."""
    from conftest import Crawler

    crawler = Crawler(tmp_path_factory.mktemp("coverage"))
    stories = [f"/2026/03/{number:02d}/report-from-the-river-towns-{number}" for number in range(1, 6)]
    with Site({}) as site:
        entries = "".join(f"<url><loc>{site.url}{path}</loc><lastmod>2026-03-{n:02d}</lastmod></url>" for n, path in enumerate(stories, 1))
        feed = f'<rss version="2.0"><channel><item><title>=Ferry</title><link>{site.url}{stories[4]}</link></item></channel></rss>'
        head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        site.pages |= {
            "/robots.txt": Answer(f"User-agent: *\nDisallow: {stories[3]}\nSitemap: {site.url}/map.xml\nSitemap: {site.url}/none.xml\n"),
            "/": Answer(listing_html(stories[:2]).replace("</head>", f"{head}</head>")),
            "/map.xml": Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'),
            "/feed.xml": Answer(feed),
        } | {path: Answer(article_html(number)) for number, path in enumerate(stories[:3], 1)}
        ran = crawler.crawl(site.url, allow=site.allow)
        assert ran.code == 0, ran.err
    return crawler, site, stories


def coverage(crawled, *options: str) -> str:
    crawler, site, _ = crawled
    ran = crawler.run("coverage", site.url, "--archive", str(crawler.archive), *options)
    assert ran.code == 0, ran.err
    return ran.out


def test_every_missed_story_is_named_with_its_reason(crawled):
    _, site, stories = crawled
    found = json.loads(coverage(crawled, "--json"))
    assert (found["listed"], found["stored"]) == (5, 3)
    assert {item["url"].removeprefix(site.url): item["outcome"] for item in found["missed"]} == {
        stories[3]: "robots",
        stories[4]: "http_4xx",
    }
    assert found["reasons"] == {"robots": 1, "http_4xx": 1}
    assert [item["outcome"] for item in found["sources"] if item["url"].endswith("/none.xml")] == ["http_4xx"]


def test_the_missed_stories_are_a_table_without_formulas(crawled):
    _, site, stories = crawled
    rows = list(csv.DictReader(io.StringIO(coverage(crawled, "--csv"))))
    assert [row["url"].removeprefix(site.url) for row in rows] == [stories[4], stories[3]]
    assert rows[0]["title"] == "'=Ferry"
    assert rows[0]["listed_by"] == "feed"
    assert rows[0]["listed_on"] == f"{site.url}/feed.xml"


def test_people_read_the_share_and_the_reasons(crawled):
    out = coverage(crawled)
    assert out.startswith("3 of 5 listed pages are stored, 60.0%")
    assert "robots" in out
    assert "/none.xml: http_4xx, HTTP 404" in out


def test_since_goes_by_the_listed_date(crawled):
    found = json.loads(coverage(crawled, "--json", "--since", "2026-03-03"))
    assert (found["listed"], found["stored"]) == (3, 1)


def test_an_archive_that_does_not_know_the_site_says_so(crawled):
    crawler, _, _ = crawled
    ran = crawler.run("coverage", "elsewhere.example", "--archive", str(crawler.archive))
    assert ran.code == 13
    assert "knows no address of elsewhere.example" in ran.err
