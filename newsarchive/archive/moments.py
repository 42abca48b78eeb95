"""Moments as the archive writes them: UTC, `2026-05-01T09:30:00Z`, so that text order is time order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

_DATE_ONLY = re.compile(r"\d{4}(-\d{2}){0,2}\Z")
_MINUTE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?!:?\d)")


def utc_now() -> datetime:
    """The clock; the store takes another one in tests."""
    return datetime.now(UTC)


def as_text(moment: datetime) -> str:
    """The moment in UTC to the second. A moment without zone is taken for UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def utc(moment: datetime) -> datetime:
    """The moment with its zone; one without is taken for UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def from_text(text: str) -> datetime:
    """The inverse of `as_text`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def to_utc(date: str | None) -> str | None:
    """An ISO 8601 date of a page in UTC, no more precise than it was; None where it cannot be read.

    A plain date (or month, or year) stays as it is, and sorts before the moments of its day. A moment without zone is
    taken for UTC: this is a key for sorting, not a statement.
    """
    if not date:
        return None
    date = date.strip()
    if _DATE_ONLY.match(date):
        return date
    try:
        moment = datetime.fromisoformat(date)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return date[:10] if _DATE_ONLY.match(date[:10]) else None
    return moment.strftime("%Y-%m-%dT%H:%MZ" if _MINUTE.match(date) else "%Y-%m-%dT%H:%M:%SZ")


def moment_of(date: str | None) -> datetime | None:
    """The first moment (UTC) that an ISO date of any precision can mean; None where it cannot be read."""
    text = to_utc(date)
    if text is None:
        return None
    if "T" not in text:
        text += "-01-01"[: 10 - len(text)] if len(text) == 4 else "-01" if len(text) == 7 else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


REVISIT_STEPS = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
"""Intervals between visits of an article: the longest one not above its age. Corrections come in the first hours;
after a month a page is visited for its disappearance alone."""


RevisitSteps = Callable[[str], Sequence[timedelta] | None]
"""An address -> the intervals of its site; None: the usual ones. Empty: its articles are fetched once."""

NOT_AGAIN = timedelta(days=36500)
"""The wait of an article that is not to be visited again: a date that no crawl reaches."""


def revisit_after(age: timedelta, steps: Sequence[timedelta] = REVISIT_STEPS) -> timedelta:
    """How long to wait before an article of this age is fetched again. `steps` grow; without any it is not fetched again."""
    if not steps:
        return NOT_AGAIN
    fitting = [step for step in steps if step <= age]
    return fitting[-1] if fitting else steps[0]
