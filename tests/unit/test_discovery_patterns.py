"""Shapes of addresses, what a site teaches about its own, and budgets for traps that no rule knows."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.discovery.budgets import IDLE_REQUESTS, MAX_UNPROVEN, TrapBudget
from newsarchive.discovery.classify import candidate_kind, classify
from newsarchive.discovery.patterns import SitePatterns, shape
from newsarchive.model.candidate import Candidate

HOST = "http://demo.example"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/2026/11/20/ferry-is-back-again", "/Y/D/D/S"),
        ("/sport/ferry-is-back-again-12345.html", "/sport/I.html"),
        ("/sport/boats/12345", "/sport/w/N"),
        ("/x/20261120/a1b2", "/x/T/X"),
        ("/tag/harbour", "/tag/w"),
        ("/story.php?id=3&b=4", "/story.php?b&id"),
        ("/", "/"),
    ],
)
def test_a_shape_is_what_stays_when_the_variable_is_taken_out(path, form):
    assert shape(HOST + path) == "demo.example" + form


@given(st.text(max_size=100))
def test_every_string_has_a_shape(text):
    assert isinstance(shape(HOST + "/" + text), str)
    assert isinstance(shape(text), str)


def test_the_sites_own_addresses_teach_what_an_article_is():
    patterns = SitePatterns()
    assert patterns.judge(f"{HOST}/sport/x/ab12").kind != "article"
    patterns.learn(f"{HOST}/{section}/x/ab{n}" for section in ("sport", "politics", "culture") for n in range(12))
    assert patterns.judge(f"{HOST}/sport/x/cd99").reason == "learned-pattern"
    assert patterns.judge(f"{HOST}/weather/x/cd99").reason == "learned-pattern"
    assert patterns.judge(f"{HOST}/a-page-with-many-words").reason == "unlike-the-sites-articles"
    assert patterns.judge(f"{HOST}/tag/x").kind == "listing"
    assert patterns.judge(f"{HOST}/sport/x/ab1?PHPSESSID=1a").kind == "trap"


def test_places_of_the_site_are_never_learned_as_articles():
    patterns = SitePatterns()
    patterns.learn(f"{HOST}/{word}" for word in ("sport", "politics", "culture", "weather") * 20)
    assert patterns.support == 0
    assert patterns.judge(f"{HOST}/economy").kind == "listing"


def test_patterns_survive_being_stored():
    patterns = SitePatterns()
    patterns.learn(f"{HOST}/sport/{n}" for n in range(1000, 1010))
    again = SitePatterns(patterns.as_record())
    assert again.as_record() == patterns.as_record()
    assert again.judge(f"{HOST}/sport/4711").reason == "learned-pattern"


def test_a_shape_without_yield_is_left_and_one_article_renews_it():
    budget = TrapBudget()
    pages = [Candidate(url=f"{HOST}/maze/{n}x", found_on=HOST + "/") for n in range(200)]
    assert sum(budget.admit(page) for page in pages) == IDLE_REQUESTS
    budget.reward(pages[0])
    assert budget.admit(pages[100])
    assert all(budget.admit(Candidate(url=page.url, found_by="sitemap")) for page in pages)


def test_listings_that_lead_to_new_articles_are_read_on_before_any_article_is():
    budget = TrapBudget()
    for number in range(500):
        page = Candidate(url=f"{HOST}/sport/page/{number}", kind="listing")
        assert budget.admit(page)
        budget.leads_to(page, [f"{HOST}/2026/11/20/boat-race-number-{number}x{n}" for n in range(5)])


def test_a_listing_that_makes_up_articles_without_end_is_left():
    budget, admitted = TrapBudget(), 0
    for number in range(5000):
        page = Candidate(url=f"{HOST}/made/up/{number}", kind="listing")
        if budget.admit(page):
            admitted += 1
            budget.leads_to(page, [f"{HOST}/made/of-many-words-{number}x{n}" for n in range(20)])
    assert admitted <= MAX_UNPROVEN // 20 + IDLE_REQUESTS


def test_what_feeds_show_is_trusted_more_than_what_listings_make_up():
    def read(path: str) -> int:
        budget, admitted = TrapBudget(), 0
        feed = Candidate(url=f"{HOST}/feed.xml", kind="feed", found_by="link")
        budget.leads_to(feed, [f"{HOST}/2026/11/20/boat-race-number-{n}" for n in range(40)])
        for number in range(2000):
            page = Candidate(url=f"{HOST}/sport/page/{number}", kind="listing")
            if budget.admit(page):
                admitted += 1
                budget.leads_to(page, [HOST + path + f"boat-race-and-more-of-it-{number}x{n}" for n in range(10)])
        return admitted

    assert read("/2026/11/21/") > 500
    assert read("/made/") < 200


def test_what_was_found_out_earns_no_more_requests():
    budget = TrapBudget(idle_requests=5)
    for number in range(5):
        assert budget.admit(Candidate(url=f"{HOST}/made/of-many-words-{number}"))
    for number in range(5):
        assert budget.admit(Candidate(url=f"{HOST}/made/up/{number}"))
        budget.leads_to(Candidate(url=f"{HOST}/made/up/{number}"), [f"{HOST}/made/of-many-words-9{number}"])
    assert not budget.admit(Candidate(url=f"{HOST}/made/up/6"))


ARTICLES = [f"{HOST}/2026/11/{day}/ferry-is-back-again" for day in (18, 19, 20)]


def links_of(url: str) -> list[str]:
    """A site of three articles and five traps, each without end: calendar, facets, session ids, growing paths, a maze of like listings."""
    path = url.removeprefix(HOST)
    if path == "/":
        return [
            f"{HOST}{way}" for way in ("/news/", "/events/2026/11", "/shop?color=red", "/in?PHPSESSID=a1", "/up/", "/maze/1", "/list/a/0")
        ]
    if path == "/news/":
        return [ARTICLES[0], HOST + "/news/?page=2"]
    if path == "/news/?page=2":
        return ARTICLES[1:]
    if path.startswith("/events"):
        year, month = (int(word) for word in path.split("/")[2:4])
        return [f"{HOST}/events/{year + 1}/{month}", f"{HOST}/events/{year}/{month % 12 + 1}"]
    if path.startswith("/shop"):
        return [f"{url}&size={len(url)}", f"{url}&sort=price"]
    if path.startswith("/in"):
        return [f"{HOST}/in/{len(url)}?PHPSESSID={len(url)}b"]
    if path.startswith("/up"):
        return [url + "up/", url + "over/"]
    if path.startswith("/maze/"):
        return [f"{HOST}/maze/{int(path.split('/')[2]) * 2 + step}" for step in (0, 1)]
    if path.startswith("/list/"):
        number = int(path.split("/")[3])
        return [f"{HOST}/list/{word}/{number + 1}" for word in ("a", "b", "c")]
    return []


def test_a_site_of_three_articles_and_five_traps_is_read_whole_in_under_300_requests():
    budget, requests, stored = TrapBudget(), 0, []
    known = {HOST + "/"}
    queue = deque([Candidate(url=HOST + "/", found_by="seed")])
    while queue:
        candidate = queue.popleft()
        if not budget.admit(candidate):
            continue
        requests += 1
        if candidate.url in ARTICLES:
            stored.append(candidate.url)
            budget.reward(candidate)
        budget.leads_to(candidate, links_of(candidate.url))
        for url in links_of(candidate.url):
            if url not in known and classify(url).kind != "trap":
                known.add(url)
                queue.append(Candidate(url=url, kind=candidate_kind(url), found_on=candidate.url, depth=candidate.depth + 1))
    assert sorted(stored) == ARTICLES
    assert requests < 300
