"""What a site is judged by: each field with the figures it is made of, the side that is bad, and how much is worth an alarm."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from newsarchive.model.outcome import Outcome
from newsarchive.model.site_night import CLOSED_PAGES, COPIES, FAILED_PAGES, REJECTED_PAGES, SiteNight

CLEAR = math.log(3e-4)
"""Logarithm of the chance below which a figure is an alarm."""
STARK = math.log(1e-5)
"""The same of fields that jump without anything being broken: a bad night of the server, a day of agency copy, a feed that has nothing
new, an edit of all headlines. True breakages of these are far beyond it. Both were set on seeds 1 to 20 and 41 to 60 of the
simulated nights."""

MOST_PAGES = 0.4
"""Difference of a share that is worth an alarm: a template that breaks hits most pages of a night, while days without bylines or full of
agency copy move a third of them. At 0.3, half of all false alarms (seeds 41 to 60) were such days."""

NEAR_MS = 50.0
"""Milliseconds; answers that come sooner differ by what else this machine does (2 and 6 ms on loopback)."""

Kind = Literal["share", "number", "rate", "median"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field."""

    name: str
    """As in alarms and in `health_alarm.field`."""
    kind: Kind
    upward: bool
    """Whether more is worse."""
    least: float
    """What a change has to come to at least: of a share the difference, of a number or a median the factor (always above 1)."""
    words: str
    """What the field is, for a sentence: `articles with an author`."""
    figure: Callable[[SiteNight], float | None]
    """The number, the median, or the hits of a share."""
    of: Callable[[SiteNight], int]
    """What a share is taken of, or how many figures a median is of; 1 for numbers."""
    odds: float = CLEAR
    """Logarithm of the chance below which it is an alarm."""
    skips_gaps: bool = False
    """Whether a night after one without a crawl says nothing: what it finds is older."""


def _of_read(
    name: str, words: str, figure: Callable[[SiteNight], int], *, upward: bool = False, least: float = MOST_PAGES, odds: float = CLEAR
) -> Field:
    return Field(name=name, kind="share", upward=upward, least=least, words=words, figure=figure, of=lambda night: night.read, odds=odds)


def _of_pages(name: str, words: str, wanted: frozenset[Outcome], least: float) -> Field:
    return Field(
        name=name,
        kind="share",
        upward=True,
        least=least,
        words=words,
        figure=lambda night: night.with_outcome(wanted),
        of=lambda night: night.pages,
    )


def _dated(night: SiteNight) -> int:
    return night.ahead + night.same_day + night.day_late + night.later


FIELDS: tuple[Field, ...] = (
    Field(
        name="found",
        kind="number",
        upward=False,
        least=1.5,
        words="new articles",
        figure=lambda night: night.found,
        of=lambda night: 1,
    ),
    Field(
        name="listed",
        kind="rate",
        upward=False,
        least=1.5,
        words="addresses that a feed, sitemap or listing names",
        figure=lambda night: night.links,
        of=lambda night: night.sources - night.sources_failed - night.sources_same,
    ),
    _of_read("title", "articles with a title", lambda night: night.titles, odds=STARK),
    _of_read("body", "articles with a text", lambda night: night.bodies),
    _of_read("date", "articles with a publish date", lambda night: night.dates),
    _of_read("authors", "articles with an author", lambda night: night.authors),
    Field(
        name="teasers",
        kind="share",
        upward=False,
        least=MOST_PAGES,
        words="article pages with teasers",
        figure=lambda night: night.teasers,
        of=lambda night: night.captured,
    ),
    Field(
        name="length",
        kind="median",
        upward=False,
        least=1.6,
        words="median characters of a text",
        odds=STARK,
        figure=lambda night: night.body_chars,
        of=lambda night: night.read,
    ),
    _of_read("paywall", "articles marked as costing money", lambda night: night.paywalled, upward=True, odds=STARK),
    _of_read("repeated", "articles whose text stood on the site before", lambda night: night.repeated, upward=True, odds=STARK),
    _of_read("garbled", "articles with broken letters", lambda night: night.garbled, upward=True, least=0.35),
    Field(
        name="dates ahead",
        kind="share",
        upward=True,
        least=0.3,
        words="dates after the article was seen",
        figure=lambda night: night.ahead,
        of=_dated,
    ),
    Field(
        name="dates late",
        kind="share",
        upward=True,
        least=0.3,
        words="dates one day before the article was seen",
        figure=lambda night: night.day_late,
        of=_dated,
        skips_gaps=True,
    ),
    _of_pages("rejected", "pages that are no articles", REJECTED_PAGES, 0.25),
    _of_pages("copies", "pages that are copies of others", COPIES, 0.25),
    _of_pages("closed", "pages that robots.txt or an opt-out forbids", CLOSED_PAGES, 0.25),
    _of_pages("failed", "pages that could not be had", FAILED_PAGES, 0.25),
    Field(
        name="edited",
        kind="share",
        upward=True,
        least=0.5,
        words="known articles whose text changed",
        odds=STARK,
        figure=lambda night: night.outcomes.get(Outcome.UPDATED, 0),
        of=lambda night: night.outcomes.get(Outcome.UPDATED, 0) + night.outcomes.get(Outcome.UNCHANGED, 0),
    ),
    Field(
        name="sources",
        kind="share",
        upward=True,
        least=0.5,
        words="feeds, sitemaps and listings that could not be read",
        odds=STARK,
        figure=lambda night: night.sources_failed,
        of=lambda night: night.sources,
    ),
    Field(
        name="unchanged lists",
        kind="share",
        upward=True,
        least=0.4,
        words="feeds, sitemaps and listings that say that nothing is new",
        odds=STARK,
        figure=lambda night: night.sources_same,
        of=lambda night: night.sources,
    ),
    Field(
        name="latency",
        kind="median",
        upward=True,
        least=3.0,
        words="median milliseconds to an answer",
        odds=STARK,
        figure=lambda night: None if night.latency_ms is None else max(night.latency_ms, NEAR_MS),
        of=lambda night: 1,
    ),
)
"""Everything that can raise an alarm."""

BY_NAME = {item.name: item for item in FIELDS}
