"""What a reader of a study has to know of the articles it rests on: how they were collected, and what is not among them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive import urls
from newsarchive.archive.counting import Count, counts
from newsarchive.archive.filters import Filters
from newsarchive.archive.search import matching

Tally = list[tuple[str, int]]
"""Name and number, the most frequent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Facts about the articles for a question, all of them from the archive: no clock is read."""

    articles: int
    by_site: Tally
    by_language: Tally
    days: list[Count]
    """Every day from the first to the last article, in the filters' time zone, and at the end the articles without a day (key None)."""
    first_published: str | None
    """As `published_utc`."""
    last_published: str | None
    first_fetch: str | None
    """UTC; first and last request to the sites in question."""
    last_fetch: str | None
    requests: int
    """Requests sent to them."""
    runs: int
    """Crawls that sent them."""
    outcomes: Tally
    """The last verdict on each address of these sites that the crawls came upon."""
    extractors: Tally
    """Program and version that read the articles."""
    opt_outs: Tally
    """Signals on the articles' pages, recorded with them."""
    flags: Tally
    """What is known to be wrong with some of the articles: `truncated`, `mojibake`, ..."""
    changed: int
    """Articles whose text the publisher changed."""
    gone: int
    """Articles that their publisher removed."""
    paywalled: int
    """Articles whose page says that its text costs money."""
    without_date: int
    without_body: int
    """Articles with an empty text: texts were removed from this copy of the archive, or the page had none."""
    archive_made: str | None
    """UTC; when the archive was made."""

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """Spans of days (first, last) on which nobody looked."""
        found: list[tuple[str, str]] = []
        is_open = False
        for day in self.days:
            is_gap = day.key is not None and day.days_collected == 0 and bool(day.days)
            if is_gap and day.key is not None:
                found = [*found[:-1], (found[-1][0], day.key)] if is_open else [*found, (day.key, day.key)]
            is_open = is_gap
        return found


def study_of(connection: sqlite3.Connection, words: str, filters: Filters) -> Study:
    """The facts about the articles for some words (as in a search) and filters."""
    condition, values = matching(words, filters)

    def one(expression: str) -> sqlite3.Row:
        found: sqlite3.Row = connection.execute(f"SELECT {expression} FROM article a WHERE {condition}", values).fetchone()
        return found

    def tally(expression: str, table: str = "article a") -> Tally:
        rows = connection.execute(
            f"SELECT {expression} AS name, count(*) FROM {table} WHERE {condition} GROUP BY 1 ORDER BY 2 DESC, 1", values
        )
        return [(str(row[0]), int(row[1])) for row in rows if row[0] is not None]

    plain = one(
        "count(*), min(a.published_utc), max(a.published_utc), coalesce(sum(a.revisions > 1), 0), coalesce(sum(a.gone_at IS NOT NULL), 0),"
        " coalesce(sum(a.is_paywalled), 0), coalesce(sum(a.published_utc IS NULL), 0), coalesce(sum(a.body = ''), 0)"
    )
    hosts = _hosts(connection, filters.sites)
    marks = json.dumps(hosts)
    fetches = connection.execute(
        "SELECT min(fetched_at), max(fetched_at), count(*), count(DISTINCT run_id) FROM fetch"
        " WHERE host IN (SELECT value FROM json_each(?))",
        (marks,),
    ).fetchone()
    return Study(
        articles=plain[0],
        by_site=tally("a.site"),
        by_language=tally("a.language"),
        days=counts(connection, "day", words, filters),
        first_published=plain[1],
        last_published=plain[2],
        first_fetch=fetches[0],
        last_fetch=fetches[1],
        requests=fetches[2],
        runs=fetches[3],
        outcomes=_outcomes(connection, marks),
        extractors=tally("a.extractor || ' ' || a.extractor_version"),
        opt_outs=tally("j.value", "article a, json_each(a.opt_outs) j"),
        flags=tally("j.value", "article a, json_each(a.flags) j"),
        changed=plain[3],
        gone=plain[4],
        paywalled=plain[5],
        without_date=plain[6],
        without_body=plain[7],
        archive_made=_info(connection, "created_at"),
    )


def _hosts(connection: sqlite3.Connection, sites: Sequence[str]) -> list[str]:
    """The hosts that were asked for these sites; all of them where none is named."""
    wanted = {site.lower() for site in sites}
    rows = connection.execute("SELECT DISTINCT host FROM fetch UNION SELECT DISTINCT host FROM outcome ORDER BY 1")
    return [row[0] for row in rows if not wanted or row[0] in wanted or urls.registrable_domain(row[0]) in wanted]


def _outcomes(connection: sqlite3.Connection, hosts: str) -> Tally:
    rows = connection.execute(
        "SELECT outcome, count(*) FROM (SELECT url, outcome, max(run_id) FROM outcome WHERE host IN (SELECT value FROM json_each(?))"
        " GROUP BY url) GROUP BY 1 ORDER BY 2 DESC, 1",
        (hosts,),
    )
    return [(row[0], row[1]) for row in rows]


def _info(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM archive_info WHERE key=?", (key,)).fetchone()
    return None if row is None else row[0]
