"""Checks one parsed profile against its keys and makes a `SiteProfile` of it; every fault becomes a Problem, none hides another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any, TypeVar

from newsarchive.sites import values
from newsarchive.sites.lines import Place
from newsarchive.sites.problem import Problem
from newsarchive.sites.profile import Era, Login, SiteProfile
from newsarchive.sites.values import Wrong
from newsarchive.urls import host_of

SELECTABLE = (
    "title", "body", "teasers", "date_published", "date_modified", "authors", "description", "section", "tags", "image_url", "language",
)  # fmt: skip
"""Fields of the article that a selector can name."""

ELEMENT_FIELDS = frozenset({"body", "teasers"})
"""Fields whose selector must name elements: what is in them is read piece by piece."""

MAX_ITEMS = 1000
"""Entries of one list. Sites with thousands of feeds name them in an index of their own."""

KEYS = tuple(item.name for item in fields(SiteProfile) if item.name != "path")
"""What may stand at the top of a profile, in the order of the documentation."""

ERA_KEYS = tuple(item.name for item in fields(Era))
LOGIN_KEYS = ("url", "fields")

Item = TypeVar("Item")


class Checker:
    """Collects the problems of one file."""

    def __init__(self, file: str, lines: Mapping[Place, int]) -> None:
        self.file, self.lines = file, lines
        self.problems: list[Problem] = []

    def problem(self, place: Place, message: str, suggestion: str | None = None) -> None:
        """Note a problem at a key; its line is that of the key, or of the nearest thing around it."""
        line = next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), 1)
        self.problems.append(Problem(file=self.file, line=line, key=key_text(place), message=message, suggestion=suggestion))

    def convert(self, place: Place, convert: Callable[..., Item], *arguments: Any) -> Item | None:  # noqa: ANN401 - as `convert` takes them
        """The typed value, or None after noting why it cannot be."""
        try:
            return convert(*arguments)
        except Wrong as wrong:
            self.problem(place, wrong.message, wrong.suggestion)
            return None

    def text(self, place: Place, value: object) -> str | None:
        """A string that is not empty."""
        if isinstance(value, str) and value.strip():
            return value
        self.problem(place, f"is {_kind_of(value)}, but a text in quotes is needed" if not isinstance(value, str) else "is empty")
        return None

    def converted_text(self, place: Place, value: object, convert: Callable[[str], Item]) -> Item | None:
        """A string, converted."""
        text = self.text(place, value)
        return None if text is None else self.convert(place, convert, text)

    def texts(self, place: Place, value: object, convert: Callable[[str], Item]) -> tuple[Item, ...]:
        """A list of strings, each converted, each once; a string alone is not taken for a list of one."""
        if not isinstance(value, list):
            suggestion = f'["{value}"]' if isinstance(value, str) and len(value) < 60 else None
            self.problem(place, f"is {_kind_of(value)}, but a list of texts is needed", suggestion)
            return ()
        if len(value) > MAX_ITEMS:
            self.problem(place, f"has {len(value)} entries, {MAX_ITEMS} are allowed")
            return ()
        found: dict[Item, None] = {}
        for number, entry in enumerate(value):
            item = self.converted_text((*place, number), entry, convert)
            if item is not None and item in found:
                self.problem((*place, number), f"{entry!r:.80} is there twice")
            elif item is not None:
                found[item] = None
        return tuple(found)

    def table(self, place: Place, value: object, known: Sequence[str] = ()) -> Mapping[str, Any]:
        """A table; with `known`, its other keys are noted as unknown and left out. Empty after a problem."""
        if not isinstance(value, dict):
            self.problem(place, f"is {_kind_of(value)}, but a table is needed")
            return {}
        if not known:
            return value
        for name in value:
            if name not in known:
                self.problem((*place, name), "unknown key", nearest_key(name, known, is_root=not place))
        return {name: entry for name, entry in value.items() if name in known}


def key_text(place: Place) -> str:
    """A place as people write it: `eras[0].selectors.title`, counted from 1 in brackets."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def nearest_key(name: str, known: Sequence[str], *, is_root: bool) -> str | None:
    """The key most like an unknown one; at the root also those of the tables below it."""
    written = {key: key for key in known}
    if is_root:
        written |= {key: f"selectors.{key}" for key in SELECTABLE} | {"valid_until": "eras.valid_until"} | _OTHER_WORDS
    near = get_close_matches(name.lower().replace("-", "_"), written, n=1)
    return written[near[0]] if near else None


_OTHER_WORDS = {
    "domain": "domains",
    "url": "start",
    "seeds": "start",
    "delay": "delay_seconds",
    "concurrency": "concurrency_per_host",
    "cron": "schedule",
    "rss": "feeds",
    "exclude": "skip_patterns",
    "include": "article_patterns",
    "remove": "drop",
    "tz": "timezone",
    "email": "contact",
    "javascript": "browser",
}
"""What other programs call it."""


def _kind_of(value: object) -> str:
    names: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number"),
        (str, "a text"),
        (list, "a list"),
        (dict, "a table"),
        (date, "a date"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), type(value).__name__)


def check_profile(data: Mapping[str, Any], checker: Checker, *, name: str) -> SiteProfile | None:
    """The profile that a parsed file holds, or None when the checker has noted problems. `name` is the default name."""
    given = checker.table((), data, KEYS)
    if "domains" not in given:
        checker.problem(("domains",), 'is missing; name the hosts of the site, such as domains = ["example.com"]')
    found: dict[str, Any] = {"name": name}
    for key, value in given.items():
        found[key] = _CHECKS[key](checker, (key,), value)
    if given.get("domains") == []:
        checker.problem(("domains",), "is empty; name at least one host")
    _check_start(checker, found)
    if checker.problems:
        return None
    return SiteProfile(**{key: value for key, value in found.items() if value is not None})


def _check_start(checker: Checker, found: Mapping[str, Any]) -> None:
    """Addresses to start from, and the login, are on the site: a profile is for nobody else."""
    domains = found.get("domains")
    if not domains:
        return
    site = SiteProfile(domains=domains)
    places: list[tuple[Place, str]] = [(("start", number), url) for number, url in enumerate(found.get("start") or ())]
    login = found.get("login")
    if login is not None:
        places.append((("login", "url"), login.url))
    for place, url in places:
        if not site.covers(url):
            checker.problem(place, f"{host_of(url)} is none of the profile's domains ({', '.join(domains[:5])}); add it there")


def _list_of(convert: Callable[[str], Any]) -> Callable[[Checker, Place, object], Any]:
    return lambda checker, place, value: checker.texts(place, value, convert)


def _text_as(convert: Callable[[str], Any]) -> Callable[[Checker, Place, object], Any]:
    return lambda checker, place, value: checker.converted_text(place, value, convert)


def _number(checker: Checker, place: Place, value: object) -> float | int | None:
    return checker.convert(place, values.number_of, value, str(place[-1]))


def _plain_name(text: str) -> str:
    name = text.strip()
    if len(name) > 100 or not name.isprintable() or "/" in name:
        raise Wrong("a name is at most 100 printable characters without a slash")
    return name


def _selectors(checker: Checker, place: Place, value: object) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, entry in checker.table(place, value, SELECTABLE).items():
        at = (*place, name)
        of_element = name in ELEMENT_FIELDS

        def convert(text: str, of_element: bool = of_element) -> str:
            return values.selector(text, of_element=of_element)

        if isinstance(entry, str):
            one = checker.converted_text(at, entry, convert)
            found[name] = (one,) if one is not None else ()
        else:
            found[name] = checker.texts(at, entry, convert)
    return found


def _dropped(text: str) -> str:
    return values.selector(text, of_element=True)


def _named_texts(convert: Callable[[str, str], str]) -> Callable[[Checker, Place, object], dict[str, str]]:
    def check(checker: Checker, place: Place, value: object) -> dict[str, str]:
        found = {}
        for name, entry in checker.table(place, value).items():
            at = (*place, name)
            if not isinstance(entry, str):
                checker.problem(at, f"is {_kind_of(entry)}, but a text in quotes is needed")
                continue
            text = checker.convert(at, convert, name, entry)
            if text is not None:
                found[name] = text
        return found

    return check


def _login(checker: Checker, place: Place, value: object) -> Login | None:
    table = checker.table(place, value, LOGIN_KEYS)
    for key in LOGIN_KEYS:
        if key not in table and isinstance(value, dict):
            checker.problem((*place, key), "is missing; a login needs the address of the form and the fields to fill in")
    url = checker.converted_text((*place, "url"), table["url"], values.address) if "url" in table else None
    inputs = _named_texts(values.secret_text)(checker, (*place, "fields"), table["fields"]) if "fields" in table else {}
    if table.get("fields") == {}:
        checker.problem((*place, "fields"), "is empty; name the inputs of the form")
    return Login(url=url, fields=inputs) if url and inputs else None


def _revisit(checker: Checker, place: Place, value: object) -> tuple[timedelta, ...]:
    if value == "off":
        return ()
    if value == []:
        checker.problem(place, 'is empty; write "off" to fetch articles once')
    if isinstance(value, str):
        checker.problem(place, f'{value!r:.40} is not known; write a list of intervals such as ["1h", "1d", "30d"], or "off"')
        return ()
    before = len(checker.problems)
    steps = checker.texts(place, value, values.interval)
    for number in range(1, len(steps)):
        if len(checker.problems) == before and steps[number] <= steps[number - 1]:
            checker.problem((*place, number), "is not longer than the interval before it; the plan grows with the article's age")
    return steps


def _truth(checker: Checker, place: Place, value: object) -> bool:
    if not isinstance(value, bool):
        checker.problem(place, f"is {_kind_of(value)}, but true or false is needed, without quotes")
    return value is True


def _eras(checker: Checker, place: Place, value: object) -> tuple[Era, ...]:
    if not isinstance(value, list):
        checker.problem(place, f"is {_kind_of(value)}; write each era as [[eras]]")
        return ()
    eras: dict[date, Era] = {}
    for number, entry in enumerate(value):
        at = (*place, number)
        era = _era(checker, at, checker.table(at, entry, ERA_KEYS), entry)
        if era is not None and era.valid_until in eras:
            checker.problem((*at, "valid_until"), f"another era ends on {era.valid_until}, too")
        elif era is not None:
            eras[era.valid_until] = era
    return tuple(eras[day] for day in sorted(eras))


def _era(checker: Checker, place: Place, table: Mapping[str, Any], entry: object) -> Era | None:
    until = table.get("valid_until")
    if isinstance(entry, dict):
        if until is None:
            checker.problem((*place, "valid_until"), "is missing; an era ends on a day, such as valid_until = 2025-06-30")
        elif not isinstance(until, date) or isinstance(until, datetime):
            checker.problem((*place, "valid_until"), "is no day; write it without quotes and time, like valid_until = 2025-06-30")
        elif len(entry) == 1:
            checker.problem(place, f"changes nothing; name what was different: {', '.join(ERA_KEYS[1:])}")
    found = {key: _CHECKS[key](checker, (*place, key), value) for key, value in table.items() if key != "valid_until"}
    if not isinstance(until, date) or isinstance(until, datetime):
        return None
    return Era(valid_until=until, **found)


_CHECKS: Mapping[str, Callable[[Checker, Place, object], Any]] = {
    "name": _text_as(_plain_name),
    "domains": _list_of(values.domain),
    "start": _list_of(values.address),
    "feeds": _list_of(values.address),
    "sitemaps": _list_of(values.address),
    "article_patterns": _list_of(values.pattern),
    "listing_patterns": _list_of(values.pattern),
    "skip_patterns": _list_of(values.pattern),
    "selectors": _selectors,
    "drop": _list_of(_dropped),
    "timezone": _text_as(values.timezone),
    "delay_seconds": _number,
    "concurrency_per_host": _number,
    "contact": _text_as(values.contact),
    "schedule": _text_as(values.schedule),
    "schedule_timezone": _text_as(values.timezone),
    "revisit": _revisit,
    "headers": _named_texts(values.header),
    "cookies": _named_texts(values.cookie),
    "login": _login,
    "proxy": _text_as(values.proxy),
    "browser": _truth,
    "obey": _list_of(values.signal),
    "eras": _eras,
}
"""Key -> what may stand behind it."""
