"""Feeds: every form, broken ones, hostile ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.discovery.feeds import MAX_FEED_ENTRIES, looks_like_feed, read_feed
from newsarchive.discovery.stamps import iso_date

URL = "http://demo.example/feed.xml"

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Harbour Gazette</title>
<item><title>Ferry &amp;amp; bridge reopen</title>
<link>/2026/11/ferry?utm_source=rss</link><pubDate>Fri, 20 Nov 2026 10:11:12 +0100</pubDate></item>
<item><title><![CDATA[Two <b>boats</b>]]></title><guid>http://demo.example/boats</guid><pubDate>2026-11-20</pubDate></item>
<item><title>No address at all</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link rel="next" href="/feed?page=2"/>
<entry><title type="html">Tide &lt;i&gt;tables&lt;/i&gt;</title><link rel="enclosure" type="audio/mpeg" href="/a.mp3"/><link href="/tide"/>
<published>2026-11-20T10:00:00+02:00</published><updated>2026-11-21T08:00:00Z</updated></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title></channel>
<item><title>Old form</title><link>http://demo.example/old</link><dc:date>2026-11-20T01:02:03+01:00</dc:date></item></rdf:RDF>"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "next_url": "/feed.json?p=2", "items": [
{"id": "1", "url": "/one", "title": "One", "date_published": "2026-11-20T10:00:00-05:00"}, {"id": "2"}, "nonsense"]}"""


def addresses(text: str) -> list[str]:
    return [candidate.url for candidate in read_feed(text.encode(), URL).candidates]


def test_rss_entries_keep_title_zone_and_lose_tracking():
    reading = read_feed(RSS.encode(), URL, depth=1)
    assert reading.form == "rss"
    assert reading.title == "The Harbour Gazette"
    first, second = reading.candidates
    assert (first.url, first.title, first.date_published) == (
        "http://demo.example/2026/11/ferry",
        "Ferry & bridge reopen",
        "2026-11-20T10:11:12+01:00",
    )
    assert (first.found_by, first.found_on, first.depth, first.kind, first.date_modified) == ("feed", URL, 2, "page", None)
    assert (second.url, second.title, second.date_published) == ("http://demo.example/boats", "Two boats", "2026-11-20")
    assert "bad_urls" in reading.flags


def test_atom_takes_the_alternate_link_and_both_dates():
    reading = read_feed(ATOM.encode(), URL)
    (entry,) = reading.candidates
    assert (reading.form, reading.next_url) == ("atom", "http://demo.example/feed?page=2")
    assert (entry.url, entry.title) == ("http://demo.example/tide", "Tide tables")
    assert (entry.date_published, entry.date_modified) == ("2026-11-20T10:00:00+02:00", "2026-11-21T08:00:00+00:00")


def test_rss_1_0_and_0_91_are_read():
    assert [c.date_published for c in read_feed(RDF.encode(), URL).candidates] == ["2026-11-20T01:02:03+01:00"]
    head = '<?xml version="1.0" encoding="windows-1252"?><rss version="0.91"><channel>'
    old = head + "<item><title>café</title><link>/c</link></item></channel></rss>"
    assert [c.title for c in read_feed(old.encode("windows-1252"), URL).candidates] == ["café"]


def test_json_feed_entries_with_an_address_are_read():
    reading = read_feed(JSON_FEED.encode(), URL)
    assert [(c.url, c.date_published) for c in reading.candidates] == [("http://demo.example/one", "2026-11-20T10:00:00-05:00")]
    assert reading.next_url == "http://demo.example/feed.json?p=2"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: text.index("<item><title>No address")],
        lambda text: text.replace("</channel>", "</chanel>"),
        lambda text: text.replace("bridge", "br&idge < 3"),
        lambda text: text.replace("</item>", ""),
        lambda text: text.replace("</title>", ""),
        lambda text: text.replace("<channel>", "<!-- <channel>"),
        lambda text: text.replace("<description>", "").replace("</rss>", "").replace("<item>", "<item", 1),
        lambda text: "<b>Warning</b>: mysql_connect() failed<br />" + text,
        lambda text: "\n\n  junk before " + text,
        lambda text: text.replace("reopen", "re\x01open"),
    ],
)
def test_a_broken_feed_still_has_its_entries(damage):
    assert addresses(damage(RSS))[:2] == ["http://demo.example/2026/11/ferry", "http://demo.example/boats"]


def test_entities_are_never_expanded():
    declared = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = RSS.replace("<rss", f'<!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">{declared}]><rss', 1)
    reading = read_feed(bomb.replace("boats</b>", "&l9; &f;</b>").encode(), URL)
    assert "entities_refused" in reading.flags
    assert len(reading.candidates) == 2
    assert all(len(c.title or "") < 100 and "root:" not in (c.title or "") for c in reading.candidates)


def test_a_feed_without_end_is_cut_at_the_limit():
    reading = read_feed(("<rss><channel>" + "<item>" * 200_000).encode(), URL)
    assert "cut" in reading.flags
    many = "".join(f"<item><link>http://demo.example/{i}</link></item>" for i in range(MAX_FEED_ENTRIES + 50))
    assert len(read_feed(f"<rss version='2.0'><channel>{many}</channel></rss>".encode(), URL).candidates) == MAX_FEED_ENTRIES


@pytest.mark.parametrize("body", [b"", b"{", b'{"items": ' + b"[" * 100_000, b"<html><body>hi</body></html>", b"\x00\xff" * 500, b"[1]"])
def test_what_is_no_feed_gives_nothing_and_raises_nothing(body):
    assert read_feed(body, URL).candidates == []


def test_feeds_are_told_from_pages():
    assert all(looks_like_feed(text) for text in (RSS, ATOM, RDF, JSON_FEED))
    assert not looks_like_feed("<!doctype html><html><head><title>rss</title></head><body><feed></feed>")
    assert not looks_like_feed('{"a": 1}')


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.integers(0, len(RSS)))
def test_random_damage_never_raises(junk, at):
    read_feed(RSS.encode()[:at] + junk + RSS.encode()[at:], URL)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11", "2026-11"),
        ("2026-11-20T10:00Z", "2026-11-20T10:00+00:00"),
        ("2026-11-20T10:00:01.5+0100", "2026-11-20T10:00:01+01:00"),
        ("2026-11-20 10:00:00", "2026-11-20T10:00:00"),
        ("Fri, 20 Nov 2026 10:11:12 GMT", "2026-11-20T10:11:12+00:00"),
        ("Fri, 20 Nov 2026 10:11:12", "2026-11-20T10:11:12"),
        ("Fri, 20 Nov 26 10:11 PDT", "2026-11-20T10:11:00-07:00"),
        ("Fri, 20 Nov 2026 10:11:12 -0500", "2026-11-20T10:11:12-05:00"),
        ("0001-01-01T00:00:00", None),
        ("Fri, 31 Nov 2026 10:11:12 GMT", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_keep_precision_and_zone(written, iso):
    assert iso_date(written) == iso
