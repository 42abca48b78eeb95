"""What publishers changed and removed: silent headline changes, edits, deletions."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace

from newsarchive.archive.changed import KINDS, MOST_EDITS, ChangeQuestion, Changes, changes_of, name_of
from newsarchive.archive.reader import Archive
from newsarchive.archive.revisions import Change, Paragraph, word_diff
from newsarchive.serve.asked import Asked
from newsarchive.serve.period import period_of
from newsarchive.serve.plot_data import Datum, Labels, span_length, spans_between
from newsarchive.serve.plots import Plot, stacked
from newsarchive.serve.view import Table, View

PAGE_CHANGES = 30
"""Changes of one page."""
MAX_CHANGES = 1000
"""Changes of one CSV."""

ORDER = ("silent headline", "headline", "text", "removed", "missing")
LABELS = {
    "": "all changes",
    "silent": "silent headline changes",
    "headline": "headlines",
    "text": "texts alone",
    "gone": "removed",
    "missing": "missing (404)",
}
"""What can be asked for, as the form says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One change with what a list shows of it."""

    change: Change
    name: str
    """`silent headline`, `headline`, `text`, `removed` or `missing`."""
    title: Paragraph | None
    """The headline, word by word; None where it did not change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """One page of changes."""

    found: Changes
    rows: list[Row]
    page: int
    pages: int
    is_filtered: bool

    def plot(self) -> Plot:
        """Changes over time by kind."""
        days = [row.day for row in self.found.days]
        length = span_length(days[0], days[-1]) if days else 10
        by = {10: "day", 7: "month", 4: "year"}[length]
        labels = Labels(name="changes", title=f"Changes by {by} they were noticed", key=f"{by} (UTC)", value="changes", series="change")
        counted: dict[tuple[str, str], int] = {}
        for row in self.found.days:
            key = (row.day[:length], row.kind)
            counted[key] = counted.get(key, 0) + row.changes
        spans = list(spans_between(days[0][:length], days[-1][:length])) if days else []
        data = []
        for span in spans:
            rows = [Datum(key=span, series=kind, value=counted[span, kind]) for kind in ORDER if (span, kind) in counted]
            data += rows or [Datum(key=span, series="none", value=0)]
        plot = stacked(labels, data, ORDER)
        note = (
            f"Only the newest {MOST_EDITS:,} edits, and removals since; a site or a period leads further back." if self.found.is_cut else ""
        )
        return replace(plot, note=note)


def question_of(asked: Asked) -> ChangeQuestion:
    """The filters among the parameters. Raises ConfigurationError for dates and kinds that are none."""
    since, until = period_of(asked)
    return ChangeQuestion(
        kind=asked.one_of("kind", ("", *KINDS), "") or None,
        site=asked.text("site").lower() or None,
        words=asked.text("q"),
        since=since,
        until=until,
    )


def read(archive: Archive, asked: Asked) -> ChangesPage:
    """The page of changes that is asked for."""
    question = question_of(asked)
    size = asked.number("size", PAGE_CHANGES, 1, MAX_CHANGES)
    page = asked.number("page", 1, 1, 10**6)
    found = changes_of(archive.connection, question, limit=size, offset=(page - 1) * size)
    return ChangesPage(
        found=found,
        rows=[_row(change) for change in found.rows],
        page=page,
        pages=max(-(-found.found // size), 1),
        is_filtered=question != ChangeQuestion(),
    )


def _row(change: Change) -> Row:
    title = None
    if change.kind == "headline":
        title = word_diff(change.title_before or "", change.title_after or "")
    return Row(change=change, name=name_of(change), title=title)


def table(page: ChangesPage) -> Table:
    """A row for each change."""
    return Table([item.name for item in fields(Change)], [astuple(row) for row in page.found.rows])


VIEW = View(name="changes", route="/changes", read=read, table=table)
