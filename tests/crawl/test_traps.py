"""Three articles among traps without end: all three are stored, and the site is left in peace soon."""

import os
import re
import signal

from loopback import Answer, Site, article_html, listing_html

ARTICLES = [f"/2026/11/{day}/ferry-is-back-again" for day in (18, 19, 20)]


def links_of(path: str) -> list[str]:
    """Calendar, facets, session ids, growing paths, a maze of addresses and one of like listings."""
    number = int((re.findall(r"[0-9]+", path) or ["0"])[-1])
    if path == "/":
        return ["/news/", "/events/2026/11", "/shop?color=red", "/in?PHPSESSID=a1", "/up/", "/maze/1", "/list/a/0"]
    if path == "/news/":
        return [ARTICLES[0], "/news/?page=2"]
    if path == "/news/?page=2":
        return ARTICLES[1:]
    ways = {
        "/events": [f"/events/2027/{number % 12 + 1}", f"/events/2028/{number}"],
        "/shop": [f"{path}&size={len(path)}", f"{path}&sort=price"],
        "/in": [f"/in/{len(path)}?PHPSESSID={len(path)}b"],
        "/up": [f"{path}up/", f"{path}over/"],
        "/maze": [f"/maze/{number * 2}", f"/maze/{number * 2 + 1}"],
        "/list": [f"/list/{word}/{number + 1}" for word in "abc"],
    }
    return next((links for start, links in ways.items() if path.startswith(start)), [])


class Pages(dict):
    """Makes every page when it is asked for."""

    def get(self, path, default=None):
        if path in ARTICLES:
            return Answer(article_html(int(path.split("/")[3])))
        links = links_of(path)
        return Answer(listing_html(links)) if links else default


def test_a_site_of_three_articles_and_traps_is_read_whole_in_under_300_requests(crawler):
    with Site({}) as site:
        site.pages = Pages()
        options = ("--delay", "0", "--concurrency-per-host", "4", "--time-limit", "90")
        ran = crawler.crawl(site.url, allow=site.allow, options=options)
    assert ran.outcomes["stored"] == 3, ran.err
    assert len(site.paths) < 300
    assert ran.outcomes["trap"] > 5


PLACES = [f"/place/{number}" for number in range(1000, 1100)]


def places() -> Site:
    """An article, and a hundred pages of one shape that lead nowhere: one after another, as the crawl asks for them one by one."""
    pages = {"/": Answer(listing_html([*PLACES, ARTICLES[0]])), ARTICLES[0]: Answer(article_html(1))}
    return Site(pages | {path: Answer(listing_html(["/"])) for path in PLACES})


def test_a_killed_crawl_leaves_unproductive_addresses_where_an_undisturbed_one_does(crawler, tmp_path):
    options = ("--delay", "0", "--concurrency-per-host", "1")
    with places() as site:
        whole = crawler.crawl(site.url, allow=site.allow, options=options)
        whole_paths = {path for path in site.paths if path in PLACES}
    assert whole.outcomes["trap"] == 60, whole.err
    crawler.archive = tmp_path / "killed.db"
    with places() as site:
        for kill_at in (15, 40):
            process = crawler.start("crawl", site.url, *crawler.options(site.allow), *options)

            def kill(number: int, path: str, process=process, kill_at=kill_at) -> None:
                if number == kill_at:
                    os.killpg(process.pid, signal.SIGKILL)

            site.on_request = kill
            process.communicate(timeout=120)
            assert process.returncode == -signal.SIGKILL
        site.on_request = None
        ran = crawler.crawl(site.url, allow=site.allow, options=options)
        killed_paths = {path for path in site.paths if path in PLACES}
    assert ran.summary["resumed"]
    assert ran.outcomes == whole.outcomes
    assert killed_paths == whole_paths
    assert crawler.query("SELECT count(*) FROM shape_tally") == [(0,)]


class Indexes(dict):
    """A sitemap index that names two more, and so on for ever, beside a front page with an article."""

    def get(self, path, default=None):
        if path == ARTICLES[0]:
            return Answer(article_html(1))
        if path == "/robots.txt":
            return Answer("Sitemap: /sitemap.xml?1")
        if path.startswith("/sitemap.xml?"):
            number = int(path.partition("?")[2])
            entries = "".join(f"<sitemap><loc>/sitemap.xml?{number * 2 + way}</loc></sitemap>" for way in (0, 1))
            space = "http://www.sitemaps.org/schemas/sitemap/0.9"
            return Answer(f'<sitemapindex xmlns="{space}">{entries}</sitemapindex>', headers={"Content-Type": "application/xml"})
        return Answer(listing_html([ARTICLES[0]])) if path == "/" else default


def test_sitemaps_that_name_sitemaps_for_ever_are_left(crawler):
    with Site({}) as site:
        site.pages = Indexes()
        options = ("--delay", "0", "--concurrency-per-host", "4", "--time-limit", "60")
        ran = crawler.crawl(site.url, allow=site.allow, options=options)
    assert ran.outcomes["stored"] == 1, ran.err
    assert 100 <= len(site.paths) < 130
    assert ran.outcomes["trap"] > 50
    assert ran.summary["waiting"] == 0
