"""Search finds what a person means, and nothing that is typed is an error."""

from __future__ import annotations

import random

import pytest
from archive_samples import PLAN, SITE, Clock, article
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.query import match_expression
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.archive.words import count_words, spaced_cjk
from newsarchive.errors import ConfigurationError, SearchTooSlow

TEXTS = {
    "/ferry": ("The ferry is late", ["It came at noon with seventy goats.", "Nobody minded."], "2026-05-01"),
    "/noon": ("Noon bells", ["The ferry was not mentioned by the ringers, nor the goat."], "2026-05-02"),
    "/cafe": ("Café Müller closes", ["Its naïve façade stays. C++ and .NET are taught there at 3.14 p.m."], "2026-05-03"),
    "/tokyo": ("東京の朝", ["港の船は正午に着いた。", "서울에서 온 배도 있었다."], "2026-05-04"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("search") / "a.db"
    clock = Clock()
    with Store(path, clock=clock) as store:
        run = store.begin_run(PLAN, [SITE]).id
        for url, (title, body, date) in TEXTS.items():
            more = {"authors": ["Ivo Penhale"], "section": "Town", "language": "en-GB"} if url == "/noon" else {}
            store.save([article(url, title, body, date_published=date, **more)], run)
        store.save([article("https://copy.example/ferry", "Copied ferry", ["A ferry."], date_published="2026-05-05")], run)
        clock.move(hours=2)
        store.save([article("/cafe", *TEXTS["/cafe"][:2], date_published="2026-05-03", at=clock.now)], run)
        store.save([article("/cafe", "Café Müller opens", TEXTS["/cafe"][1], date_published="2026-05-03", at=clock.now)], run)
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
        ("title:ferry", {"/ferry", "https://copy.example/ferry"}),
        ('title:"noon bells"', {"/noon"}),
        ("-title:ferry goat*", {"/noon"}),
        ("body:late", set()),
        ("by:penhale", {"/noon"}),
        ("title:東京", {"/tokyo"}),
        ("title:", set()),
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
    assert found(archive, "ferry", since="2026-05-02", until="2026-05-04") == ["/noon"]


def test_the_end_of_a_span_is_the_end_of_its_day_month_or_year(archive):
    assert len(found(archive, "", until="2026-05-02")) == 2
    assert len(found(archive, "", until="2026-05")) == len(found(archive, "", until="2026")) == 5
    assert found(archive, "", until="2026-04") == found(archive, "", since="2026-06") == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"section": "town"}, {"/noon"}),
        ({"author": "IVO PENHALE"}, {"/noon"}),
        ({"author": "Ivo"}, set()),
        ({"language": "en"}, {"/noon"}),
        ({"language": ["de", "en-gb"]}, {"/noon"}),
        ({"changed": True}, {"/cafe"}),
        ({"gone": True}, set()),
        ({"site": ["copy.example", "nobody.example"]}, {"https://copy.example/ferry"}),
        ({"section": "Town", "site": "copy.example"}, set()),
    ],
)
def test_every_filter_holds_with_words_and_without(archive, filters, expected):
    assert set(found(archive, "", **filters)) == expected
    assert archive.count_hits("", **filters) == len(expected)
    with_words = {url for url in expected if url in set(found(archive, "ferry"))}
    assert set(found(archive, "ferry", **filters)) == with_words
    assert archive.count_hits("ferry", **filters) == len(with_words)


def test_hits_can_be_sorted_by_date(archive):
    assert found(archive, "ferry", sort="date") == ["https://copy.example/ferry", "/noon", "/ferry"]
    assert found(archive, "ferry", sort="date", site="paper.example") == ["/noon", "/ferry"]


def test_the_words_found_are_marked(archive):
    [hit] = archive.search("goats", 1)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["goats"]
    [hit] = archive.search("goats", 1, sort="date")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["goats"]


def test_a_search_that_takes_too_long_is_given_up_with_a_sentence(archive):
    slow = "SELECT count(*) FROM article a, article b, article c, article d, article e, article f, article g, article h"
    with pytest.raises(SearchTooSlow, match="--since"), archive._limited(0.05):
        archive.connection.execute(slow + ", article i, article j, article k, article l").fetchone()
    assert len(archive.search("ferry")) == 3


@pytest.mark.parametrize("date", ["tomorrow", "2026-13", "26-05-01", "2026-02-30", "9999-12-31T99", ""])
def test_what_is_no_date_gets_a_sentence(archive, date):
    with pytest.raises(ConfigurationError, match="is no date"):
        archive.search("ferry", since=date)


def test_days_are_those_of_the_zone(tmp_path):
    with Store(tmp_path / "a.db") as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article("/late", date_published="2026-05-01T23:30:00+00:00"), article("/day", date_published="2026-05-01")], run)
    with open_archive(tmp_path / "a.db") as archive:
        assert set(found(archive, "", since="2026-05-02", time_zone="Europe/Berlin")) == {"/late"}
        assert found(archive, "", since="2026-05-02") == []
        assert [(count.key, count.articles) for count in archive.counts("day", time_zone="Europe/Berlin")] == [
            ("2026-05-01", 1),
            ("2026-05-02", 1),
        ]
        with pytest.raises(ConfigurationError, match="no time zone"):
            archive.search("ferry", time_zone="Berlin")


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
                if set(wanted) <= set(body) and (not site or site in url) and (not since or since <= date <= until)
            }
            assert archive.count_hits(" ".join(wanted), site=site, since=since, until=until) == len(hits)
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
