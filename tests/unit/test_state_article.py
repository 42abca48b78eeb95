import json

import pytest

from newsarchive.extractors.state_article import read_state_article, state_blocks
from newsarchive.extractors.structured import read_structured
from newsarchive.pages.read import read_page

TITLE = "Harbour bell rings again"
FIRST = "The harbour bell rang on Tuesday for the first time in nine years, and three people set their watches by it."
SECOND = "It had been silent since the rope was stolen. The new rope is made of steel, painted the colour of the old one, and locked."


def page(state, title=TITLE):
    text = json.dumps(state).replace("</", "<\\/")
    script = f'<script id="__NEXT_DATA__" type="application/json">{text}</script>'
    return read_page(f"<html><head><title>{title}</title></head><body><div id=app></div>{script}</body></html>", "https://example.org/bell")


def read(article):
    document = page({"props": {"pageProps": {"menu": [{"title": "News", "text": "short"}], "article": article}}})
    return read_state_article(read_structured(document), TITLE)


def blocks(article):
    found = read(article)
    return [(block.kind, block.text) for block in state_blocks(found, "https://example.org/bell")]


SHAPES = {
    "html": {"headline": TITLE, "body": f"<p>{FIRST}</p><h2>The rope</h2><p>{SECOND}</p>"},
    "content elements": {
        "headlines": {"basic": TITLE},
        "content_elements": [
            {"type": "text", "content": FIRST},
            {"type": "image", "caption": "The bell"},
            {"type": "header", "level": 2, "content": "The rope"},
            {"type": "interstitial_link", "content": "Read also"},
            {"type": "text", "content": SECOND},
        ],
    },
    "typed blocks": {
        "title": TITLE,
        "blocks": [
            {"type": "paragraph", "model": {"text": FIRST}},
            {"type": "subheading", "model": {"text": "The rope"}},
            {"type": "advert", "model": {"text": "Buy"}},
            {"type": "paragraph", "model": {"text": SECOND}},
        ],
    },
    "rich text": {
        "title": TITLE,
        "body": {
            "nodeType": "document",
            "content": [
                {
                    "nodeType": "paragraph",
                    "content": [{"nodeType": "text", "value": FIRST[:30]}, {"nodeType": "text", "value": FIRST[30:]}],
                },
                {"nodeType": "heading-2", "content": [{"nodeType": "text", "value": "The rope"}]},
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": SECOND}]},
            ],
        },
    },
    "list of strings": {"title": TITLE, "paragraphs": [FIRST, "<h2>The rope</h2>", SECOND]},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_bodies_of_every_shape_are_read_in_order(shape):
    assert blocks(SHAPES[shape]) == [("paragraph", FIRST), ("heading", "The rope"), ("paragraph", SECOND)]


def test_plain_text_is_split_at_line_breaks():
    assert blocks({"headline": TITLE, "text": f"{FIRST}\n\n{SECOND}"}) == [("paragraph", FIRST), ("paragraph", SECOND)]


def test_dates_authors_section_and_tags_stand_beside_the_body():
    article = SHAPES["html"] | {
        "datePublished": "2024-05-03T10:00:00+01:00",
        "updatedAt": "2024-05-04",
        "authors": [{"name": "Maren Oldacre"}, {"name": "Piet Sandoval"}],
        "section": {"name": "News"},
        "tags": ["harbour", "bells"],
    }
    assert read(article).fields == {
        "date_published": "2024-05-03T10:00:00+01:00",
        "date_published_raw": "2024-05-03T10:00:00+01:00",
        "date_modified": "2024-05-04",
        "authors": ["Maren Oldacre", "Piet Sandoval"],
        "section": "News",
        "tags": ["harbour", "bells"],
    }


def test_another_article_in_the_state_is_not_taken_for_the_page_s():
    assert read(SHAPES["html"] | {"headline": "Fog expected"}) is None


def test_short_texts_beside_a_title_are_no_article():
    assert read({"headline": TITLE, "body": "<p>Subscribe to read on.</p>"}) is None


def test_hostile_nesting_is_cut_and_nothing_is_raised():
    deep = {"type": "group", "children": FIRST * 3}
    for _ in range(200):
        deep = {"type": "group", "children": [deep]}
    assert read({"headline": TITLE, "body": [deep]}) is None


def test_korean_publish_date_of_the_state_is_read():
    found = read({"title": TITLE, "contentHtml": f"<p>{FIRST}</p><p>{SECOND}</p>", "deployDt": "2024.05.03 18:40", "reDeployDt": None})
    assert found is not None
    assert found.fields["date_published"] == "2024-05-03T18:40"
