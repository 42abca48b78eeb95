from __future__ import annotations

import itertools

from loopback import Answer, Site, article_html, listing_html

ARTICLES = [f"/articles/ferry-landing-reopens-report-{i}" for i in range(20)]


def site(robots, **answer):
    pages = {path: Answer(article_html(i)) for i, path in enumerate(ARTICLES)}
    return Site({"/": Answer(listing_html(ARTICLES)), "/robots.txt": robots, **pages}, **answer)


def test_requests_that_wait_for_a_cold_robots_txt_obey_it(crawler):
    robots = Answer("User-agent: *\nDisallow: /articles/", delay_seconds=0.5, headers={"Content-Type": "text/plain"})
    with site(robots) as served:
        seeds = [served.url + path for path in ARTICLES]
        ran = crawler.crawl(*seeds, allow=served.allow, options=("--concurrency-per-host", "8"))
    assert ran.outcomes["robots"] == 20, ran.err
    assert served.paths == ["/robots.txt"]


def test_a_group_for_us_wins_over_the_group_for_all(crawler):
    robots = Answer("User-agent: *\nDisallow: /\n\nUser-agent: newsarchive\nDisallow: /articles/ferry-landing-reopens-report-1\n")
    with site(robots) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["robots"] == 11, ran.err
    assert ran.outcomes["stored"] == 9


def test_a_missing_robots_txt_allows_everything(crawler):
    with site(Answer("gone", 410)) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["stored"] == 20, ran.err
    assert crawler.verdicts()["robots.txt"] == "http_4xx"


def test_a_failing_robots_txt_means_wait(crawler):
    with site(Answer("oops", 503)) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert set(served.paths) == {"/robots.txt"}
    assert crawler.verdicts()[""] == "deferred"
    assert ran.code == 4


def test_robots_txt_is_read_through_redirects(crawler):
    moved = {"/robots.txt": Answer(b"", 301, {"Location": "/r/1"}), "/r/1": Answer("User-agent: *\nDisallow: /articles/")}
    with site(Answer("")) as served:
        served.pages.update(moved)
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["robots"] == 20, ran.err


def test_only_the_first_500_kib_of_robots_txt_count(crawler):
    filler = "# nothing\n" * 52_000
    with site(Answer(f"User-agent: *\nDisallow: /articles/\n{filler}Allow: /articles/\n")) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["robots"] == 20, ran.err


def test_a_crawl_delay_is_kept(crawler):
    with site(Answer("User-agent: *\nCrawl-delay: 0.4\n")) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--max", "4", "--concurrency-per-host", "8"))
    times = [when for path, when in served.requests if path != "/robots.txt"]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert min(gaps) > 0.35, gaps
    assert any("0.4 s" in note for note in ran.summary["notes"])
