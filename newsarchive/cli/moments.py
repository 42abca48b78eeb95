"""Days and moments in UTC, as a person types them for `--since`, `--until` and `--at`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import click

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class MomentType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A day, month, year or moment, as the archive writes moments (`2026-05-01T00:00:00Z`); without a zone it is UTC.

    A day, month or year means its first second, with `is_end` its last.
    """

    name = "moment"

    def __init__(self, *, is_end: bool = False) -> None:
        self._is_end = is_end

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The moment; what is none is a usage error."""
        text = str(value).strip()
        try:
            if not _DAY.fullmatch(text):
                moment = datetime.fromisoformat(text)
                moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            elif self._is_end:
                moment = datetime.combine(_day_after(text), time()) - timedelta(seconds=1)
            else:
                moment = datetime.combine(_first_day(text), time())
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is no date; write it like 2026-05-01, 2026-05, 2026 or 2026-05-01T18:00Z", param, ctx)
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def require_order(since: str | None, until: str | None) -> None:
    """Raise a usage error where `until` comes before `since` (both as MomentType gives them)."""
    if since is not None and until is not None and since > until:
        raise click.UsageError(f"nothing comes after {since} and before {until}: exchange the two dates")


def _first_day(text: str) -> date:
    return date.fromisoformat((text + "-01-01")[: len("2026-05-01")])


def _day_after(text: str) -> date:
    """The first day after a day, month or year."""
    first = _first_day(text)
    if len(text) == len("2026"):
        return first.replace(year=first.year + 1)
    return (first + timedelta(days=32)).replace(day=1) if len(text) == len("2026-05") else first + timedelta(days=1)
