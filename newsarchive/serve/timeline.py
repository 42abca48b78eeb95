"""Articles over time: by day, month or year, whichever shows most, and on which of those days anybody looked."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from newsarchive.archive.counting import Count, counts
from newsarchive.archive.filters import Filters
from newsarchive.serve.plot_data import Datum, Labels
from newsarchive.serve.plots import Plot, bars

MOST_DAYS = 124
"""Days that are drawn one by one: four months, the widest range in which a bar of a day is wide enough to be pointed at."""

MOST_MONTHS = 120
"""Months that are drawn one by one: ten years. Beyond, years are."""

STRAY_SHARE = 0.005
"""Share of the articles, the oldest, that are left out where they would squeeze all others: pages with a wrong date are that rare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Articles by the span that shows most."""

    by: str
    """`day`, `month` or `year`, of publication (UTC)."""
    spans: Sequence[Count]
    """Every span from the first to the last, also those without articles."""
    left_out: int
    """Articles with earlier dates, which are not in the spans."""
    undated: int
    """Articles without a date, or with less of a date than the span."""

    def plot(self, name: str, title: str = "") -> Plot:
        """Bars; a span without articles in which nobody looked is a gap."""
        labels = Labels(
            name=name, title=title or f"Articles by {self.by} of publication", key=f"{self.by} (UTC)", value="articles", gap="not collected"
        )
        rows = [
            Datum(key=row.key or "", value=None if not row.articles and row.days_collected == 0 else row.articles, note=_note(row))
            for row in self.spans
        ]
        return replace(bars(labels, rows), note=self._omissions())

    def _omissions(self) -> str:
        parts = []
        if self.left_out and self.spans:
            parts.append(f"{self.left_out:,} with dates before {self.spans[0].key}")
        if self.undated:
            parts.append(f"{self.undated:,} without such a date")
        return f"Not drawn: {' and '.join(parts)}." if parts else ""


def timeline(connection: sqlite3.Connection, filters: Filters | None = None) -> Timeline:
    """Articles over time, all or those for which the filters hold."""
    chosen = filters or Filters()
    months = counts(connection, "month", filters=chosen)
    undated = sum(row.articles for row in months if row.key is None)
    spans = [row for row in months if row.key is not None]
    kept = _without_strays(spans)
    left_out = sum(row.articles for row in spans) - sum(row.articles for row in kept)
    days = sum(row.days or 0 for row in kept)
    if kept and days <= MOST_DAYS:
        found = counts(connection, "day", filters=replace(chosen, since=max(chosen.since or "", str(kept[0].key))))
        dated = [row for row in found if row.key is not None]
        vague = sum(row.articles for row in found if row.key is None)
        return Timeline(by="day", spans=dated, left_out=left_out, undated=undated + vague)
    if len(kept) <= MOST_MONTHS:
        return Timeline(by="month", spans=kept, left_out=left_out, undated=undated)
    return Timeline(by="year", spans=_years(kept), left_out=left_out, undated=undated)


def _without_strays(spans: Sequence[Count]) -> list[Count]:
    """The spans without the oldest few articles, where those reach over more than MOST_MONTHS."""
    if len(spans) <= MOST_MONTHS:
        return list(spans)
    few = sum(row.articles for row in spans) * STRAY_SHARE
    passed = 0
    for place, row in enumerate(spans):
        passed += row.articles
        if passed > few:
            return list(spans[place:])
    return list(spans)


def _years(months: Sequence[Count]) -> list[Count]:
    found = []
    for year, group in groupby(months, key=lambda row: str(row.key)[:4]):
        rows = list(group)
        found.append(
            Count(
                key=year,
                articles=sum(row.articles for row in rows),
                days=sum(row.days or 0 for row in rows),
                days_collected=sum(row.days_collected or 0 for row in rows),
            )
        )
    return found


def _note(row: Count) -> str:
    if row.days is None or row.days_collected is None or row.days == row.days_collected or not row.days:
        return ""
    return "not collected" if not row.days_collected else f"collected on {row.days_collected} of {row.days} days"
