"""One site: how much of it there is and when, who wrote what, what its server answered, and what is promoted of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from newsarchive.archive.alarms import AlarmRow
from newsarchive.archive.counting import Count, counts
from newsarchive.archive.filters import Filters
from newsarchive.archive.portrait import AnswersOnDay, Portrait, PromotedTitle, answers, last_verdicts, most_promoted, portrait
from newsarchive.archive.reader import Archive
from newsarchive.archive.run_history import alarms_of
from newsarchive.serve.asked import Asked
from newsarchive.serve.outcomes import FAMILIES, family_of, words_of
from newsarchive.serve.plot_data import Datum, Labels, spans_between
from newsarchive.serve.plots import Plot, ranked, stacked
from newsarchive.serve.timeline import Timeline, timeline
from newsarchive.serve.view import Table, View

MOST_NAMES = 12
"""Sections and authors that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCount:
    """How many addresses have a last outcome."""

    outcome: str
    addresses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """The site."""

    portrait: Portrait
    over_time: Timeline
    sections: list[Count]
    """The most frequent first; the key None: articles without."""
    authors: list[Count]
    """As `sections`."""
    answers: list[AnswersOnDay]
    verdicts: list[VerdictCount]
    """What became of every address that the crawls know, most first."""
    promoted: list[PromotedTitle]
    alarms: list[AlarmRow]

    def section_plot(self) -> Plot:
        """The most frequent sections."""
        return self._names("sections", "Sections", "section", self.sections)

    def author_plot(self) -> Plot:
        """The most frequent authors."""
        return self._names("authors", "Authors", "author", self.authors)

    def _names(self, name: str, title: str, key: str, rows: list[Count]) -> Plot:
        data = [
            Datum(
                key=row.key,
                value=row.articles,
                address="/search?" + urlencode({"site": self.portrait.site, key: row.key}),
            )
            for row in rows
            if row.key is not None
        ]
        without = sum(row.articles for row in rows if row.key is None)
        note = " ".join(
            [
                *([f"The {MOST_NAMES} most frequent of {len(data):,}."] if len(data) > MOST_NAMES else []),
                *([f"{without:,} of {self.portrait.articles:,} articles name none."] if without else []),
            ]
        )
        return ranked(Labels(name=name, title=title, key=key, value="articles"), data[:MOST_NAMES], note=note)

    def answer_plot(self) -> Plot:
        """What the requests of each day came to. A day without requests is a gap."""
        labels = Labels(
            name="answers",
            title="What its server answered, by day of request",
            key="day (UTC)",
            value="requests",
            series="outcome",
            gap="no requests",
        )
        by_day: dict[str, Counter[str]] = {}
        for row in self.answers:
            by_day.setdefault(row.day, Counter())[family_of(row.outcome)] += row.requests
        days = spans_between(min(by_day), max(by_day)) if by_day else ()
        data = []
        for day in days:
            if day in by_day:
                data += [Datum(key=day, series=name, value=by_day[day][name]) for name in FAMILIES if by_day[day][name]]
            else:
                data.append(Datum(key=day, value=None))
        return stacked(labels, data, FAMILIES)

    def verdict_plot(self) -> Plot:
        """What became of the addresses."""
        labels = Labels(name="verdicts", title="What became of its addresses", key="last outcome", value="addresses")
        return ranked(labels, [Datum(key=words_of(row.outcome), value=row.addresses) for row in self.verdicts[:MOST_NAMES]])


def read(archive: Archive, asked: Asked) -> SitePage:
    """The site of the path. Raises NotInArchive."""
    connection, site = archive.connection, asked.parts["name"].strip().lower()
    found = portrait(connection, site)
    own = Filters(sites=(site,))
    return SitePage(
        portrait=found,
        over_time=timeline(connection, own),
        sections=counts(connection, "section", filters=own),
        authors=counts(connection, "author", filters=own),
        answers=answers(connection, found),
        verdicts=[VerdictCount(outcome=name, addresses=number) for name, number in last_verdicts(connection, found.hosts)],
        promoted=most_promoted(connection, site, found.hosts),
        alarms=alarms_of(connection, site),
    )


def table(page: SitePage) -> Table:
    """A row for each day, month or year."""
    names = (page.over_time.by, "articles", "days", "days_collected")
    return Table(names, [(row.key, row.articles, row.days, row.days_collected) for row in page.over_time.spans])


VIEW = View(name="site", route="/site/{name}", read=read, table=table)
