"""What the frontier hands out, in which order, and how often."""

from __future__ import annotations

import itertools
import time
from datetime import timedelta

import pytest
from archive_samples import NOON, PLAN, SITE, Clock, answer, article, link

from newsarchive.archive.moments import moment_of, revisit_after, to_utc
from newsarchive.archive.store import Store
from newsarchive.model.candidate import Candidate
from newsarchive.model.outcome import Outcome


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store(tmp_path / "a.db", clock=clock) as opened:
        yield opened


@pytest.fixture
def run(store):
    return store.begin_run(PLAN, [SITE]).id


def lease_all(store, run, **options):
    return [item.candidate.url.removeprefix(SITE) for item in store.frontier.lease(run, limit=100, **options)]


def finish(store, run, revisit="due"):
    store.finish_run(run, "finished", "finished")
    return store.begin_run({"revisit": revisit}, [SITE]).id


def test_sources_come_first_then_the_newest_pages(store, run):
    store.frontier.add(
        [
            link("/undated"),
            link("/old", date_published="2026-04-01"),
            link("/new", date_published="2026-05-01T11:00:00Z"),
            link("/future", date_published="2026-05-01T13:00:00+00:00"),
            link("/sitemap-2005.xml", kind="sitemap", date_modified="2005-12-31"),
            link("/sitemap.xml", kind="sitemap"),
            link("/feed.xml", kind="feed"),
            link("/section", kind="listing", depth=1),
            link("/", found_by="seed"),
            link("/undated-deep", depth=3),
        ],
        run,
    )
    assert lease_all(store, run) == [
        "/", "/feed.xml", "/sitemap.xml", "/section", "/future", "/new", "/undated", "/undated-deep", "/old", "/sitemap-2005.xml",
    ]  # fmt: skip


def test_addresses_like_the_sites_articles_come_before_others_without_a_date(store, run):
    store.frontier.add(
        [
            link("/unlike", likelihood=-1),
            link("/unknown"),
            link("/like", likelihood=1),
            link("/today", date_published="2026-05-01T10:00:00Z"),
            link("/last-week", date_published="2026-04-24"),
        ],
        run,
    )
    assert lease_all(store, run) == ["/today", "/like", "/unknown", "/unlike", "/last-week"]


def test_the_order_of_arrival_changes_nothing_while_an_address_is_queued(tmp_path):
    arrivals = [
        link("/story/", depth=2, found_on=f"{SITE}/b"),
        link("/story", depth=1, found_on=f"{SITE}/a", date_published="2026-04-30"),
        link("/story/index.html", kind="listing", depth=3, title="The story", date_published="2026-05-01"),
    ]
    seen = set()
    for number, order in enumerate(itertools.permutations(arrivals)):
        with Store(tmp_path / f"{number}.db", clock=Clock()) as store:
            run = store.begin_run(PLAN, [SITE]).id
            assert sum(store.frontier.add([item], run) for item in order) == 1
            [leased] = store.frontier.lease(run, limit=9)
            seen.add(leased.candidate)
    assert seen == {
        Candidate(url=f"{SITE}/story", kind="listing", found_on=f"{SITE}/a", depth=1, title="The story", date_published="2026-04-30")
    }


def test_an_address_is_never_queued_twice_in_a_run(store, run):
    assert store.frontier.add([link("/a"), link("/a")], run) == 1
    store.frontier.lease(run, limit=1)
    assert store.frontier.add([link("/a")], run, "now") == 0
    store.save([article("/a", candidates=[link("/a"), link("/a/")])], run)
    assert store.frontier.add([link("/a", found_by="seed"), link("/a", kind="feed")], run, "now") == 0
    assert store.frontier.counts(run) == {"queued": 0, "leased": 0, "deferred": 0, "done": 1}


@pytest.mark.parametrize(
    ("revisit", "expected"), [("now", {"/a", "/list", "/feed", "/not"}), ("due", {"/list", "/feed"}), ("never", {"/list", "/feed"})]
)
def test_known_addresses_are_queued_again_by_the_revisit_rule(store, run, revisit, expected):
    store.save(
        [
            article("/a", date_published="2026-04-01"),
            answer("/list", Outcome.SOURCE, kind="listing"),
            answer("/feed", Outcome.SOURCE, kind="feed"),
            answer("/not", Outcome.NOT_ARTICLE),
        ],
        run,
    )
    run = finish(store, run, revisit)
    known = [link("/a"), link("/list", kind="listing"), link("/feed", kind="feed"), link("/not")]
    store.frontier.add(known, run, revisit)
    assert set(lease_all(store, run)) == expected


def test_an_article_is_due_sooner_while_it_is_young(store, run, clock):
    store.save([article("/young", date_published="2026-05-01T11:30:00Z"), article("/old", "Other", date_published="2026-01-01")], run)
    run = finish(store, run)
    clock.move(hours=2)
    assert store.frontier.add([link("/young"), link("/old")], run) == 1
    assert lease_all(store, run) == ["/young"]


@pytest.mark.parametrize(
    ("revisit", "before", "after", "found_by", "expected"),
    [
        ("due", "2026-04-01", "2026-04-30T08:00:00Z", "sitemap", ["/a"]),
        ("due", "2026-04-01", "2026-04-01", "sitemap", []),
        ("due", "2026-04-30T08:00:00+02:00", "2026-04-30T06:00:00Z", "sitemap", []),
        ("due", None, "2026-04-30", "sitemap", []),
        ("due", "2026-04-01", "2026-04-30", "link", []),
        ("never", "2026-04-01", "2026-04-30", "sitemap", []),
    ],
)
def test_a_later_date_of_modification_in_a_sitemap_makes_an_article_due(store, run, revisit, before, after, found_by, expected):
    store.frontier.add([link("/a", found_by="sitemap", date_modified=before)], run)
    store.frontier.lease(run, limit=1)
    store.save([article("/a", date_published="2026-01-01")], run)
    run = finish(store, run, revisit)
    store.frontier.add([link("/a", found_by=found_by, date_modified=after)], run, revisit)
    assert lease_all(store, run) == expected


def test_dates_of_modification_that_a_listing_stamps_on_everything_make_nothing_due(store, run):
    paths = [f"/a{number}" for number in range(30)]
    store.frontier.add([link(path, found_by="sitemap", date_modified="2026-04-01") for path in paths], run)
    store.frontier.lease(run, limit=30)
    store.save([article(path, f"Story {path}", date_published="2026-01-01") for path in paths], run)
    run = finish(store, run)
    store.frontier.add([link(path, found_by="sitemap", date_modified="2026-04-30") for path in paths], run)
    assert lease_all(store, run) == []


def test_a_site_that_is_fetched_once_is_not_asked_again_for_its_dates(tmp_path, clock):
    with Store(tmp_path / "once.db", clock=clock, revisit_steps=lambda url: []) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.frontier.add([link("/a", found_by="sitemap", date_modified="2026-04-01")], run)
        store.frontier.lease(run, limit=1)
        store.save([article("/a", date_published="2026-01-01")], run)
        run = finish(store, run)
        store.frontier.add([link("/a", found_by="sitemap", date_modified="2026-04-30")], run)
        assert lease_all(store, run) == []


def test_a_site_has_its_own_intervals_or_none(tmp_path, clock):
    steps = {"https://paper.example/a": [timedelta(days=2)], "https://paper.example/b": []}
    with Store(tmp_path / "steps.db", clock=clock, revisit_steps=steps.get) as store:
        run = store.begin_run(PLAN, [SITE]).id
        store.save([article(path, f"Story {path}", date_published="2026-05-01") for path in ("/a", "/b", "/c")], run)
        run = finish(store, run)
        for hours, due in ((7, ["/c"]), (48, ["/a", "/c"]), (24 * 5000, ["/a", "/c"])):
            clock.move(hours=hours)
            store.frontier.add_known(run, "due", lambda url: "paper.example" in url)
            assert sorted(lease_all(store, run)) == due
            store.save([article(path, f"Story {path}", date_published="2026-05-01", at=clock()) for path in due], run)
            run = finish(store, run)


def test_articles_that_nothing_links_any_more_are_visited_when_due(store, run, clock):
    store.save([article("/a", date_published="2026-05-01"), article("https://other.example/b"), answer("/shop", Outcome.NOT_ARTICLE)], run)
    run = finish(store, run)
    assert store.frontier.add_known(run, "due", lambda url: "paper.example" in url) == 0
    clock.move(days=2)
    assert store.frontier.add_known(run, "never", lambda url: "paper.example" in url) == 0
    assert store.frontier.add_known(run, "due", lambda url: "paper.example" in url) == 1
    assert store.frontier.add_known(run, "due", lambda url: "paper.example" in url) == 0
    assert lease_all(store, run) == ["/a"]


@pytest.mark.parametrize(("revisit", "hours", "expected"), [("due", 0, []), ("due", 2, ["/feed", "/map"]), ("now", 0, ["/feed", "/map"])])
def test_feeds_and_sitemaps_are_visited_when_due_though_nothing_names_them_any_more(store, run, clock, revisit, hours, expected):
    kinds = {"/feed": "feed", "/map": "sitemap", "/section": "listing", "https://other.example/feed": "feed"}
    store.save([answer(path, Outcome.SOURCE, kind=kind) for path, kind in kinds.items()], run)
    store.save([answer("/dead", Outcome.HTTP_4XX, kind="feed", status=404)], run)
    run = finish(store, run, revisit)
    clock.move(hours=hours)
    assert store.frontier.add_sources(run, revisit, lambda url: "paper.example" in url) == len(expected)
    assert sorted(lease_all(store, run)) == expected


def test_what_was_out_of_range_is_looked_at_again_by_another_plan(store, run):
    store.save([answer("/old", Outcome.OUT_OF_RANGE, attempted=False)], run)
    run = finish(store, run, "never")
    assert store.frontier.add([link("/old")], run, "never") == 1


def test_left_over_addresses_of_an_unfinished_run_are_adopted(store, run):
    store.frontier.add([link("/a"), link("https://other.example/b")], run)
    store.frontier.lease(run, limit=1)
    run = store.begin_run({"revisit": "now"}, [SITE]).id
    assert store.frontier.adopt(run, lambda url: "paper.example" in url) == 1
    assert lease_all(store, run) == ["/a"]


def test_hosts_take_turns_and_busy_ones_are_left_out(store, run):
    store.frontier.add([link(f"https://{host}.example/{n}") for host in "abc" for n in range(5)], run)
    leased = [item.candidate.url for _ in range(3) for item in store.frontier.lease(run, limit=1)]
    assert [url[8] for url in leased] == ["a", "b", "c"]
    assert {item.candidate.url[8] for item in store.frontier.lease(run, limit=6)} == {"a", "b", "c"}
    assert {item.candidate.url[8] for item in store.frontier.lease(run, limit=9, busy_hosts={"a.example", "c.example"})} == {"b"}
    assert store.frontier.lease(run, limit=9, busy_hosts={"a.example", "b.example", "c.example"}) == []


def test_a_lease_is_given_once_until_it_is_released(store, run):
    store.frontier.add([link("/a"), link("/b")], run)
    assert lease_all(store, run) == ["/a", "/b"]
    assert lease_all(store, run) == []
    store.frontier.release([f"{SITE}/b"])
    assert lease_all(store, run) == ["/b"]
    assert store.frontier.release_all(run) == 2
    assert store.frontier.is_waiting(run)


def test_leases_and_new_addresses_survive_without_closing(tmp_path, store, run):
    store.frontier.add([link("/a"), link("/b")], run)
    store.frontier.lease(run, limit=1)
    store._lock.release()  # as a kill does; the connection is abandoned
    with Store(tmp_path / "a.db") as again:
        handle = again.begin_run(PLAN, [SITE])
        assert handle.resumed
        assert again.frontier.counts(handle.id)["queued"] == 2


def test_an_unreadable_address_is_left_out(store, run):
    assert store.frontier.add([Candidate(url="mailto:x@y.example"), Candidate(url="http://[::1"), link("/a")], run) == 1


def test_what_was_removed_on_request_is_not_queued_and_says_so(store, run):
    from newsarchive.archive.frontier_rows import buried_digest

    for name, scope in ((f"{SITE}/gone", "url"), ("sued-paper.org", "site")):
        store._connection.execute(
            "INSERT INTO tombstone(identity_sha256, scope, removed_at, reason) VALUES(?,?,'2026-01-01T00:00:00Z','court')",
            (buried_digest(name), scope),
        )
    assert store.frontier.add([link("/gone/"), link("https://www.sued-paper.org/x"), link("/ok")], run) == 1
    assert store.counts(run) == {"forgotten": {"removed on request": 2}}
    kept = article("/ok", canonical_url=f"{SITE}/gone")
    assert store.save([kept], run) == [Outcome.FORGOTTEN]
    assert store.article_count() == 0
    assert store._connection.execute("SELECT count(*) FROM raw").fetchone()[0] == 0


def test_leasing_is_fast_with_many_addresses(store, run):
    """One host holds nearly everything and is busy: the others are found without walking past it."""
    store._connection.executemany(
        "INSERT INTO frontier(url, identity, host, kind, state, run_id, priority, depth, found_by, hints)"
        " VALUES(?,?,?,'page','queued',?,?,1,'link','{}')",
        ((f"https://big.example/{n}", f"https://big.example/{n}", "big.example", run, n) for n in range(60_000)),
    )
    store.frontier.add([link(f"https://h{n}.example/") for n in range(50)], run)
    start = time.process_time()
    for _ in range(20):
        [leased] = store.frontier.lease(run, limit=1, busy_hosts={"big.example"})
        assert leased.candidate.url.startswith("https://h")
    assert time.process_time() - start < 1.0  # measured: 0.02 s


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        ({"minutes": 5}, {"hours": 1}),
        ({"hours": 2}, {"hours": 1}),
        ({"hours": 7}, {"hours": 6}),
        ({"days": 2}, {"days": 1}),
        ({"days": 5}, {"days": 3}),
        ({"days": 20}, {"days": 7}),
        ({"days": 400}, {"days": 30}),
    ],
)
def test_the_time_between_visits_grows_with_age(age, wait):
    assert revisit_after(timedelta(**age)) == timedelta(**wait)


@pytest.mark.parametrize(
    ("shown", "utc"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05", "2026-05"),
        ("2026-05-01T09:30", "2026-05-01T09:30Z"),
        ("2026-05-01T09:30+05:30", "2026-05-01T04:00Z"),
        ("2026-05-01 09:30:15.250Z", "2026-05-01T09:30:15Z"),
        ("2026-05-01T00:10:00+02:00", "2026-04-30T22:10:00Z"),
        ("2026-05-01Tnonsense", "2026-05-01"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01"),
        ("tomorrow", None),
        (None, None),
    ],
)
def test_dates_are_sorted_in_utc_and_never_made_more_precise(shown, utc):
    assert to_utc(shown) == utc


def test_a_year_alone_is_its_first_moment():
    assert moment_of("2026").isoformat() == "2026-01-01T00:00:00+00:00"
    assert moment_of("2026-05-01T12:00:00Z") == NOON
    assert moment_of("9999-99-99") is None
