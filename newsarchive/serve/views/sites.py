"""All sites of the archive, one a line."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from newsarchive.archive.alarms import AlarmRow
from newsarchive.archive.portrait import SiteLine, SiteMonth, months_of, sites_of
from newsarchive.archive.reader import Archive
from newsarchive.archive.run_history import alarms_of
from newsarchive.serve.asked import Asked
from newsarchive.serve.plot_data import Datum, Labels, spans_between
from newsarchive.serve.plots import Plot, heat, ranked
from newsarchive.serve.view import Table, View

MOST_BARS = 20
"""Sites that are drawn; the list below has all."""


MOST_MONTHS = 36
"""Months that are drawn, the last ones: cells of ten pixels on a telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesPage:
    """The sites, the largest first."""

    sites: list[SiteLine]
    months: list[SiteMonth]
    """The largest sites in each of the last months."""
    alarms: list[AlarmRow]
    """What is wrong with some of them."""

    def plot(self) -> Plot:
        """Articles by site."""
        labels = Labels(name="sites", title="Articles by site", key="site", value="articles")
        return ranked(labels, [Datum(key=row.site, value=row.articles) for row in self.sites[:MOST_BARS]])

    def coverage_plot(self) -> Plot:
        """The largest sites over the last months, the darker the more. A month without articles in which nobody looked is a gap."""
        labels = Labels(
            name="coverage",
            title="Articles by month of publication",
            key="month (UTC)",
            value="articles",
            series="site",
            gap="not collected",
        )
        return heat(
            labels,
            [
                Datum(
                    key=row.month,
                    series=row.site,
                    value=row.articles if row.articles or row.days_collected else None,
                    note=f"collected on {_days(row.days_collected)}",
                )
                for row in self.months
            ],
        )


def _days(days: int) -> str:
    """`1 day`, `2 days`."""
    return f"{days} day" + ("" if days == 1 else "s")


def read(archive: Archive, asked: Asked) -> SitesPage:
    """Every site."""
    sites = sites_of(archive.connection)
    newest = max((row.last_published or "" for row in sites), default="")[:7]
    oldest = min((row.first_published[:7] for row in sites if row.first_published), default="")
    months = list(spans_between(oldest, newest))[-MOST_MONTHS:]
    names = [row.site for row in sites[:MOST_BARS]]
    return SitesPage(sites=sites, months=months_of(archive.connection, names, months), alarms=alarms_of(archive.connection))


def table(page: SitesPage) -> Table:
    """A row for each site."""
    return Table([item.name for item in fields(SiteLine)], [astuple(row) for row in page.sites])


VIEW = View(name="sites", route="/sites", read=read, table=table)
