"""Dates as feeds and sitemaps write them, turned to ISO 8601 at the precision and zone they have."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_tz

_ISO = re.compile(
    r"^([0-9]{4})(?:-?([0-9]{2})(?:-?([0-9]{2}))?)?"
    r"(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s*(Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?)?$"
)
_HAS_CLOCK = re.compile(r"[0-9]:[0-9]")
_HAS_ZONE = re.compile(r"(?:[+-][0-9]{4}|[+-][0-9]{2}:[0-9]{2}|\b(?:Z|UT|UTC|GMT|[ECMP][SD]T))\s*(?:\(.{0,20}\))?$")
_COLON_ZONE = re.compile(r"([+-][0-9]{2}):([0-9]{2})(?=\s*$)")
_MAX_STAMP_CHARS = 60
"""Characters; the longest legal RFC 822 date has 37."""

EARLIEST_YEAR = 1600
"""Newspapers begin in 1605; an earlier year in a feed is an empty value written by a program (0001-01-01)."""


def iso_date(text: str | None) -> str | None:
    """ISO 8601 for a W3C, ISO or RFC 822 date; None for anything else.

    A date without time stays a date, a year and month stay `YYYY-MM`, a time without zone gets none; `Z` and `GMT` are
    written `+00:00`. Fractions of seconds are dropped.
    """
    text = (text or "").strip()
    if not text or len(text) > _MAX_STAMP_CHARS:
        return None
    found = _ISO.match(text)
    return _from_iso(found) if found else _from_rfc822(text)


def _from_iso(found: re.Match[str]) -> str | None:
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
        if int(year) < EARLIEST_YEAR:
            return None
        if hour is not None:
            datetime(int(year), int(month or 1), int(day or 1), int(hour), int(minute), int(second or 0))  # noqa: DTZ001 - only checked
    except ValueError:
        return None
    stamp = "-".join(part for part in (year, month, day) if part)
    if hour is None or day is None:
        return stamp
    stamp += f"T{int(hour):02}:{minute}" + (f":{second}" if second else "")
    return stamp + _zone(zone)


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone[0] not in "+-":
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _from_rfc822(text: str) -> str | None:
    parsed = parsedate_tz(_COLON_ZONE.sub(r"\1\2", text))
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - the zone is added below, where there is one
    except ValueError:
        return None
    if year < EARLIEST_YEAR:
        return None
    if not _HAS_CLOCK.search(text):
        return moment.date().isoformat()
    stamp = moment.isoformat()
    offset = parsed[9]
    if offset is None or not _HAS_ZONE.search(text):
        return stamp
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset) // 60
    return f"{stamp}{sign}{minutes // 60:02}:{minutes % 60:02}"
