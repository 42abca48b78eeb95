"""The quality floor: what the engine must reach on all fixture pages together, the ones not yet exact included."""

import itertools
from collections import Counter
from functools import cache

from records import TEASER_FIELDS, address, differences, fixtures, word_f1

from newsarchive.extractors.api import explain
from newsarchive.pages.read import read_page

MIN_PAGES, MIN_TEMPLATES, MIN_LANGUAGES = 60, 25, 12
MIN_HARD = 10
"""Pages modelled on the structures of the pages that cost extractors most (`hard` in meta.json says which)."""
MAX_SHARED_PATHS = 0.8
"""Share of tag paths that two fixtures may have in common: more, and they are one template."""

BODY_F1 = 0.99
EXACT_SHARES = {"title": 1.0, "site_name": 1.0, "language": 1.0, "date_published": 1.0, "authors": 0.93, "body_blocks": 0.96}
"""Field -> share of the fixtures that state it on which it is right."""
TEASER_F1 = 0.99
TEASER_SHARES = dict.fromkeys(TEASER_FIELDS, 0.98)
ARTICLES = 1.0
"""Share of the fixtures that are taken for articles; all are."""


@cache
def extracted():
    return [(fixture, explain(fixture.page, fixture.url)) for fixture in fixtures()]


def test_the_fixtures_are_many_and_of_many_makes():
    metas = [fixture.meta for fixture in fixtures()]
    assert len(metas) >= MIN_PAGES
    assert len({meta["template"] for meta in metas}) >= MIN_TEMPLATES
    assert len({meta["language"] for meta in metas}) >= MIN_LANGUAGES
    assert sum(bool(meta.get("hard")) for meta in metas) >= MIN_HARD
    assert all(meta["licence"] == "synthetic" for meta in metas)


def test_no_two_fixtures_share_their_tag_paths():
    paths = {fixture.name: {element.path(99) for element in read_page(fixture.page, fixture.url).tree.elements} for fixture in fixtures()}
    for a, b in itertools.combinations(paths, 2):
        shared = len(paths[a] & paths[b]) / len(paths[a] | paths[b])
        assert shared <= MAX_SHARED_PATHS, f"{a} and {b} share {shared:.2f} of their tag paths"


def test_bodies_titles_dates_and_authors_stay_above_the_floor():
    scores, wrong, stated = [], Counter(), Counter()
    for fixture, extraction in extracted():
        if "body_floor" in fixture.meta:
            continue
        record = extraction.article.as_record()
        want = "\n\n".join(text for block in fixture.expected["body_blocks"] for kind, text in block.items() if kind != "caption")
        scores.append(word_f1(want, record["body"]))
        found = differences(fixture.expected, record)
        for field in EXACT_SHARES:
            stated[field] += field in fixture.expected
            wrong[field] += field in found
    assert sum(scores) / len(scores) >= BODY_F1
    for field, floor in EXACT_SHARES.items():
        share = 1 - wrong[field] / stated[field]
        assert share >= floor, f"{field}: {share:.3f} is under the floor of {floor}"


def test_bodies_that_are_not_right_yet_do_not_get_worse():
    """Pages whose `body_floor` says how much of the text was right when they were written."""
    for fixture, extraction in extracted():
        want = "\n\n".join(text for block in fixture.expected["body_blocks"] for kind, text in block.items() if kind != "caption")
        assert word_f1(want, extraction.article.as_record()["body"]) >= fixture.meta.get("body_floor", 0), fixture.name


def test_teasers_stay_above_the_floor():
    hits, wanted, got = 0, 0, 0
    right, stated = Counter(), Counter()
    for fixture, extraction in extracted():
        have = {address(teaser.url): teaser for teaser in extraction.article.teasers}
        want = {address(teaser["url"]): teaser for teaser in fixture.expected["teasers"]}
        hits, wanted, got = hits + len(have.keys() & want.keys()), wanted + len(want), got + len(have)
        for key in have.keys() & want.keys():
            for field in TEASER_FIELDS:
                stated[field] += 1
                value, expected = getattr(have[key], field), want[key][field]
                right[field] += value == expected or (
                    field == "date_published" and expected is not None and str(value).startswith(expected)
                )
    assert 2 * hits / (wanted + got) >= TEASER_F1
    for field, floor in TEASER_SHARES.items():
        share = right[field] / stated[field]
        assert share >= floor, f"teaser {field}: {share:.3f} is under the floor of {floor}"


def test_pages_with_articles_are_taken_for_articles():
    verdicts = [extraction.is_article for _, extraction in extracted()]
    assert sum(verdicts) / len(verdicts) >= ARTICLES
