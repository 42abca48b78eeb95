"""What a plot shows, and where its axes have marks. Nothing here draws."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_TICKS = 6
"""Labels along the lower axis. A day takes 60 pixels; six stand side by side in 360."""

MOST_SPANS = 800
"""Days, months or years in one plot. More marks than a wide screen has pixels cannot be told apart."""

_ROUND: dict[int, tuple[tuple[str, ...], ...]] = {
    10: (("-01",), ("-01-01", "-04-01", "-07-01", "-10-01"), ("-01-01",)),
    7: (("-01", "-04", "-07", "-10"), ("-01",)),
}
"""Length of a date -> ends of those that are round, more and more seldom: months, quarters, years."""

_SPAN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One row of the table behind a plot, and one mark in it."""

    key: str
    """Where it stands: a day, a month, a name."""
    value: float | None
    """How much; None: nobody knows, which is a gap and no zero."""
    series: str = ""
    """Which of several things it measures."""
    note: str = ""
    """What else is to be known about it, in a few words."""
    address: str = ""
    """Page of this server that has more of it, from the root; the table links there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words of a plot."""

    name: str
    """Name of its element on the page: small letters and hyphens, once a page."""
    title: str
    key: str
    """What the rows are: `day (UTC)`, `section`."""
    value: str
    """What is counted, with its unit: `articles`, `seconds`."""
    series: str = ""
    """What tells the series apart; empty where there is one."""
    gap: str = "no data"
    """What a gap means."""


def spans_between(first: str, last: str) -> Iterator[str]:
    """Every day, month or year from the first to the last, both included. They are ISO dates of one length; others give nothing."""
    if not (_SPAN.match(first) and _SPAN.match(last) and len(first) == len(last)):
        return
    length = len(first)
    try:
        day = date.fromisoformat((first + "-01-01")[:10])
        while (name := day.isoformat()[:length]) <= last:
            yield name
            day = date(day.year + 1, 1, 1) if length == 4 else day + timedelta(days=1 if length == 10 else 32)
            if length == 7:
                day = day.replace(day=1)
    except (ValueError, OverflowError):
        return


def span_length(first: str, last: str, *, most: int = 120) -> int:
    """Characters of an ISO date that name the shortest span of which no more than `most` lie between two dates: 10, 7 or 4."""
    try:
        days = (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days + 1
    except ValueError:
        return 7
    if days <= most:
        return 10
    return 7 if days / 30.4 <= most else 4


def thinned(keys: Sequence[str], most: int = MOST_TICKS) -> list[int]:
    """Which keys are named on the axis: at round places where they are dates, else at even distances."""
    everything = list(range(len(keys)))
    if len(keys) <= most:
        return everything
    for ends in _ROUND.get(len(keys[0]), ()):
        chosen = [place for place in everything if keys[place][4:].endswith(ends)]
        if 2 <= len(chosen) <= most:
            return chosen
    step = math.ceil(len(keys) / most)
    return everything[::step]


def scale(highest: float, steps: int = 4) -> list[float]:
    """Round numbers from 0 to the first at or above the highest value: where lines are drawn. At least 0 and 1."""
    if highest <= 0 or not math.isfinite(highest):
        return [0.0, 1.0]
    rough = max(highest / steps, 1e-9)
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough * 0.999)
    if highest >= 1 and step < 1:
        step = 1.0
    return [round(step * number, 10) for number in range(math.ceil(highest / step * 0.999999) + 1)]


def number_text(value: float) -> str:
    """A number for people: thousands apart, no more digits than mean something."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.3g}"


def short_number(value: float) -> str:
    """A number for an axis: at most five characters up to billions."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            unit = {"G": 1e9, "M": 1e6, "k": 1e3}[letter]
            return f"{value / unit:.4g}{letter}"
    return number_text(value)
