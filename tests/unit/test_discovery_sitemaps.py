"""Sitemaps of every form and state, and the Sitemap lines of robots.txt."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.discovery.robots_sitemaps import read_robots_sitemaps
from newsarchive.discovery.sitemaps import MAX_SITEMAP_BYTES, MAX_SITEMAP_URLS, gunzip, looks_like_sitemap, read_sitemap
from newsarchive.discovery.source import source_url
from newsarchive.urls import absolute, normalise

URL = "http://demo.example/sitemap.xml"
OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def entry(number: int) -> str:
    return (
        f"<url><loc>http://demo.example/2026/11/tide-table-{number}.html?a=1&amp;b=2</loc><lastmod>2026-11-21</lastmod>"
        f"<n:news><n:publication><n:name>G</n:name></n:publication><n:publication_date>2026-11-20T10:00:00+01:00</n:publication_date>"
        f"<n:title><![CDATA[Tide & table {number}]]></n:title></n:news>"
        f"<image:image><image:loc>http://demo.example/{number}.jpg</image:loc><image:title>No</image:title></image:image></url>\n"
    )


def addresses(text: str) -> list[str]:
    return [candidate.url.rsplit("/", 1)[1] for candidate in read_sitemap(text.encode(), URL).candidates]


def test_news_title_and_publication_date_are_kept_apart_from_lastmod():
    reading = read_sitemap((OPEN + entry(1) + "</urlset>").encode(), URL)
    (found,) = reading.candidates
    assert (found.url, found.title) == ("http://demo.example/2026/11/tide-table-1.html?a=1&b=2", "Tide & table 1")
    assert (found.date_published, found.date_modified) == ("2026-11-20T10:00:00+01:00", "2026-11-21")
    assert (found.found_by, found.found_on, found.kind, reading.flags) == ("news-sitemap", URL, "page", [])


def test_lastmod_alone_is_no_publication_date():
    (found,) = read_sitemap((OPEN + "<url><loc>/a</loc><lastmod>2026-11-21</lastmod></url></urlset>").encode(), URL).candidates
    assert (found.date_published, found.date_modified, found.found_by) == (None, "2026-11-21", "sitemap")


def test_an_index_names_sitemaps():
    first = "<sitemap><loc>/s1.xml.gz</loc><lastmod>2026-11-01T00:00:00Z</lastmod></sitemap>"
    text = f"<sitemapindex>{first}<sitemap><loc>/s2</loc></sitemap></sitemapindex>"
    reading = read_sitemap(text.encode(), URL)
    assert reading.form == "sitemap-index"
    assert [(c.url, c.kind) for c in reading.candidates] == [
        ("http://demo.example/s1.xml.gz", "sitemap"),
        ("http://demo.example/s2", "sitemap"),
    ]


def test_prefixed_sitemaps_are_read():
    text = '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>/one</s:loc></s:url></s:urlset>'
    assert addresses(text) == ["one"]


@pytest.mark.parametrize(
    "fault",
    [
        "<url><loc>http://demo.example/x</lo <<< & <url><lastmod>y</lastmod></url>",
        "<url><loc>&unknown;</loc></url>",
        "</urlset>",
        "<!-- <url><loc>/hidden</loc></url> -->",
        "<url><loc>not an address at all:</loc></url>",
        "<url></loc></url></url>",
        "\x00\x01\x02",
        "<!-- never closed",
        "<url><loc>/cut",
    ],
)
def test_entries_before_and_after_a_fault_are_read(fault):
    found = addresses(OPEN + entry(1) + fault + entry(2) + "</urlset>")
    assert "tide-table-1.html?a=1&b=2" in found
    assert "tide-table-2.html?a=1&b=2" in found
    assert "hidden" not in found


def test_entities_of_a_document_type_are_refused():
    reading = read_sitemap(
        f'<!DOCTYPE x [<!ENTITY a "http://evil.example/">]>{OPEN}<url><loc>&a;</loc></url>{entry(1)}</urlset>'.encode(), URL
    )
    assert "entities_refused" in reading.flags
    assert len(reading.candidates) == 1


def test_gzip_in_gzip_is_unpacked_and_a_cut_stream_gives_what_it_has():
    packed = gzip.compress((OPEN + "".join(map(entry, range(2000))) + "</urlset>").encode())
    assert len(read_sitemap(gzip.compress(packed), URL).candidates) == 2000
    cut = read_sitemap(packed[: len(packed) // 2], URL)
    assert 500 < len(cut.candidates) < 2000
    assert "broken" in cut.flags


def test_a_gzip_bomb_is_cut_at_the_limit():
    bomb = gzip.compress(bytes(MAX_SITEMAP_BYTES + 10_000_000))
    data, flags = gunzip(bomb)
    assert (len(data), flags) == (MAX_SITEMAP_BYTES, ["cut"])


def test_fifty_thousand_addresses_are_read_and_no_more():
    text = OPEN + "".join(f"<url><loc>http://demo.example/news/{i}</loc></url>" for i in range(MAX_SITEMAP_URLS + 10)) + "</urlset>"
    reading = read_sitemap(text.encode(), URL)
    assert len(reading.candidates) == MAX_SITEMAP_URLS
    assert "cut" in reading.flags


def test_plain_lists_are_sitemaps_and_prose_is_not():
    reading = read_sitemap(b"\xef\xbb\xbfhttp://demo.example/a\r\nhttp://demo.example/b\n\nnonsense\n", URL)
    assert (reading.form, [c.url for c in reading.candidates]) == ("sitemap-text", ["http://demo.example/a", "http://demo.example/b"])
    assert read_sitemap(b"Some words\nand more words\nhttp://demo.example/a\nand again\n", URL).form == "unknown"


def test_utf16_is_read():
    text = "<urlset><url><loc>http://demo.example/ü</loc></url></urlset>"
    assert [c.url for c in read_sitemap(text.encode("utf-16"), URL).candidates] == ["http://demo.example/%C3%BC"]


def test_sitemaps_are_told_from_pages():
    assert looks_like_sitemap(OPEN)
    assert not looks_like_sitemap("<html><body>urlset</body></html>")


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[", "<url><loc>", "<loc a", "<url>", "&amp;", "<url><loc>&#", "<!DOCTYPE["])
def test_hostile_repetition_is_read_in_linear_time(piece):
    assert len(read_sitemap((OPEN + piece * 300_000).encode(), URL).candidates) <= 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 900))
def test_random_damage_never_raises(junk, at):
    whole = (OPEN + entry(1) + entry(2) + "</urlset>").encode()
    read_sitemap(whole[:at] + junk + whole[at:], URL)


LABEL = st.text("abz09-", min_size=1, max_size=5).map(lambda label: f"x{label}x")
PATH = st.lists(st.text("azAZ09_~.-/", max_size=6), max_size=5).map(lambda parts: "/" + "/".join(parts))


@settings(max_examples=500, deadline=None)
@given(st.lists(LABEL, min_size=2, max_size=4).map(".".join), PATH)
def test_the_quick_way_to_an_address_gives_its_normal_form(host, path):
    url = f"http://{host}{path}"
    assert source_url(url, URL) == normalise(url)
    if not path.startswith("//"):
        assert source_url(path, f"http://{host}/some/page?x=1") == normalise(absolute(path, url) or "")


def test_robots_names_sitemaps_wherever_the_lines_stand():
    body = b"\xef\xbb\xbfSitemap: http://demo.example/a.xml\r\nUser-agent: *\r\nDisallow: /x\r\nsitemap:/b.xml.gz # ours\r"
    body += b"SITEMAP: ftp://x/y\nSite-map: /c"
    reading = read_robots_sitemaps(body, "http://demo.example/robots.txt")
    assert [c.url for c in reading.candidates] == ["http://demo.example/a.xml", "http://demo.example/b.xml.gz", "http://demo.example/c"]
    assert {(c.kind, c.found_by) for c in reading.candidates} == {("sitemap", "robots")}
    assert reading.flags == ["bad_urls"]
