"""One site on one night against its own nights before: what is unlike them, and which open alarms are over. No clock, no disk.

Thresholds were set on simulated nights (seeds 1 to 20 and 41 to 60); docs/decisions/0017-health.md has what they reach on others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsarchive.model.site_night import SiteNight
from newsarchive.nightly.evidence import (
    LEAST_LOG_SPREAD,
    Expected,
    Surprise,
    expect_number,
    judge_median,
    judge_number,
    judge_rate,
    judge_share,
)
from newsarchive.nightly.judged import BY_NAME, CLEAR, FIELDS, Field

MIN_NIGHTS = 14
"""Nights of history without which nothing is said: two of each weekday."""
WINDOW = 35
"""Newest sound nights that are compared with: five weeks, long enough for weekdays, short enough for a site that grows."""
RELATED = math.log(1e-3)
"""The same for further fields of a site that has an alarm on that night anyway: they say what is broken, and keep its nights apart."""
BOTH_FOUND, BOTH_CAUSE = math.log(0.2), math.log(0.05)
"""Few articles and a cause of that, each of which must be this odd by itself before the two are taken together."""
AS_USUAL = math.log(0.02)
"""Above this a figure is as usual again and its alarm over."""
MIN_FOR_OVER = 3
"""Figures that a share or median must be of before it ends an alarm."""
LATENCY_SPREAD = 0.2
"""Least spread of latencies in the logarithm: servers have bad nights."""
GAP = timedelta(hours=36)
"""Between the starts of two nights: after a longer one there was no crawl in between, and what is found is older than usual."""
HOLIDAY_RANK = 0.25
"""A night on which this share of the other sites has so few articles is a quiet night for all: a holiday, not a breakage."""
MIN_SITES = 5
"""Other sites needed to tell a holiday."""
MIN_FOR_HOLIDAY = 5.0
"""Articles expected of a site that is asked about holidays: of fewer, one more or less says nothing."""

CAUSES = ("listed", "sources", "unchanged lists", "rejected", "closed", "failed", "copies")
"""Fields that explain why fewer articles are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlarm:
    """An alarm as far as it matters for what is compared with what."""

    field: str
    since: datetime
    until: datetime | None = None
    """When it was over or accepted; None while it is open."""
    is_accepted: bool = False
    """Whether the level since then is the new normal."""

    def covers(self, moment: datetime) -> bool:
        """Whether the site was broken at that moment, as far as anybody said."""
        return not self.is_accepted and self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A field that is unlike before."""

    field: str
    usual: float
    value: float
    log_p: float


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What tonight says of a site."""

    found: list[Finding] = field(default_factory=list)
    """Fields that are unlike before, the most surprising first; those with an open alarm are not among them."""
    still: list[Finding] = field(default_factory=list)
    """Fields with an open alarm that is not over, as far as they could be measured tonight."""
    over: list[str] = field(default_factory=list)
    """Fields whose alarm is over."""
    nights: int = 0
    """Nights of history that it rests on."""


class SiteHistory:
    """A site's nights, oldest first, without tonight; and its alarms."""

    def __init__(self, nights: Sequence[SiteNight], alarms: Sequence[PastAlarm] = ()) -> None:
        self._alarms = list(alarms)
        self._nights = list(nights[1:])  # the first crawl of a site finds what is years old
        self._sound = [night for night in self._nights if not any(alarm.covers(night.started_at) for alarm in self._alarms)]
        self.last = nights[-1].started_at if nights else None

    def baseline(self, name: str) -> list[SiteNight]:
        """The nights that a field is compared with: none of its own alarms, and none of others where there are enough."""
        accepted = [alarm.since for alarm in self._alarms if alarm.field == name and alarm.is_accepted]
        kept = self._sound
        if len(kept) < MIN_NIGHTS or accepted:
            own = [alarm for alarm in self._alarms if alarm.field == name]
            kept = [night for night in self._nights if not any(alarm.covers(night.started_at) for alarm in own)]
        if accepted:
            kept = [night for night in kept if night.started_at >= max(accepted)]
        return kept[-WINDOW:]

    @property
    def open_fields(self) -> set[str]:
        """Fields with an open alarm."""
        return {alarm.field for alarm in self._alarms if alarm.until is None}


def expected_articles(history: SiteHistory, tonight: SiteNight) -> Expected | None:
    """What the history lets expect of new articles tonight; None where it is too short."""
    nights = history.baseline("found")
    if len(nights) < MIN_NIGHTS:
        return None
    return expect_number([(night.started_at.weekday(), night.found) for night in nights], tonight.started_at.weekday())


def quiet_factor(ratios: Mapping[str, float], site: str) -> float:
    """How quiet the night is on the other sites: their articles against what was expected of them, 1 where nobody can say."""
    others = sorted(ratio for name, ratio in ratios.items() if name != site)
    return min(others[int(len(others) * HOLIDAY_RANK)], 1.0) if len(others) >= MIN_SITES else 1.0


def judge_site(history: SiteHistory, tonight: SiteNight, *, quiet: float = 1.0) -> Verdict:
    """What is unlike the site's own nights. `quiet` is the night's `quiet_factor`."""
    is_after_gap = history.last is not None and tonight.started_at - history.last > GAP
    is_after_gap |= not history.open_fields.isdisjoint({"found", *CAUSES})  # what was not found then is found now, and older
    surprises: dict[str, Surprise] = {}
    for item in FIELDS:
        if item.skips_gaps and is_after_gap:
            continue
        nights = history.baseline(item.name)
        if len(nights) >= MIN_NIGHTS and (found := surprise_of(item, nights, tonight, quiet)) is not None:
            surprises[item.name] = found
    verdict = Verdict(nights=len(history.baseline("found")))
    raised = _raised({name: found for name, found in surprises.items() if name not in history.open_fields})
    for name, surprise in surprises.items():
        finding = Finding(field=name, usual=surprise.usual, value=surprise.value, log_p=surprise.log_p)
        if name in history.open_fields:
            if is_usual(BY_NAME[name], surprise, BY_NAME[name].of(tonight)):
                verdict.over.append(name)
            else:
                verdict.still.append(finding)
        elif name in raised:
            verdict.found.append(finding)
    verdict.found.sort(key=lambda finding: finding.log_p)
    return verdict


def surprise_of(item: Field, nights: Sequence[SiteNight], tonight: SiteNight, quiet: float) -> Surprise | None:
    """The test that fits the field; None where there is nothing to compare."""
    value, number = item.figure(tonight), item.of(tonight)
    if value is None:
        return None
    if item.kind == "number":
        expected = expect_number([(night.started_at.weekday(), _count(item, night)) for night in nights], tonight.started_at.weekday())
        return None if expected is None else judge_number(expected, int(value), factor=quiet)
    if item.kind == "median":
        history = [(figure, item.of(night)) for night in nights if (figure := item.figure(night)) is not None]
        spread = LATENCY_SPREAD if item.name == "latency" else LEAST_LOG_SPREAD
        return judge_median(history, value, number, upward=item.upward, least_spread=spread)
    counts = [(_count(item, night), item.of(night)) for night in nights]
    if item.kind == "rate":
        return judge_rate(counts, int(value), number)
    return judge_share(counts, int(value), number, upward=item.upward)


def _count(item: Field, night: SiteNight) -> int:
    return int(item.figure(night) or 0)


def change_of(item: Field, surprise: Surprise) -> float:
    """How much a field changed, in the unit of `Field.least`; 0 or less where it did not change for the worse."""
    if item.kind == "share":
        return surprise.value - surprise.usual if item.upward else surprise.usual - surprise.value
    value, usual = max(surprise.value, 0.5), max(surprise.usual, 0.5)
    return value / usual if item.upward else usual / value


def _raised(surprises: Mapping[str, Surprise]) -> set[str]:
    """Names of fields that are an alarm by themselves, with another, or beside another."""
    changed = {name: found for name, found in surprises.items() if change_of(BY_NAME[name], found) >= BY_NAME[name].least}
    raised = {name for name, found in changed.items() if found.log_p < BY_NAME[name].odds} | _together(surprises)
    both = {name for name, found in changed.items() if found.log_p < CLEAR}
    if len(both) > 1:  # what one field may do by itself on an odd night, two do not
        raised |= both
    if raised:
        raised |= {name for name, found in changed.items() if found.log_p < RELATED}
    return raised


def _together(surprises: Mapping[str, Surprise]) -> set[str]:
    """Few articles, and a cause of it: what neither is by itself they may be together (Fisher's rule for two)."""
    few = surprises.get("found")
    if few is None or not CLEAR < few.log_p <= BOTH_FOUND or change_of(BY_NAME["found"], few) < BY_NAME["found"].least:
        return set()
    for name in CAUSES:
        cause = surprises.get(name)
        if cause is None or cause.log_p > BOTH_CAUSE or not _is_half(BY_NAME[name], cause):
            continue
        product = few.log_p + cause.log_p
        if product + math.log(1 - product) < CLEAR:
            return {"found", name}
    return set()


def _is_half(item: Field, surprise: Surprise) -> bool:
    """Whether a field changed by half of what an alarm of its own needs."""
    least = item.least / 2 if item.kind == "share" else math.sqrt(item.least)
    return change_of(item, surprise) >= least


def is_usual(item: Field, surprise: Surprise, number: int) -> bool:
    """Whether a field with an open alarm is as usual again."""
    if item.kind in ("share", "median") and item.name != "latency" and number < MIN_FOR_OVER:
        return False
    return surprise.log_p > AS_USUAL or not _is_half(item, surprise)
