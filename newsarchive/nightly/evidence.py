"""How surprising tonight's figure is after a site's own nights before it: three tests, all of them robust against odd nights.

Shares are beta-binomial (all articles of a night have one template, so they are more alike than chance has it), numbers
are negative binomial about a level with weekdays, medians are normal in the logarithm. Each spread is estimated from the
site's history and has a floor, because a history without a miss does not prove that there is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LEAST_CLUMPING = 0.02
"""Correlation between the articles of a night that is assumed at least: 28 nights of all articles signed are also seen of a site
on which one night in forty is not."""
LEAST_SPREAD = 0.008
"""Squared relative spread of a number from night to night that is assumed at least: 9 % beside Poisson's own."""
LEAST_LOG_SPREAD = 0.10
"""Of a median, in the logarithm: 10 %."""
TRIMMED = 0.1
"""Share of the nights with the highest and with the lowest figure that do not count for what is usual: breakages nobody noticed."""
HALF_LIFE = 14.0
"""Nights after which a night counts half for the level of a number: sites grow and shrink, though slowly."""
WEEKDAY_WEIGHT = 0.25
"""Nights of the plain level that are added to those of a weekday: with two Sundays seen, a Sunday is believed to eight ninths. With
one whole night more, halved counts of sound nights (seeds 1 to 20) would be noticed in 24 instead of 34 of 100."""
SHORT = 4.0
"""A spread is taken larger by this over the number of nights: each of them took part in what it is compared with."""
QUIET = 0.8
"""Of what was expected; where the other sites have less than this share of it, the night is a holiday."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """What a test says of tonight."""

    usual: float
    """What the site's history lets expect: a share, a number, or a median."""
    value: float
    """What it was."""
    log_p: float
    """Natural logarithm of the chance of a figure at least as far out, on the side that is looked at; 0 where nothing is odd."""


def judge_share(history: Sequence[tuple[int, int]], hits: int, number: int, *, upward: bool) -> Surprise | None:
    """Tonight's `hits` of `number` after nights of (hits, number). None where either has nothing in it."""
    known = [(k, n) for k, n in history if n > 0]
    if not known or number <= 0:
        return None
    share = _trimmed_share(known)
    clumping = _clumping(known, share)
    weight = sum(n / (1 + (n - 1) * clumping) for _, n in known)
    share = (share * weight + 0.5) / (weight + 1)
    precision = 1 / (clumping + 1 / (weight + 2)) - 1
    value = hits / number
    if value <= share if upward else value >= share:
        return Surprise(share, value, 0.0)
    k, p = (number - hits, 1 - share) if upward else (hits, share)
    return Surprise(share, value, _beta_binomial_tail(k, number, p * precision, (1 - p) * precision))


def _trimmed_share(known: list[tuple[int, int]]) -> float:
    """The share over all nights but those with the highest and lowest of their own."""
    ranked = sorted(known, key=lambda item: item[0] / item[1])
    cut = int(len(ranked) * TRIMMED)
    kept = ranked[cut : len(ranked) - cut]
    return sum(k for k, _ in kept) / sum(n for _, n in kept)


def _clumping(known: list[tuple[int, int]], share: float) -> float:
    """Correlation of the articles of a night, by moments; a night counts with at most three standard deviations' worth."""
    variance = max(share * (1 - share), 1e-9)
    excess = weight = 0.0
    for k, n in known:
        if n > 1:
            most = 9 * (1 + (n - 1) * LEAST_CLUMPING)
            excess += min((k - n * share) ** 2 / (n * variance), most) - 1
            weight += n - 1
    return min(max(excess / weight if weight else 0.0, LEAST_CLUMPING), 0.5)


def _beta_binomial_tail(k: int, n: int, a: float, b: float) -> float:
    """Logarithm of the chance of at most `k` of `n`."""
    lead = math.lgamma(a + b) - math.lgamma(a + b + n) + math.lgamma(b + n) - math.lgamma(b)
    term = total = 1.0
    for i in range(k):
        term *= (n - i) * (a + i) / ((i + 1) * (b + n - i - 1))
        total += term
        if total > 1e200:  # the far end of a long sum: rescaled, so that it stays a number
            lead += math.log(total)
            term, total = term / total, 1.0
    return min(lead + math.log(total), 0.0)


@dataclass(frozen=True, slots=True)
class Expected:
    """A number as the nights before let expect it."""

    mean: float
    spread: float
    """Squared relative spread beside Poisson's."""
    quietest: float
    """The mean of the weekday with the fewest."""


def expect_number(history: Sequence[tuple[int, int]], weekday: int) -> Expected | None:
    """What to expect on a weekday (0 to 6) after nights of (weekday, number), oldest first. None without any."""
    if not history:
        return None
    middle = median(number for _, number in history)
    factors = _weekdays(history, middle)
    plain = [number / factors[day] for day, number in history]
    level = _recent(plain)
    mean = level * factors[weekday]
    off = [abs(number - level * factors[day]) / max(level * factors[day], 1.0) for day, number in history]
    noise = (1.4826 * median(off)) ** 2 * (1 + SHORT / len(history))
    noise *= 1 + 1 / (sum(day == weekday for day, _ in history) + WEEKDAY_WEIGHT)  # the weekday's factor rests on so few of its kind
    poisson = 1 / max(mean, 1.0)
    return Expected(max(mean, 0.05), max(noise - poisson, LEAST_SPREAD), level * min(factors))


def _weekdays(history: Sequence[tuple[int, int]], middle: float) -> list[float]:
    """The factor of each weekday, drawn to 1 where few were seen."""
    factors = []
    for day in range(7):
        seen = [number for weekday, number in history if weekday == day]
        level = max(middle, 0.5)
        typical = median(seen) if seen else level
        weight = len(seen)
        factors.append(max((typical * weight + level * WEEKDAY_WEIGHT) / (level * (weight + WEEKDAY_WEIGHT)), 0.05))
    return factors


def _recent(values: Sequence[float]) -> float:
    """The median, newer nights counting more."""
    weighted = sorted((value, 0.5 ** ((len(values) - 1 - place) / HALF_LIFE)) for place, value in enumerate(values))
    half = sum(weight for _, weight in weighted) / 2
    for value, weight in weighted:
        half -= weight
        if half <= 0:
            return value
    return weighted[-1][0]


def judge_number(expected: Expected, number: int, *, factor: float = 1.0) -> Surprise:
    """Whether a number is too low. `factor` is what other sites had tonight of what was expected of them (a holiday)."""
    mean = expected.mean * min(factor, 1.0)
    if factor < QUIET:  # a site with few articles on Sundays has fewer on holidays than the others
        mean = min(mean, expected.quietest * factor / QUIET)
    if number >= mean:
        return Surprise(expected.mean, number, 0.0)
    return Surprise(expected.mean, number, _negative_binomial_tail(number, mean, expected.spread))


def _negative_binomial_tail(k: int, mean: float, spread: float) -> float:
    """Logarithm of the chance of at most `k` where `mean` is expected, with variance mean + spread * mean^2."""
    size = 1 / spread
    miss = mean / (mean + size)
    lead = size * math.log(size / (size + mean))
    term = total = 1.0
    for i in range(k):
        term *= (size + i) / (i + 1) * miss
        total += term
        if total > 1e200:
            lead += math.log(total)
            term, total = term / total, 1.0
    return min(lead + math.log(total), 0.0)


def judge_rate(history: Sequence[tuple[int, int]], hits: int, number: int) -> Surprise | None:
    """Whether `hits` in `number` are too few after nights of (hits, number): as a share, but one thing may have many hits."""
    known = [(k, n) for k, n in history if n > 0]
    if not known or number <= 0:
        return None
    rate = median(k / n for k, n in known)
    off = [abs(k / n - rate) / rate for k, n in known] if rate > 0 else [0.0]
    noise = (1.4826 * median(off)) ** 2 * (1 + SHORT / len(known))
    if hits >= rate * number:
        return Surprise(rate, hits / number, 0.0)
    spread = max(noise - 1 / max(rate * number, 1.0), LEAST_SPREAD)
    return Surprise(rate, hits / number, _negative_binomial_tail(hits, rate * number, spread))


def judge_median(
    history: Sequence[tuple[float, int]], value: float, number: int, *, upward: bool, least_spread: float = LEAST_LOG_SPREAD
) -> Surprise | None:
    """A median of `number` figures after nights of (median, number). None where there is nothing to compare."""
    known = [(math.log(x), n) for x, n in history if x > 0 and n > 0]
    if not known or value <= 0 or number <= 0:
        return None
    middle = median(x for x, _ in known)
    single = 1.4826 * median(abs(x - middle) * math.sqrt(n) for x, n in known) * (1 + 4 / len(known))
    spread = math.sqrt(least_spread**2 + single**2 / number)
    score = (math.log(value) - middle) / spread
    if not upward:
        score = -score
    return Surprise(math.exp(middle), value, _normal_tail(score) if score > 0 else 0.0)


def _normal_tail(score: float) -> float:
    """Logarithm of the chance of a normal figure this far out."""
    if score < 30:
        return math.log(max(math.erfc(score / math.sqrt(2)) / 2, 1e-190))
    return -score * score / 2
