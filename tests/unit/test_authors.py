"""Authors are names: without prefixes, roles, places, addresses and the site's own name where a person signs."""

from __future__ import annotations

import json

import pytest

from newsarchive.extractors.metadata import read_metadata
from newsarchive.extractors.names import names_in
from newsarchive.pages.read import read_page


def page(body="", *, ld=None, metas=(), lang="en", headline="Ferry to the islands runs again"):
    head = "".join(f'<meta {name} content="{content}">' for name, content in metas)
    data = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    name = '<meta property="og:site_name" content="Harbour Post">'
    text = "<p>The first boat left at dawn, and nobody on the quay was late for it.</p>"
    return (
        f'<html lang="{lang}"><head><title>{headline} | Harbour Post</title>{name}{head}{data}</head>'
        f"<body><main><h1>{headline}</h1>{body}{text}</main></body></html>"
    )


def authors(html):
    return read_metadata(read_page(html, "https://harbourpost.example/ferry")).fields.get("authors", [])


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("By Jane Doe, Staff Writer", ["Jane Doe"]),
        ("Von Anna Berg und Jürgen Öl", ["Anna Berg", "Jürgen Öl"]),
        ("Von Anna Berg in Berlin", ["Anna Berg"]),
        ("May 15, 2024. By Jane Doe", ["Jane Doe"]),
        ("15. Mai 2024 | Von Anna Berg", ["Anna Berg"]),
        ("מאת תמר גלבוע, נדב רוזן", ["תמר גלבוע", "נדב רוזן"]),
        ("بقلم ليلى الحداد، سامر النجار", ["ليلى الحداد", "سامر النجار"]),
        ("Par Zoé Blanc, Luc Noir et Ève Gris", ["Zoé Blanc", "Luc Noir", "Ève Gris"]),
        ("Por Inés Prado y Saúl Ríos", ["Inés Prado", "Saúl Ríos"]),
        ("Jane Doe (jane.doe@harbourpost.example)", ["Jane Doe"]),
        ("Jane Doe | Reuters", ["Jane Doe", "Reuters"]),
        ("Jane Doe/AFP", ["Jane Doe/AFP"]),
        ("@janedoe", ["janedoe"]),
        ("Jane Doe, MD", ["Jane Doe, MD"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("김철수 기자", ["김철수"]),
        ("文・ 山田花子", ["山田花子"]),
        ("取材・文／山田花子", ["山田花子"]),
        ("admin", []),
        ("3 min read", []),
        ("", []),
    ],
)
def test_names_are_taken_out_of_bylines(byline, names):
    assert names_in(byline) == names


def test_each_person_of_json_ld_is_one_author():
    ld = {
        "@type": "NewsArticle",
        "headline": "Ferry",
        "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}, "dpa"],
    }
    assert authors(page(ld=ld)) == ["Jane Doe", "John Roe", "dpa"]


def test_person_of_the_byline_beats_the_site_itself_as_author():
    ld = {"@type": "NewsArticle", "headline": "Ferry", "author": {"@type": "Organization", "name": "Harbour Post"}}
    assert authors(page('<div class="byline">By <a href="/author/jane">Jane Doe</a></div>', ld=ld)) == ["Jane Doe"]


def test_site_signs_where_nobody_else_does():
    ld = {"@type": "NewsArticle", "headline": "Ferry", "author": {"@type": "Organization", "name": "The Islands Desk"}}
    assert authors(page(ld=ld)) == ["The Islands Desk"]


@pytest.mark.parametrize(
    "body",
    [
        '<p class="byline">By Jane Doe</p>',
        "<div>By <b>Jane Doe</b> · May 3, 2024 · 3 min read</div>",
        '<div><a href="/authors/jane-doe">Jane Doe</a></div>',
        '<div class="author"><span>Jane Doe</span><span>Senior Reporter</span></div>',
        '<div class="byline">Written by <a href="/people/jd">Jane Doe</a> Reviewed by <a href="/people/jr">John Roe</a></div>',
        '<a rel="author" href="/jd">Jane Doe</a>',
        '<div itemprop="author" itemscope><span itemprop="name">Jane Doe</span></div>',
        "<p><strong>Jane Doe</strong></p>",
    ],
)
def test_bylines_are_read_in_many_markups(body):
    assert authors(page(body)) == ["Jane Doe"]


def test_names_of_teasers_comments_and_photos_are_no_authors():
    body = (
        '<figure><img src="/a.jpg"><figcaption class="photo-credit">Photo: Max Lens</figcaption></figure>'
        '<section class="comments"><div class="comment"><span class="comment-author">Troll King</span></div></section>'
        '<aside><div class="teaser"><span class="byline">By Other Writer</span></div></aside>'
    )
    assert authors(page(body)) == []


def test_several_meta_authors_are_all_kept_in_order():
    metas = [('name="author"', "Jane Doe"), ('name="author"', "John Roe")]
    assert authors(page(metas=metas)) == ["Jane Doe", "John Roe"]
