"""The first page: what is in the archive."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.archive.reader import Archive
from newsarchive.serve.asked import Asked
from newsarchive.serve.view import Table, View


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One site of the archive."""

    site: str
    articles: int
    newest: str | None
    """UTC, as `published_utc`; None where no article has a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What is in the archive."""

    articles: int
    sites: list[SiteRow]
    """The largest first."""


def read(archive: Archive, asked: Asked) -> HomePage:
    """The figures of the archive."""
    rows = archive.connection.execute("SELECT site, count(*), max(published_utc) FROM article GROUP BY site ORDER BY 2 DESC, 1")
    return HomePage(articles=len(archive), sites=[SiteRow(site=row[0], articles=row[1], newest=row[2]) for row in rows])


def table(page: HomePage) -> Table:
    """A row for each site."""
    return Table(("site", "articles", "newest"), [(row.site, row.articles, row.newest) for row in page.sites])


VIEW = View(name="home", route="/", read=read, table=table)
