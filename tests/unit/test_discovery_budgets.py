"""What the trap budget counts, hands over to a session that takes up the run, and says of addresses."""

from __future__ import annotations

from newsarchive.discovery.budgets import IDLE_REQUESTS, MAX_BARREN_SITEMAPS, TrapBudget
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page


def place(number: int, **known) -> Candidate:
    return Candidate(url=f"https://paper.example/place/{number}", **known)


def story(number: int) -> str:
    return f"https://paper.example/news/2026/the-ferry-is-back-on-day-{number}"


def sent(budget: TrapBudget, numbers: range) -> int:
    """How many of the addresses are admitted and answered."""
    admitted = [place(number) for number in numbers if budget.admit(place(number))]
    for candidate in admitted:
        budget.answered(candidate)
    return len(admitted)


def test_a_shape_that_comes_to_nothing_is_left_after_some_requests():
    assert sent(TrapBudget(), range(1000, 1100)) == IDLE_REQUESTS


def test_a_session_that_takes_up_a_run_goes_on_counting():
    first, second = TrapBudget(), TrapBudget()
    assert sent(first, range(1000, 1025)) == 25
    second.restore(first.changed(), [], [])
    assert sent(second, range(1025, 1100)) == IDLE_REQUESTS - 25


def test_requests_that_a_kill_cut_off_are_not_counted_twice():
    first, second = TrapBudget(), TrapBudget()
    sent(first, range(1000, 1020))
    assert all(first.admit(place(number)) for number in range(1020, 1025))
    first.answered(place(1020))
    second.restore(first.changed(), [], [])
    assert sent(second, range(1021, 1100)) == IDLE_REQUESTS - 21


def test_only_what_changed_is_handed_over_and_once():
    budget = TrapBudget()
    budget.admit(place(1000))
    assert budget.changed() == []
    budget.answered(place(1000))
    assert budget.changed() == [("paper.example/place/N", 1, 0)]
    assert budget.changed() == []


def test_an_address_that_the_run_knew_is_no_reward_for_a_later_session():
    budget = TrapBudget()
    budget.restore([("paper.example/place/N", 7, 0)], [story(1)], [])
    budget.leads_to(place(1000), [story(1)])
    assert budget.changed() == []
    budget.leads_to(place(1000), [story(2)])
    assert ("paper.example/place/N", 0, 0) in budget.changed()


def test_addresses_like_the_sites_articles_are_likely_and_others_unlikely():
    budget = TrapBudget()
    assert budget.likelihood(story(1)) == 0
    budget.learn(story(number) for number in range(40))
    assert budget.likelihood(story(99)) == 1
    assert budget.likelihood("https://paper.example/shop-window/the-best-rubber-boots-for-children") == -1
    assert budget.likelihood("https://other.example/news/2026/the-ferry-is-back-on-day-1") == 0


def sitemap(number: int, **known) -> Candidate:
    return Candidate(url=f"https://paper.example/sitemap-{number}.xml", kind="sitemap", **{"found_by": "sitemap", **known})


def read(budget: TrapBudget, number: int, *found: Candidate, status: int = 200) -> None:
    """The answer to a sitemap."""
    url = sitemap(number).url
    budget.listed(Capture(url=url, kind="sitemap", outcome=Outcome.SOURCE, page=Page(url=url, body=b"<x>", status=status)), found)


def test_indexes_that_name_ever_more_indexes_are_left():
    budget = TrapBudget()
    for number in range(MAX_BARREN_SITEMAPS):
        assert budget.admit(sitemap(number))
        read(budget, number, sitemap(number + 1))
    assert not budget.admit(sitemap(1_000))
    assert budget.admit(sitemap(1_001, found_by="robots"))
    assert budget.admit(Candidate(url="https://other.example/sitemap.xml", kind="sitemap", found_by="sitemap"))


def test_sitemaps_that_name_pages_or_are_unchanged_cost_no_budget():
    budget = TrapBudget()
    for number in range(MAX_BARREN_SITEMAPS * 3):
        assert budget.admit(sitemap(number))
        read(budget, number, *([place(number)] if number % 50 == 0 else [sitemap(number + 1)]))
    for number in range(MAX_BARREN_SITEMAPS * 3):
        read(budget, number, status=304)
    assert budget.admit(sitemap(1_000))
