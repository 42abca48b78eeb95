"""Search finds what a person means, and nothing that is typed is an error."""

from __future__ import annotations

import random

import pytest
from archive_samples import PLAN, SITE, article
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.reader import open_archive
from newsarchive.archive.search import match_expression
from newsarchive.archive.store import Store
from newsarchive.archive.words import count_words, spaced_cjk

TEXTS = {
    "/ferry": ("The ferry is late", ["It came at noon with seventy goats.", "Nobody minded."], "2026-05-01"),
    "/noon": ("Noon bells", ["The ferry was not mentioned by the ringers, nor the goat."], "2026-05-02"),
    "/cafe": ("Café Müller closes", ["Its naïve façade stays. C++ and .NET are taught there at 3.14 p.m."], "2026-05-03"),
    "/tokyo": ("東京の朝", ["港の船は正午に着いた。", "서울에서 온 배도 있었다."], "2026-05-04"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "a.db"
    with Store(path) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article(url, title, body, date_published=date) for url, (title, body, date) in TEXTS.items()], run)
        store.save([article("https://copy.example/ferry", "Copied ferry", ["A ferry."], date_published="2026-05-05")], run)
    with open_archive(path) as opened:
        yield opened


def found(archive, words, **filters):
    return [hit.url.removeprefix(SITE) for hit in archive.search(words, 10, **filters)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ferry goats", {"/ferry"}),
        ("FERRY", {"/ferry", "/noon", "https://copy.example/ferry"}),
        ("goat*", {"/ferry", "/noon"}),
        ('"seventy goats"', {"/ferry"}),
        ("“seventy goats”", {"/ferry"}),
        ('"goats seventy"', set()),
        ("ferry -goats", {"/noon", "https://copy.example/ferry"}),
        ("ferry NOT ringers", {"/ferry", "https://copy.example/ferry"}),
        ("goats OR ringers", {"/ferry", "/noon"}),
        ("cafe muller", {"/cafe"}),
        ("naïve", {"/cafe"}),
        ("東京", {"/tokyo"}),
        ("正午", {"/tokyo"}),
        ("서울", {"/tokyo"}),
        ("京東", set()),
        ("朝 ferry", set()),
        ("C++", {"/cafe"}),
        ("3.14", {"/cafe"}),
        ("ferry!!!", {"/ferry", "/noon", "https://copy.example/ferry"}),
        ("???", set()),
        ("", set()),
        ("-ferry", set()),
        ("OR", set()),
    ],
)
def test_search_finds_what_is_meant(archive, typed, expected):
    assert set(found(archive, typed)) == expected


def test_a_word_in_the_headline_counts_more_than_in_the_text(archive):
    assert found(archive, "noon")[0] == "/noon"


def test_site_and_dates_filter(archive):
    assert found(archive, "ferry", site="copy.example") == ["https://copy.example/ferry"]
    assert found(archive, "ferry", since="2026-05-02", until="2026-05-05") == ["/noon"]


def test_a_hit_shows_the_words_in_their_place(archive):
    [hit] = archive.search("seventy", 5)
    assert "with seventy goats" in hit.snippet
    assert (hit.title, hit.date_published, hit.site) == ("The ferry is late", "2026-05-01", "paper.example")


@pytest.mark.parametrize(
    "typed",
    ['"', '""', '"""', "(", ")", "a AND", "NOT", "NEAR(a b)", "title:x", "a^b", "{a b}: c", "*", "* *", "a**", "-", "--", "+a",
     "'", "a'b", "a;b", "\\", "\x00", "a\x00b", "NEAR/2", "col:",
     "cjk:x", "AND OR NOT", "-OR", "OR -a", "“", "\ud800", "𝔘𝔫𝔦", "东" * 300,
     "a " * 5000, "(" * 500, '"a" "b" -"c"*'],
)  # fmt: skip
def test_nothing_typed_is_an_error(archive, typed):
    archive.search(typed, 5)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"*-+()^:{}北ferry ')), max_size=40))
def test_no_text_whatever_is_an_error(archive, typed):
    archive.search(typed, 3)
    archive.search(typed, 3, site="paper.example")


def test_hits_equal_a_linear_scan(tmp_path):
    words = [f"word{n}" for n in range(40)]
    choose = random.Random(7)
    sites = ("https://paper.example", "https://other.example")
    texts = {f"{sites[n % 2]}/{n}": (choose.sample(words, 12), f"2026-05-{n % 28 + 1:02d}") for n in range(120)}
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article(url, "Title", [" ".join(body)], date_published=date) for url, (body, date) in texts.items()], run)
    with open_archive(tmp_path / "a.db") as archive:
        for number in range(60):
            wanted = choose.sample(words, choose.choice([1, 2, 3]))
            site, since, until = (choice if number % 3 else None for choice in ("other.example", "2026-05-07", "2026-05-20"))
            hits = archive.search(" ".join(wanted), 1000, site=site, since=since, until=until)
            assert {hit.url for hit in hits} == {
                url
                for url, (body, date) in texts.items()
                if set(wanted) <= set(body) and (not site or site in url) and (not since or since <= date < until)
            }
            assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_expression_is_plain_quoting():
    assert match_expression('late "big ferry" -sunk') == '(("late") AND ("big ferry")) NOT ("sunk")'
    assert match_expression("!") is None


def test_words_are_counted_in_every_script():
    assert count_words("It's a well-known fact, says O’Neil.") == 6
    assert count_words("東京の朝 is here") == 6
    assert spaced_cjk("東京 x", None, "港") == "東 京 港"
    assert spaced_cjk("Latin only") is None


def test_of_very_many_hits_the_newest_are_ranked(tmp_path, monkeypatch):
    monkeypatch.setattr("newsarchive.archive.search.RANKED", 30)
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        bodies = ["rain"] + ["long talk of other matters than the rain"] * 99
        store.save([article(f"/{n}", f"Title {n}", [body], date_published="2026-05-01") for n, body in enumerate(bodies)], run)
    with open_archive(tmp_path / "a.db") as archive:
        assert {int(hit.url.rpartition("/")[2]) for hit in archive.search("rain", 30)} == set(range(70, 100))
        assert archive.search("rain", 1, since="2026-01-01")[0].url == f"{SITE}/0"
        assert archive.search("rai*", 1000)[0].url == f"{SITE}/0"
        assert len(archive.search("rai*", 1000, site="paper.example")) == 100


def test_every_kind_of_search_shows_the_words_in_their_place(archive):
    for typed, filters in (("sevent*", {}), ("sevent*", {"site": "paper.example"}), ("seventy", {"since": "2026-01-01"})):
        [hit] = archive.search(typed, 5, **filters)
        assert "with seventy goats" in hit.snippet
