"""Runs of a site put together to nights: a site that is crawled every hour is judged by its last 24 hours, not by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from newsarchive.model.site_night import SiteNight

DAY = timedelta(hours=24)
OFTEN = timedelta(hours=20)
"""Median time between two runs below which a site is crawled more often than nightly."""

_WEIGHTS = {"body_chars": "read", "teasers_each": "captured", "latency_ms": "fetches"}
"""Median or mean -> the count it was taken of."""
_COUNTS = tuple(item.name for item in fields(SiteNight) if item.name not in ("site", "started_at", "run_id", "outcomes", *_WEIGHTS))


def nights_of(runs: Sequence[SiteNight]) -> list[SiteNight]:
    """The runs of a site, oldest first, as nights that end with the last run. Of nights without a run there is none.

    Where runs are a day apart, a night reaches from noon to noon about them, so that a run may begin hours early or late.
    """
    if not runs:
        return []
    gaps = [(later.started_at - earlier.started_at).total_seconds() for earlier, later in pairwise(runs)]
    shift = timedelta(0) if gaps and median(gaps) < OFTEN.total_seconds() else DAY / 2
    end = runs[-1].started_at
    nights: dict[int, list[SiteNight]] = {}
    for run in runs:
        nights.setdefault(int((end - run.started_at + shift) / DAY), []).append(run)
    return [_together(nights[number]) for number in sorted(nights, reverse=True)]


def _together(runs: list[SiteNight]) -> SiteNight:
    """Several runs as one: counts added, medians weighted; it has the moment and number of the last."""
    if len(runs) == 1:
        return runs[0]
    last = runs[-1]
    outcomes: dict[str, int] = {}
    for run in runs:
        for name, number in run.outcomes.items():
            outcomes[name] = outcomes.get(name, 0) + number
    figures: dict[str, Any] = {name: sum(getattr(run, name) for run in runs) for name in _COUNTS}
    figures |= {name: _middle(runs, name, weight) for name, weight in _WEIGHTS.items()}
    return SiteNight(site=last.site, started_at=last.started_at, run_id=last.run_id, outcomes=outcomes, **figures)


def _middle(runs: list[SiteNight], name: str, weight: str) -> float | None:
    """The median of medians, each counted as often as there were figures behind it."""
    known = sorted((value, getattr(run, weight)) for run in runs if (value := getattr(run, name)) is not None)
    half = sum(number for _, number in known) / 2
    for value, number in known:
        half -= number
        if half <= 0:
            return float(value)
    return None
