"""A card's date: machine-readable first, then as shown; without a year or relative only against the time of the fetch."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from newsarchive.date_words import month_number
from newsarchive.dates import FUTURE_ALLOWANCE, is_relative, parse_machine, resolve_relative
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_page import PageView
from newsarchive.extractors.teaser_parts import Part, dates_in

MAX_NAMED_CHARS = 60
"""Characters of a line whose class names alone make it a date."""
_DATE_HINT = re.compile(
    r"(?:^|[\s_-])(?:date|datum|time|timestamp|fecha|data|published|pubdate|posted|ago|zeit)(?:$|[\s_-])|timestamp|"
    r"datetime|pubdate|__date|__time|-date|-time",
    re.I,
)

Shown = tuple[str | None, str | None]
"""(ISO date, text as shown); None for what is not there."""


def machine_date(view: PageView, card: Card) -> Shown:
    """The date of the card's `<time>` elements."""
    iso = raw = None
    for element in card.elements(view):
        if element.tag != "time" and "datetime" not in element.attrs:
            continue
        text = element.text
        found = parse_machine(element.attrs.get("datetime", "")) if element.attrs.get("datetime") else None
        if found is None:
            shown = dates_in(text, view.document.language)
            found = shown[0] if shown else None
        raw = text or element.attrs.get("datetime") or None
        if found is not None:
            iso = found.iso
            break
    return iso, raw


def shown_date(parts: list[Part], known: Shown, language: str | None, fetched_at: datetime | None) -> Shown:
    """`known` completed by what the card's lines show; lines that state a date get that role."""
    iso, raw = known
    for part in parts:
        if part.role not in ("date", "byline", "author") and not (
            not part.role and len(part.text) < MAX_NAMED_CHARS and (_names_date(part.names) or _DAY_LINE.fullmatch(part.text))
        ):
            continue
        dates = dates_in(part.text, language)
        if part.role in ("byline", "author") and not dates:
            continue
        raw = raw or (dates[0].raw if part.role in ("byline", "author") else part.text)
        if dates and iso is None:
            iso = dates[0].iso
        elif iso is None and fetched_at is not None:
            found = resolve_relative(part.text, fetched_at)
            iso = found.iso if found is not None else without_year(part.text, fetched_at, language)
        if dates or is_relative(part.text):
            part.role = "date"
    return (iso, raw) if iso or raw else _at_the_edge(parts, language)


def _at_the_edge(parts: list[Part], language: str | None) -> Shown:
    """The date that a short line without a role begins or ends with: place, section and date in one element."""
    for part in parts:
        if part.role or len(part.text) >= MAX_NAMED_CHARS:
            continue
        dates = dates_in(part.text, language)
        if len(dates) == 1 and len(dates[0].iso) >= len("2026-05-01") and (dates[0].start == 0 or dates[0].end == len(part.text)):
            return dates[0].iso, dates[0].raw
    return None, None


_DAY_LINE = re.compile(r"\d{1,2}月\d{1,2}日(?:\s*\(?[^\W\d]\)?)?(?:\s*\d{1,2}[:時]\d{2}分?)?")
"""A line that is a day without a year, whatever its element is called."""


@lru_cache(maxsize=4096)
def _names_date(names: str) -> bool:
    return bool(_DATE_HINT.search(names))


_MONTH_DAY = re.compile(
    r"(?<![\d/.年])(\d{1,2})\s?(?:/|月|월)\s?(\d{1,2})\s?(?:日|일)?(?:\s*\(?[^\W\d]\)?)?(?:\s+(\d{1,2}):(\d{2}))?(?![\d/])"
)
_NAMED_DAY = re.compile(
    r"(?:(?P<before>[^\W\d_]{3,12})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?|(?P<first>\d{1,2})\.?º?\s(?:de\s)?(?P<after>[^\W\d_]{3,12})\.?)"
    r"(?:,?\s(?P<hour>\d{1,2})[:h](?P<minute>\d{2}))?"
)


def without_year(text: str, fetched_at: datetime, language: str | None) -> str | None:
    """The date of a day without a year: the last such day before the fetch. None where it is no such day.

    `1/14 06:01` and `1月14日` count on pages in Japanese, Chinese or Korean: elsewhere the order of day and month is not
    certain. `Oct 6` and `24. Februar` count everywhere, as a line of their own.
    """
    if (language or "")[:2].lower() in ("ja", "zh", "ko") and (match := _MONTH_DAY.search(text)):
        month, day, hour, minute = match.groups()
        return _last_day(int(month), int(day), hour, minute, fetched_at)
    named = _NAMED_DAY.fullmatch(text.strip())
    number = month_number(named["before"] or named["after"], language) if named else None
    if named is None or number is None:
        return None
    return _last_day(number, int(named["day"] or named["first"]), named["hour"], named["minute"], fetched_at)


def _last_day(month: int, day: int, hour: str | None, minute: str | None, fetched_at: datetime) -> str | None:
    try:
        moment = fetched_at.replace(month=month, day=day, hour=0, minute=0, second=0, microsecond=0)
        if moment > fetched_at + FUTURE_ALLOWANCE:
            moment = moment.replace(year=moment.year - 1)
    except ValueError:
        return None
    clock = f"T{int(hour):02d}:{minute}" if hour else ""
    return f"{moment.date().isoformat()}{clock}"
