"""Links of a page, the shapes of addresses, and the scope of a crawl."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.discovery.classify import candidate_kind, classify
from newsarchive.discovery.links import find_links
from newsarchive.discovery.scope import Scope, site_of
from newsarchive.pages.read import read_page

URL = "http://www.demo.example/news/"

PAGE = """<!doctype html><html><head><title>Home</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml"><link rel="alternate" type="application/rss+xml" href="/comments/feed">
<link rel="alternate" hreflang="de" href="/de/"><link rel="canonical" href="http://www.demo.example/news/?utm_source=x">
<link rel="amphtml" href="/amp/news"><link rel="next" href="?page=2"></head><body>
<a href="2026/11/20/ferry-reopens">Ferry</a> <a href="2026/11/20/ferry-reopens#c">again</a>
<a href="/politics" rel="nofollow">Politics</a> <a href="/about" rel="nofollow">x</a> <a href="/about">y</a>
<map><area href="/map-of-the-harbour-and-town"></map>
<a href="mailto:a@b.c">m</a><a href="javascript:void(0)">j</a><a href="#top">t</a><a href="tel:1">t</a><a>n</a><a href="http://[">b</a>
<a href="/paper.pdf">PDF</a> <a href="/calendar/2031/05">cal</a> <a href="//other.example/story-of-a-long-night">o</a>
</body></html>"""


def test_links_are_absolute_once_and_in_order():
    links = find_links(read_page(PAGE, URL), depth=2)
    assert [(c.url, c.kind) for c in links.candidates] == [
        ("http://www.demo.example/news/2026/11/20/ferry-reopens", "page"),
        ("http://www.demo.example/politics", "listing"),
        ("http://www.demo.example/about", "page"),
        ("http://www.demo.example/map-of-the-harbour-and-town", "page"),
        ("http://other.example/story-of-a-long-night", "page"),
        ("http://www.demo.example/news/?page=2", "listing"),
        ("http://www.demo.example/feed.xml", "feed"),
    ]
    assert {(c.depth, c.found_on, c.found_by) for c in links.candidates} == {(3, URL, "link")}


def test_nofollow_is_a_flag_and_one_plain_link_lifts_it():
    assert find_links(read_page(PAGE, URL)).nofollow == {"http://www.demo.example/politics"}
    whole = PAGE.replace("<title>", '<meta name="robots" content="index, nofollow"><title>')
    links = find_links(read_page(whole, URL))
    assert links.nofollow == {c.url for c in links.candidates if c.kind != "feed"}


def test_page_relations_are_named():
    links = find_links(read_page(PAGE, URL))
    assert (links.canonical, links.amp) == (URL, "http://www.demo.example/amp/news")
    assert (links.next_page, links.feeds) == ("http://www.demo.example/news/?page=2", ["http://www.demo.example/feed.xml"])
    assert links.traps == ["http://www.demo.example/calendar/2031/05"]


def test_base_changes_where_links_lead():
    links = find_links(read_page('<html><head><base href="http://cdn.example/x/"></head><body><a href="y-and-z">a</a></body></html>', URL))
    assert [c.url for c in links.candidates] == ["http://cdn.example/x/y-and-z"]


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/2026/11/20/ferry-reopens", "article", "date-path"),
        ("/news/20261120/ferry", "article", "date-path"),
        ("/politics/council-votes-on-new-bridge", "article", "slug"),
        ("/world-europe-12345678", "article", "id"),
        ("/story.php?id=4711", "article", "query-id"),
        ("/?p=4711", "article", "query-id"),
        ("/article/ferry", "article", "article-word"),
        ("/%E6%B8%AF%E5%8F%A3%E7%9A%84%E6%96%B0%E6%A1%A5%E6%A2%81%E4%BB%8A%E5%A4%A9%E5%BC%80%E6%94%BE%E4%BA%86", "article", "slug"),
        ("/blog/ferry-reopens", "article", "post"),
        ("/", "listing", "home"),
        ("/en/", "listing", "home"),
        ("/politics", "listing", "section"),
        ("/sport/football/", "listing", "section"),
        ("/arts-and-culture", "listing", "section"),
        ("/tag/harbour", "listing", "listing-word"),
        ("/author/a-very-long-name-of-someone", "listing", "listing-word"),
        ("/news/page/3", "listing", "pagination"),
        ("/news?page=3", "listing", "pagination"),
        ("/2026/11/", "listing", "date-archive"),
        ("/search?q=x", "listing", "search"),
        ("/feed/", "feed", "feed-name"),
        ("/rss/politics.xml", "feed", "feed-name"),
        ("/news/rss.xml", "feed", "feed-name"),
        ("/?feed=rss2", "feed", "feed-name"),
        ("/comments/feed/", "other", "comment-feed"),
        ("/sitemap_index.xml", "sitemap", "sitemap-name"),
        ("/news-sitemap.xml", "sitemap", "sitemap-name"),
        ("/sitemap-2026-11.xml.gz", "sitemap", "sitemap-name"),
        ("/sitemap/", "listing", "sitemap-page"),
        ("/index~rdf.xml", "feed", "feed-name"),
        ("/report.pdf", "media", "file-extension"),
        ("/photo.JPG", "media", "file-extension"),
        ("/about-us", "other", "static-page"),
        ("/login?next=/x", "other", "action"),
        ("/2026/11/20/ferry-reopens?replytocom=12", "other", "action"),
        ("/calendar/2031/05", "trap", "calendar"),
        ("/events?month=5&year=2031", "trap", "calendar"),
        ("/shop?sort=price&color=red", "trap", "facets"),
        ("/list?filter[a]=1&filter[b]=2", "trap", "facets"),
        ("/news?PHPSESSID=abc123", "trap", "session-id"),
        ("/news;jsessionid=8F2A?x=1", "trap", "session-id"),
        ("/a/b/a/b/a/b/", "trap", "endless-path"),
        ("/x/x/x/x", "trap", "endless-path"),
        ("/" + "/".join(str(i) + "x" for i in range(14)), "trap", "endless-path"),
        ("/" + "x" * 800, "trap", "endless-url"),
    ],
)
def test_addresses_are_judged_by_their_shape(path, kind, reason):
    verdict = classify("http://demo.example" + path)
    assert (verdict.kind, verdict.reason) == (kind, reason)


def test_a_candidate_is_page_unless_its_shape_is_sure():
    assert candidate_kind("http://demo.example/report.pdf") == "page"
    assert candidate_kind("http://demo.example/politics") == "listing"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_every_string_gets_a_verdict(text):
    assert classify("http://demo.example/" + text).reason
    assert classify(text).reason


def test_scope_is_the_registrable_domain_and_platforms_are_split():
    scope = Scope(["https://www.gazette.co.uk/news", "http://harbour.blogspot.com/", "http://127.0.0.1:8000/"])
    assert scope.covers("http://sport.gazette.co.uk/x")
    assert scope.covers("http://127.0.0.1:9000/")
    assert not scope.covers("http://other.co.uk/")
    assert not scope.covers("http://tide.blogspot.com/")
    assert site_of("nonsense") == ""
