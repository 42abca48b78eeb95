from __future__ import annotations

import time
from email.utils import formatdate

from loopback import Answer, Site, article_html, listing_html

A = "/news/a-ferry-landing-for-the-river-towns"
B = "/news/b-ferry-landing-for-the-river-towns"


def crawled(crawler, pages, *options, seeds=("/",)):
    with Site({"/robots.txt": Answer("User-agent: *\nAllow: /\n"), **pages}) as served:
        ran = crawler.crawl(*(served.url + seed for seed in seeds), allow=served.allow, options=options)
    return ran, served


def test_every_requested_url_has_one_outcome_and_every_attempted_outcome_was_requested(crawler):
    pages = {
        "/": Answer(listing_html([A, B, "/gone", "/missing-page-of-the-river-towns", "/moved-page-of-the-river-towns"])),
        A: Answer(article_html(1, links=(B, "/news/c-that-does-not-exist-at-all"))),
        B: Answer(article_html(2)),
        "/gone": Answer(b"", 410),
        "/moved-page-of-the-river-towns": Answer(b"", 302, {"Location": A}),
    }
    ran, served = crawled(crawler, pages)
    assert ran.code == 0, ran.err
    verdicts = crawler.verdicts()
    assert {path.split("?")[0].lstrip("/") for path in served.paths} == set(verdicts)
    assert verdicts[A[1:]] == verdicts[B[1:]] == "stored"
    assert verdicts["moved-page-of-the-river-towns"] == "redirected"
    assert verdicts["gone"] == "http_4xx"


def test_a_redirect_to_a_private_address_is_refused(crawler):
    with Site({"/": Answer("secret")}) as private:
        pages = {
            "/": Answer(listing_html(["/out-to-the-intranet-of-the-town"])),
            "/out-to-the-intranet-of-the-town": Answer(b"", 302, {"Location": private.url + "/"}),
        }
        ran, _served = crawled(crawler, pages)
        assert private.paths == []
    assert crawler.verdicts()["out-to-the-intranet-of-the-town"] == "redirected"
    assert ran.outcomes["blocked_address"] == 1


SPELLINGS = ("127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::ffff:127.0.0.1]")


def test_private_addresses_are_refused_however_they_are_spelt(crawler):
    with Site({"/": Answer(article_html(1))}) as served:
        seeds = [f"http://{spelling}:{served.port}/" for spelling in SPELLINGS]
        ran = crawler.crawl(*seeds, options=("--contact", "ops@example.org"))
        assert served.paths == []
    assert ran.code != 0
    assert "--allow-address" in ran.err + ran.out
    decided = dict(crawler.query("SELECT url, outcome FROM outcome"))
    assert set(seeds) <= decided.keys()
    assert set(decided.values()) == {"blocked_address"}


def test_a_seed_that_redirects_to_another_site_brings_that_site_in(crawler):
    with Site({"/": Answer(listing_html([A])), A: Answer(article_html(1))}) as moved:
        elsewhere = moved.url.replace("127.0.0.1", "localhost")
        with Site({"/": Answer(b"", 301, {"Location": elsewhere + "/"})}) as served:
            ran = crawler.crawl(served.url + "/", allow=served.allow, options=("--allow-address", f"localhost:{moved.port}"))
    assert ran.outcomes["stored"] == 1, ran.summary


def test_a_redirect_loop_ends(crawler):
    pages = {"/": Answer(b"", 302, {"Location": "/x"}), "/x": Answer(b"", 302, {"Location": "/"})}
    _ran, served = crawled(crawler, pages)
    assert served.paths.count("/") == 1
    assert set(crawler.verdicts().values()) <= {"redirected", "source", "error"}


def test_a_cut_body_is_never_stored_as_whole(crawler):
    pages = {"/": Answer(listing_html([A])), A: Answer(article_html(1), cut_after=900)}
    ran, _ = crawled(crawler, pages)
    assert crawler.verdicts()[A[1:]] == "truncated", ran.err
    assert crawler.query("SELECT count(*) FROM article") == [(0,)]


def test_a_body_over_the_limit_is_refused(crawler):
    pages = {"/": Answer(listing_html([A])), A: Answer(article_html(1) + " " * (9 * 1024 * 1024))}
    ran, _ = crawled(crawler, pages)
    assert crawler.verdicts()[A[1:]] == "too_large", ran.err


def test_a_server_error_is_tried_again_and_the_page_stored(crawler):
    pages = {"/": Answer(listing_html([A])), A: lambda earlier: Answer(article_html(1)) if earlier else Answer("oops", 503)}
    ran, served = crawled(crawler, pages)
    assert served.paths.count(A) == 2
    assert crawler.verdicts()[A[1:]] == "stored", ran.err
    assert crawler.query("SELECT count(*) FROM fetch WHERE url LIKE ?", f"%{A}") == [(2,)]


def test_retry_after_pauses_the_host(crawler):
    pages = {
        "/": Answer(listing_html([A, B])),
        A: lambda earlier: Answer(article_html(1)) if earlier else Answer("later", 429, {"Retry-After": "2"}),
        B: Answer(article_html(2)),
    }
    ran, served = crawled(crawler, pages, "--concurrency-per-host", "1")
    assert ran.outcomes["stored"] == 2, ran.err
    first, second = [when for path, when in served.requests if path == A]
    assert second - first >= 2


def test_retry_after_a_date_pauses_that_host_and_no_other(crawler):
    def busy(earlier: int) -> Answer:
        in_three = formatdate(time.time() + 3, usegmt=True)
        return Answer(article_html(1)) if earlier else Answer("later", 503, {"Retry-After": in_three})

    stories = [f"/2026/03/0{day}/ferry-landing-of-the-other-town" for day in range(1, 6)]
    other_pages = {"/": Answer(listing_html(stories)), **{path: Answer(article_html(n + 2)) for n, path in enumerate(stories)}}
    with Site({"/": Answer(listing_html([A, B])), A: busy, B: Answer(article_html(9))}) as site, Site(other_pages) as other:
        options = ("--concurrency-per-host", "1", "--allow-address", other.allow)
        ran = crawler.crawl(site.url + "/", other.url + "/", allow=site.allow, options=options)
    assert ran.outcomes["stored"] == 7, ran.err
    first, second = [when for path, when in site.requests if path == A]
    assert second - first >= 2  # dates are of whole seconds
    assert not [path for path, when in site.requests if first < when < second]
    assert [path for path, when in other.requests if first < when < second]


def test_opted_out_pages_are_not_stored(crawler):
    pages = {
        "/": Answer(listing_html([A, B])),
        A: Answer(article_html(1), headers={"X-Robots-Tag": "noai"}),
        B: Answer(article_html(2), headers={"TDM-Reservation": "1"}),
    }
    ran, _ = crawled(crawler, pages)
    assert ran.outcomes["opted_out"] == 2, ran.err
    assert crawler.query("SELECT count(*) FROM article") == [(0,)]


def test_noarchive_is_recorded_and_the_page_kept(crawler):
    pages = {"/": Answer(listing_html([A])), A: Answer(article_html(1), headers={"X-Robots-Tag": "noarchive"})}
    ran, _ = crawled(crawler, pages)
    assert ran.outcomes["stored"] == 1, ran.err
    assert "noarchive" in crawler.query("SELECT opt_outs FROM article")[0][0]


def test_tracking_parameters_do_not_make_a_second_article(crawler):
    pages = {"/": Answer(listing_html([A + "?utm_source=front", A])), A: Answer(article_html(1))}
    ran, served = crawled(crawler, pages)
    assert served.paths.count(A) == 1
    assert ran.outcomes["stored"] == 1, ran.err


def test_max_stops_at_exactly_so_many_articles(crawler):
    paths = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(12)]
    pages = {"/": Answer(listing_html(paths)), **{path: Answer(article_html(i)) for i, path in enumerate(paths)}}
    ran, _ = crawled(crawler, pages, "--max", "5")
    assert ran.outcomes["stored"] == 5, ran.err
    assert ran.code == 0


def test_articles_before_since_are_left_out(crawler):
    paths = [f"/news/ferry-landing-of-the-river-town-{i}" for i in range(12)]
    pages = {"/": Answer(listing_html(paths)), **{path: Answer(article_html(i)) for i, path in enumerate(paths)}}
    ran, _ = crawled(crawler, pages, "--since", "2026-03-08")
    assert ran.outcomes["stored"] == 5, ran.err
    assert ran.outcomes["out_of_range"] == 7


def test_an_unreachable_host_is_one_sentence_and_its_own_exit_code(crawler):
    with Site({}) as served:
        pass
    ran = crawler.crawl(served.url + "/", allow=served.allow)
    assert ran.code == 4
    assert "Traceback" not in ran.err


def test_a_public_host_without_a_contact_is_refused(crawler):
    ran = crawler.crawl("https://example.com/")
    assert ran.code == 5
    assert "--contact" in ran.err
    assert not crawler.archive.exists()
