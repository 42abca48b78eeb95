"""Judging nights: what is an alarm, what is none, when one ends, and what is normal afterwards."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsarchive.archive.alarms import kept_alarms
from newsarchive.archive.site_nights import save_nights
from newsarchive.archive.store import Store
from newsarchive.model.site_night import SiteNight
from newsarchive.nightly import health
from newsarchive.nightly.judged import FIELDS
from newsarchive.nightly.judging import MIN_NIGHTS, PastAlarm, SiteHistory, judge_site, quiet_factor
from newsarchive.nightly.windows import nights_of

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import run_health
from simulated_nights import simulate

START = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)


def night(number: int, *, of: int = 40, **changed: object) -> SiteNight:
    """A plain night, with a little noise."""
    chance = random.Random(number)
    read = of + chance.randint(-4, 4)
    values: dict[str, object] = {
        "site": "paper.example",
        "started_at": START + timedelta(days=number),
        "run_id": number + 1,
        "outcomes": {"stored": read, "unchanged": 60, "updated": 5, "not_article": chance.randint(3, 7)},
        "found": read,
        "read": read,
        "titles": read,
        "bodies": read,
        "dates": read,
        "authors": read - chance.randint(0, 5),
        "same_day": read - 3,
        "day_late": 3,
        "captured": read + 60,
        "teasers": read + 58,
        "sources": 6,
        "links": 240 + chance.randint(-9, 9),
        "new_links": read,
        "fetches": read + 70,
        "body_chars": 2500.0 + chance.randint(-200, 200),
        "teasers_each": 5.0,
        "latency_ms": 200.0 + chance.randint(-30, 30),
    }
    return SiteNight(**{**values, **changed})  # type: ignore[arg-type]


def history(nights: int = 28, **changed: object) -> SiteHistory:
    return SiteHistory([night(number, **changed) for number in range(nights)])


def fields_of(verdict) -> set[str]:
    return {finding.field for finding in verdict.found}


def test_a_night_like_the_others_is_no_alarm():
    verdict = judge_site(history(), night(28))
    assert not verdict.found
    assert verdict.nights == 27  # the first crawl of a site is no night like others


def test_nothing_is_said_without_two_weeks_of_history():
    verdict = judge_site(history(MIN_NIGHTS), night(MIN_NIGHTS, authors=0, found=0))
    assert not verdict.found


def test_an_empty_field_counts_as_zero_and_is_an_alarm_the_same_night():
    assert "authors" in fields_of(judge_site(history(), night(28, authors=0)))


def test_a_field_that_a_site_never_shows_is_no_alarm():
    assert not judge_site(history(authors=0), night(28, authors=0)).found


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"authors": 0}, "authors"),
        ({"teasers": 3}, "teasers"),
        ({"dates": 4, "same_day": 4, "day_late": 0}, "date"),
        ({"body_chars": 700.0}, "length"),
        ({"garbled": 30}, "garbled"),
        ({"same_day": 2, "day_late": 35}, "dates late"),
        ({"same_day": 2, "ahead": 35}, "dates ahead"),
        ({"outcomes": {"stored": 3, "not_article": 100}, "found": 3, "read": 3}, "rejected"),
        ({"outcomes": {"robots": 100}, "found": 0, "read": 0}, "closed"),
        ({"outcomes": {"stored": 40, "unchanged": 60, "duplicate": 200}}, "copies"),
        ({"outcomes": {"stored": 20, "timeout": 60}}, "failed"),
        ({"repeated": 35}, "repeated"),
        ({"latency_ms": 2400.0}, "latency"),
        ({"found": 6}, "found"),
        ({"links": 40}, "listed"),
        ({"sources_failed": 6, "links": 0}, "sources"),
        ({"outcomes": {"stored": 40, "updated": 60, "unchanged": 5}}, "edited"),
        ({"paywalled": 38}, "paywall"),
        ({"bodies": 2}, "body"),
        ({"titles": 2}, "title"),
        ({"sources_same": 6, "links": 0}, "unchanged lists"),
    ],
)
def test_each_field_can_raise_an_alarm(changed, field):
    assert field in fields_of(judge_site(history(), night(28, **changed)))


def test_every_field_has_a_case_above():
    marks = test_each_field_can_raise_an_alarm.pytestmark
    assert {case[1] for mark in marks for case in mark.args[1]} == {item.name for item in FIELDS}


def test_a_holiday_of_all_sites_is_no_alarm_but_one_of_a_single_site_is():
    few = night(28, found=12)
    others = {f"paper{number}.example": 0.3 for number in range(6)}
    assert not judge_site(history(), few, quiet=quiet_factor(others, "paper.example")).found
    assert "found" in fields_of(judge_site(history(), few))
    assert quiet_factor({"one.example": 0.1}, "paper.example") == 1.0


def test_after_a_night_without_a_crawl_older_dates_are_expected():
    late = night(30, same_day=15, day_late=25)
    assert not judge_site(history(), late).found
    assert "dates late" in fields_of(judge_site(history(30), late))


def test_few_articles_and_a_reason_for_it_are_one_alarm_where_neither_would_be():
    small = SiteHistory([night(number, of=8, links=60, outcomes={"stored": 8, "unchanged": 10}) for number in range(28)])
    tonight = night(28, of=8, found=1, links=60, outcomes={"stored": 1, "unchanged": 10, "not_article": 5})
    alone = replace(tonight, found=8)
    assert "found" not in fields_of(judge_site(small, replace(tonight, outcomes={"stored": 1, "unchanged": 10})))
    assert {"found", "rejected"} <= fields_of(judge_site(small, tonight)) or "rejected" in fields_of(judge_site(small, alone))


def test_an_open_alarm_is_not_raised_again_and_ends_when_the_site_is_as_before():
    since = START + timedelta(days=28)
    nights = [night(number) for number in range(28)] + [night(number, authors=0) for number in range(28, 33)]
    broken = SiteHistory(nights, [PastAlarm(field="authors", since=since)])
    still = judge_site(broken, night(33, authors=0))
    assert not still.found
    assert [finding.field for finding in still.still] == ["authors"]
    assert judge_site(broken, night(33)).over == ["authors"]


def test_broken_nights_never_become_normal_by_themselves():
    since = START + timedelta(days=28)
    nights = [night(number) for number in range(28)] + [night(number, authors=0) for number in range(28, 78)]
    verdict = judge_site(SiteHistory(nights, [PastAlarm(field="authors", since=since)]), night(78, authors=0))
    assert verdict.still[0].usual > 0.9


def test_after_an_alarm_ended_its_nights_are_no_part_of_what_is_usual():
    alarm = PastAlarm(field="authors", since=START + timedelta(days=28), until=START + timedelta(days=45))
    nights = [night(number, authors=0) if 28 <= number < 45 else night(number) for number in range(50)]
    assert "authors" in fields_of(judge_site(SiteHistory(nights, [alarm]), night(50, authors=0)))


def test_an_accepted_level_is_the_new_normal_from_its_first_night_on():
    since = START + timedelta(days=28)
    alarm = PastAlarm(field="authors", since=since, until=since + timedelta(days=3), is_accepted=True)
    nights = [night(number) if number < 28 else night(number, authors=0) for number in range(50)]
    assert not judge_site(SiteHistory(nights, [alarm]), night(50, authors=0)).found


def test_hourly_crawls_are_judged_by_their_last_day():
    runs = [replace(night(0, found=2), started_at=START + timedelta(hours=hour), run_id=hour) for hour in range(96)]
    nights = nights_of(runs)
    assert [item.found for item in nights] == [48] * 4
    assert nights[-1].started_at == runs[-1].started_at


def test_a_nightly_crawl_that_begins_hours_late_is_one_night_still():
    runs = [replace(night(number), started_at=START + timedelta(days=number, hours=8 * (number % 2))) for number in range(10)]
    assert len(nights_of(runs)) == 10


@pytest.fixture(scope="module")
def judged_archive(tmp_path_factory):
    """A seed's nights in an archive, judged one by one."""
    path = tmp_path_factory.mktemp("judged") / "archive.db"
    world, moment = simulate(2), [START]
    reports = {}
    with pytest.MonkeyPatch.context() as patch, Store(path, clock=lambda: moment[0]) as store:
        patch.setattr(health, "measure_run", lambda *_: [])  # measured by the simulation
        for number, sites in enumerate(world.nights):
            if sites:
                moment[0] = sites[0].started_at
                run = store.begin_run({"night": number}, ["http://paper.example/"])
                store.finish_run(run.id, "finished", "finished")
                save_nights(store.connection, [replace(site, run_id=run.id) for site in sites])
                reports[number] = health.judge_runs(store, [run.id])
                again = health.judge_runs(store, [run.id])
                assert not again.raised
    return path, world, reports


def test_nights_kept_in_an_archive_are_judged_as_those_in_memory(judged_archive):
    _, world, reports = judged_archive
    raised = {(number, alarm.site, alarm.field) for number, report in reports.items() for alarm in report.raised}
    in_memory = {(number, site, item.field) for number, site, verdict, _ in run_health.verdicts(world) for item in verdict.found}
    assert raised == in_memory
    assert len(raised) >= 12


def test_alarms_are_kept_with_their_first_night_and_their_end(judged_archive):
    path, world, _ = judged_archive
    with Store(path) as store:
        rows = kept_alarms(store.connection)
    teasers = next(item for item in world.breakages if item.kind == "teasers vanish")
    row = next(row for row in rows if (row.site, row.field) == (teasers.site, "teasers"))
    assert row.since[:10] == (datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=teasers.start)).date().isoformat()
    assert not row.is_open
    assert row.usual > 0.7 > 0.1 > row.value


def test_the_figures_of_two_seeds_stay_what_they_are():
    tally = run_health.Tally()
    for seed in (1, 2):
        run_health.count(simulate(seed), tally)
    assert sum(tally.on_the_night.values()) >= 21
    assert tally.false_nights <= 2
