"""`newsarchive discover` against a site on loopback: what it finds, how it asks, and what it leaves alone."""

from __future__ import annotations

import gzip
import json
from typing import Any

from loopback import Answer, Site, listing_html

FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>River Courier</title>'
    "<item><title>Ferry reopens</title><link>/2026/03/ferry-landing-reopens-again</link>"
    "<pubDate>Tue, 03 Mar 2026 09:30:00 GMT</pubDate></item></channel></rss>"
)


def urlset(*paths: str, origin: str) -> str:
    entries = "".join(f"<url><loc>{origin}{path}</loc><lastmod>2026-03-02</lastmod></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def index(*names: str, origin: str) -> str:
    entries = "".join(f"<sitemap><loc>{origin}/{name}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def discover(crawler, site: Site, *options: str) -> tuple[int, dict[str, Any]]:
    ran = crawler.run("discover", site.url, "--allow-address", site.allow, "--json", *options)
    assert ran.out, ran.err
    return ran.code, json.loads(ran.out)


def kinds(found: dict[str, Any], site: Site) -> dict[str, tuple[str, str]]:
    """Path -> (kind, found_by) of what is usable."""
    return {item["url"].removeprefix(site.url): (item["kind"], item["found_by"]) for item in found["sources"]}


def test_what_a_site_names_is_found_with_its_reason_and_its_figures(crawler):
    with Site({}) as site:
        head = '<link rel="alternate" type="application/rss+xml" href="/courier.xml">'
        home = listing_html(["/2026/03/ferry-landing-reopens-again", "/politics/"]).replace("</head>", f"{head}</head>")
        months = [f"sitemap-{month:02d}.xml.gz" for month in range(1, 9)]
        site.pages |= {
            "/robots.txt": Answer(
                f"User-agent: *\nDisallow: /private\nSitemap: {site.url}/maps.xml\nSitemap: {site.url}/private/map.xml\n"
            ),
            "/": Answer(home),
            "/courier.xml": Answer(FEED, headers={"Content-Type": "text/html"}),
            "/maps.xml": Answer(index(*months, origin=site.url)),
        } | {f"/{name}": Answer(gzip.compress(urlset("/2026/03/a-story-from-the-river", origin=site.url).encode())) for name in months}
        code, found = discover(crawler, site)
    assert code == 0
    seen = kinds(found, site)
    assert seen["/"] == ("home", "seed")
    assert seen["/courier.xml"] == ("feed", "link")
    assert seen["/maps.xml"] == ("sitemap-index", "robots")
    assert seen["/politics/"] == ("section", "link")
    assert seen["/sitemap-08.xml.gz"] == ("sitemap", "sitemap")
    feed = next(item for item in found["sources"] if item["kind"] == "feed")
    assert (feed["entries"], feed["articles"], feed["newest_title"]) == (1, 1, "Ferry reopens")
    assert feed["newest"].startswith("2026-03-03T09:30:00")
    maps = next(item for item in found["sources"] if item["kind"] == "sitemap-index")
    assert (maps["entries"], maps["unread"]) == (8, 3)
    assert [(item["url"].removeprefix(site.url), item["problem"]) for item in found["failed"]] == [
        ("/private/map.xml", "robots, disallowed by robots.txt")
    ]
    assert not any(path.startswith("/private") for path in site.paths)
    assert not {"/feed/", "/sitemap.xml"} & set(site.paths), "paths were guessed although the site names its sources"
    assert site.paths[0] == "/robots.txt"
    assert len(site.paths) == len(set(site.paths)) == found["requests"]  # robots.txt is not counted, and one was refused


def test_where_nothing_is_named_the_common_paths_are_tried(crawler):
    with Site({"/": Answer(listing_html(["/a-story-of-the-river-town"])), "/rss.xml": Answer(FEED)}) as site:
        site.pages["/feed/"] = Answer(status=301, headers={"Location": "/rss.xml"})
        site.pages["/atom.xml"] = Answer(listing_html(["/a-story-of-the-river-town"]))
        site.pages["/sitemap.xml"] = Answer(urlset("/2026/03/a-story-from-the-river", origin=site.url))
        code, found = discover(crawler, site)
    assert code == 0
    seen = kinds(found, site)
    assert seen["/rss.xml"] == ("feed", "common-path")
    assert seen["/sitemap.xml"] == ("sitemap", "common-path")
    problems = {item["url"].removeprefix(site.url): item["problem"] for item in found["failed"]}
    assert problems["/atom.xml"] == "a page, no feed or sitemap"
    assert problems["/feed/"] == f"redirects to {site.url}/rss.xml, which was looked at"
    assert problems["/feed.json"] == "HTTP 404"
    assert site.paths.count("/rss.xml") == 1


def test_the_limit_of_requests_is_kept(crawler):
    with Site({"/": Answer(listing_html(["/a-story-of-the-river-town"]))}) as site:
        _, found = discover(crawler, site, "--max-requests", "3")
    assert found["is_cut"] is True
    assert found["requests"] == 3
    assert len([path for path in site.paths if path != "/robots.txt"]) == 3


def test_nothing_is_asked_for_while_robots_txt_fails(crawler):
    with Site({"/robots.txt": Answer(status=503), "/": Answer(listing_html(["/a"]))}) as site:
        code, found = discover(crawler, site)
    assert code == 4
    assert set(site.paths) == {"/robots.txt"}
    assert "robots.txt: HTTP 503" in found["failed"][0]["problem"]


def test_a_home_page_that_may_not_be_fetched_does_not_hide_the_sitemaps(crawler):
    with Site({}) as site:
        site.pages["/robots.txt"] = Answer(f"User-agent: *\nDisallow: /\nAllow: /map.xml\nSitemap: {site.url}/map.xml\n")
        site.pages["/map.xml"] = Answer(urlset("/2026/03/a-story-from-the-river", origin=site.url))
        code, found = discover(crawler, site)
    assert code == 0
    assert kinds(found, site) == {"/map.xml": ("sitemap", "robots")}
    assert set(site.paths) == {"/robots.txt", "/map.xml"}


def test_private_addresses_are_refused_wherever_they_are_named(crawler):
    with Site({}) as secret, Site({}) as site:
        site.pages["/robots.txt"] = Answer(f"Sitemap: {secret.url}/map.xml\n")
        site.pages["/"] = Answer(status=302, headers={"Location": f"{secret.url}/"})
        code, found = discover(crawler, site)
    assert secret.paths == []
    assert code == 4
    assert all("blocked_address" in item["problem"] for item in found["failed"] if secret.url in item["url"])


def test_without_permission_a_private_site_is_not_looked_at(crawler):
    with Site({"/": Answer("x")}) as site:
        ran = crawler.run("discover", site.url, "--json")
    assert ran.code == 4
    assert site.paths == []


def test_a_public_site_needs_a_contact(crawler):
    ran = crawler.run("discover", "news.example.com")
    assert ran.code == 5
    assert "contact" in ran.err


def test_the_profile_of_the_site_is_used_and_a_wrong_one_stops_before_any_request(crawler):
    folder = crawler.folder / "sites"
    folder.mkdir()
    with Site({"/": Answer(listing_html(["/a-story-of-the-river-town"])), "/hidden/feed-of-ours": Answer(FEED)}) as site:
        profile = f'domains = ["{site.allow}"]\nfeeds = ["{site.url}/hidden/feed-of-ours"]\n[headers]\nX-Reader = "library"\n'
        (folder / "courier.toml").write_text(profile, encoding="utf-8")
        _, found = discover(crawler, site, "--sites", str(folder))
        assert kinds(found, site)["/hidden/feed-of-ours"] == ("feed", "profile")
        assert {headers.get("X-Reader") for headers in site.headers} == {"library"}
        asked = len(site.paths)
        (folder / "other.toml").write_text("x = 1", encoding="utf-8")
        ran = crawler.run("discover", site.url, "--allow-address", site.allow, "--sites", str(folder))
        assert ran.code == 5
        assert "other.toml:1: x: unknown key" in ran.err
        assert len(site.paths) == asked
