"""The small plots of a run's report: the last nights, so that this one can be judged at a glance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from newsarchive.nightly.notice import NightLine
from newsarchive.nightly.wording import plain
from newsarchive.serve.plot_data import Datum, Labels
from newsarchive.serve.plots import Plot, bars, heat, lines

MAX_NIGHTS = 60
"""Nights shown: two months. Bars of more could not be told apart on a telephone."""
MAX_SITES_SHOWN = 40
"""Sites with a strip of their own, those with most articles; the table above has all of them."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def plots(history: Sequence[NightLine]) -> list[Plot]:
    """The plots of these nights, the oldest first; none where there is no earlier night to compare with."""
    nights = list(history)[-MAX_NIGHTS:]
    if len(nights) < 2:
        return []
    keys, reach = _keys(nights), plain(f"nights (UTC), {nights[0].day} to {nights[-1].day}", 80)
    articles = bars(
        Labels(name="stored", title="New articles", key=reach, value="articles"),
        [Datum(key=key, value=night.stored, note=_alarms(night.alarms)) for key, night in zip(keys, nights, strict=True)],
    )
    failed = bars(
        Labels(name="failed", title="Addresses that could not be had or read", key=reach, value="addresses"),
        [Datum(key=key, value=night.failed) for key, night in zip(keys, nights, strict=True)],
    )
    minutes = lines(
        Labels(name="duration", title="Duration", key=reach, value="minutes"),
        [Datum(key=key, value=_minutes(night.seconds)) for key, night in zip(keys, nights, strict=True)],
    )
    return [articles, failed, minutes, *_coverage(keys, nights, reach), *_sites(keys, nights, reach)]


def _keys(nights: Sequence[NightLine]) -> list[str]:
    """A name for each night: month and day where that tells them apart, else the whole day, with a number where it had several runs."""
    days = [night.day for night in nights]
    if len({day[5:] for day in days}) == len(days) and all(_DAY.fullmatch(day) for day in days):
        return [day[5:] for day in days]
    seen: Counter[str] = Counter()
    several = {day for day, count in Counter(days).items() if count > 1}
    keys = []
    for day in days:
        seen[day] += 1
        keys.append(plain(f"{day} ({seen[day]})" if day in several else day, 40))
    return keys


def _coverage(keys: Sequence[str], nights: Sequence[NightLine], reach: str) -> list[Plot]:
    fields = list(dict.fromkeys(name for night in nights for name in night.coverage))
    rows = [
        Datum(key=key, value=None if (share := night.coverage.get(name)) is None else share * 100, series=plain(name, 40))
        for name in fields
        for key, night in zip(keys, nights, strict=True)
    ]
    labels = Labels(name="coverage", title="Articles that have the field", key=reach, value="percent", series="field")
    return [lines(labels, rows)] if rows else []


def _sites(keys: Sequence[str], nights: Sequence[NightLine], reach: str) -> list[Plot]:
    totals: Counter[str] = Counter()
    for night in nights:
        totals.update(night.stored_by_site)
    names = sorted(name for name, _ in totals.most_common(MAX_SITES_SHOWN))
    rows = [
        Datum(key=key, value=night.stored_by_site.get(name), series=plain(name, 60))
        for name in names
        for key, night in zip(keys, nights, strict=True)
    ]
    labels = Labels(name="sites", title="New articles by site", key=reach, value="articles", series="site", gap="not crawled")
    return [heat(labels, rows)] if rows else []


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _alarms(number: int) -> str:
    return f"{number} {'alarm' if number == 1 else 'alarms'}" if number else ""
