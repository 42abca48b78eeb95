"""What pages promoted, over time: which stories, in which blocks, on which sites. Counted over the newest captures of a question."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from newsarchive import urls

MOST_CAPTURES = 10_000
"""Captures that are counted: with eight teasers on each they take 0.3 s. A question about more is answered for the newest."""

MOST_STORIES = 100
"""Stories that are named. Who wants all of them exports the placements."""

MOST_MODULES = 20
"""Blocks that are named."""

KINDS = ("related", "inline", "list")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionQuestion:
    """Which appearances of teasers are meant. All conditions hold together."""

    site: str | None = None
    """Registrable domain or host of the pages that show the teasers."""
    target: str | None = None
    """Registrable domain of what is promoted."""
    kind: str | None = None
    """One of KINDS."""
    module: str | None = None
    """Heading of the block, as the pages write it."""
    words: str = ""
    """Words that the headline contains, in any case, all of them."""
    since: str | None = None
    """UTC, ISO: captures at this moment or later."""
    until: str | None = None
    """UTC, ISO: captures before this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotedStory:
    """One promoted address."""

    title: str
    """The headline as shown last."""
    url: str
    """As written last."""
    site: str
    article_id: str | None
    """Where the archive holds it."""
    appearances: int
    """Times it was shown, in all captures."""
    pages: int
    """Different pages that showed it."""
    best_position: int
    """The highest place among the teasers of a page, from 1."""
    first_seen: str
    """UTC; in the captures counted."""
    last_seen: str
    """UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOnDay:
    """Appearances of one kind on one day of captures."""

    day: str
    """UTC."""
    kind: str
    appearances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionOverview:
    """What the captures of a question promoted."""

    captures: int
    """Captures that showed something that is meant."""
    appearances: int
    is_cut: bool
    """Whether only the newest MOST_CAPTURES captures were counted."""
    first_capture: str | None
    """UTC; of the captures counted."""
    last_capture: str | None
    captured_days: list[str]
    """Days (UTC) of the captures that were looked at, whether or not they showed what is meant."""
    days: list[KindOnDay]
    """By day, then kind; days and kinds without appearances are left out."""
    modules: list[tuple[str | None, int]]
    """Heading of the block (None: it has none) and appearances, most first."""
    stories: list[PromotedStory]
    """Most appearances first."""
    stories_in_all: int


@dataclass(slots=True)
class _Tally:
    """Appearances of one address."""

    appearances: int = 0
    best: int = 1 << 30
    first: str = "~"
    last: str = ""
    newest_teaser: int = 0


def promotion_overview(connection: sqlite3.Connection, question: PromotionQuestion) -> PromotionOverview:
    """Count what is asked for. Raises sqlite3.OperationalError (interrupted) where the connection has a time limit and it runs out."""
    captures, is_cut = _captures(connection, question)
    wanted = _wanted_teasers(connection, question)
    moments = {capture[0]: (capture[1], capture[2]) for capture in captures}
    by_day: Counter[tuple[str, str]] = Counter()
    by_module: Counter[str | None] = Counter()
    by_teaser: dict[int, _Tally] = {}
    pages: dict[int, set[str]] = {}
    shown: set[int] = set()
    for fetch_id, position, teaser_id, kind, module in _placements(connection, [capture[0] for capture in captures], question):
        if wanted is not None and teaser_id not in wanted:
            continue
        moment, page = moments[fetch_id]
        shown.add(fetch_id)
        by_day[moment[:10], kind] += 1
        by_module[module] += 1
        _add(by_teaser.setdefault(teaser_id, _Tally()), moment, position, teaser_id)
        pages.setdefault(teaser_id, set()).add(page)
    stories, in_all = _stories(connection, by_teaser, pages)
    return PromotionOverview(
        captures=len(shown),
        appearances=by_module.total(),
        is_cut=is_cut,
        first_capture=min((moments[item][0] for item in shown), default=None),
        last_capture=max((moments[item][0] for item in shown), default=None),
        captured_days=sorted({moment[:10] for moment, _ in moments.values()}),
        days=[KindOnDay(day=day, kind=kind, appearances=number) for (day, kind), number in sorted(by_day.items())],
        modules=sorted(by_module.items(), key=lambda item: (-item[1], item[0] or ""))[:MOST_MODULES],
        stories=stories,
        stories_in_all=in_all,
    )


def _add(tally: _Tally, moment: str, position: int, teaser: int) -> None:
    tally.appearances += 1
    tally.best = min(tally.best, position)
    tally.first = min(tally.first, moment)
    if moment >= tally.last:
        tally.last, tally.newest_teaser = moment, teaser


def _captures(connection: sqlite3.Connection, question: PromotionQuestion) -> tuple[list[tuple[int, str, str]], bool]:
    """Number, moment and address of the newest captures with teasers; and whether there are more of them."""
    conditions = ["EXISTS(SELECT 1 FROM placement p WHERE p.fetch_id=f.id)"]
    values: dict[str, object] = {"limit": MOST_CAPTURES + 1}
    if question.site:
        values["hosts"] = json.dumps(hosts_of(connection, question.site))
        conditions.append("f.host IN (SELECT value FROM json_each(:hosts))")
    for name, sign in (("since", ">="), ("until", "<")):
        if moment := getattr(question, name):
            values[name] = moment
            conditions.append(f"f.fetched_at {sign} :{name}")
    query = f"SELECT f.id, f.fetched_at, f.url FROM fetch f WHERE {' AND '.join(conditions)} ORDER BY f.id DESC LIMIT :limit"
    cursor = connection.cursor()
    cursor.row_factory = None
    found = cursor.execute(query, values).fetchall()
    return found[:MOST_CAPTURES], len(found) > MOST_CAPTURES


def hosts_of(connection: sqlite3.Connection, site: str) -> list[str]:
    """The hosts of a registrable domain (or the host itself) to which requests were sent."""
    rows = connection.execute(
        "WITH RECURSIVE found(host) AS (SELECT min(host) FROM fetch UNION ALL"
        " SELECT (SELECT min(host) FROM fetch WHERE host > found.host) FROM found WHERE host IS NOT NULL)"
        " SELECT host FROM found WHERE host IS NOT NULL"
    )
    return [row[0] for row in rows if row[0] == site or urls.registrable_domain(row[0]) == site]


def _wanted_teasers(connection: sqlite3.Connection, question: PromotionQuestion) -> set[int] | None:
    """Numbers of the teasers whose target and headline are meant; None: all are."""
    conditions, values = [], []
    if question.target:
        conditions.append("site = ?")
        values.append(question.target)
    for word in question.words.split():
        conditions.append("instr(lower(title), ?)")
        values.append(word.lower())
    if not conditions:
        return None
    return {row[0] for row in connection.execute(f"SELECT id FROM teaser WHERE {' AND '.join(conditions)}", values)}


def _placements(
    connection: sqlite3.Connection, captures: Sequence[int], question: PromotionQuestion
) -> Iterable[tuple[int, int, int, str, str | None]]:
    conditions, values = [], [json.dumps(array("q", captures).tolist())]
    for name in ("kind", "module"):
        if wanted := getattr(question, name):
            conditions.append(f" AND p.{name} = ?")
            values.append(wanted)
    query = (
        "SELECT p.fetch_id, p.position, p.teaser_id, p.kind, p.module FROM json_each(?) c"
        f" CROSS JOIN placement p ON p.fetch_id = c.value{''.join(conditions)}"
    )
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


def _stories(connection: sqlite3.Connection, tallies: dict[int, _Tally], pages: dict[int, set[str]]) -> tuple[list[PromotedStory], int]:
    """The stories shown most, and how many there are. Teasers of one address are one story, whatever their headline."""
    cursor = connection.cursor()
    cursor.row_factory = None
    query = "SELECT t.id, t.identity FROM json_each(?) w CROSS JOIN teaser t ON t.id = w.value"
    identities: dict[int, str] = dict(cursor.execute(query, (json.dumps(list(tallies)),)))
    merged: dict[str, _Tally] = {}
    shown_on: dict[str, set[str]] = {}
    for number, tally in tallies.items():
        identity = identities.get(number, str(number))
        known = merged.setdefault(identity, _Tally())
        known.appearances += tally.appearances
        known.best, known.first = min(known.best, tally.best), min(known.first, tally.first)
        if tally.last >= known.last:
            known.last, known.newest_teaser = tally.last, tally.newest_teaser
        shown_on.setdefault(identity, set()).update(pages[number])
    most = nsmallest(MOST_STORIES, merged.items(), key=lambda item: (-item[1].appearances, -len(shown_on[item[0]]), item[0]))
    return [_story(connection, tally, len(shown_on[identity])) for identity, tally in most], len(merged)


_TEASER = """
SELECT t.title, t.url, t.site, (SELECT article_id FROM article WHERE identity = t.identity UNION ALL
  SELECT a.article_id FROM url_alias l JOIN article a ON a.id = l.article_id WHERE l.url = t.identity LIMIT 1)
FROM teaser t WHERE t.id = ?
"""


def _story(connection: sqlite3.Connection, tally: _Tally, pages: int) -> PromotedStory:
    title, url, site, article_id = connection.execute(_TEASER, (tally.newest_teaser,)).fetchone()
    return PromotedStory(
        title=title,
        url=url,
        site=site,
        article_id=article_id,
        appearances=tally.appearances,
        pages=pages,
        best_position=tally.best + 1,
        first_seen=tally.first,
        last_seen=tally.last,
    )
