"""Dates as pages write them, read to the precision and zone they give, never padded and never guessed.

`parse_machine` reads what a page says to machines (JSON-LD, meta, `<time datetime>`), `find_dates` reads visible text
in some seventy languages. Every pattern is anchored at a digit and has bounded repeats, so that no input takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from newsarchive.date_calendars import REPUBLIC_OF_CHINA, SOLAR_YEARS, from_solar, solar_month
from newsarchive.date_parts import LAST_YEAR, ParsedDate, build, build_partial, zone_minutes
from newsarchive.date_words import MERIDIEM, THAI_MONTH_ERA, YEAR_OF_REIWA, ago_words, day_words, fold_word, month_number, unit_words

MAX_DATE_CHARS = 120
"""Characters of a machine-readable date that are looked at; the longest real form (a JavaScript date) has 70."""

MAX_TEXT_CHARS = 600
"""Characters of a visible text in which dates are looked for; a dateline is shorter, and prose is no dateline."""

__all__ = [
    "FUTURE_ALLOWANCE", "ParsedDate", "day_first", "find_dates", "is_future", "is_relative", "parse_date", "parse_machine",
    "resolve_relative", "same_day",
]  # fmt: skip

FUTURE_ALLOWANCE = timedelta(hours=48)
"""A date later than the fetch by more than this is refused: zones and embargoes stamp ahead by a day at most, never by more."""

_TIME_REACH = 34
"""Characters after or before a date in which its time of day may stand: `, last updated at 3:47 p.m. EST`."""


def is_future(date: ParsedDate, fetched_at: datetime) -> bool:
    """Whether a date is later than the fetch (aware) by more than `FUTURE_ALLOWANCE`."""
    moment = date.moment if date.moment.tzinfo else date.moment.replace(tzinfo=UTC)
    return moment > fetched_at.astimezone(UTC) + FUTURE_ALLOWANCE


def same_day(a: ParsedDate, b: ParsedDate) -> bool:
    """Whether two dates can mean the same day: equal as written, or in either one's zone."""
    if a.moment.date() == b.moment.date():
        return True
    if a.moment.tzinfo is None or b.moment.tzinfo is None:
        return False
    return a.moment.astimezone(b.moment.tzinfo).date() == b.moment.date() or b.moment.astimezone(a.moment.tzinfo).date() == a.moment.date()


def day_first(language: str | None) -> bool | None:
    """Whether `03/04/2024` is the 3rd of April in a language; None where it depends on the country and the tag names none."""
    if not language:
        return None
    parts = language.replace("_", "-").split("-")
    region = next((part.upper() for part in parts[1:] if len(part) == 2), "")
    if parts[0].lower() == "en":
        return None if not region else region not in ("US", "PH", "FM", "PW", "PR", "GU")
    return region not in ("US", "PH")


# --- machine-readable forms ---------------------------------------------------------------------------------------------

_ZONE = r"(?:Z|(?:GMT|UTC)?\s?[+−-]\d{1,2}:?\d{2}(?!\d)|(?:GMT|UTC)\s?[+−-]\d{1,2}(?!\d)|[A-Za-z]{2,4}(?![A-Za-z])|мск)"
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(?:(?:T|\s{1,2}|T\s)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d{1,9}))?)?(?!\d)\s?("
    + _ZONE
    + r")?)?",
    re.I,
)
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?\s?(" + _ZONE + r")?)?(?!\d)", re.I)
_RFC = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})(?:,?\s{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?\s?(" + _ZONE + r")?)?(?![\d:])", re.I)
_SCRIPT = re.compile(
    r"[A-Za-z]{3},? ([A-Za-z]{3}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d{2}):(\d{2}):(\d{2})(?: (" + _ZONE + r"))?(?: (\d{4}))?", re.I
)
_EPOCH = re.compile(r"(\d{10}|\d{13})(?:\.\d+)?")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?")


def parse_machine(text: str) -> ParsedDate | None:
    """A date from an attribute or a structured value; None for what is no date, or one that stands for "none" (epoch zero, year 1)."""
    raw = value = text.strip()[:MAX_DATE_CHARS]
    if not value or not any(char.isdigit() for char in value):
        return None
    if match := _ISO.search(value):
        return build(raw, *match.group(1, 2, 3, 4, 5, 6, 7, 8))
    if match := _EPOCH.fullmatch(value):
        return _from_epoch(raw, int(match.group(1)))
    if match := _COMPACT.match(value):
        year, month, day, hour, minute, second, zone = match.groups()
        return build(raw, year, month, day, hour, minute, second, None, zone)
    if match := _SCRIPT.search(value):
        name, day, year, hour, minute, second, zone, late_year = match.groups()
        return build(raw, year or late_year, month_number(name, "en"), day, hour, minute, second, None, zone)
    if match := _RFC.search(value):
        day, name, year, hour, minute, second, zone = match.groups()
        if month := month_number(name, "en"):
            return build(raw, year, month, day, hour, minute, second, None, zone)
    if match := _PARTIAL.fullmatch(value):
        return build_partial(raw, int(match.group(1)), int(match.group(2)) if match.group(2) else None)
    return None


def parse_date(text: str, *, language: str | None = None, numeric_day_first: bool | None = None) -> ParsedDate | None:
    """The date that a value states, machine-readable or in words; None for none or several different days."""
    if found := parse_machine(text):
        return found
    dates = list(find_dates(text, language=language, numeric_day_first=numeric_day_first))
    if not dates or any(date.moment.date() != dates[0].moment.date() for date in dates):
        return None
    return dates[0]


def _from_epoch(raw: str, number: int) -> ParsedDate | None:
    milliseconds = number if len(str(number)) > 10 else number * 1000
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    if moment.year < 1990 or moment.year > LAST_YEAR:
        return None
    fraction = f"{milliseconds % 1000:03d}" if milliseconds % 1000 else None
    return build(raw, moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, fraction, "Z")


# --- visible text -------------------------------------------------------------------------------------------------------

_WORD = r"([^\s\d,;:()\[\]|/<>\"“”„«»·•–—+-]{2,20})"
_JOIN = r"(?:(?:de|del|of|do|da)\s|d[’']\s?)?"
_YEAR = r"(\d{4})(?!\d)"
_DAY = r"(?<![\d:.,/])(\d{1,2})(?:\.|º|°|ª|er|st|nd|rd|th|η|ο|-го|-е|일)?\s{0,2}[-/ ]?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")),
    ("era", re.compile(r"(令和|民[國国])\s?(\d{1,3}|元)\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")),
    ("ymd", re.compile(r"(?<!\d)(\d{4})\s?(?:年|년)\s?(\d{1,2})\s?(?:月|월)\s?(\d{1,2})\s?(?:日|일)")),
    ("ymd", re.compile(r"(?<![\d/.])(\d{4})\s?([./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?![\d])")),
    ("dmy_word", re.compile(_DAY + _JOIN + _WORD + r"[.,’']?,?\s{0,2}[-/ ]?" + _JOIN + _YEAR, re.I)),
    ("mdy_word", re.compile(_WORD + r"\.?\s{0,2}(\d{1,2})(?:\.|º|st|nd|rd|th)?(?:\s?,|\s)\s{0,2}(?:de\s|del\s)?" + _YEAR, re.I)),
    (
        "ymd_word",
        re.compile(r"(?<!\d)(\d{4})\.?\s{1,2}(?:m\.\s?|г\.\s?|оны\s)?" + _WORD + r"\.?(?:\s{1,2}(?:mēn\.\s?)?)(\d{1,2})(?![\d:])", re.I),
    ),
    ("vi", re.compile(r"(?<!\d)(\d{1,2})\s{1,2}(?:tháng|thg)\.?\s{1,2}(\d{1,2}),?\s{1,2}(?:năm\s{1,2})?(\d{4})(?!\d)", re.I)),
    ("numeric", re.compile(r"(?<![\d./:-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d]|[./-]\d)")),
    ("month", re.compile(_WORD + r"\.?,?\s{1,2}" + _JOIN + _YEAR, re.I)),
)
_FOUR_DIGITS = re.compile(r"\d{4}")
_YEARLESS = ("era", "numeric")
"""Forms whose year may have fewer than four digits: the others are not looked for in `3 min read`."""

_DIGIT_ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x1040, 0x17E0, 0xFF10)
_DIGITS = {zero + value: str(value) for zero in _DIGIT_ZEROS for value in range(10)} | {
    0xFF1A: ":",
    0xFF0F: "/",
    0xA0: " ",
    0x202F: " ",
    0x2009: " ",
}


def find_dates(text: str, *, language: str | None = None, numeric_day_first: bool | None = None) -> Iterator[ParsedDate]:
    """Dates in visible text, in reading order, each part of the text used once.

    `language` (BCP 47) settles month names and the order of `03/04/2024`, unless `numeric_day_first` says it; where
    neither does, such a date is passed over. A month or a year with the month alone counts only where no day is given.
    """
    flat = text[:MAX_TEXT_CHARS].translate(_DIGITS)
    if not any(char.isdigit() for char in flat):
        return
    order = numeric_day_first if numeric_day_first is not None else day_first(language)
    found: list[ParsedDate] = []
    has_year = _FOUR_DIGITS.search(flat) is not None
    for form, pattern in _FORMS:
        if (form == "era" and "年" not in flat) or not (has_year or form in _YEARLESS):
            continue
        for match in pattern.finditer(flat):
            if any(match.start() < date.end and date.start < match.end() for date in found):
                continue
            if date := _read(form, match, flat, language, order):
                found.append(date)
    yield from sorted(found, key=lambda date: date.start)


def _read(form: str, match: re.Match[str], flat: str, language: str | None, order: bool | None) -> ParsedDate | None:
    """The date a match of one form states, with the time of day beside it."""
    groups = match.groups()
    start, end = match.span()
    if form == "month":
        start = match.start(1)
        month = month_number(groups[0], language)
        return build_partial(flat[start:end], int(groups[1]), month, start=start, end=end) if month else None
    parts = _day_parts(form, groups, language, order)
    if parts is None:
        return None
    if form == "mdy_word":
        start = match.start(1)
    year, month, day = parts
    time = _time_after(flat, end) or _time_before(flat, start)
    if time is None:
        return build(flat[start:end], year, month, day, start=start, end=end)
    hour, minute, second, zone, left, right = time
    left, right = min(left, start), max(right, end)
    return build(flat[left:right], year, month, day, hour, minute, second, None, zone, start=left, end=right)


def _day_parts(form: str, groups: tuple[str, ...], language: str | None, order: bool | None) -> tuple[int, int, int] | None:
    if form in ("iso", "ymd"):
        numbers = [int(group) for group in groups if group and group.isdigit()]
        year, month, day = numbers
        if year in SOLAR_YEARS:
            return from_solar(year, month, day) if _counts_by_the_sun(language) else None
        return _gregorian(year, language), month, day
    if form == "era":
        first = YEAR_OF_REIWA if groups[0] == "令和" else REPUBLIC_OF_CHINA
        return first + (1 if groups[1] == "元" else int(groups[1])), int(groups[2]), int(groups[3])
    if form == "vi":
        return int(groups[2]), int(groups[1]), int(groups[0])
    if form == "numeric":
        return _numeric(groups, language, order)
    day_at, word_at, year_at = {"dmy_word": (0, 1, 2), "mdy_word": (1, 0, 2), "ymd_word": (2, 1, 0)}[form]
    year, day = int(groups[year_at]), int(groups[day_at])
    if year in SOLAR_YEARS:
        solar = solar_month(groups[word_at])
        return from_solar(year, solar, day) if solar else None
    month_named = month_number(groups[word_at], language)
    return None if month_named is None else (_gregorian(year, language), month_named, day)


def _counts_by_the_sun(language: str | None) -> bool:
    """Whether a language's country dates by the solar calendar, so that `1403/02/15` is one of its days."""
    return (language or "").lower().replace("_", "-").split("-")[0] in ("fa", "prs", "ps")


def _gregorian(year: int, language: str | None) -> int:
    """The Gregorian year: Thai pages count from the Buddha."""
    return year - THAI_MONTH_ERA if year > LAST_YEAR and (language or "th").lower().startswith("th") else year


def _numeric(groups: tuple[str, ...], language: str | None, order: bool | None) -> tuple[int, int, int] | None:
    first, separator, second, year_text = int(groups[0]), groups[1], int(groups[2]), groups[3]
    if len(year_text) == 2:
        if separator == "-" or int(year_text) > 60:
            return None
        year = 2000 + int(year_text)
    else:
        year = _gregorian(int(year_text), language)
    if separator == "." or first > 12:
        return year, second, first
    if second > 12:
        return year, first, second
    if order is None and first != second:
        return None
    return (year, second, first) if order else (year, first, second)


_HALF = r"(?:[ap]\.?m\b\.?|오전|오후|上午|下午|午前|午後|[πμ]\.?μ\b\.?)"
_CLOCK = (
    r"(?P<before>오전|오후|上午|下午|午前|午後)?\s?(?<![\d:.])(?P<hour>\d{1,2})(?:\s?[:h時时시]\s?|[.](?=\d\d\s?(?:uhr|[ap]\.?m|klo|$|[\s,|)])))"
    r"(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2})(?!\d)(?:\.\d+)?)?\s?(?:분|分|uhr\b|hrs?\b|h\b|Uhr\b)?\s?(?P<half>" + _HALF + r")?"
)
_AFTER = re.compile(r"[^\d\n]{0,22}?" + _CLOCK + r"[\s,(]{0,2}(?P<zone>" + _ZONE + r")?", re.I)
_HOUR_AFTER = re.compile(r"[\s,|·•–—-]{0,4}(?:at\s)?(?P<hour>\d{1,2})\s?(?P<half>[ap]\.?m\b\.?)", re.I)
_BEFORE = re.compile(
    _CLOCK + r"\s{0,2}\(?(?P<zone>" + _ZONE + r")?\)?[\s,|·•–—/-]{0,4}(?:(?:on|am|le|del|den|el|em)\s)?(?:[A-Za-z]{3,9},?\s)?$", re.I
)


def _clock(match: re.Match[str]) -> tuple[int, int, int | None] | None:
    values = match.groupdict()
    hour, minute = int(values["hour"]), int(values.get("minute") or 0)
    second = int(values["second"]) if values.get("second") else None
    half = MERIDIEM.get((values.get("half") or values.get("before") or "").lower())
    if half is not None:
        if hour > 12:
            half = 0
        hour = hour % 12 + half if hour <= 12 else hour
    return (hour, minute, second) if hour < 24 and minute < 60 else None


_Time = tuple[int, int, int | None, str | None, int, int]


def _zone_text(match: re.Match[str]) -> str | None:
    zone = match.groupdict().get("zone")
    return zone if zone and zone_minutes(zone) is not None else None


def _time_after(flat: str, end: int) -> _Time | None:
    window = flat[end : end + _TIME_REACH]
    match = _AFTER.match(window)
    if not match:
        match = _HOUR_AFTER.match(window)
    clock = _clock(match) if match else None
    if match is None or clock is None:
        return None
    zone = _zone_text(match)
    right = end + (match.end() if zone or "zone" not in match.groupdict() or not match.group("zone") else match.start("zone"))
    return (*clock, zone, end, right)


def _time_before(flat: str, start: int) -> _Time | None:
    left = max(0, start - _TIME_REACH)
    match = _BEFORE.search(flat[left:start])
    clock = _clock(match) if match else None
    if match is None or clock is None:
        return None
    return (*clock, _zone_text(match), left + match.start(), start)


# --- relative dates -----------------------------------------------------------------------------------------------------

_RELATIVE = re.compile(r"(?<!\d)(\d{1,3}|an?|one|ein(?:e[rmn]?)?|un[ae]?)\s{0,2}([^\W\d_]{1,12})", re.I)
MAX_RELATIVE_CHARS = 40
"""Characters. A relative date is a text of its own ("3 hours ago"); a longer text is prose that happens to hold the words."""


def is_relative(text: str) -> bool:
    """Whether a short text states a date relative to now, such as `3 hours ago` or `gestern`."""
    return _relative_span(text) is not None


def _relative_span(text: str) -> tuple[int, str] | None:
    """(count, unit) of a relative date."""
    value = text.strip().translate(_DIGITS)
    if not value or len(value) > MAX_RELATIVE_CHARS:
        return None
    words = [fold_word(word) for word in re.split(r"[\s,|·•:]+", value)]
    for word in words:
        if word in day_words() and len(words) <= 4:
            return day_words()[word], "day"
    units, ago = unit_words(), ago_words()
    for match in _RELATIVE.finditer(value):
        count = int(match.group(1)) if match.group(1).isdigit() else 1
        unit_text = fold_word(match.group(2))
        marked = any(word in ago for word in words)
        if not marked and unit_text[-1:] in ("前", "전"):
            unit_text, marked = unit_text[:-1], True
        if marked and unit_text in units:
            return count, units[unit_text]
    return None


def resolve_relative(text: str, fetched_at: datetime) -> ParsedDate | None:
    """The date that a relative text means for a page fetched at `fetched_at` (aware); None for no relative date.

    Its precision is that of the unit: minutes give a minute, hours and days a day, weeks a day, months a month, years a year.
    """
    span = _relative_span(text)
    if span is None:
        return None
    count, unit = span
    raw, now = text.strip(), fetched_at.astimezone(UTC)
    if unit == "year":
        return build_partial(raw, now.year - count, None)
    if unit == "month":
        months = now.year * 12 + now.month - 1 - count
        return build_partial(raw, months // 12, months % 12 + 1)
    moment = now - timedelta(**{f"{unit}s": count})
    if unit == "minute":
        return build(raw, moment.year, moment.month, moment.day, moment.hour, moment.minute, None, None, "Z")
    return build(raw, moment.year, moment.month, moment.day)
