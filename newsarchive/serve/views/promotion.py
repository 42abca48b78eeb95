"""What pages promote next to their articles: which stories, in which blocks, over time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from newsarchive.archive.promoting import KINDS, MOST_CAPTURES, PromotedStory, PromotionOverview, PromotionQuestion, promotion_overview
from newsarchive.archive.reader import Archive
from newsarchive.serve.asked import Asked
from newsarchive.serve.period import period_of
from newsarchive.serve.plot_data import Datum, Labels, span_length, spans_between
from newsarchive.serve.plots import Plot, ranked, stacked
from newsarchive.serve.view import Table, View

MOST_BLOCKS = 8
"""Blocks that are drawn, as many as stand beside the other plot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleRow:
    """One block of teasers."""

    module: str | None
    """Its heading; None: it has none."""
    appearances: int
    address: str
    """The same question with only this block; empty for the one without heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionPage:
    """What was promoted."""

    found: PromotionOverview
    modules: list[ModuleRow]
    is_filtered: bool

    def plot(self) -> Plot:
        """Appearances over time by kind. Spans without captures are gaps."""
        days = self.found.captured_days
        length = span_length(days[0], days[-1]) if days else 10
        by = {10: "day", 7: "month", 4: "year"}[length]
        labels = Labels(
            name="shown",
            title=f"Appearances of teasers by {by} of capture",
            key=f"{by} (UTC)",
            value="appearances",
            series="kind",
            gap="no captures",
        )
        counted: Counter[tuple[str, str]] = Counter()
        for row in self.found.days:
            counted[row.day[:length], row.kind] += row.appearances
        captured = {day[:length] for day in days}
        data = []
        for span in spans_between(days[0][:length], days[-1][:length]) if days else ():
            rows = [Datum(key=span, series=kind, value=counted[span, kind]) for kind in KINDS if counted[span, kind]]
            data += rows or [Datum(key=span, series="" if span not in captured else "none", value=None if span not in captured else 0)]
        return replace(stacked(labels, data, KINDS), note=self.cut_note())

    def module_plot(self) -> Plot:
        """The blocks that promoted most."""
        labels = Labels(name="modules", title="Blocks", key="heading of the block", value="appearances")
        rows = [Datum(key=row.module or "(no heading)", value=row.appearances, address=row.address) for row in self.modules[:MOST_BLOCKS]]
        return ranked(labels, rows, note=f"The {MOST_BLOCKS} largest." if len(self.modules) > MOST_BLOCKS else "")

    def cut_note(self) -> str:
        """Says so where not all captures were counted."""
        if not self.found.is_cut:
            return ""
        return f"Counted over the newest {MOST_CAPTURES:,} captures; a site or a period narrows it to others."


def question_of(asked: Asked) -> PromotionQuestion:
    """The filters among the parameters. Raises ConfigurationError for dates and kinds that are none."""
    since, until = period_of(asked)
    return PromotionQuestion(
        site=asked.text("site").lower() or None,
        target=asked.text("target").lower() or None,
        kind=asked.one_of("kind", ("", *KINDS), "") or None,
        module=asked.text("module") or None,
        words=asked.text("q"),
        since=since,
        until=until,
    )


def read(archive: Archive, asked: Asked) -> PromotionPage:
    """What the captures of the question promoted."""
    question = question_of(asked)
    found = promotion_overview(archive.connection, question)
    modules = [
        ModuleRow(module=name, appearances=number, address=asked.address(module=name) if name else "") for name, number in found.modules
    ]
    return PromotionPage(found=found, modules=modules, is_filtered=question != PromotionQuestion())


def table(page: PromotionPage) -> Table:
    """A row for each story."""
    names = list(PromotedStory.__dataclass_fields__)
    return Table(names, [[getattr(row, name) for name in names] for row in page.found.stories])


VIEW = View(name="promotion", route="/promotion", read=read, table=table)
