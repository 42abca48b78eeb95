"""Section, tags, language, image, canonical address, paywall and opt-outs are taken only where the page states them believably."""

from __future__ import annotations

import json

import pytest

from newsarchive.extractors.canonical import fault_of
from newsarchive.extractors.language import language_tag, main_script
from newsarchive.extractors.metadata import language_of, read_metadata
from newsarchive.pages.read import read_page

URL = "https://www.harbourpost.example/travel/2024/ferry-runs-again"


def page(head="", *, ld=None, html_attrs='lang="en"', body=""):
    data = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    return f"<html {html_attrs}><head><title>Ferry runs again</title>{head}{data}</head><body><h1>Ferry runs again</h1>{body}</body></html>"


def read(html, url=URL):
    return read_metadata(read_page(html, url))


def test_fields_say_which_source_gave_them():
    found = read(page('<meta property="og:description" content="Boats &amp; people"><meta property="article:section" content="Travel">'))
    assert found.fields["description"] == "Boats & people"
    assert (found.rules["description"], found.rules["section"]) == ("og-description", "meta-article:section")


def test_tags_are_split_and_kept_once():
    assert read(page('<meta name="keywords" content="ferry, Islands, FERRY, boats">')).fields["tags"] == ["ferry", "Islands", "boats"]
    assert read(page(ld={"@type": "NewsArticle", "headline": "Ferry", "keywords": ["ferry", "boats"]})).fields["tags"] == ["ferry", "boats"]


def test_section_of_the_breadcrumb_is_neither_home_nor_the_article():
    steps = [{"@type": "ListItem", "position": n, "name": name} for n, name in enumerate(["Home", "Travel", "Ferry runs again"], 1)]
    assert read(page(ld={"@type": "BreadcrumbList", "itemListElement": steps})).fields["section"] == "Travel"
    shown = page(ld={"@type": "BreadcrumbList", "itemListElement": steps}).replace("<title>Ferry runs again", "<title>All sailings")
    assert read(shown).fields["section"] == "Travel"


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("Uncategorized", None),
        ("tags", None),
        ("Boats, Islands, News", "Boats"),
        ("Social and Health, Sciences", "Social and Health, Sciences"),
    ],
)
def test_section_is_one_that_somebody_chose(said, section):
    assert read(page(f'<meta property="article:section" content="{said}">')).fields.get("section") == section


def test_image_is_absolute():
    assert (
        read(page('<meta property="og:image" content="/pictures/ferry.jpg">')).fields["image_url"]
        == "https://www.harbourpost.example/pictures/ferry.jpg"
    )


@pytest.mark.parametrize(
    ("canonical", "fault"),
    [
        ("https://harbourpost.example/travel/2024/ferry-runs-again", None),
        ("https://m.harbourpost.example/ferry", None),
        ("https://elsewhere.example/ferry", "another site"),
        ("https://www.harbourpost.example/", "the home page"),
        ("https://www.harbourpost.example/travel", "a listing above the page"),
    ],
)
def test_canonical_address_is_checked(canonical, fault):
    assert fault_of(canonical, URL) == fault
    found = read(page(f'<link rel="canonical" href="{canonical}">'))
    assert found.fields.get("canonical_url") == (canonical if fault is None else None)


def test_canonical_of_an_amp_page_is_its_article():
    assert fault_of("https://www.harbourpost.example/ferry", "https://www.harbourpost.example/ferry/amp") is None


@pytest.mark.parametrize(
    ("value", "paywalled"), [(False, True), ("False", True), ("http://schema.org/True", False), (True, False), ("perhaps", None)]
)
def test_paywall_is_what_the_page_says(value, paywalled):
    found = read(page(ld={"@type": "NewsArticle", "headline": "Ferry", "isAccessibleForFree": value}))
    assert found.fields.get("is_paywalled") is paywalled


def test_opt_outs_of_markup_are_listed():
    head = '<meta name="robots" content="noindex, max-image-preview:large, noai"><meta name="tdm-reservation" content="1">'
    head += '<meta name="googlebot" content="noarchive">'
    assert read(page(head)).opt_outs == ["noindex", "noarchive", "noai", "tdm-reservation"]
    assert read(page('<meta name="robots" content="index, follow">')).opt_outs == []


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en_us", "en-US"),
        ("DE", "de"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("english", "en"),
        ("", None),
        ("{{lang}}", None),
        ("x-default", None),
    ],
)
def test_language_tags_are_spelled_regularly(written, tag):
    assert language_tag(written) == tag


def test_declared_language_is_disbelieved_when_the_script_is_another():
    russian = "Паром снова ходит на острова, первый рейс вышел на рассвете, и никто не опоздал. " * 4
    japanese = "島へのフェリーが再び運航を始めた。最初の便は夜明けに出航し、誰も遅れなかった。" * 4
    assert language_of(read(page(html_attrs='lang="en"')), japanese).value == "ja"
    assert language_of(read(page(html_attrs='lang="en-US"')), russian).value == "ru"
    assert language_of(read(page(html_attrs='lang="sr-Cyrl"')), russian).value == "sr-Cyrl"


def test_language_without_declaration_is_read_from_the_text():
    german = "Die Fähre fährt wieder zu den Inseln. Das erste Schiff legte im Morgengrauen ab, und niemand kam zu spät. " * 3
    choice = language_of(read(page(html_attrs="")), german)
    assert (choice.value, choice.rule) == ("de", "langid")
    assert language_of(read(page(html_attrs="")), "").value is None


def test_english_beyond_doubt_is_told_without_the_classifier(monkeypatch):
    english = "The ferry to the islands runs again. It was the first of the boats which left with people from the town, and they were glad."
    monkeypatch.setattr("newsarchive.extractors.language._classify", lambda text: "xx")
    assert language_of(read(page(html_attrs="")), english).value == "en"
    for other in (
        "De veerboot naar de eilanden vaart weer en niemand was te laat.",
        "Boats leave at dawn; nobody came too late.",
    ):
        assert language_of(read(page(html_attrs="")), other).value == "xx"


def test_script_of_short_text_is_unknown():
    assert main_script("Да") is None
