"""`nightly.toml`: what the unattended crawl may use, and what is done after it. Everything has a default; a fault is told with its line.

It lies beside the folder of the site profiles, because both say what is crawled and when.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from newsarchive.errors import ConfigurationError
from newsarchive.locations import nightly_file
from newsarchive.nightly.channels import Channel, read_channels
from newsarchive.nightly.schedule import parse_schedule
from newsarchive.sites import values
from newsarchive.sites.check import Checker
from newsarchive.sites.lines import Place, key_lines
from newsarchive.sites.values import Wrong

MIN_FREE_BYTES = 500 * 1000 * 1000
"""As the warning of `newsarchive doctor`: a night of 300 publishers brings 9,000 articles of 32 to 48 KB with raw pages."""
STALLED_AFTER = timedelta(minutes=30)
"""Twice as long as a run waits for a host that asked for a pause (`crawl.hosts.MAX_PATIENCE_SECONDS`), the longest honest silence."""
TIME_LIMIT = timedelta(hours=8)
"""A night. One machine of two cores crawls 300 to 400 publishers in it."""
MISSED_AFTER = timedelta(hours=3)
"""A timer that starts hourly, at a random moment of a quarter of an hour, comes at most 75 minutes late; three hours are a missed night."""
MAX_LENGTH = timedelta(days=7)
"""Longest of the limits; a night that is to take longer is a slip (`800h`)."""

Missed = Literal["once", "skip"]
Upgrade = Literal["migrate", "refuse"]

_LENGTH = re.compile(r"(\d{1,6})(s|m|h|d|w)")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(KB|MB|GB|TB)", re.IGNORECASE)
_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SIZES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True, slots=True, kw_only=True)
class NightConfig:
    """The file in typed values. Where there is no file, the defaults."""

    timezone: str = "UTC"
    """IANA name of the zone that cron expressions are meant in, where a profile names none (`schedule_timezone`)."""
    schedule: str | None = None
    """Schedule of the profiles that have none. Default: such a site is crawled only when it is named."""
    missed: Missed = "once"
    """What becomes of a moment that passed while nothing ran: made up for once, however many there were, or skipped."""
    missed_after: timedelta = MISSED_AFTER
    """With `missed = "skip"`: how late a run may begin and still count for its moment."""
    time_limit: timedelta = TIME_LIMIT
    """The crawl of a night ends in order after so long; what is left is crawled in the next."""
    stalled_after: timedelta = STALLED_AFTER
    """The watchdog ends a crawl that got no answer and gave no verdict for so long."""
    max_per_site: int | None = None
    """Articles stored of one site in a night. Default: no limit."""
    min_free_disk: int = MIN_FREE_BYTES
    """Bytes that must be free on the archive's disk, before and during the crawl."""
    upgrade: Upgrade = "migrate"
    """What to do with an archive of an older newsarchive: copy it aside and bring it to today's schema, or refuse."""
    optimize: bool = True
    """Whether the archive's index and statistics are kept in shape after the crawl."""
    keep_raw: bool = True
    """Whether pages are kept as they were received; their digests always are."""
    retention_older_than: timedelta | None = None
    """`[retention] older_than`: raw pages last captured longer ago go."""
    retention_max_size: int | None = None
    """`[retention] max_size`: bytes; then the oldest raw pages go until the rest takes at most this."""
    backup_folder: Path | None = None
    """`[backup] folder`: a copy of the archive is written there after each crawl. Default: none is."""
    backup_keep: int = 7
    """`[backup] keep`: so many of these copies stay, the newest."""
    report_folder: Path | None = None
    """`[report] folder`: a page about each run is written there. Default: none is."""
    channels: tuple[Channel, ...] = field(default=())
    """`[notify.NAME]`: who is told how a night went."""
    path: Path | None = None
    """The file; None where there is none. No key of the file."""


def read_config(path: Path | None = None) -> NightConfig:
    """The configuration of a file, else of the default one where that exists.

    Raises ConfigurationError with every fault as `FILE:LINE: KEY: what is wrong`, and for a named file that cannot be read.
    """
    place = path or nightly_file()
    try:
        text = place.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        if path is None:
            return NightConfig()
        raise ConfigurationError(f"{path} does not exist; name the night's configuration with --config, or leave it out") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(f"{place} cannot be read ({reason})") from None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{place} is no TOML: {error}") from None
    checker = Checker(str(place), key_lines(text))
    given = checker.table((), data, tuple(_CHECKS))
    found: dict[str, Any] = {}
    for key, value in given.items():
        found |= _CHECKS[key](checker, (key,), value)
    if checker.problems:
        raise ConfigurationError("\n".join(map(str, checker.problems)))
    return NightConfig(path=place, **{key: value for key, value in found.items() if value is not None})


def length(text: str) -> timedelta:
    """`90s`, `30m`, `6h`, `1d` or `1w`, at most a week."""
    found = _LENGTH.fullmatch(text.strip())
    if not found or not timedelta(seconds=1) <= int(found[1]) * _UNITS[found[2]] <= MAX_LENGTH:
        raise Wrong(f"{text!r:.60} is no length of time; write it like 90s, 30m or 6h, up to {MAX_LENGTH.days}d")
    return int(found[1]) * _UNITS[found[2]]


def age(text: str) -> timedelta:
    """`90d` or `12w`, at most a hundred years."""
    found = _LENGTH.fullmatch(text.strip())
    if not found or found[2] not in "dw" or int(found[1]) > 36_500:
        raise Wrong(f"{text!r:.60} is no age; write it like 90d or 12w")
    return int(found[1]) * _UNITS[found[2]]


def size(text: str) -> int:
    """`500MB` or `2.5 GB`, in bytes (1 KB is 1000 bytes, as disks are sold)."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise Wrong(f"{text!r:.60} is no size; write it like 500MB or 2.5GB")
    return int(float(found[1]) * _SIZES[found[2].upper()])


def _schedule(text: str) -> str:
    try:
        parse_schedule(values.schedule(text), "UTC")
    except ConfigurationError as error:
        raise Wrong(str(error)) from None
    return text.strip()


def _folder(text: str) -> Path:
    return Path(text).expanduser()


Check = Callable[[Checker, Place, object], dict[str, Any]]


def _text(name: str, convert: Callable[[str], Any]) -> Check:
    return lambda checker, place, value: {name: checker.converted_text(place, value, convert)}


def _choice(name: str, *known: str) -> Check:
    def convert(text: str) -> str:
        if text not in known:
            raise Wrong(f"{text!r:.60} is not known; it is one of {', '.join(known)}", values.nearest(text, known))
        return text

    return _text(name, convert)


def _whole(name: str) -> Check:
    def check(checker: Checker, place: Place, value: object) -> dict[str, Any]:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return {name: value}
        checker.problem(place, f"{value!r:.60} is not right; it is a whole number from 1")
        return {}

    return check


def _truth(name: str) -> Check:
    def check(checker: Checker, place: Place, value: object) -> dict[str, Any]:
        if not isinstance(value, bool):
            checker.problem(place, f"{value!r:.60} is not right; it is true or false, without quotes")
        return {name: value is True}

    return check


def _table(**checks: Check) -> Check:
    def check(checker: Checker, place: Place, value: object) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, entry in checker.table(place, value, tuple(checks)).items():
            found |= checks[key](checker, (*place, key), entry)
        return found

    return check


def _channels(checker: Checker, place: Place, value: object) -> dict[str, Any]:
    table = checker.table(place, value)
    try:
        return {"channels": read_channels(table, f"{checker.file}: notify")}
    except ConfigurationError as error:
        checker.problem(place, str(error))
    return {}


_CHECKS: Mapping[str, Check] = {
    "timezone": _text("timezone", values.timezone),
    "schedule": _text("schedule", _schedule),
    "missed": _choice("missed", "once", "skip"),
    "missed_after": _text("missed_after", length),
    "time_limit": _text("time_limit", length),
    "stalled_after": _text("stalled_after", length),
    "max_per_site": _whole("max_per_site"),
    "min_free_disk": _text("min_free_disk", size),
    "upgrade": _choice("upgrade", "migrate", "refuse"),
    "optimize": _truth("optimize"),
    "keep_raw": _truth("keep_raw"),
    "retention": _table(older_than=_text("retention_older_than", age), max_size=_text("retention_max_size", size)),
    "backup": _table(folder=_text("backup_folder", _folder), keep=_whole("backup_keep")),
    "report": _table(folder=_text("report_folder", _folder)),
    "notify": _channels,
}
"""Key of the file -> what may stand behind it, and the fields it becomes."""
