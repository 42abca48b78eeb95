import time

import pytest

from newsarchive.errors import UnreadablePage
from newsarchive.model.page import Page
from newsarchive.pages.read import read_page


def texts(html, **kwargs):
    return [block.text for block in read_page(html, "https://example.com/a", **kwargs).blocks]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n ",
        "",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"GIF89a....",
        b"PK\x03\x04....",
        b"\x1f\x8b\x08....",
        b"just words",
        bytes(range(256)) * 40,
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(data):
    with pytest.raises(UnreadablePage) as caught:
        read_page(data, "https://example.com/a")
    assert caught.value.reason


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "video/mp4", "application/json"])
def test_a_content_type_that_is_no_page_is_refused(kind):
    with pytest.raises(UnreadablePage):
        read_page(b"<p>text", "https://example.com/a", content_type=kind)


def test_a_page_object_brings_its_address_and_header():
    page = Page(
        url="https://example.com/a",
        final_url="https://example.com/b",
        body="<p>Ж".encode("koi8-r"),
        headers={"content-type": "text/html; charset=koi8-r"},
    )
    document = read_page(page)
    assert document.url == "https://example.com/b"
    assert document.blocks[0].text == "Ж"


def test_control_references_and_lone_surrogates_are_no_text():
    assert texts("<p>one&#1;two \ud800three&#x0;") == ["onetwo three"] or "\x01" not in texts("<p>one&#1;two \ud800three")[0]


def test_base_is_resolved_against_the_page():
    document = read_page('<base href="/en/"><a href="news">x</a>', "https://example.com/a/b")
    assert document.base_url == "https://example.com/en/"
    assert document.resolve("news") == "https://example.com/en/news"


def test_a_base_that_is_no_web_address_is_ignored():
    assert read_page('<base href="javascript:alert(1)"><p>x', "https://example.com/a").base_url == "https://example.com/a"


def test_deep_nesting_is_read_in_time():
    started = time.process_time()
    document = read_page("<html><body>" + "<div>" * 100_000 + "deep words", "https://example.com/a")
    assert time.process_time() - started < 5
    assert "depth_cut" in document.flags


def test_meta_names_are_lower_case_and_the_first_content_wins():
    document = read_page('<meta property="OG:Title" content=" A  title "><meta name="og:title" content="B"><p>x', "https://example.com/a")
    assert document.meta("og:title") == "A title"
    assert document.meta("missing") is None


def test_scripts_keep_their_raw_text():
    document = read_page('<script type="application/ld+json">{"a": "<p>&amp;"}</script><p>x', "https://example.com/a")
    assert [(script.kind, script.text) for script in document.scripts] == [("application/ld+json", '{"a": "<p>&amp;"}')]
