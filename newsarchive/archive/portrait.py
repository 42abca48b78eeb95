"""What the archive knows of one site, or of all of them in a line each."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from newsarchive import urls
from newsarchive.archive.counting import collected_days
from newsarchive.archive.filters import Filters
from newsarchive.archive.promoting import hosts_of
from newsarchive.errors import NotInArchive

ANSWER_DAYS = 60
"""Days, up to the last request, whose answers are counted: two months show a habit and a break."""

MOST_PROMOTED = 12
"""Stories that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """A site in the list of all."""

    site: str
    """Registrable domain."""
    articles: int
    first_published: str | None
    """UTC; as precise as the page was."""
    last_published: str | None
    last_request: str | None
    """UTC; None where nothing was ever asked of it (articles that were taken in)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersOnDay:
    """What requests of one day came to."""

    day: str
    """UTC."""
    outcome: str
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotedTitle:
    """A story of the site that pages promote."""

    title: str
    url: str
    article_id: str | None
    """Where the archive holds it."""
    appearances: int
    """In all captures of all pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMonth:
    """A site in one month."""

    site: str
    month: str
    """`2026-05`, of publication (UTC)."""
    articles: int
    days_collected: int
    """Days of the month on which somebody looked, as `counting` tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A site's figures."""

    site: str
    hosts: list[str]
    articles: int
    first_published: str | None
    last_published: str | None
    first_seen: str | None
    """UTC; of its first article."""
    last_seen: str | None
    last_request: str | None
    changed: int
    """Articles whose publisher changed the text."""
    gone: int
    missing: int
    paywalled: int
    """Articles whose page says that they cost money."""
    words: int | None
    """Mean number of words of an article."""


_LINES = "SELECT site, count(*), min(published_utc), max(published_utc) FROM article GROUP BY site ORDER BY 2 DESC, 1"
_LAST_REQUESTS = """
WITH RECURSIVE found(host) AS (
  SELECT min(host) FROM fetch UNION ALL SELECT (SELECT min(host) FROM fetch WHERE host > found.host) FROM found WHERE host IS NOT NULL)
SELECT host, (SELECT max(fetched_at) FROM fetch WHERE host = found.host) FROM found WHERE host IS NOT NULL
"""


def sites_of(connection: sqlite3.Connection) -> list[SiteLine]:
    """Every site of which there are articles, the largest first."""
    last: dict[str, str] = {}
    for host, moment in connection.execute(_LAST_REQUESTS):
        site = urls.registrable_domain(host)
        last[site] = max(moment, last.get(site, ""))
    return [
        SiteLine(site=row[0], articles=row[1], first_published=row[2], last_published=row[3], last_request=last.get(row[0]))
        for row in connection.execute(_LINES)
    ]


_MONTHS = """
SELECT a.site, substr(a.published_utc, 1, 7), count(*) FROM json_each(?) s CROSS JOIN article a ON a.site = s.value
WHERE a.published_utc >= ? AND length(a.published_utc) >= 7 GROUP BY 1, 2
"""


def months_of(connection: sqlite3.Connection, sites: Sequence[str], months: Sequence[str]) -> list[SiteMonth]:
    """Each of these sites in each of these months (a row without holes, the first first), in the order of both."""
    if not months:
        return []
    found = {(row[0], row[1]): int(row[2]) for row in connection.execute(_MONTHS, (json.dumps(list(sites)), months[0]))}
    rows = []
    for site in sites:
        looked = Counter(day.isoformat()[:7] for day in collected_days(connection, Filters(sites=(site,))))
        rows += [SiteMonth(site=site, month=month, articles=found.get((site, month), 0), days_collected=looked[month]) for month in months]
    return rows


_FIGURES = """
SELECT count(*), min(published_utc), max(published_utc), min(first_seen), max(last_seen), coalesce(sum(revisions > 1), 0),
  coalesce(sum(gone_at IS NOT NULL), 0), coalesce(sum(missing_since IS NOT NULL AND gone_at IS NULL), 0),
  coalesce(sum(is_paywalled), 0), round(avg(word_count))
FROM article WHERE site = ?
"""


def portrait(connection: sqlite3.Connection, site: str) -> Portrait:
    """The figures of a site. Raises NotInArchive where the archive holds nothing of it and never asked it for anything."""
    hosts = hosts_of(connection, site)
    row = connection.execute(_FIGURES, (site,)).fetchone()
    if not row[0] and not hosts:
        raise NotInArchive(f"The archive holds nothing of {site!r}; /sites lists what there is.")
    last = connection.execute(
        "SELECT max(moment) FROM (SELECT (SELECT max(fetched_at) FROM fetch WHERE host = h.value) AS moment FROM json_each(?) h)",
        (json.dumps(hosts),),
    ).fetchone()[0]
    return Portrait(
        site=site,
        hosts=hosts,
        articles=row[0],
        first_published=row[1],
        last_published=row[2],
        first_seen=row[3],
        last_seen=row[4],
        last_request=last,
        changed=row[5],
        gone=row[6],
        missing=row[7],
        paywalled=row[8],
        words=None if row[9] is None else int(row[9]),
    )


def answers(connection: sqlite3.Connection, found: Portrait) -> list[AnswersOnDay]:
    """What the requests to a site came to, by day and outcome, over the last ANSWER_DAYS days; retries are not counted."""
    if found.last_request is None:
        return []
    since = (date.fromisoformat(found.last_request[:10]) - timedelta(days=ANSWER_DAYS - 1)).isoformat()
    rows = connection.execute(
        "SELECT substr(f.fetched_at, 1, 10), f.outcome, count(*) FROM json_each(:hosts) h CROSS JOIN fetch f ON f.host = h.value"
        " WHERE f.fetched_at >= :since AND f.is_final = 1 GROUP BY 1, 2 ORDER BY 1, 2",
        {"hosts": json.dumps(found.hosts), "since": since},
    )
    return [AnswersOnDay(day=row[0], outcome=row[1], requests=row[2]) for row in rows]


def last_verdicts(connection: sqlite3.Connection, hosts: list[str]) -> list[tuple[str, int]]:
    """What became of the addresses that the crawls know of these hosts: last outcome and number, most first."""
    rows = connection.execute(
        "SELECT f.last_outcome, count(*) FROM json_each(?) h CROSS JOIN frontier f ON f.host = h.value AND f.state = 'done'"
        " WHERE f.last_outcome IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
        (json.dumps(hosts),),
    )
    return [(row[0], row[1]) for row in rows]


_PROMOTED = """
SELECT t.id, t.identity, (SELECT count(*) FROM placement p WHERE p.teaser_id = t.id)
FROM json_each(?) h CROSS JOIN teaser t ON t.identity >= h.value AND t.identity < h.value || '~'
"""
_TITLE = """
SELECT t.title, t.url, (SELECT article_id FROM article WHERE identity = t.identity UNION ALL
  SELECT a.article_id FROM url_alias l JOIN article a ON a.id = l.article_id WHERE l.url = t.identity LIMIT 1)
FROM teaser t WHERE t.id = ?
"""


def most_promoted(connection: sqlite3.Connection, site: str, hosts: list[str]) -> list[PromotedTitle]:
    """The stories of a site that pages showed most, in all captures of the archive."""
    named = {*hosts, site, f"www.{site}"}
    places = [f"{scheme}://{host}/" for host in sorted(named) for scheme in ("https", "http")]
    appearances: Counter[str] = Counter()
    newest: dict[str, int] = {}
    for number, identity, count in connection.execute(_PROMOTED, (json.dumps(places),)):
        appearances[identity] += count
        newest[identity] = max(number, newest.get(identity, 0))
    found = []
    for identity, count in sorted(appearances.items(), key=lambda item: (-item[1], item[0]))[:MOST_PROMOTED]:
        title, url, article_id = connection.execute(_TITLE, (newest[identity],)).fetchone()
        found.append(PromotedTitle(title=title, url=url, article_id=article_id, appearances=count))
    return found
