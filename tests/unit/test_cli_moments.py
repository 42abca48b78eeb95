"""A day or moment typed for an option means the same in every command that has one."""

from __future__ import annotations

import click
import pytest

from newsarchive.cli.moments import MomentType


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2026", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59Z"),
        ("2026-02", "2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z"),
        ("2026-12", "2026-12-01T00:00:00Z", "2026-12-31T23:59:59Z"),
        (" 2024-02-29 ", "2024-02-29T00:00:00Z", "2024-02-29T23:59:59Z"),
        ("2026-05-01T09:30", "2026-05-01T09:30:00Z", "2026-05-01T09:30:00Z"),
        ("2026-05-01T09:30:07Z", "2026-05-01T09:30:07Z", "2026-05-01T09:30:07Z"),
        ("2026-05-01T00:30+02:00", "2026-04-30T22:30:00Z", "2026-04-30T22:30:00Z"),
        ("0001", "0001-01-01T00:00:00Z", "0001-12-31T23:59:59Z"),
    ],
)
def test_a_day_month_or_year_is_taken_whole_and_a_moment_as_it_is(typed, start, end):
    assert MomentType().convert(typed, None, None) == start
    assert MomentType(is_end=True).convert(typed, None, None) == end


@pytest.mark.parametrize("typed", ["yesterday", "2026-13", "2026-02-30", "", "20260501x", "0001-01-01T00:00+09:00"])
def test_what_is_no_date_is_a_usage_error_that_shows_how_one_is_written(typed):
    with pytest.raises(click.BadParameter, match="write it like 2026-05-01"):
        MomentType().convert(typed, None, None)


def test_the_last_year_of_the_calendar_has_no_day_after_it():
    with pytest.raises(click.BadParameter, match="9999"):
        MomentType(is_end=True).convert("9999", None, None)
