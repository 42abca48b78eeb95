"""What is guessed of a site, and a source in figures."""

from __future__ import annotations

from newsarchive.discovery.common_paths import COMMON_PATHS, guesses, wanted_kinds
from newsarchive.discovery.survey import newest_first, survey
from newsarchive.model.candidate import Candidate


def test_every_common_path_is_tried_once_at_the_root_of_the_origin():
    found = list(guesses("https://paper.example/politics/?a=1", [], kinds=["feed", "sitemap"]))
    assert len({guess.url for guess in found}) == len(COMMON_PATHS)
    assert all(guess.url.startswith("https://paper.example/") and "politics" not in guess.url for guess in found)


def test_what_the_site_names_itself_is_not_guessed_in_another_spelling():
    found = [guess.url for guess in guesses("https://paper.example/", ["https://paper.example/feed"], kinds=["feed"])]
    assert "https://paper.example/feed/" not in found
    assert "https://paper.example/rss.xml" in found


def test_only_kinds_that_the_site_does_not_name_are_guessed():
    assert wanted_kinds({"feed"}, thorough=False) == ["sitemap"]
    assert wanted_kinds({"feed", "sitemap"}, thorough=False) == []
    assert wanted_kinds({"feed", "sitemap"}, thorough=True) == ["sitemap", "feed"]


def entry(name: str, **known: str) -> Candidate:
    return Candidate(url=f"https://paper.example/{name}", found_by="sitemap", **known)


def test_the_newest_entry_is_found_over_time_zones_and_precisions():
    found = survey(
        [
            entry("2026/03/01/one-story-of-the-day", date_published="2026-03-01T23:30:00-05:00", title="Late"),
            entry("2026/03/02/two-story-of-the-day", date_published="2026-03-02"),
            entry("about", date_modified="2026-02"),
            entry("x", date_modified="not a date"),
        ]
    )
    assert (found.newest, found.newest_title) == ("2026-03-01T23:30:00-05:00", "Late")
    assert (found.entries, found.articles, found.is_index, found.is_news) == (4, 2, False, False)


def test_a_source_of_nothing_is_no_index():
    found = survey([])
    assert (found.entries, found.newest, found.is_index) == (0, None, False)


def test_sitemaps_of_an_index_are_read_newest_first_and_undated_ones_from_the_end():
    names = [entry("a", date_modified="2026-01-01"), entry("b"), entry("c", date_modified="2026-02-01"), entry("d")]
    assert [item.url[-1] for item in newest_first(names)] == ["c", "a", "d", "b"]
