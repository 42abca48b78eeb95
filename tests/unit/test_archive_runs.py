"""Runs: taken up, told apart, and the same archive whatever order captures come in."""

from __future__ import annotations

import itertools

import pytest
from archive_samples import PLAN, SITE, Clock, answer, article, link, next_run, rows, teaser

from newsarchive.archive.dump import canonical_dump
from newsarchive.archive.store import Store
from newsarchive.archive.verify import verify
from newsarchive.model.outcome import Outcome


def test_the_result_does_not_depend_on_the_order_of_captures(tmp_path):
    captures = [
        article("/b/ferry", teasers=[teaser("From the twin")]),
        article("/a/ferry-amp", canonical_url=f"{SITE}/b/ferry", teasers=[teaser("From AMP")]),
        article("/c/ferry?id=4", canonical_url=f"{SITE}/b/ferry", teasers=[teaser("From the third")]),
        article("/d/twin1", canonical_url=f"{SITE}/d/never-fetched"),
        article("/d/twin2", title="Other words", canonical_url=f"{SITE}/d/never-fetched", teasers=[teaser("Loser")]),
        article("/moved", final_path="/b/ferry"),
    ]
    dumps = set()
    for number, order in enumerate(itertools.permutations(captures)):
        if number % 24:
            continue
        with Store(tmp_path / f"{number}.db", clock=Clock()) as store:
            run = store.begin_run(PLAN, [SITE]).id
            store.frontier.add([link(item.url) for item in order], run)
            for capture in order:
                store.save([capture], run)
            counts = store.counts(run)
        assert {outcome: sum(by.values()) for outcome, by in counts.items()} == {"stored": 2, "duplicate": 4}
        assert verify(tmp_path / f"{number}.db").problems == ()
        dumps.add("\n".join(canonical_dump(tmp_path / f"{number}.db")))
    assert len(dumps) == 1
    assert "From the twin" in dumps.pop()


def test_an_article_lost_at_its_address_lives_on_at_another_in_any_order(tmp_path):
    dumps = set()
    captures = [
        answer("/z?x=1", Outcome.MISSING, status=404, detail="HTTP 404"),
        article("/ferry", "Ferry, as the main page has it"),
        article("/y", "Ferry, for phones", canonical_url=f"{SITE}/ferry"),
    ]
    for number, order in enumerate(itertools.permutations(captures)):
        clock = Clock()
        with Store(tmp_path / f"{number}.db", clock=clock) as store:
            run = store.begin_run(PLAN, [SITE]).id
            store.save([article("/z?x=1", "Ferry", canonical_url=f"{SITE}/ferry")], run)
            clock.move(days=1)
            run = next_run(store, run)
            assert store.save([answer("/z?x=1", Outcome.MISSING, status=404, at=clock.now)], run) == [Outcome.MISSING]
            clock.move(days=1)
            run = next_run(store, run)
            for capture in order:
                object.__setattr__(capture.page, "fetched_at", clock.now)
                store.save([capture], run)
            counts = {outcome: sum(by.values()) for outcome, by in store.counts(run).items()}
            assert counts == {"unchanged": 1, "duplicate": 1, "http_4xx": 1}
            assert rows(store, "SELECT title, source_url, revisions, missing_since FROM article") == [
                ("Ferry, as the main page has it", f"{SITE}/ferry", 1, None)
            ]
        assert verify(tmp_path / f"{number}.db").problems == ()
        dumps.add("\n".join(canonical_dump(tmp_path / f"{number}.db")))
    assert len(dumps) == 1


def test_a_killed_run_is_taken_up_under_its_name_with_its_leases_queued(tmp_path):
    with Store(tmp_path / "a.db") as store:
        first = store.begin_run(PLAN | {"command": "crawl x", "contact": "a@b.c"}, [SITE])
        store.frontier.add([link("/a"), link("/b")], first.id)
        store.frontier.lease(first.id, limit=1)
    report = verify(tmp_path / "a.db")
    assert (report.is_sound, [note.check for note in report.notes]) == (True, ["leases"])
    with Store(tmp_path / "a.db") as store:
        second = store.begin_run(PLAN | {"command": "crawl y"}, [SITE])
        assert (second.uuid, second.resumed) == (first.uuid, True)
        assert store.frontier.counts(second.id) == {"queued": 2, "leased": 0, "deferred": 0, "done": 0}
        store.finish_run(second.id, "interrupted", "interrupted")
        assert store.begin_run(PLAN, [SITE]).resumed


@pytest.mark.parametrize(("plan", "seeds"), [({"revisit": "now"}, [SITE]), (PLAN, ["https://other.example"])])
def test_another_plan_is_another_run_and_the_unfinished_one_counts_as_killed(tmp_path, plan, seeds):
    with Store(tmp_path / "a.db") as store:
        first = store.begin_run(PLAN, [SITE])
        second = store.begin_run(plan, seeds)
        assert not second.resumed
        assert rows(store, "SELECT status FROM run ORDER BY id") == [("killed",), ("running",)]
        store.finish_run(second.id, "finished", "finished", {"stored": 3})
        assert (store.finished_runs(), store.finished_runs([SITE])) == (1, int(seeds == [SITE]))
        assert first.uuid != second.uuid
