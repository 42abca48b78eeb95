"""Pages made to hurt cost the metadata no more than a second, and never raise."""

from __future__ import annotations

import json
import time

import pytest

from newsarchive.extractors.metadata import language_of, read_metadata
from newsarchive.extractors.page_type import judge_page
from newsarchive.pages.read import read_page

TIMES = 5000
LIMIT_SECONDS = 3.0
"""Generous for a loaded machine; the slowest takes 0.3 s on a free one."""


def data(value):
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


WEIRD = {
    "@type": "NewsArticle", "headline": {"a": 1}, "datePublished": 5, "keywords": {"x": [1, 2]}, "image": [[["x"]]],
    "isAccessibleForFree": [], "author": [[["x"]], None, {"name": {"@value": "Jane Doe"}}], "articleSection": [{}],
    "publisher": [1], "@id": {}, "url": [{"@id": 3}],
}  # fmt: skip
PAGES = {
    "many properties": '<div itemscope itemtype="http://schema.org/Article">' + '<span itemprop="author">By A B</span>' * TIMES,
    "many headings": "<h1>Ferry runs again</h1>" * TIMES + "<h2 class=headline>Ferry runs again today</h2>" * TIMES,
    "many metas": '<meta property="article:tag" content="a,b"><meta name="author" content="By Jane Doe">' * TIMES,
    "many meta dates": '<meta name="date" content="2024-05-03">' * TIMES,
    "long metas": '<meta name=author content="' + "By A and " * 20_000 + '"><meta name=keywords content="' + "a," * 50_000 + '"><h1>x</h1>',
    "long title": "<title>" + " - a" * 50_000 + "</title><h1>" + "a | " * 50_000 + "</h1>",
    "many dates": "<h1>Ferry</h1>" + '<time datetime="2024-05-03">May 3, 2024</time><p>Published May 3, 2024</p>' * TIMES,
    "dates in one block": "<h1>Ferry</h1><p>" + "May 3, 2024 " * 20_000,
    "many bylines": "<h1>Ferry</h1>" + "<div class='byline author'>By <a rel=author href=/author/x>Jane Doe</a></div>" * TIMES,
    "many names": "<h1>Ferry</h1>" + "".join(f'<div class="a{n} author-{n} related-{n}">x</div>' for n in range(TIMES)),
    "many scripts": data({"@type": "NewsArticle", "headline": "x", "author": {"name": "Jane Doe"}}) * 2000,
    "long list": data([{"@type": "NewsArticle", "headline": "x" * 50, "url": f"https://a.example/{n}"} for n in range(TIMES)]),
    "many authors": data({"@type": "NewsArticle", "headline": "x", "author": [{"name": f"Jane Doe{n}"} for n in range(TIMES)]}),
    "wrong kinds": data(WEIRD),
    "wrong addresses": '<link rel=canonical href="http://[::1"><meta property="og:image" content="http://[">' * 100
    + '<a href="http://[">x</a>',
    "many canonicals": '<link rel=canonical href="https://x.example/a">' * TIMES,
    "long language": "<h1>Ferry</h1>",
    "lone surrogates": "<h1>\ud800 Ferry</h1><p>By \udfff Doe",
    "many labels": "<h1>Ferry</h1>" + "<footer>" * 100 + "<p>Written by the one who knows it all</p><p>By</p><p>x</p>" * TIMES,
    "many lone names": "<h1>Ferry</h1>" + "<p>Odile Barrow</p>" * TIMES,
    "many tag links": "<h1>Ferry</h1>" + "<div>" * 150 + "<a href=/tag/x>t</a>" * TIMES,
    "cut title": "<title>" + "a b c " * 200 + "…</title><h1>" + "a b c " * 60 + "</h1>",
    "nothing": "<p></p>",
}


@pytest.mark.parametrize("name", PAGES)
def test_hostile_page_is_read_in_time(name):
    lang = "x-" * 20_000 if name == "long language" else "en"
    document = read_page(f'<html lang="{lang}"><body>{PAGES[name]}</body></html>', "https://x.example/2024/05/03/a-b-c")
    started = time.process_time()
    metadata = read_metadata(document)
    judge_page(document, metadata, body_chars=100)
    language_of(metadata, "")
    _ = metadata.structured.states
    assert time.process_time() - started < LIMIT_SECONDS
    assert len(metadata.candidates) < 300
    assert json.dumps(metadata.fields)
