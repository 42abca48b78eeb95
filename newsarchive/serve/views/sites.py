"""All sites of the archive, one a line."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from newsarchive.archive.portrait import SiteLine, sites_of
from newsarchive.archive.reader import Archive
from newsarchive.archive.run_history import AlarmLine, alarms_of
from newsarchive.serve.asked import Asked
from newsarchive.serve.plot_data import Datum, Labels
from newsarchive.serve.plots import Plot, ranked
from newsarchive.serve.view import Table, View

MOST_BARS = 20
"""Sites that are drawn; the list below has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesPage:
    """The sites, the largest first."""

    sites: list[SiteLine]
    alarms: list[AlarmLine]
    """What is wrong with some of them."""

    def plot(self) -> Plot:
        """Articles by site."""
        labels = Labels(name="sites", title="Articles by site", key="site", value="articles")
        return ranked(labels, [Datum(key=row.site, value=row.articles) for row in self.sites[:MOST_BARS]])


def read(archive: Archive, asked: Asked) -> SitesPage:
    """Every site."""
    return SitesPage(sites=sites_of(archive.connection), alarms=alarms_of(archive.connection))


def table(page: SitesPage) -> Table:
    """A row for each site."""
    return Table([item.name for item in fields(SiteLine)], [astuple(row) for row in page.sites])


VIEW = View(name="sites", route="/sites", read=read, table=table)
