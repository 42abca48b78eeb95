"""The headline is what an editor wrote: without the site's name, kickers joined to it, or what was made for search engines."""

from __future__ import annotations

import json

import pytest

from newsarchive.extractors.metadata import read_metadata
from newsarchive.pages.read import read_page


def page(*, title="", h1="", metas=(), ld=None, body="", lang="en"):
    head = "".join(f'<meta {name} content="{content}">' for name, content in metas)
    data = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    heading = f"<h1>{h1}</h1>" if h1 else ""
    main = f"<main><article>{heading}<p>Text.</p></article></main>"
    return f'<html lang="{lang}"><head><title>{title}</title>{head}{data}</head><body>{body}{main}</body></html>'


def read(html, url="https://www.harbourpost.example/2024/05/03/ferry"):
    return read_metadata(read_page(html, url))


@pytest.mark.parametrize(
    "title",
    [
        "Ferry to the islands runs again | Harbour Post",
        "Ferry to the islands runs again - Harbour Post",
        "Ferry to the islands runs again – Harbour Post News",
        "Ferry to the islands runs again - harbourpost.example",
        "Harbour Post: Ferry to the islands runs again".replace(": ", " | "),
        "Ferry to the islands runs again | Travel | Harbour Post",
        "Ferry to the islands runs again :: Harbour Post",
    ],
)
def test_site_name_is_cut_off_the_title(title):
    found = read(page(title=title, metas=[('property="og:site_name"', "Harbour Post"), ('property="article:section"', "Travel")]))
    assert found.fields["title"] == "Ferry to the islands runs again"
    assert found.fields["site_name"] == "Harbour Post"


def test_site_name_without_separator_is_known_from_the_headline_and_the_logo():
    html = page(
        title="Ferry to the islands runs again HarbourPost",
        h1="Ferry to the islands runs again",
        body='<header><a href="/">HarbourPost</a></header>',
    )
    found = read(html)
    assert (found.fields["title"], found.fields["site_name"]) == ("Ferry to the islands runs again", "HarbourPost")


def test_site_name_without_separator_is_cut_off_where_no_heading_shows_the_headline():
    body = '<a href="/"><img alt="HarbourPost"></a><table><tr><td><b>Ferry to the islands runs again</b></td></tr></table>'
    found = read(page(title="Ferry to the islands runs again HarbourPost", body=body), "https://127.0.0.1/ferry")
    assert (found.fields["title"], found.fields["site_name"]) == ("Ferry to the islands runs again", "HarbourPost")


def test_words_behind_a_dash_stay_when_they_are_part_of_the_headline():
    found = read(page(title="Storm over the coast – two ferries cancelled", h1="Storm over the coast – two ferries cancelled"))
    assert found.fields["title"] == "Storm over the coast – two ferries cancelled"


def test_logo_in_an_h1_is_no_headline():
    html = page(
        title="Ferry to the islands runs again | Harbour Post",
        body="<h1>Harbour Post</h1><h2 class='entry-title'>Ferry to the islands runs again</h2>",
    )
    assert read(html).fields["title"] == "Ferry to the islands runs again"


def test_visible_headline_beats_a_title_made_for_search_engines():
    html = page(
        title="Best ferries 2024: prices, times, tickets | Harbour Post",
        h1="Which ferry suits you",
        metas=[('property="og:title"', "Best ferries 2024: prices, times, tickets")],
    )
    assert read(html).fields["title"] == "Which ferry suits you"


def test_sources_that_agree_outvote_one_that_does_not():
    ld = {"@type": "NewsArticle", "headline": "Ferry to the islands runs again"}
    html = page(
        title="Ferry news | Harbour Post", h1="Ferry to the islands runs again", ld=ld, metas=[('property="og:title"', "Ferry news")]
    )
    found = read(html)
    assert found.fields["title"] == "Ferry to the islands runs again"
    assert {c.source for c in found.candidates if c.field == "title"} >= {"h1", "jsonld-headline", "og-title", "title-element"}
    assert sum(c.won for c in found.candidates if c.field == "title") == 1


def test_kicker_inside_the_heading_is_left_out():
    html = page(title="Ferry to the islands runs again", h1="<span>Harbour life</span> Ferry to the islands runs again")
    assert read(html).fields["title"] == "Ferry to the islands runs again"


def test_capitals_of_a_style_give_way_to_normal_spelling():
    html = page(title="Ferry to the islands runs again", h1="FERRY TO THE ISLANDS RUNS AGAIN")
    assert read(html).fields["title"] == "Ferry to the islands runs again"


def test_page_without_any_title_has_none():
    found = read("<html><body><p>Words.</p></body></html>")
    assert "title" not in found.fields


def test_two_reads_of_one_page_are_equal():
    html = page(title="Ferry | Harbour Post", h1="Ferry")
    assert read(html).fields == read(html).fields


HEADLINE = "Ferry to the islands runs again"


def test_kicker_that_the_heading_parts_by_design_alone_gets_the_mark_other_sources_give_it():
    joined = f"Harbour life: {HEADLINE}"
    ld = {"@type": "NewsArticle", "headline": joined}
    html = page(title=joined, h1=f"<span>Harbour life</span> <span>{HEADLINE}</span>", ld=ld, metas=[('property="og:title"', joined)])
    assert read(html).fields["title"] == joined


def test_article_before_the_headline_is_no_kicker():
    html = page(title=f"Best {HEADLINE}", h1=f"The Best {HEADLINE}", metas=[('property="og:title"', f"Best {HEADLINE}")])
    assert read(html).fields["title"] == f"The Best {HEADLINE}"


def test_headline_that_json_ld_repeats_as_the_alternative_beats_one_text_for_search_engines():
    seo = "Ferry 2024: all sailings, prices and times"
    ld = {"@type": "NewsArticle", "headline": HEADLINE, "alternativeHeadline": HEADLINE}
    metas = [(name, seo) for name in ('property="og:title"', 'name="twitter:title"', 'name="title"')]
    html = page(title=seo, body=f"<nav><h1>{seo}</h1></nav><h2>{HEADLINE}</h2>", ld=ld, metas=metas)
    assert read(html).fields["title"] == HEADLINE


def test_title_that_a_quotation_mark_ended_early_is_taken_for_the_whole():
    whole = f'{HEADLINE}, says the "old captain"'
    metas = [('property="og:title"', f"{HEADLINE}, says the "), ('name="twitter:title"', f"{HEADLINE}, says the")]
    html = page(title=whole, h1=whole, metas=metas, ld={"@type": "NewsArticle"})
    assert read(html).fields["title"] == whole


def test_title_cut_by_dots_is_taken_for_the_whole():
    html = page(title=f"{HEADLINE} after…", h1=f"{HEADLINE} after nine years of silence")
    assert read(html).fields["title"] == f"{HEADLINE} after nine years of silence"


def test_site_name_behind_a_wide_colon_is_cut_off():
    html = page(title="島への船が再び動く：港新聞デジタル", metas=[('property="og:site_name"', "港新聞デジタル")], lang="ja")
    assert read(html).fields["title"] == "島への船が再び動く"


def test_place_that_is_the_sites_name_stays_in_a_headline_that_was_cut_already():
    html = page(
        title="Nine new shops in Harbour Town | Harbour Town",
        h1="Nine new shops in Harbour Town",
        metas=[('property="og:site_name"', "Harbour Town")],
    )
    assert {c.value for c in read(html).candidates if c.source == "title-element"} == {"Nine new shops in Harbour Town"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (f"{HEADLINE} | Odile Barrow | Harbour Courier", "Harbour Courier"),
        (f"{HEADLINE} | Culture – Harbour Courier", "Harbour Courier"),
        (f"{HEADLINE} | Harbour | 03.05.2024", "Harbour"),
        (f"{HEADLINE} | Tested & Ranked", None),
        (f"{HEADLINE} | District", None),
        (f"{HEADLINE} – harbourpost.example", "harbourpost.example"),
    ],
)
def test_site_name_is_the_outermost_part_of_the_title_behind_the_headline(title, name):
    assert read(page(title=title, h1=HEADLINE)).fields.get("site_name") == name


def test_slogan_beside_the_site_name_is_left_out():
    html = page(title=HEADLINE, h1=HEADLINE, metas=[('property="og:site_name"', "Harbour Post | All that floats")])
    assert read(html).fields["site_name"] == "Harbour Post"
