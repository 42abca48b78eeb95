"""Alarms as they are told: what is wrong with which site since when, pages that show it, and what to type to look at one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsarchive import urls
from newsarchive.archive.alarms import AlarmRow, examples, kept_alarms
from newsarchive.archive.site_nights import SiteOf
from newsarchive.nightly.judged import BY_NAME, Field

if TYPE_CHECKING:
    import sqlite3

_LOOK = {
    "found": ("discover",),
    "listed": ("discover",),
    "sources": ("discover",),
    "unchanged lists": ("discover",),
    "copies": ("extract", "--explain"),
    "repeated": ("show",),
    "edited": ("diff",),
    "dates ahead": ("show",),
    "dates late": ("show",),
}
"""Field -> command that shows an example; the others are read again with `extract --explain`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm."""

    site: str
    """Name of the site."""
    field: str
    """What is unlike before: `found`, `authors`, `latency`, ..."""
    since: str
    """UTC; start of the first run in which it was so."""
    usual: float
    """What it was before: a share, a number, characters or milliseconds."""
    value: float
    """What it was in the newest run in which it was so; of an alarm that is over, in the last broken one."""
    sentence: str
    """All of that in words."""
    examples: tuple[str, ...]
    """At most three addresses that show it."""
    command: str
    """What to type to look at one of them."""


def alarm_of(connection: sqlite3.Connection, row: AlarmRow, *, site_of: SiteOf = urls.registrable_domain) -> Alarm:
    """A kept alarm with its examples."""
    shown = tuple(examples(connection, row, site_of=site_of))
    return Alarm(
        site=row.site,
        field=row.field,
        since=row.since,
        usual=row.usual,
        value=row.value,
        sentence=sentence_of(row),
        examples=shown,
        command=command_of(row, shown),
    )


def open_alarms(connection: sqlite3.Connection, sites: Sequence[str] = (), *, site_of: SiteOf = urls.registrable_domain) -> list[Alarm]:
    """The alarms that are neither over nor accepted, of these sites or of all."""
    return [alarm_of(connection, row, site_of=site_of) for row in kept_alarms(connection, sites, only_open=True)]


def sentence_of(row: AlarmRow) -> str:
    """`paper.example: articles with an author: 4 %, usually 92 %, since 2026-05-01.`"""
    item = BY_NAME.get(row.field)
    words = row.field if item is None else item.words
    return f"{row.site}: {words}: {figure_of(item, row.value)}, usually {figure_of(item, row.usual)}, since {row.since[:10]}."


def figure_of(item: Field | None, value: float) -> str:
    """A field's figure for people: `92 %`, `1,250`, `0.4`."""
    if item is not None and item.kind == "share":
        return f"{value:.0%}".replace("%", " %")
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def command_of(row: AlarmRow, shown: Sequence[str]) -> str:
    """What to type. Without an example, the sources of the site are looked at."""
    name, *options = _LOOK.get(row.field, ("extract", "--explain"))
    if name == "discover" or not shown:
        return f"newsarchive discover {shlex.quote(urls.host_of(shown[0]) if shown else row.site)}"
    return " ".join(["newsarchive", name, shlex.quote(shown[0]), *options])
