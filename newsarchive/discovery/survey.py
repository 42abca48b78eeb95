"""A source in figures: how much it names, how much of that looks like articles, and how fresh it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newsarchive.discovery.classify import classify
from newsarchive.model.candidate import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Figures of one source."""

    entries: int
    """Addresses it names."""
    articles: int
    """Those that look like articles; in a feed and a news sitemap, all pages."""
    newest: str | None
    """Newest date given, as it was given; None where no entry has one."""
    newest_title: str | None
    """Title of that entry, or None."""
    is_index: bool
    """Whether it names only sitemaps."""
    is_news: bool
    """Whether it is a news sitemap."""


def survey(candidates: Sequence[Candidate]) -> Survey:
    """Figures of what a source names. Of dates, publication counts before modification."""
    dated = [(moment, item) for item in candidates if (moment := _moment(item)) is not None]
    newest = max(dated, key=lambda pair: pair[0])[1] if dated else None
    return Survey(
        entries=len(candidates),
        articles=sum(1 for item in candidates if _is_article(item)),
        newest=(newest.date_published or newest.date_modified) if newest else None,
        newest_title=newest.title if newest else None,
        is_index=bool(candidates) and all(item.kind == "sitemap" for item in candidates),
        is_news=any(item.found_by == "news-sitemap" for item in candidates),
    )


def newest_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """In the order of their dates, undated ones last; of equal ones, the later in the source first: indexes grow at the end."""
    oldest = datetime.min.replace(tzinfo=UTC)
    from_the_end = list(reversed(candidates))  # a descending sort keeps the order of equal ones
    return sorted(from_the_end, key=lambda item: _moment(item) or oldest, reverse=True)


def _is_article(item: Candidate) -> bool:
    return item.kind == "page" and (item.found_by in ("feed", "news-sitemap") or classify(item.url).kind == "article")


def _moment(item: Candidate) -> datetime | None:
    text = item.date_published or item.date_modified
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) in (4, 7) else text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
