"""When a site is due: cron expressions on clocks that jump, intervals, missed nights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.archive.nights import SiteHistory
from newsarchive.errors import ConfigurationError
from newsarchive.nightly.config import NightConfig
from newsarchive.nightly.due import decide
from newsarchive.nightly.schedule import parse_schedule
from newsarchive.sites.problem import Problem
from newsarchive.sites.profile import Profiles, SiteProfile


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def following(expression, zone, start, number):
    schedule, moment, found = parse_schedule(expression, zone), at(start), []
    for _ in range(number):
        moment = schedule.next_after(None, moment)
        found.append(moment.strftime("%m-%d %H:%M"))
    return found


def test_a_time_that_the_clock_skips_comes_at_the_jump():
    assert following("30 2 * * *", "Europe/Oslo", "2026-03-27T12:00+00:00", 4) == [
        "03-28 01:30",
        "03-29 01:00",
        "03-30 00:30",
        "03-31 00:30",
    ]


def test_several_skipped_times_come_once():
    assert following("*/10 2 * * *", "Europe/Oslo", "2026-03-28T12:00+00:00", 2) == ["03-29 01:00", "03-30 00:00"]


def test_a_time_that_comes_twice_counts_once_at_its_first_coming():
    assert following("30 2 * * *", "Europe/Oslo", "2026-10-24T12:00+00:00", 3) == ["10-25 00:30", "10-26 01:30", "10-27 01:30"]
    schedule = parse_schedule("30 2 * * *", "Europe/Oslo")
    assert schedule.due_since(at("2026-10-25T00:31+00:00"), at("2026-10-25T01:31+00:00")) is None


def test_hourly_work_goes_on_through_both_hours():
    expected = ["10-25 00:00", "10-25 00:30", "10-25 01:00", "10-25 01:30", "10-25 02:00"]
    assert following("*/30 * * * *", "Europe/Oslo", "2026-10-24T23:40+00:00", 5) == expected


def test_a_clock_that_jumps_half_an_hour_and_one_that_skips_a_day_keep_their_times():
    assert following("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T20:00+00:00", 2) == ["10-03 15:30", "10-04 15:15"]
    assert following("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00+00:00", 3) == ["12-29 22:00", "12-30 10:00", "12-30 22:00"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("@daily", "11-23 00:00"), ("0 6 * * 1-5", "11-23 06:00"), ("0 0 * * 7", "11-29 00:00"), ("0 0 29 2 *", "02-29 00:00")],
)
def test_expressions_are_cron_s(expression, expected):
    assert following(expression, "UTC", "2026-11-22T20:00+00:00", 1) == [expected]


def test_a_day_that_never_comes_is_refused():
    with pytest.raises(ConfigurationError, match="never comes"):
        parse_schedule("0 0 30 2 *", "UTC")


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - made aware below
    st.sampled_from(["30 2 * * *", "*/30 * * * *", "0 */6 * * *", "15 1,2,3 * * *"]),
    st.sampled_from(["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_the_next_moment_is_due_when_it_comes_and_not_before(moment, expression, zone):
    now, schedule = moment.replace(tzinfo=UTC), parse_schedule(expression, zone)
    following = schedule.next_after(None, now)
    assert following > now
    assert schedule.due_since(now, following) == following
    assert schedule.due_since(now, following - timedelta(seconds=1)) is None


def test_an_interval_is_real_time_and_forgives_a_timer_that_starts_earlier():
    daily, last = parse_schedule("1d", "Europe/Oslo"), at("2026-03-28T02:10+00:00")
    assert daily.due_since(last, last + timedelta(hours=22, minutes=50)) is None
    assert daily.due_since(last, last + timedelta(hours=23, minutes=55)) is not None
    assert daily.next_after(last, last) == last + timedelta(hours=24)
    assert daily.due_since(None, last) == last


# Decisions

NOW = at("2026-05-02T03:00+00:00")


def site(name="alpha", **more):
    return SiteProfile(domains=(f"{name}.example",), name=name, **({"schedule": "30 2 * * *"} | more))


def decision(history=None, *, now=NOW, config=None, **more):
    [found] = decide(Profiles([site(**more)]), (), {"alpha": history or SiteHistory()}, config or NightConfig(), now, only_due=True)
    return found


def crawled(moment, **more):
    return SiteHistory(last_begun=at(moment), last_status="finished", **more)


def test_a_site_is_due_once_for_each_moment_of_its_schedule():
    assert decision(crawled("2026-05-01T02:31+00:00")).why == "due"
    assert decision(crawled("2026-05-02T02:31+00:00")).why == "not_due"


def test_missed_nights_are_made_up_for_once_or_skipped():
    week_ago, noon = crawled("2026-04-25T02:31+00:00"), at("2026-05-02T12:00+00:00")
    found = decision(week_ago, now=noon)
    assert (found.why, found.due_at) == ("missed", at("2026-05-02T02:30+00:00"))
    skipped = decision(week_ago, now=noon, config=NightConfig(missed="skip"))
    assert (skipped.why, skipped.runs, skipped.next_at) == ("skipped", False, at("2026-05-03T02:30+00:00"))
    assert decision(week_ago, now=NOW, config=NightConfig(missed="skip")).why == "due"


def test_an_unfinished_site_goes_on_and_a_failed_one_waits_an_hour():
    left = SiteHistory(last_begun=at("2026-05-01T02:31+00:00"), last_status="unfinished", last_run=7, last_ended=NOW)
    assert decision(left).why == "unfinished"
    failed = SiteHistory(last_begun=at("2026-05-01T02:31+00:00"), last_status="failed", last_ended=NOW - timedelta(minutes=20))
    assert decision(failed).why == "failed_lately"
    assert decision(failed, now=NOW + timedelta(minutes=41)).why == "due"


def test_a_site_without_schedule_runs_only_when_named_unless_there_is_one_for_all():
    assert decision(schedule=None).why == "no_schedule"
    assert decision(schedule=None, config=NightConfig(schedule="@daily")).runs
    [named] = decide(Profiles([site(schedule=None)]), (), {}, NightConfig(), NOW, names=["alpha.example"])
    assert named.why == "named"


def test_the_zone_of_the_profile_wins_over_that_of_the_night():
    oslo = NightConfig(timezone="Europe/Oslo")
    assert decision(config=oslo).due_at == at("2026-05-02T00:30+00:00")
    assert decision(config=oslo, schedule_timezone="UTC").due_at == at("2026-05-02T02:30+00:00")


def test_a_wrong_profile_is_told_and_stops_nobody_else():
    problem = Problem(file="sites/beta.toml", line=1, key="feds", message="unknown key")
    never = site("gamma", schedule="0 0 31 2 *")
    found = decide(Profiles([site(), never]), [problem], {}, NightConfig(), NOW, only_due=True)
    assert [(item.site, item.runs, item.why) for item in found] == [
        ("alpha", True, "due"),
        ("beta", False, "broken"),
        ("gamma", False, "broken"),
    ]


def test_a_name_that_no_profile_has_is_refused():
    with pytest.raises(ConfigurationError, match="no site 'beta'"):
        decide(Profiles([site()]), (), {}, NightConfig(), NOW, names=["beta"])
