"""The days that a form asks for."""

from __future__ import annotations

from newsarchive.archive.filters import end_of, start_of
from newsarchive.errors import ConfigurationError
from newsarchive.serve.asked import Asked


def period_of(asked: Asked) -> tuple[str | None, str | None]:
    """First moment and the first after the last (UTC, ISO) of the parameters `since` and `until`; None where one is not given.

    Raises ConfigurationError for what is no date, and where `until` comes before `since`.
    """
    since, until = asked.text("since"), asked.text("until")
    start, end = start_of(since) if since else None, end_of(until) if until else None
    if start and end and start >= end:
        raise ConfigurationError(f"nothing comes after {since} and before {until}: exchange the two dates")
    return start, end
