"""JSON-LD and embedded state are read whatever slips they hold, within bounds, and never raise."""

from __future__ import annotations

import json
import time

import pytest

from newsarchive.extractors.jsonld import ARTICLE_TYPES, load_lenient, plain, read_jsonld
from newsarchive.extractors.state import read_states, walk_values
from newsarchive.extractors.structured import read_structured
from newsarchive.pages.read import read_page

ARTICLE = {"@type": "NewsArticle", "headline": "Ferry runs again", "datePublished": "2024-05-03"}


def test_articles_inside_a_graph_are_found_and_references_resolved():
    graph = {"@graph": [{"@id": "#jane", "@type": "Person", "name": "Jane Doe"}, {**ARTICLE, "author": {"@id": "#jane"}}]}
    found = read_jsonld([json.dumps(graph)])
    article = next(node for node in found.nodes if node.types & ARTICLE_TYPES)
    assert found.resolve(article.data["author"])["name"] == "Jane Doe"


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "Ferry runs again",}',
        '<!-- {"@type": "NewsArticle", "headline": "Ferry runs again"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Ferry runs again"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Ferry runs again"};',
        '{"@type": "NewsArticle", "headline": "Ferry runs again"} {"@type": "Thing"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Ferry runs again&quot;}",
        '{"@type": "NewsArticle", "articleBody": "broken \\x escape", "headline": "Ferry runs again"}',
        '{"@type": "NewsArticle", "headline": "Ferry runs again", "articleBody": "line\nbreak"}',
        '{"@type": "NewsArticle", "headline": "Ferry runs again", "articleBody": "an "unescaped" quote"}',
    ],
)
def test_usual_slips_are_mended(text):
    assert [node.data["headline"] for node in read_jsonld([text]).nodes] == ["Ferry runs again"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        '{"a":' * 50_000,
        "null",
        "nonsense" * 20_000,
        '{"headline": "' + "\\" * 100_000,
        '{"@type":"NewsArticle","x":"' * 8_000,
        "," * 100_000,
        "1" * 5_000,
    ],
)
def test_hostile_json_takes_no_time_and_never_raises(text):
    started = time.process_time()
    read_jsonld([text])
    assert time.process_time() - started < 1.0


def test_texts_lose_entities_and_tags():
    assert plain("Bread &amp;amp; <b>butter</b>") == "Bread & butter"


def page_with(value, title):
    data = f'<script type="application/ld+json">{json.dumps(value)}</script>'
    return f"<html><head><title>{title}</title>{data}</head><body><h1>{title}</h1></body></html>"


def test_an_article_in_a_list_of_others_is_not_the_pages_article():
    listing = {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "NewsArticle", "headline": f"Story {number}", "url": f"https://news.example/{number}"} for number in range(5)
        ],
    }
    html = page_with(listing, "All stories")
    assert read_structured(read_page(html, "https://news.example/stories")).article is None


def test_of_several_articles_the_one_with_the_pages_address_is_taken():
    others = [{**ARTICLE, "headline": "Another", "url": "https://news.example/another"}, {**ARTICLE, "url": "https://news.example/ferry"}]
    html = page_with(others, "Ferry")
    structured = read_structured(read_page(html, "https://news.example/ferry?from=home"))
    assert structured.ld_string("headline") == "Ferry runs again"


def test_embedded_state_is_read_from_data_scripts_and_assignments():
    states = read_states(
        [
            ("application/json", '{"props": {"headline": "from next"}, "more": "0123456789"}'),
            ("", 'window.__INITIAL_STATE__ = {"article": {"headline": "from window"}}; start();'),
            ("", 'var pageData = JSON.parse("{\\"headline\\": \\"from a string\\", \\"x\\": 1}");'),
            ("", "function f() { return {a: 1}; } // a program, not data, and long enough"),
        ]
    )
    found = [value for _, value, _ in walk_values(states, keys=frozenset({"headline"}))]
    assert found == ["from a string", "from next", "from window"] or sorted(found) == ["from a string", "from next", "from window"]


@pytest.mark.parametrize(
    "text", ["window.__STATE__ = " + "{" * 100_000, "a = {" * 50_000, 'data = JSON.parse("' + "\\" * 100_000, "state=[" * 40_000]
)
def test_hostile_state_takes_no_time(text):
    started = time.process_time()
    assert read_states([("", text)]) == []
    assert time.process_time() - started < 1.0


def test_values_that_are_no_json_give_none():
    assert load_lenient("just words") is None
