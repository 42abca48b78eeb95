"""A date that was read, and how its parts become one: the ground under `dates.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from newsarchive.date_words import ZONES

Precision = Literal["year", "month", "day", "minute", "second"]

FIRST_YEAR = 1700
"""Archives of newspapers are online back to the eighteenth century; smaller numbers are no years."""

LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """One date that was read."""

    iso: str
    """ISO 8601, to the precision and zone given: `2024`, `2024-05`, `2024-05-03`, `2024-05-03T15:47`, `2024-05-03T15:47:42+02:00`."""
    precision: Precision
    moment: datetime
    """The earliest moment it can mean; aware only where the page gave a zone."""
    raw: str
    """The text it was read from."""
    start: int = 0
    """Offset in the text given to `find_dates`."""
    end: int = 0

    @property
    def has_time(self) -> bool:
        """Whether a time of day was given."""
        return self.precision in ("minute", "second")


def zone_minutes(text: str) -> int | None:
    """Minutes east of Greenwich; None for a zone that cannot be told."""
    zone = text.strip().replace("−", "-")
    if zone.lower() in ZONES:
        return ZONES[zone.lower()]
    match = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    if not match:
        return None
    minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
    return None if minutes > 14 * 60 else minutes if match.group(1) == "+" else -minutes


Number = str | int | None


def build(
    raw: str, year: Number, month: Number, day: Number, hour: Number = None, minute: Number = None, second: Number = None,
    fraction: str | None = None, zone: str | None = None, *, start: int = 0, end: int = 0,
) -> ParsedDate | None:  # fmt: skip
    """The date of these parts; None where they are no date. A zone without a time, or one that cannot be told, is left out."""
    try:
        y, m, d = int(year or 0), int(month or 0), int(day or 0)
        if not FIRST_YEAR <= y <= LAST_YEAR:
            return None
        iso = f"{y:04d}-{m:02d}-{d:02d}"
        if hour is None or minute is None:
            return ParsedDate(iso, "day", datetime(y, m, d), raw, start, end)  # noqa: DTZ001 - the page gave no zone
        minutes = zone_minutes(zone) if zone else None
        tzinfo = None if minutes is None else timezone(timedelta(minutes=minutes))
        h = int(hour)
        extra = timedelta(days=1) if h == 24 and int(minute) == 0 else timedelta(0)
        moment = (
            datetime(y, m, d, h % 24 if extra else h, int(minute), int(second or 0), int((fraction or "0").ljust(6, "0")[:6]), tzinfo)
            + extra
        )
    except (ValueError, OverflowError):
        return None
    if moment.year == 1970 and moment.timetuple().tm_yday == 1:
        return None
    precision: Precision = "minute" if second is None else "second"
    text = moment.isoformat(timespec="seconds")[: 16 if second is None else 19]
    if fraction and second is not None and fraction.strip("0"):
        text += "." + fraction[:6]
    if minutes is not None:
        text += f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    return ParsedDate(text, precision, moment, raw, start, end)


def build_partial(raw: str, year: int, month: int | None, *, start: int = 0, end: int = 0) -> ParsedDate | None:
    """The date of a year, or of a year and a month; None where they are none."""
    if not FIRST_YEAR <= year <= LAST_YEAR or (month is not None and not 1 <= month <= 12):
        return None
    moment = datetime(year, month or 1, 1)  # noqa: DTZ001 - the page gave no zone
    return ParsedDate(f"{year:04d}-{month:02d}" if month else f"{year:04d}", "month" if month else "year", moment, raw, start, end)
