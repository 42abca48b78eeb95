"""What is let through without the guard, and what is not."""

from __future__ import annotations

import time

import pytest

from newsarchive.pages import glance
from newsarchive.pages.glance import is_deep, is_plain
from newsarchive.pages.guard import MAX_ATTRIBUTES, MAX_DATA_URI_CHARS, MAX_DEPTH, guard
from newsarchive.pages.read import read_page
from newsarchive.pages.tree import parse

MANY = "<p " + " ".join(f"a{number}" for number in range(MAX_ATTRIBUTES + 1)) + ">"
HONEST = (
    "<!doctype html><html><head><title>A < B</title><script>if (a < b && c > d) { x = '<p>' }</script>"
    '<style>a > b { color: red }</style></head><body class="x"><!-- <p> --><svg viewBox="0 0 1 1"><title>Fish</title>'
    '<path d="M0 0"/></svg><p>5 < 6 and <b>bold</b></p><textarea><b</textarea></body></html>'
)


def test_an_honest_page_is_plain_and_reads_as_guarded():
    assert is_plain(HONEST)
    assert guard(HONEST).text == HONEST


@pytest.mark.parametrize(
    "page",
    [
        MANY,
        f"<!-- x -->{MANY}",
        f"<svg><style>{MANY}</style></svg>",
        f"<svg><style/>{MANY}",
        f"<svg><foreignObject><p></svg></p></foreignObject><style>{MANY}</style>",
        f"<svg><![CDATA[</svg>]]><style>{MANY}</style></svg>",
        f"<math><style>{MANY}</style></math>",
        f"<svg><p><script>'</svg><textarea>'</script>{MANY}</textarea>",
        f"<p title='>'>{MANY}",
        f"<title>{'<b>'}</title>{MANY}",
    ],
)
def test_too_many_attributes_hide_nowhere(page):
    assert not is_plain(page)


def test_many_tags_many_formatting_elements_and_long_addresses_are_left_to_the_guard():
    assert not is_plain("<p>" * (glance.MAX_PLAIN_TAGS + 1))
    assert not is_plain("<b><p>" * 2000)
    assert not is_plain(f"<img src='data:image/png;base64,{'A' * MAX_DATA_URI_CHARS}'>")
    assert is_plain("<img src='data:image/png;base64,AAAA'><a href='data:x'>" * 20)


def test_depth_is_read_from_the_tree():
    deep = "<div>" * (MAX_DEPTH + 10) + "word"
    assert is_plain(deep)
    assert is_deep(parse(deep))
    assert not is_deep(parse("<div>" * 100))
    document = read_page(f"<html>{deep}</html>", "http://demo.example/")
    assert document.flags[0] == "depth_cut"
    assert max(element.depth for element in document.tree.elements) < MAX_DEPTH + 10


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a", '<a "', "<a b='<a b=\"", "<svg>", "<svg><a ", "<svg a>", "<script>", "<script><", "<!--", "<svg><title>", "a b='"],
)
def test_a_glance_costs_linear_time(piece):
    page = "<a " + piece * min(glance.MAX_PLAIN_TAGS - 1, 2_000_000 // len(piece)) + "x" * 2_000_000
    started = time.process_time()
    is_plain(page)
    assert time.process_time() - started < 1.0
