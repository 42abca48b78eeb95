from __future__ import annotations

from loopback import Answer, Site, article_html, listing_html

PATHS = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(14)]


def pages(**special):
    return {"/": Answer(listing_html(PATHS)), **{path: Answer(article_html(i)) for i, path in enumerate(PATHS)}, **special}


def test_a_host_that_refuses_again_and_again_is_left_alone(crawler):
    refusing = {path: Answer("no", 403) for path in PATHS}
    with Site(pages() | refusing) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--concurrency-per-host", "1"))
        first = len(served.requests)
        again = crawler.crawl(served.url + "/", allow=served.allow, options=("--revisit", "now"))
    assert ran.outcomes["http_4xx"] == 9, ran.summary["outcomes"]  # robots.txt is 404, then eight refusals
    assert ran.outcomes["deferred"] == 6
    assert any("left alone" in note for note in ran.summary["notes"])
    assert first == 10
    assert again.outcomes["http_4xx"] > 1, "the next run asks again"
    assert again.outcomes["deferred"] >= 5


def test_a_host_that_wants_hours_is_asked_again_in_the_next_run(crawler):
    special = {PATHS[0]: lambda earlier: Answer(article_html(0)) if earlier else Answer("later", 503, {"Retry-After": "7200"})}
    with Site(pages() | special) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--concurrency-per-host", "1"))
        again = crawler.crawl(served.url + "/", allow=served.allow, options=("--revisit", "now"))
    assert ran.outcomes["deferred"] > 0
    assert ran.outcomes.get("http_5xx", 0) == 0
    assert ran.outcomes.get("stored", 0) + again.outcomes["stored"] == len(PATHS)


def test_a_list_of_urls_is_fetched_and_nothing_else(crawler):
    with Site({path: Answer(article_html(i, links=tuple(PATHS))) for i, path in enumerate(PATHS)}) as served:
        file = crawler.folder / "urls.txt"
        file.write_text(f"# two stories\n{served.url}{PATHS[1]}\n\n{served.url}{PATHS[2]}\n")
        ran = crawler.run("crawl", "--urls", str(file), *crawler.options(served.allow))
    assert ran.outcomes["stored"] == 2, ran.err
    assert sorted(served.paths) == sorted(["/robots.txt", PATHS[1], PATHS[2]])


def test_a_wrong_line_of_a_list_is_named(crawler):
    file = crawler.folder / "urls.txt"
    file.write_text("https://example.com/a\nftp://example.com/b\n")
    ran = crawler.run("crawl", "--urls", str(file), *crawler.options())
    assert ran.code == 5
    assert "urls.txt:2" in ran.err


def test_articles_after_until_are_left_out(crawler):
    with Site(pages()) as served:
        ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--since", "2026-03-03", "--until", "2026-03-06"))
    assert ran.outcomes["stored"] == 4, ran.summary["outcomes"]
    assert ran.outcomes["out_of_range"] == 10


def test_dates_of_a_sitemap_are_applied_before_the_download(crawler):
    entries = "".join(
        f"<url><loc>{{base}}{path}</loc><news:news><news:publication_date>2026-03-{i % 28 + 1:02d}</news:publication_date>"
        f"<news:title>Report {i}</news:title></news:news></url>"
        for i, path in enumerate(PATHS)
    )
    sitemap = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
    )
    with Site(pages()) as served:
        served.pages["/news.xml"] = Answer(sitemap.replace("{base}", served.url), headers={"Content-Type": "application/xml"})
        ran = crawler.crawl(served.url + "/news.xml", allow=served.allow, options=("--since", "2026-03-08"))
    assert ran.outcomes["stored"] == 7, ran.summary["outcomes"]
    assert ran.outcomes["out_of_range"] == 7
    assert not set(PATHS[:7]) & set(served.paths)


SLOW = 0.7
"""Seconds for a page, one after the other: all of them take longer than the limit, however idle the machine, and a busy one gets some."""


def test_the_time_limit_ends_the_crawl_in_order_and_the_same_command_goes_on(crawler):
    slow = {path: Answer(article_html(i), delay_seconds=SLOW) for i, path in enumerate(PATHS)}
    with Site(pages() | slow) as served:
        limit = str(round(SLOW * len(PATHS)) - 1)
        first = crawler.crawl(served.url + "/", allow=served.allow, options=("--time-limit", limit, "--concurrency-per-host", "1"))
        served.pages.update(pages())
        assert first.summary["end"] == "time_limit", first.err
        assert 0 < first.outcomes.get("stored", 0) < len(PATHS)
        assert crawler.query("SELECT count(*) FROM frontier WHERE state='leased'") == [(0,)]
        second = crawler.crawl(served.url + "/", allow=served.allow)
    assert second.summary["resumed"]
    assert second.outcomes["stored"] == len(PATHS)


def test_a_crawl_of_two_sites_takes_so_many_articles_of_each(crawler):
    with Site(pages()) as one, Site(pages()) as other:
        seeds = (one.url + "/", other.url.replace("127.0.0.1", "localhost") + "/")
        options = ("--max-per-site", "3", "--allow-address", f"localhost:{other.port}", "--concurrency-per-host", "1")
        ran = crawler.crawl(*seeds, allow=one.allow, options=options)
    assert ran.outcomes["stored"] == 6, ran.err


def test_what_a_limit_left_waiting_is_taken_up_by_the_next_crawl(crawler):
    with Site(pages()) as served:
        crawler.crawl(served.url + "/", allow=served.allow, options=("--max", "4"))
        ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.outcomes["stored"] == len(PATHS) - 4, ran.err
