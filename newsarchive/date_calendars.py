"""Calendars beside the Gregorian one that newspapers date by: the solar calendar of Iran and Afghanistan, eras of East Asia.

Only calendars that are arithmetic are turned into Gregorian days. The lunar Islamic calendar depends on sightings, so
that its dates stay unread rather than wrong by a day.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from newsarchive.date_words import fold_word

SOLAR_YEARS = range(1300, 1440)
"""Years of the solar calendar that are read: 1921 to 2061. The lunar years of today begin right behind (1446 is 2024)."""

_SOLAR_MONTHS = """
فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند
فروردين ارديبهشت خرداد تير امرداد شهريور مهر ابان اذر دي بهمن اسفند
حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت
حمل ثور جوزا سرطان اسد سنبله ميزان عقرب قوس جدي دلو حوت
وری غویی غبرگولی چنگاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب
farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand
"""
"""The twelve months as Iran, Afghanistan in Dari and in Pashto, and Latin letters write them; with Arabic letters too."""

_LEAP_PLACES = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
"""Places in the cycle of 33 years that are leap years; right for every year from 1206 to 1498."""

_ANCHOR_YEAR, _ANCHOR = 1400, date(2021, 3, 21)
"""The first day of a year of the cycle, by which all others are counted."""

REPUBLIC_OF_CHINA = 1911
"""Years. The year 113 of the Republic of China, by which Taiwan dates, is 2024."""


@lru_cache(maxsize=1)
def _solar_months() -> dict[str, int]:
    return {fold_word(name): number for line in _SOLAR_MONTHS.strip().splitlines() for number, name in enumerate(line.split(), start=1)}


def solar_month(word: str) -> int | None:
    """The month of the solar calendar that a word names, 1 to 12; None for any other word."""
    return _solar_months().get(fold_word(word))


def from_solar(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """The Gregorian (year, month, day) of a day of the solar calendar; None for no day, or a year outside `SOLAR_YEARS`."""
    if year not in SOLAR_YEARS or not 1 <= month <= 12:
        return None
    length = 31 if month <= 6 else 30 if month < 12 or _is_leap(year) else 29
    if not 1 <= day <= length:
        return None
    passed = 31 * (month - 1) - max(0, month - 7) + day - 1
    found = _new_year(year) + timedelta(days=passed)
    return found.year, found.month, found.day


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP_PLACES


def _new_year(year: int) -> date:
    first, last = sorted((year, _ANCHOR_YEAR))
    days = 365 * (last - first) + sum(_is_leap(between) for between in range(first, last))
    return _ANCHOR + timedelta(days=days if year >= _ANCHOR_YEAR else -days)
