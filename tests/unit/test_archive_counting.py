"""Counts by time and name; days on which nobody looked are told from days without articles."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

import pytest
from archive_samples import PLAN, SITE, Clock, article

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.cli.main import run
from newsarchive.errors import ConfigurationError


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Collected on 3, 4 and 7 May: the day before each counts as collected too."""
    path = tmp_path_factory.mktemp("counts") / "a.db"
    clock = Clock()
    with Store(path, clock=clock) as store:
        number = store.begin_run(PLAN, [SITE]).id
        for day, names in (("03", "ab"), ("04", "c"), ("07", "de")):
            clock.now = datetime.fromisoformat(f"2026-05-{day}T03:00:00+00:00")
            for name in names:
                fields = {"authors": ["Ivo Penhale", "Ruth Calder"] if name in "ab" else [], "section": "Town" if name != "c" else None}
                store.save([article(f"/{name}", f"Story {name}", date_published=f"2026-05-{day}", at=clock.now, **fields)], number)
        other = article("https://copy.example/x", "=HYPERLINK(1)", date_published="2026-05", at=clock.now, language="de", section="+1")
        store.save([other], number)
    return path


@pytest.fixture(scope="module")
def archive(path):
    with open_archive(path) as opened:
        yield opened


def test_days_without_articles_are_told_from_days_when_nobody_looked(archive):
    rows = archive.counts("day", site="paper.example")
    assert [(row.key, row.articles, row.days_collected) for row in rows] == [
        ("2026-05-03", 2, 1),
        ("2026-05-04", 1, 1),
        ("2026-05-05", 0, 0),
        ("2026-05-06", 0, 1),
        ("2026-05-07", 2, 1),
    ]


def test_months_say_on_how_many_of_their_days_somebody_looked(archive):
    [row] = archive.counts("month")
    assert (row.key, row.articles, row.days) == ("2026-05", 6, 31)
    assert row.days_collected == 5


def test_articles_without_a_day_are_counted_apart(archive):
    assert archive.counts("day")[-1].key is None
    assert archive.counts("day")[-1].articles == 1
    assert sum(row.articles for row in archive.counts("day")) == len(archive)


def test_names_are_counted_most_frequent_first(archive):
    assert [(row.key, row.articles) for row in archive.counts("site")] == [("paper.example", 5), ("copy.example", 1)]
    assert [(row.key, row.articles) for row in archive.counts("author")] == [(None, 4), ("Ivo Penhale", 2), ("Ruth Calder", 2)]
    assert [(row.key, row.articles) for row in archive.counts("section", "story")] == [("Town", 4), (None, 1)]
    assert archive.counts("language", "nothing") == []


def test_counts_equal_the_number_of_hits(archive):
    for words in ("", "story", "title:story -c"):
        for by in ("day", "month", "year", "site", "section", "language"):
            assert sum(row.articles for row in archive.counts(by, words)) == archive.count_hits(words)


def test_what_cannot_be_counted_by_is_named(archive):
    with pytest.raises(ConfigurationError, match="colour"):
        archive.counts("colour")


def printed(capsys, *arguments):
    assert run(arguments) == 0
    return capsys.readouterr().out


def test_the_table_names_the_zone_and_the_gaps(path, capsys):
    text = printed(capsys, "count", "--by", "day", "--archive", str(path), "--site", "paper.example", "--plot")
    assert "(UTC)" in text
    assert [line.split()[-2:] for line in text.splitlines() if line.startswith("2026-05-05")] == [["not", "collected"]]
    assert "not collected" not in "".join(line for line in text.splitlines() if "2026-05-06" in line)


def test_the_sum_is_of_all_rows_and_says_when_an_article_counts_twice(path, capsys):
    text = printed(capsys, "count", "--by", "author", "--top", "1", "--archive", str(path))
    assert text.splitlines()[-2:] == ["all                 8  an article counts once for each of its authors", "and 2 more rows"]
    assert printed(capsys, "count", "--by", "site", "--archive", str(path)).splitlines()[-1].split() == ["all", "6"]


def test_json_and_csv_hold_the_same(path, capsys):
    record = json.loads(printed(capsys, "count", "--by", "day", "--archive", str(path), "--json"))
    lines = printed(capsys, "count", "--by", "day", "--archive", str(path), "--csv").splitlines()
    assert record["time_zone"] == "UTC"
    assert lines[0] == "day,articles,days,days_collected"
    assert lines[1:] == [",".join("" if value is None else str(value) for value in row.values()) for row in record["counts"]]


def test_no_cell_of_a_csv_is_a_formula(path, capsys):
    assert "'+1,1" in printed(capsys, "count", "--by", "section", "--archive", str(path), "--csv")
    assert ",'=HYPERLINK(1)," in printed(capsys, "search", "hyperlink", "--archive", str(path), "--csv")


def test_rows_become_dictionaries_and_say_which_library_is_missing(archive, monkeypatch):
    records = list(archive.articles(site="paper.example", sort="date").records())
    assert [record["title"] for record in records] == [f"Story {name}" for name in "abcde"]
    assert {"body", "article_id", "teasers", "first_seen"} <= set(records[0])
    assert next(iter(archive.counts("site").records()))["key"] == "paper.example"
    monkeypatch.setattr("newsarchive.archive.frames.import_module", lambda name: __import__("no_such_" + name))
    with pytest.raises(ModuleNotFoundError):
        archive.counts("site").to_pandas()


DATES = ("2026-05-01T10:00:00Z", "2026-05-01", "2026-05", "2026", None, "2025-12-31T23:30:00Z", "2026-06-30", "1999")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Articles of every precision of date, in two of three of which `tide` stands, in one of twenty `eel`."""
    path = tmp_path_factory.mktemp("many") / "a.db"
    with Store(path) as store:
        number = store.begin_run(PLAN, [SITE]).id
        store.save([_numbered(place) for place in range(120)], number)
    with open_archive(path) as opened:
        yield opened


def _numbered(place):
    words = ("tide " if place % 3 else "") + ("eel " if place % 20 == 0 else "") + "water"
    url = f"https://{'copy' if place % 7 == 0 else 'paper'}.example/{place}"
    return article(url, f"Story {place}", [words], date_published=DATES[place % len(DATES)], section=f"S{place % 4}" if place % 5 else None)


@pytest.mark.parametrize("few", [1, 15, 1000])
@pytest.mark.parametrize("filters", [{}, {"site": "paper.example"}, {"since": "2026"}, {"section": ["s1", "s2"], "until": "2026-05"}])
@pytest.mark.parametrize("words", ["", "tide", "eel", "tide -eel", "wordless"])
def test_counts_and_facets_equal_a_linear_scan(many, monkeypatch, few, filters, words):
    monkeypatch.setattr("newsarchive.archive.hits.FEW", few)
    found = list(many.articles(words, **filters))
    names = {
        "site": lambda item: item.site,
        "section": lambda item: item.article.section,
        "year": lambda item: (item.published_utc or "")[:4] or None,
        "month": lambda item: item.published_utc[:7] if len(item.published_utc or "") >= 7 else None,
        "day": lambda item: item.published_utc[:10] if len(item.published_utc or "") >= 10 else None,
    }
    facets = many.facets(words, tuple(names), **filters)
    for by, name in names.items():
        expected = Counter(map(name, found))
        assert {row.key: row.articles for row in facets[by]} == expected
        assert [row.articles for row in facets[by]] == sorted(expected.values(), reverse=True)
        rows = many.counts(by, words, **filters)
        assert {row.key: row.articles for row in rows if row.articles} == expected
        assert not rows or (rows[0].articles and rows[-1].articles), "no empty span before the first article or after the last"
