"""The first page: what is in the archive."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.archive import search as full_text
from newsarchive.archive.alarms import AlarmRow
from newsarchive.archive.reader import Archive
from newsarchive.archive.run_history import RunLine, alarms_of, runs_of
from newsarchive.serve.asked import Asked
from newsarchive.serve.found import Found, with_lines
from newsarchive.serve.timeline import Timeline, timeline
from newsarchive.serve.view import Table, View

NEWEST = 8
"""Articles shown: one screen."""
RUNS = 5
SITE_ROWS = 25
"""Sites shown at once; the others on demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One site of the archive."""

    site: str
    articles: int
    oldest: str | None
    """UTC, as `published_utc`; None where no article has a date."""
    newest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What is in the archive."""

    name: str
    """Of the file."""
    articles: int
    undated: int
    """Articles without a date."""
    oldest: str | None
    """UTC, as `published_utc`."""
    newest: str | None
    edits: int
    """Changes of texts by publishers."""
    sites: list[SiteRow]
    """The largest first."""
    over_time: Timeline
    articles_found: list[Found]
    """The newest by date of publication."""
    runs: list[RunLine]
    """The newest first."""
    alarms: list[AlarmRow]
    """What is wrong with sites now."""


_SITES = (
    "SELECT site, count(*) AS articles, min(published_utc) AS oldest, max(published_utc) AS newest, sum(published_utc IS NULL) AS undated"
    " FROM article INDEXED BY article_site_published GROUP BY site ORDER BY 2 DESC, 1"
)


def read(archive: Archive, _asked: Asked) -> HomePage:
    """The figures of the archive, from indexes alone."""
    connection = archive.connection
    rows = connection.execute(_SITES).fetchall()
    return HomePage(
        name=archive.path.name,
        articles=sum(row["articles"] for row in rows),
        undated=sum(row["undated"] for row in rows),
        oldest=min((row["oldest"] for row in rows if row["oldest"]), default=None),
        newest=max((row["newest"] for row in rows if row["newest"]), default=None),
        edits=connection.execute("SELECT count(*) FROM article_revision WHERE reason='edit'").fetchone()[0],
        sites=[SiteRow(site=row["site"], articles=row["articles"], oldest=row["oldest"], newest=row["newest"]) for row in rows],
        over_time=timeline(connection),
        articles_found=with_lines(connection, full_text.search(connection, "", NEWEST)),
        runs=runs_of(connection, limit=RUNS),
        alarms=alarms_of(connection),
    )


def table(page: HomePage) -> Table:
    """A row for each site."""
    return Table(("site", "articles", "oldest", "newest"), [(row.site, row.articles, row.oldest, row.newest) for row in page.sites])


VIEW = View(name="home", route="/", read=read, table=table)
