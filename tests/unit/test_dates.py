"""Dates are read to the precision and zone that was written, in many languages, and never guessed."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from newsarchive.date_calendars import from_solar
from newsarchive.date_words import month_names
from newsarchive.dates import day_first, find_dates, is_future, is_relative, parse_date, parse_machine, resolve_relative

FETCHED = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-05-03T15:47:42.389+00:00", "2024-05-03T15:47:42.389+00:00"),
        ("2024-05-03T15:47:42Z", "2024-05-03T15:47:42+00:00"),
        ("2024-05-03T15:47:42+0200", "2024-05-03T15:47:42+02:00"),
        ("2024-05-03 15:47", "2024-05-03T15:47"),
        ("2024-05-03", "2024-05-03"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("20240503T154742Z", "2024-05-03T15:47:42+00:00"),
        ("1714751262", "2024-05-03T15:47:42+00:00"),
        ("1714751262123", "2024-05-03T15:47:42.123+00:00"),
        ("Fri, 03 May 2024 15:47:42 GMT", "2024-05-03T15:47:42+00:00"),
        ("Fri May 03 2024 15:47:42 GMT+0200 (CEST)", "2024-05-03T15:47:42+02:00"),
        ("Fri May  3 15:47:42 CEST 2024", "2024-05-03T15:47:42+02:00"),
    ],
)
def test_machine_dates_keep_their_precision_and_zone(text, iso):
    assert parse_machine(text).iso == iso


@pytest.mark.parametrize("text", ["", "soon", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "2024-13-01", "0", "2024-02-30", "9" * 500])
def test_what_is_no_date_gives_none(text):
    assert parse_machine(text) is None


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("Published on August 11, 2019", "en", "2019-08-11"),
        ("3. Mai 2024, 15:47 Uhr", "de", "2024-05-03T15:47"),
        ("03.05.2024 | 15.47 Uhr", "de", "2024-05-03T15:47"),
        ("3 de mayo de 2024 a las 15:47", "es", "2024-05-03T15:47"),
        ("Publié le 1er mai 2024 à 15h47", "fr", "2024-05-01T15:47"),
        ("2024年5月3日 15時47分", "ja", "2024-05-03T15:47"),
        ("令和6年5月3日", "ja", "2024-05-03"),
        ("2024.05.03 오후 3:47", "ko", "2024-05-03T15:47"),
        ("20:31, 02.08.2026", "sv", "2026-08-02T20:31"),
        ("May 3, 2024 3:47 p.m. EST", "en", "2024-05-03T15:47-05:00"),
        ("05/03/2024", "en-US", "2024-05-03"),
        ("05/03/2024", "en-GB", "2024-03-05"),
        ("3 tháng 5, 2024", "vi", "2024-05-03"),
        ("๓ พฤษภาคม ๒๕๖๗", "th", "2024-05-03"),
        ("3 मई 2024", "hi", "2024-05-03"),
        ("١١ أغسطس ٢٠١٩", "ar", "2019-08-11"),
        ("2024. május 3.", "hu", "2024-05-03"),
        ("2024 m. gegužės 3 d.", "lt", "2024-05-03"),
        ("3 мая 2024, 15:47 МСК", "ru", "2024-05-03T15:47+03:00"),
        ("3 listopada 2020", "pl", "2020-11-03"),
        ("3 listopada 2020", "hr", "2020-10-03"),
        ("Feb. 2021", "en", "2021-02"),
        ("25.5.2024 klo 12.30", "fi", "2024-05-25T12:30"),
        ("21 December 2025, 13:15", "en-GB", "2025-12-21T13:15"),
        ("3 de dezembro de 2025", "pt", "2025-12-03"),
        ("4 d’octubre de 2025", "ca", "2025-10-04"),
        ("17 KASIM 2025", "tr", "2025-11-17"),
        ("3 ΙΑΝΟΥΑΡΙΟΥ 2025", "el", "2025-01-03"),
    ],
)
def test_visible_dates_are_read_in_many_languages(text, language, iso):
    assert [date.iso for date in find_dates(text, language=language)] == [iso]


def test_every_month_name_is_read_in_its_own_language():
    for language, month, name in month_names():
        for text in (f"17 {name} 2025", f"17. {name} 2025", f"{name} 17, 2025", f"17 {name.upper()} 2025"):
            assert [date.iso for date in find_dates(text, language=language)] == [f"2025-{month:02d}-17"], (language, text)


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("دوشنبه ۱۵ فروردین ۱۴۰۳ | ساعت ۱۲:۳۰", "fa", "2024-04-03T12:30"),
        ("تاریخ انتشار: ۱۴۰۳/۰۲/۱۵ - ۱۰:۲۲", "fa", "2024-05-04T10:22"),
        ("۳۰ اسفند ۱۴۰۳", "fa", "2025-03-20"),
        ("۱۲ سنبله ۱۴۰۲", "prs", "2023-09-03"),
        ("12 Mordad 1403", "en", "2024-08-02"),
        ("民國113年5月3日 12:30", "zh-TW", "2024-05-03T12:30"),
        ("令和元年5月3日", "ja", "2019-05-03"),
    ],
)
def test_calendars_that_are_arithmetic_become_gregorian_days(text, language, iso):
    assert [date.iso for date in find_dates(text, language=language)] == [iso]


def test_days_that_a_calendar_does_not_have_and_lunar_dates_stay_unread():
    assert list(find_dates("۳۰ اسفند ۱۴۰۴", language="fa")) == []
    assert list(find_dates("١٥ شوال ١٤٤٥", language="ar")) == []
    assert list(find_dates("1403/02/15", language="en")) == []


def test_years_of_the_solar_calendar_begin_on_the_days_that_almanacs_give():
    starts = {1300: (1921, 3, 21), 1357: (1978, 3, 21), 1375: (1996, 3, 20), 1399: (2020, 3, 20), 1403: (2024, 3, 20), 1404: (2025, 3, 21)}
    assert {year: from_solar(year, 1, 1) for year in starts} == starts


def test_order_of_day_and_month_is_not_guessed():
    assert list(find_dates("05/03/2024", language="en")) == []
    assert [date.iso for date in find_dates("05/03/2024", language="en", numeric_day_first=True)] == ["2024-03-05"]
    assert [date.iso for date in find_dates("12/31/2019")] == ["2019-12-31"]
    assert (day_first("en"), day_first("en-US"), day_first("de")) == (None, False, True)


def test_two_dates_in_one_text_are_both_found_and_neither_is_the_date_of_the_text():
    text = "Published May 3, 2024, updated May 5, 2024"
    assert [date.iso for date in find_dates(text, language="en")] == ["2024-05-03", "2024-05-05"]
    assert parse_date(text, language="en") is None


def test_copyright_year_is_no_date():
    assert list(find_dates("© 2024 The Paper", language="en")) == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3 hours ago", "2024-05-03"),
        ("vor 2 Tagen", "2024-05-01"),
        ("hace 2 días", "2024-05-01"),
        ("il y a 2 jours", "2024-05-01"),
        ("gestern", "2024-05-02"),
        ("2日前", "2024-05-01"),
        ("5 min ago", "2024-05-03T11:55+00:00"),
        ("3 months ago", "2024-02"),
    ],
)
def test_relative_dates_are_resolved_to_the_precision_of_their_unit(text, iso):
    assert resolve_relative(text, FETCHED).iso == iso


def test_prose_is_no_relative_date():
    assert not is_relative("The minister had said a day before that nothing would change until the vote was over")
    assert not is_relative("Sport")


def test_a_date_more_than_two_days_after_the_fetch_is_in_the_future():
    assert is_future(parse_machine("2024-05-06"), FETCHED)
    assert not is_future(parse_machine("2024-05-04T23:00:00+14:00"), FETCHED)


@pytest.mark.parametrize("text", ["1" * 100_000, "1 a" * 50_000, "3 de " * 40_000, "2024-" * 40_000, ":" * 100_000, "mai " * 50_000])
def test_hostile_text_takes_no_time(text):
    started = time.process_time()
    list(find_dates(text))
    parse_machine(text)
    resolve_relative(text, FETCHED)
    assert time.process_time() - started < 0.2
