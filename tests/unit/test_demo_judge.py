import pytest

from newsarchive.demo.expectation import ORIGIN
from newsarchive.demo.judge import disagreements, expected_summary, forbidden_requests
from newsarchive.demo.manifest import edition_change, manifest
from newsarchive.model.outcome import Outcome


def perfect(edition):
    return {url: item.outcome.value for url, item in manifest(edition).expectations.items() if item.requested != "never"}


def perfect_again(edition):
    """What a perfect crawl of an edition reports that follows one of the edition before."""
    change = edition_change(edition)
    outcomes = {url: item for url, item in perfect(edition).items() if not manifest(edition).expectations[url].slug}
    outcomes |= dict.fromkeys(change.new, "stored") | dict.fromkeys(change.updated, "updated")
    outcomes |= dict.fromkeys(change.unchanged, "unchanged") | dict.fromkeys(change.gone, "gone") | dict.fromkeys(change.missing, "missing")
    outcomes |= {old: "redirected" for old, _ in change.moved} | {new: "stored" for _, new in change.moved}
    return outcomes | {url: "opted_out" for url, item in manifest(edition).expectations.items() if item.outcome is Outcome.OPTED_OUT}


def test_a_perfect_first_crawl_has_no_disagreements():
    assert disagreements(1, perfect(1)) == []


@pytest.mark.parametrize("edition", [2, 3, 4])
def test_a_perfect_crawl_of_the_next_edition_has_none_either(edition):
    assert disagreements(edition, perfect_again(edition), before=edition - 1) == []


def test_a_lost_article_a_wrong_verdict_and_an_unknown_address_are_told():
    outcomes = perfect(1)
    lost = next(iter(manifest(1).articles))
    del outcomes[lost]
    outcomes[ORIGIN + "/about/"] = "stored"
    outcomes[ORIGIN + "/nowhere"] = "stored"
    told = disagreements(1, outcomes)
    assert [sentence.split(": ")[0] for sentence in told] == [ORIGIN + "/about/", ORIGIN + "/nowhere", lost]


def test_an_edit_that_was_not_noticed_is_told():
    outcomes = perfect_again(2)
    edited = edition_change(2).updated[0]
    assert disagreements(2, outcomes | {edited: "unchanged"}, before=1) == [f"{edited}: unchanged, expected updated"]


def test_requests_that_robots_txt_forbids_are_told():
    assert forbidden_requests(1, [("/", 200), ("/private/drafts/", 200), ("/click?to=mattress", 302)]) == [
        "/click?to=mattress",
        "/private/drafts/",
    ]


def test_the_expected_summary_counts_every_story_once():
    assert expected_summary(1)[Outcome.STORED] >= 60
    second = expected_summary(2, before=1)
    assert second[Outcome.UPDATED] >= 3
    assert second[Outcome.UPDATED] + second[Outcome.UNCHANGED] + second[Outcome.MISSING] < len(manifest(1).articles) + 1
    assert expected_summary(5, before=5) == {Outcome.UNCHANGED: len(manifest(5).articles)}
