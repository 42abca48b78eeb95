"""Sites of simulated nights: what each is like, and what the twelve kinds of breakage do to it. See `simulated_nights.py`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

SITES = 20

KINDS = (
    "selector drift",
    "consent wall",
    "soft 404",
    "paywall",
    "robots change",
    "feed stops",
    "dates shift a day",
    "encoding breaks",
    "teasers vanish",
    "duplicate flood",
    "half the articles missing",
    "slow site",
)


@dataclass(frozen=True)
class Breakage:
    """One planted breakage."""

    kind: str
    site: str
    start: int
    """Number of its first night, from 0."""
    nights: int
    how: str
    """Which of the ways such a breakage shows."""
    strength: float
    """0 to 1: the share of pages, or as the kind has it."""

    def is_on(self, night: int) -> bool:
        """Whether it lasts on that night."""
        return self.start <= night < self.start + self.nights


@dataclass
class Habits:
    """What a site is like, and on a night: what it would show if nothing were left to chance."""

    name: str
    size: float
    """Articles on a plain weekday."""
    week: tuple[float, ...]
    """Factor for each day of the week, Monday first."""
    keeps_holiday: bool
    level_noise: float
    """Standard deviation of the logarithm: what stays from night to night (autoregressive)."""
    night_noise: float
    """The same of what does not."""
    trend: float
    """Change of the level over all nights."""
    revisits: float
    """Known articles asked for again, as a multiple of a day's articles."""
    not_modified: float
    """Share of these that the server answers with 304."""
    edited: float
    """Share of the others whose text had changed."""
    rejected: float
    """Share of new pages that are no articles."""
    failed: float
    """Share of requests that fail."""
    title: float
    body: float
    date: float
    author: float
    teaser: float
    """Shares of articles that show each."""
    teasers_each: float
    paywalled: float
    repeated: float
    garbled: float
    ahead: float
    late: float
    later: float
    """Shares of dates after being seen, one day old, and older."""
    clumping: float
    """Correlation within a night: how much all of a site's articles of a night are alike."""
    body_chars: float
    latency_ms: float
    latency_noise: float
    sources: int
    links_each: float
    source_304: float
    # What breakages do; 0 or 1 on sound nights.
    robots: float = 0.0
    timeouts: float = 0.0
    flood: float = 0.0
    flood_is_stored: bool = True
    lists: float = 1.0
    """Share of the lists' addresses that are still there."""
    broken_lists: float = 0.0
    frozen_lists: float = 0.0
    kept: float = 1.0
    """Share of the articles that the crawl comes upon."""
    rewritten: float = 0.0
    """Share of known pages whose text reads differently all at once."""
    reread_rejected: float = 0.0


def share(chance: np.random.RandomState, low: float, high: float) -> float:
    """A number between two, all of them as likely."""
    return float(chance.uniform(low, high))


def habits_of(chance: np.random.RandomState, number: int) -> Habits:
    """A site. Sizes are spread evenly over the orders of magnitude; the first is small and the last large in every seed."""
    size = 5.0 if number == 0 else 800.0 if number == SITES - 1 else math.exp(share(chance, math.log(5), math.log(800)))
    dips = chance.random_sample() < 0.85
    saturday, sunday = (share(chance, 0.35, 0.8), share(chance, 0.3, 0.85)) if dips else (1.0, 1.0)
    weekdays = [share(chance, 0.9, 1.1) for _ in range(5)]
    never = chance.random_sample(3)
    return Habits(
        name=f"paper{number:02d}.example",
        size=size,
        week=(sunday, *weekdays[:5], saturday),  # at 02:30 on Monday the crawl finds what Sunday brought
        keeps_holiday=bool(chance.random_sample() < 0.75),
        level_noise=share(chance, 0.03, 0.12),
        night_noise=share(chance, 0.03, 0.15),
        trend=share(chance, -0.15, 0.15),
        revisits=share(chance, 0.5, 3.0),
        not_modified=0.0 if chance.random_sample() < 0.5 else share(chance, 0.3, 0.95),
        edited=share(chance, 0.02, 0.25),
        rejected=share(chance, 0.02, 0.35),
        failed=float(chance.beta(1, 40)),
        title=share(chance, 0.985, 1.0),
        body=share(chance, 0.96, 1.0),
        date=0.0 if never[0] < 0.05 else share(chance, 0.9, 1.0),
        author=share(chance, 0.0, 0.02) if never[1] < 0.2 else share(chance, 0.55, 0.99),
        teaser=share(chance, 0.0, 0.02) if never[2] < 0.2 else share(chance, 0.75, 1.0),
        teasers_each=share(chance, 3, 20),
        paywalled=0.0 if chance.random_sample() < 0.6 else share(chance, 0.05, 0.6),
        repeated=share(chance, 0.0, 0.08),
        garbled=share(chance, 0.0, 0.01),
        ahead=share(chance, 0.0, 0.03),
        late=share(chance, 0.01, 0.2),
        later=share(chance, 0.01, 0.1),
        clumping=share(chance, 0.002, 0.04),
        body_chars=math.exp(share(chance, math.log(1200), math.log(5500))),
        latency_ms=math.exp(share(chance, math.log(60), math.log(900))),
        latency_noise=share(chance, 0.08, 0.3),
        sources=int(chance.randint(1, 13)),
        links_each=share(chance, 12, 80),
        source_304=share(chance, 0.0, 0.4),
    )


# --- breakages: what each does to the habits of its site on its nights ------------------------------------------------


def _selector_drift(site: Habits, item: Breakage) -> Habits:
    left = 1 - item.strength
    if item.how == "title":
        return replace(site, title=site.title * left, rewritten=item.strength)
    if item.how == "body":  # most pages without a text are taken for no articles
        lost = item.strength * 0.7
        return replace(
            site,
            rejected=1 - (1 - site.rejected) * (1 - lost),
            reread_rejected=lost,
            body=site.body * (1 - item.strength * 0.8),
            body_chars=site.body_chars * 0.3,
            rewritten=item.strength * 0.3,
        )
    if item.how == "date":
        return replace(site, date=site.date * left)
    return replace(site, author=site.author * left)


def _consent_wall(site: Habits, item: Breakage) -> Habits:
    if item.how == "no articles":
        return replace(site, rejected=1 - (1 - site.rejected) * (1 - item.strength), reread_rejected=item.strength)
    return replace(
        site,
        repeated=item.strength,
        body_chars=700.0,
        date=site.date * (1 - item.strength),
        author=site.author * (1 - item.strength),
        teaser=site.teaser * (1 - item.strength),
        rewritten=item.strength,
    )


def _soft_404(site: Habits, item: Breakage) -> Habits:
    share = 0.5 + item.strength / 2
    return replace(site, rejected=1 - (1 - site.rejected) * (1 - share), reread_rejected=share * 0.5)


def _paywall(site: Habits, item: Breakage) -> Habits:
    cut = 0.6 + 0.35 * item.strength
    marked = max(site.paywalled, cut) if item.how == "marked" else site.paywalled
    return replace(site, body_chars=site.body_chars * (0.4 - 0.25 * item.strength), paywalled=marked, rewritten=cut)


def _robots_change(site: Habits, item: Breakage) -> Habits:
    return replace(site, robots=1.0 if item.how == "whole site" else 0.8 + 0.2 * item.strength)


def _feed_stops(site: Habits, item: Breakage) -> Habits:
    left = (1 - item.strength) * 0.3
    if item.how == "gone":
        return replace(site, broken_lists=1.0, kept=left)
    if item.how == "empty":
        return replace(site, lists=left * 0.5, kept=left)
    return replace(site, frozen_lists=1.0, kept=left)


def _dates_shift(site: Habits, item: Breakage) -> Habits:
    moved = 0.85 + 0.15 * item.strength
    on_time = 1 - site.ahead - site.late - site.later
    if item.how == "back":
        return replace(site, late=site.late * (1 - moved) + on_time * moved, later=site.later + site.late * moved)
    return replace(site, ahead=site.ahead + on_time * moved, late=site.late * (1 - moved))


def _encoding(site: Habits, item: Breakage) -> Habits:
    return replace(site, garbled=0.4 + 0.55 * item.strength, rewritten=0.3)


def _teasers_vanish(site: Habits, item: Breakage) -> Habits:
    return replace(site, teaser=site.teaser * 0.05 * (1 - item.strength))


def _duplicate_flood(site: Habits, item: Breakage) -> Habits:
    return replace(site, flood=1 + 5 * item.strength, flood_is_stored=item.how == "stored")


def _half_missing(site: Habits, item: Breakage) -> Habits:
    left = 0.6 - 0.2 * item.strength
    if item.how == "lists halved":
        return replace(site, lists=left, kept=left)
    if item.how == "refused":
        return replace(site, rejected=1 - (1 - site.rejected) * left)
    return replace(site, kept=left)


def _slow(site: Habits, item: Breakage) -> Habits:
    return replace(site, latency_ms=site.latency_ms * (4 + 11 * item.strength), timeouts=0.35 * item.strength)


BREAK: dict[str, tuple[tuple[str, ...], Callable[[Habits, Breakage], Habits]]] = {
    "selector drift": (("title", "body", "date", "authors"), _selector_drift),
    "consent wall": (("no articles", "one text"), _consent_wall),
    "soft 404": (("no articles",), _soft_404),
    "paywall": (("marked", "unmarked"), _paywall),
    "robots change": (("whole site", "articles"), _robots_change),
    "feed stops": (("gone", "empty", "frozen"), _feed_stops),
    "dates shift a day": (("back", "ahead"), _dates_shift),
    "encoding breaks": (("letters",), _encoding),
    "teasers vanish": (("all",), _teasers_vanish),
    "duplicate flood": (("stored", "refused"), _duplicate_flood),
    "half the articles missing": (("lists halved", "refused", "silently"), _half_missing),
    "slow site": (("slow",), _slow),
}
"""Kind -> the ways it shows, and what it does."""


def can_break(site: Habits, kind: str, how: str) -> bool:
    """What a site never shows cannot vanish from it."""
    if kind == "teasers vanish":
        return site.teaser > 0.3
    if kind == "dates shift a day":
        return site.date > 0.3
    if kind == "selector drift":
        return {"title": 1.0, "body": 1.0, "date": site.date, "authors": site.author}[how] > 0.3
    return True
