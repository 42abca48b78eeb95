"""Nights of crawling as an archive would measure them, with breakages planted at known moments. Made from a seed, the same every time.

Twenty sites of very different size and habits are crawled for sixty nights at 02:30. What varies by itself: the level of
each site (slowly, and from night to night), weekends, a holiday that most of the sites keep, nights on which the machine
was off, servers with a bad night. What is planted: twelve kinds of breakage, each once a seed on a site of its own, and
events that are no breakage: a day of big news, a redesign without loss, a day full of agency copy.

Written before any detector, and not changed to suit one. The figures are `model.site_night.SiteNight`, which
`archive/site_nights.py` measures after a real crawl. `numpy.random.RandomState` is used because its stream is frozen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from simulated_sites import BREAK, KINDS, SITES, Breakage, Habits, can_break, habits_of, share

from newsarchive.model.site_night import SiteNight

NIGHTS = 60
FIRST_NIGHT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
EARLIEST_BREAKAGE = 21
"""Nights of quiet before anything is planted: three weeks, which an archive has when it is asked to judge."""
LATEST_BREAKAGE = 54
HOLIDAYS_FROM, HOLIDAYS_TO = 24, 50


@dataclass(frozen=True)
class World:
    """Everything of one seed."""

    seed: int
    nights: tuple[tuple[SiteNight, ...], ...]
    """For each night the sites that were crawled; empty where the machine was off."""
    breakages: tuple[Breakage, ...]
    events: dict[str, object] = field(default_factory=dict)
    """What else happened, for the curious."""

    def broken(self, site: str, night: int) -> Breakage | None:
        """The breakage that is on."""
        return next((item for item in self.breakages if item.site == site and item.is_on(night)), None)


def _plant(chance: np.random.RandomState, sites: list[Habits], off: set[int]) -> tuple[Breakage, ...]:
    """One breakage of each kind, each on a site of its own, on any night of the week on which there was a crawl."""
    free = [int(number) for number in chance.permutation(SITES)]
    found = []
    for kind in KINDS:
        ways = BREAK[kind][0]
        how = ways[chance.randint(len(ways))]
        number = next((item for item in free if can_break(sites[item], kind, how)), None)
        if number is None:
            how = ways[0]
            number = next(item for item in free if can_break(sites[item], kind, how))
        free.remove(number)
        start = int(chance.randint(EARLIEST_BREAKAGE, LATEST_BREAKAGE + 1))
        while start in off:
            start += 1
        found.append(Breakage(kind, sites[number].name, start, int(chance.randint(2, 11)), how, float(chance.random_sample())))
    return tuple(replace(item, strength=_strength(item)) for item in found)


def _strength(item: Breakage) -> float:
    """Kinds whose strength is a share of pages hit nearly all of them: a template is changed, not a page."""
    least = {"selector drift": 0.9, "consent wall": 0.8}.get(item.kind, 0.0)
    return least + (1 - least) * item.strength


# --- a night ----------------------------------------------------------------------------------------------------------


class _Night:
    """Draws the figures of one site on one night."""

    def __init__(self, chance: np.random.RandomState, site: Habits) -> None:
        self.chance, self.site = chance, site

    def some(self, number: int, share: float) -> int:
        """How many of a number: binomial, with the night's own share about the site's."""
        if number <= 0 or share <= 0:
            return 0
        if share >= 1:
            return number
        spread = 1 / self.site.clumping - 1
        return int(self.chance.binomial(number, self.chance.beta(share * spread + 1e-6, (1 - share) * spread + 1e-6)))

    def count(self, mean: float) -> int:
        return int(self.chance.poisson(max(mean, 0.0)))

    def measure(self, mean: float, known: float, started_at: datetime) -> SiteNight:
        """The figures where `mean` new articles were to be found and `known` were to be asked for again."""
        site = self.site
        listed = self.count(mean * site.kept / (1 - min(site.failed, 0.9)))
        flood = self.count(mean * site.flood)
        asked_again = self.count(known)
        robots_new, robots_known = self.some(listed + flood, site.robots), self.some(asked_again, site.robots)
        late = self.some(listed - min(robots_new, listed), site.timeouts)
        failed = self.some(max(listed - robots_new - late, 0), site.failed)
        answered = max(listed - robots_new - late - failed, 0)
        others = self.count(mean * site.rejected / (1 - min(site.rejected, 0.95)) * 0.5) if site.rejected < 0.4 else 0
        refused = others + (self.some(answered, site.rejected) if site.rejected >= 0.4 else 0)
        new = answered - (refused - others)
        stored_flood = flood if site.flood_is_stored else 0
        found = new + stored_flood
        again = asked_again - robots_known
        again_late = self.some(again, site.timeouts)
        again -= again_late
        again_refused = self.some(again, site.reread_rejected)
        again -= again_refused
        same = 0 if site.rewritten else self.some(again, site.not_modified)
        reread = again - same
        edited = self.some(reread, max(site.edited, site.rewritten))
        outcomes = {
            "stored": found,
            "updated": edited,
            "unchanged": same + reread - edited,
            "not_article": refused + again_refused,
            "duplicate": self.some(listed, 0.03) + (flood - stored_flood),
            "http_4xx": failed - failed // 3 + self.some(again, 0.01),
            "http_5xx": failed // 3,
            "robots": robots_new + robots_known,
            "timeout": late + again_late,
        }
        return self._fields(found, stored_flood, edited, outcomes, same, reread, started_at, listed + flood)

    def _fields(
        self, found: int, flood: int, edited: int, outcomes: dict[str, int], same: int, reread: int, started_at: datetime, listed: int
    ) -> SiteNight:
        site, chance = self.site, self.chance
        read, captured = found + edited, found + reread
        dates = self.some(read, site.date)
        shares = [site.ahead, max(1 - site.ahead - site.late - site.later, 0.0), site.late, site.later]
        lag = self._lags(dates, shares)
        lengths = chance.lognormal(math.log(site.body_chars) + chance.normal(0, 0.05), 0.7, size=read) if read else None
        asked = max(1, self.some(site.sources, 0.9))
        broken = self.some(asked, max(site.broken_lists, 0.01)) if site.broken_lists < 1 else asked
        unmodified = self.some(asked - broken, max(site.source_304, site.frozen_lists))
        reads = asked - broken - unmodified
        links = self.count(reads * site.links_each * site.lists)
        fetches = (
            captured + same + outcomes["not_article"] + outcomes["duplicate"] + outcomes["http_4xx"] + outcomes["http_5xx"] + asked - broken
        )
        return SiteNight(
            site=site.name,
            started_at=started_at,
            outcomes={name: number for name, number in outcomes.items() if number},
            found=found,
            read=read,
            titles=self.some(read, site.title),
            bodies=self.some(read, site.body),
            dates=dates,
            authors=self.some(read, site.author),
            paywalled=self.some(read, site.paywalled),
            repeated=min(read, self.some(read - flood, site.repeated) + self.some(flood, 0.95)),
            garbled=self.some(read, site.garbled),
            ahead=lag[0],
            same_day=lag[1],
            day_late=lag[2],
            later=lag[3],
            captured=captured,
            teasers=self.some(captured, site.teaser),
            sources=asked,
            sources_failed=broken,
            sources_same=unmodified,
            links=links,
            new_links=min(links, int(listed * chance.uniform(0.95, 1.15))) if reads else 0,
            fetches=fetches,
            body_chars=float(np.median(lengths)) if lengths is not None else None,
            teasers_each=site.teaser * max(site.teasers_each * chance.normal(1, 0.1), 0.5) if captured else None,
            latency_ms=self._latency(fetches),
        )

    def _lags(self, dates: int, shares: list[float]) -> list[int]:
        left, mass, found = dates, 1.0, []
        for part in shares[:-1]:
            taken = self.some(left, min(part / mass, 1.0) if mass > 1e-9 else 0.0)
            found.append(taken)
            left, mass = left - taken, mass - part
        return [*found, left]

    def _latency(self, fetches: int) -> float | None:
        if not fetches:
            return None
        site, chance = self.site, self.chance
        bad_night = chance.uniform(1.3, 2.2) if chance.random_sample() < 0.02 else 1.0
        return float(site.latency_ms * math.exp(chance.normal(0, site.latency_noise)) * bad_night)


@dataclass
class _Events:
    """What happens that is no breakage."""

    off: set[int]
    holiday: int
    big_news: int
    redesigns: dict[str, int]
    agency_day: dict[str, int]


def _events(chance: np.random.RandomState, sites: list[Habits]) -> _Events:
    off = {int(night) for night in chance.choice(np.arange(5, NIGHTS), size=chance.randint(0, 3), replace=False)}
    weekdays = [night for night in range(HOLIDAYS_FROM, HOLIDAYS_TO) if (FIRST_NIGHT + timedelta(days=night)).weekday() in (1, 2, 3, 4, 5)]
    holiday, big_news = (int(night) for night in chance.choice(weekdays, size=2, replace=False))
    chosen = [sites[number].name for number in chance.choice(SITES, size=3, replace=False)]
    return _Events(
        off=off,
        holiday=holiday,
        big_news=big_news,
        redesigns={name: int(chance.randint(20, 50)) for name in chosen[:2]},
        agency_day={chosen[2]: int(chance.randint(20, 58))},
    )


def _redesigned(site: Habits, chance: np.random.RandomState) -> Habits:
    """As good as before, but other numbers."""
    return replace(
        site,
        teasers_each=max(2.0, site.teasers_each * share(chance, 0.6, 1.5)),
        body_chars=site.body_chars * share(chance, 0.9, 1.12),
        latency_ms=site.latency_ms * share(chance, 0.6, 1.3),
        rejected=min(0.38, max(0.01, site.rejected + share(chance, -0.05, 0.05))),
        author=site.author if site.author < 0.1 else min(1.0, site.author + share(chance, -0.03, 0.05)),
    )


def _on_the_night(site: Habits, night: int, events: _Events) -> tuple[Habits, float]:
    """The site's habits with what happens on that night, and the factor of its articles."""
    factor = site.week[(FIRST_NIGHT + timedelta(days=night)).weekday()]
    if night == events.holiday and site.keeps_holiday:
        factor = min(factor, min(site.week) * 0.9, 0.7)
    if night == events.big_news:
        factor *= 1.5
        site = replace(site, author=site.author * 0.95, edited=min(1.0, site.edited * 1.5), body_chars=site.body_chars * 0.95)
    if events.redesigns.get(site.name) == night:
        site = replace(site, edited=max(site.edited, 0.3), not_modified=0.0)
    if events.agency_day.get(site.name) == night:
        site = replace(site, repeated=site.repeated + 0.2, author=site.author * 0.85)
    return site, factor


def simulate(seed: int) -> World:
    """Sixty nights of twenty sites."""
    chance = np.random.RandomState(seed)
    sites = [habits_of(chance, number) for number in range(SITES)]
    events = _events(chance, sites)
    breakages = _plant(chance, sites, events.off)
    level = dict.fromkeys((site.name for site in sites), 0.0)
    lately = {site.name: [site.size] * 3 for site in sites}
    nights = []
    for night in range(NIGHTS):
        moment = FIRST_NIGHT + timedelta(days=night, seconds=int(chance.randint(0, 900)))
        measured = []
        for place, plain in enumerate(sites):
            if events.redesigns.get(plain.name) == night:
                sites[place] = plain = _redesigned(plain, chance)
            site, factor = _on_the_night(plain, night, events)
            level[site.name] = 0.6 * level[site.name] + float(chance.normal(0, site.level_noise * 0.8))
            drift = 1 + site.trend * night / NIGHTS
            mean = site.size * factor * drift * math.exp(level[site.name] + float(chance.normal(0, site.night_noise)))
            if night == 0:
                mean *= share(chance, 3, 10)  # what the site still listed of older days
            if night - 1 in events.off:
                mean *= 1.8
                site = replace(site, late=site.late + 0.4 * (1 - site.ahead - site.late - site.later))
            broken = next((item for item in breakages if item.site == site.name and item.is_on(night)), None)
            if broken is not None:
                site = BREAK[broken.kind][1](site, broken)
            known = site.revisits * sum(lately[site.name]) / 3 if night else 0.0
            if night not in events.off:
                measured.append(_Night(chance, site).measure(mean, known, moment))
                lately[site.name] = [*lately[site.name][1:], min(mean, site.size * 2)]
        nights.append(tuple(measured))
    return World(seed, tuple(nights), breakages, vars(events))
