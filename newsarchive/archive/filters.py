"""Which articles a question is about: one set of filters for searches, counts, exports and the notebook API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsarchive import urls
from newsarchive.archive.statements import clean, storable
from newsarchive.errors import ConfigurationError

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that all have to hold. Without any, every article is meant."""

    sites: Sequence[str] = ()
    """Registrable domains or hosts, one of which it must be."""
    since: str | None = None
    """ISO date or moment, inclusive: published then or later. A plain day, month or year begins at midnight of `time_zone`."""
    until: str | None = None
    """ISO date or moment, exclusive; a plain day, month or year is included whole."""
    languages: Sequence[str] = ()
    """BCP 47; `en` means `en-GB` as well."""
    sections: Sequence[str] = ()
    """Sections as the pages name them, in any case."""
    authors: Sequence[str] = ()
    """Names as the pages give them, in any case."""
    changed: bool = False
    """Only articles whose text the publisher changed."""
    gone: bool = False
    """Only articles that their publisher removed."""
    time_zone: str = "UTC"
    """IANA name of the zone that days are meant in."""
    identifiers: Sequence[str] = field(default=())
    """`article_id`s, one of which it must be; empty: all."""

    @property
    def is_empty(self) -> bool:
        """Whether every article is meant."""
        return not self.conditions()[0]

    def conditions(self) -> tuple[list[str], dict[str, Any]]:
        """SQL conditions on the table `article` under the name `a`, and their values.

        Raises ConfigurationError for a date or a zone that is none, and where `until` comes before `since`.
        """
        found: list[str] = []
        values: dict[str, Any] = {}

        def one_of(expression: str, name: str, wanted: Sequence[str]) -> None:
            names = []
            for number, value in enumerate(wanted):
                values[f"{name}{number}"] = value
                names.append(f":{name}{number}")
            if names:
                found.append(f"{expression} IN ({', '.join(names)})")

        if self.sites:
            found.append(_of_sites(self.sites, values))
        one_of("a.article_id", "identifier", [item.lower() for item in self.identifiers])
        one_of("a.section COLLATE NOCASE", "section", list(self.sections))
        if self.since is not None:
            found.append("a.published_utc >= :since")
            values["since"] = start_of(self.since, self.time_zone)
        if self.until is not None:
            found.append("a.published_utc < :until")
            values["until"] = end_of(self.until, self.time_zone)
        if self.since is not None and self.until is not None and values["since"] >= values["until"]:
            raise ConfigurationError(f"nothing comes after {self.since} and before {self.until}: exchange the two dates")
        if self.languages:
            parts = []
            for number, language in enumerate(self.languages):
                values[f"language{number}"] = language
                parts.append(f"a.language = :language{number} COLLATE NOCASE OR a.language LIKE :language{number} || '-%'")
            found.append("(" + " OR ".join(parts) + ")")
        if self.authors:
            one_of("j.value COLLATE NOCASE", "author", list(self.authors))
            found.append(f"EXISTS(SELECT 1 FROM json_each(a.authors) j WHERE {found.pop()})")
        if self.changed:
            found.append("a.revisions > 1")
        if self.gone:
            found.append("a.gone_at IS NOT NULL")
        return found, storable(values)


def _of_sites(names: Sequence[str], values: dict[str, Any]) -> str:
    """The condition that an article is of one of these domains or hosts, in a form for which the index by site serves."""
    domains, parts = [], []
    for number, name in enumerate(clean(name).strip().lower() for name in names):
        domain = urls.registrable_domain(name)
        values[f"site{number}"] = domain
        if domain == name:
            domains.append(f":site{number}")
        else:
            values[f"host{number}"] = name
            parts.append(f"(a.site = :site{number} AND a.host = :host{number})")
    if domains:
        parts.append(f"a.site IN ({', '.join(domains)})")
    return parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"


class FilterWords(TypedDict, total=False):
    """The filters as keyword arguments: one value or several where several make sense."""

    site: str | Sequence[str] | None
    since: str | None
    until: str | None
    language: str | Sequence[str] | None
    section: str | Sequence[str] | None
    author: str | Sequence[str] | None
    changed: bool
    gone: bool
    time_zone: str


def filters_of(**words: Unpack[FilterWords]) -> Filters:
    """The filters that keyword arguments mean. Raises ConfigurationError for dates and zones that are none."""
    found = Filters(
        sites=_several(words.get("site")),
        since=words.get("since"),
        until=words.get("until"),
        languages=_several(words.get("language")),
        sections=_several(words.get("section")),
        authors=_several(words.get("author")),
        changed=words.get("changed", False),
        gone=words.get("gone", False),
        time_zone=words.get("time_zone", "UTC"),
    )
    zone_of(found.time_zone)
    return found


def _several(value: str | Sequence[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ConfigurationError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigurationError(f"{name!r} is no time zone; write one like Europe/Berlin or UTC") from None


def start_of(text: str, zone: str = "UTC") -> str:
    """The first moment (UTC, as the archive sorts) that a date or moment means in a zone. Raises ConfigurationError."""
    return _utc(_first_day(text), zone) if _DAY.match(text.strip()) else _moment(text, zone)


def end_of(text: str, zone: str = "UTC") -> str:
    """The first moment (UTC) after a date, month or year; a moment is its own end. Raises ConfigurationError."""
    text = text.strip()
    if not _DAY.match(text):
        return _moment(text, zone)
    first = _first_day(text)
    try:
        if len(text) == 4:
            return _utc(first.replace(year=first.year + 1), zone)
        return _utc(first + timedelta(days=1) if len(text) == 10 else (first + timedelta(days=32)).replace(day=1), zone)
    except (OverflowError, ValueError):
        raise _no_date(text) from None


def _first_day(text: str) -> date:
    try:
        return date.fromisoformat((text.strip() + "-01-01")[:10] if len(text.strip()) == 4 else (text.strip() + "-01")[:10])
    except ValueError:
        raise _no_date(text) from None


def _utc(day: date, zone: str) -> str:
    """Midnight of a day. In UTC the plain day: it sorts before every moment of that day, and before the plain dates that pages give."""
    if zone == "UTC":
        return day.isoformat()
    return _as_text(datetime.combine(day, time(), zone_of(zone)))


def _moment(text: str, zone: str) -> str:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _no_date(text) from None
    return _as_text(moment.replace(tzinfo=zone_of(zone)) if moment.tzinfo is None else moment)


def _as_text(moment: datetime) -> str:
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    except (OverflowError, ValueError):
        raise _no_date(str(moment)) from None


def _no_date(text: str) -> ConfigurationError:
    return ConfigurationError(f"{text!r} is no date; write it like 2026-05-01, 2026-05 or 2026-05-01T18:00")
