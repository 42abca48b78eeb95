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
        ("Harbour Post (www.harbourpost.example)", ["Harbour Post"]),
        ("This post was written by Jane Doe, Head of Ferries", ["Jane Doe"]),
        ("Dec. 19", []),
        ("Journalist", []),
        ("Sat", []),
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


FAR = "<p>The boats are old. They still run, and nobody is late for them.</p>" * 30


@pytest.mark.parametrize(
    "body",
    [
        "<p>By</p><p>Odile Barrow</p>",
        f"{FAR}<h4>Written by:</h4><h3>Odile Barrow</h3>",
        f"{FAR}<div>This article was written by Odile Barrow, Head of Ferries</div>",
        f"<p>Odile Barrow</p>{FAR}<p>Odile Barrow is a writer who has lived at the harbour for thirty years.</p>",
        f"<p>Odile Barrow</p>{FAR}<p>Odile Barrow</p>",
        '<div class="elementor-widget-container"><span>By Odile Barrow</span></div>',
        '<article><footer class="node__meta">By Odile Barrow on 3 May 2024</footer></article>',
        "<div>By Odile Barrow on Tuesday</div>",
        "<p class=stamp>May 15, 2024. By Odile Barrow</p>",
        "<p>Odile Barrow</p>",
    ],
)
def test_names_beside_labels_or_told_of_below_are_read(body):
    assert authors(page(body)) == ([] if body == "<p>Odile Barrow</p>" else ["Odile Barrow"])


@pytest.mark.parametrize(
    "body",
    [
        f"<p><a href=/trade>Trade Programme</a></p>{FAR}<ul><li>Trade Programme</li></ul>",
        f"<h2>Harbour Falls</h2>{FAR}<p>Harbour Falls, a combination of three falls, is the highest of the county.</p>",
        "<p>Reaching the islands by being more relaxed and present</p>",
        '<div class="byline">But no worry</div>',
    ],
)
def test_words_that_only_look_like_names_are_no_authors(body):
    assert authors(page(body)) == []


def test_meta_element_that_names_more_authors_than_json_ld_is_taken():
    ld = {"@type": "NewsArticle", "headline": "Ferry", "author": {"@type": "Person", "name": "Odile Barrow"}}
    assert authors(page(ld=ld, metas=[('name="author"', "Odile Barrow, dpa")])) == ["Odile Barrow", "dpa"]
    assert authors(page(ld=ld, metas=[('name="author"', "Jane Doe, dpa")])) == ["Odile Barrow"]


def test_account_name_gives_way_to_the_person_of_the_byline():
    ld = {"@type": "NewsArticle", "headline": "Ferry", "author": {"@type": "Person", "name": "OdileB"}}
    assert authors(page("<p>by Odile Barrow</p>", ld=ld)) == ["Odile Barrow"]


def test_line_that_shows_the_headline_without_a_heading_tag_is_its_place():
    html = page("<p>Odile Barrow</p>" + FAR + "<p>Odile Barrow</p>").replace("h1>", "div>")
    assert authors(html) == ["Odile Barrow"]
