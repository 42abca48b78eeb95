"""The nights after: what is asked for with validators, what makes a revision, and when an article counts as gone."""

from __future__ import annotations

import sqlite3

from loopback import Answer, Site, article_html, listing_html

STORY = "/2026/03/04/ferry-landing-reopens-in-march"
NOW = ("--revisit", "now")


def site_with(story) -> Site:
    return Site({"/": Answer(listing_html([STORY])), STORY: story})


def crawl(crawler, site: Site, *options: str) -> str:
    """One night; the verdict on the story."""
    ran = crawler.crawl(site.url + "/", allow=site.allow, options=options)
    assert ran.code == 0, ran.err
    return crawler.verdicts()[STORY[1:]]


def a_day_goes_by(crawler) -> None:
    connection = sqlite3.connect(crawler.archive)
    connection.execute("UPDATE article SET missing_since=strftime('%Y-%m-%dT%H:%M:%SZ', missing_since, '-1 day')")
    connection.commit()
    connection.close()


def test_a_page_that_is_not_modified_is_asked_for_with_its_validators_and_costs_no_revision(crawler):
    validators = {"ETag": '"a1"', "Last-Modified": "Wed, 04 Mar 2026 09:30:00 GMT"}
    with site_with(lambda earlier: Answer(article_html(1), headers=validators) if not earlier else Answer("", 304)) as site:
        assert crawl(crawler, site) == "stored"
        assert crawl(crawler, site, *NOW) == "unchanged"
        asked = [sent for (path, _), sent in zip(site.requests, site.headers, strict=True) if path == STORY]
    assert "If-None-Match" not in asked[0]
    assert asked[1]["If-None-Match"] == '"a1"'
    assert asked[1]["If-Modified-Since"] == validators["Last-Modified"]
    assert crawler.query("SELECT revisions FROM article") == [(1,)]


def test_the_same_text_on_another_page_costs_no_revision_and_another_text_one(crawler):
    with site_with(lambda earlier: Answer(article_html(1, head=f"<!-- machine {earlier} -->"))) as site:
        assert crawl(crawler, site) == "stored"
        assert crawl(crawler, site, *NOW) == "unchanged"
        assert crawler.query("SELECT count(*) FROM article_revision") == [(0,)]
        site.pages[STORY] = Answer(article_html(1).replace("eleven miles", "nine miles"))
        assert crawl(crawler, site, *NOW) == "updated"
    ((old,),) = crawler.query("SELECT body FROM article_revision")
    ((new,),) = crawler.query("SELECT body FROM article")
    assert "eleven miles" in old
    assert "nine miles" in new


def test_an_article_is_missing_until_it_was_missing_twice_a_day_apart_and_keeps_its_text(crawler):
    with site_with(Answer(article_html(1))) as site:
        assert crawl(crawler, site) == "stored"
        site.pages[STORY] = Answer("no such page", 404)
        assert crawl(crawler, site, *NOW) == "missing"
        assert crawl(crawler, site, *NOW) == "missing"
        a_day_goes_by(crawler)
        assert crawl(crawler, site, *NOW) == "gone"
        ((body, is_gone),) = crawler.query("SELECT body, gone_at IS NOT NULL FROM article")
        assert "eleven miles" in body
        assert is_gone == 1
        site.pages[STORY] = Answer(article_html(1))
        assert crawl(crawler, site, *NOW) == "unchanged"
    assert crawler.query("SELECT gone_at, missing_since FROM article") == [(None, None)]


def test_410_is_gone_at_once(crawler):
    with site_with(Answer(article_html(1))) as site:
        assert crawl(crawler, site) == "stored"
        site.pages[STORY] = Answer("", 410)
        assert crawl(crawler, site, *NOW) == "gone"


def test_an_article_that_is_not_due_is_not_asked_for_until_its_sitemap_says_that_it_was_modified(crawler):
    def sitemap(day: str) -> Answer:
        entry = f"<url><loc>{site.url}{STORY}</loc><lastmod>{day}</lastmod></url>"
        return Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entry}</urlset>')

    with site_with(Answer(article_html(1))) as site:
        site.pages["/robots.txt"] = Answer(f"Sitemap: {site.url}/sitemap.xml\n")
        site.pages["/sitemap.xml"] = sitemap("2026-03-04")
        for _ in range(2):
            crawler.crawl(site.url + "/", allow=site.allow)
        assert site.paths.count(STORY) == 1
        site.pages["/sitemap.xml"] = sitemap("2026-03-09")
        assert crawl(crawler, site) == "unchanged"
    assert site.paths.count(STORY) == 2
