"""When a site is to be crawled: an interval, or a cron expression in a time zone, with the rules for clocks that jump.

A cron expression speaks of the clock on the wall of its zone. Where that clock jumps forward, a time that it skips comes at
the moment of the jump (02:30 comes at 03:00), once, however many such times are skipped. Where it is set back, a time that
comes twice counts at its first coming only, unless the hour of the expression is `*`: hourly work goes on through both hours.
An interval is a length of real time and knows no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter

from newsarchive.errors import ConfigurationError
from newsarchive.sites.values import interval

_MACROS = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
_NEAR = timedelta(hours=26)
"""A zone's clock that shows the same difference from UTC so long before and after does not jump between: jumps of up to a day are known."""
_SECOND = timedelta(seconds=1)

EARLY_SHARE = 0.1
"""An interval counts as over when this share of it is left: a timer that starts at a random moment of a quarter of an hour
would otherwise find `1d` not yet over on every night on which it starts earlier than the night before, and skip that night."""
MAX_EARLY = timedelta(hours=1)
"""What is left is at most this."""


class Schedule(Protocol):
    """When a site is to be crawled. All moments are aware; those that come back are in UTC."""

    def due_since(self, last: datetime | None, now: datetime) -> datetime | None:
        """The latest moment up to now that is not answered by a crawl begun at `last` (None: never crawled); None where none is open."""

    def next_after(self, last: datetime | None, now: datetime) -> datetime:
        """The next moment after now, for a site last crawled at `last`."""


class Interval:
    """So long after the last crawl began; a site that was never crawled is due at once."""

    def __init__(self, length: timedelta) -> None:
        self.length = length

    def due_since(self, last: datetime | None, now: datetime) -> datetime | None:
        """As `Schedule` says."""
        if last is None:
            return now
        due_at = last + self.length
        return min(due_at, now) if due_at - min(self.length * EARLY_SHARE, MAX_EARLY) <= now else None

    def next_after(self, last: datetime | None, now: datetime) -> datetime:
        """As `Schedule` says."""
        return max((last or now) + self.length, now)


class Cron:
    """A cron expression of five fields in a zone."""

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        """Raises ConfigurationError for an expression that never comes, such as the 30th of February."""
        self.expression, self.zone = expression, zone
        self._is_hourly = expression.split()[1].startswith("*")
        try:
            croniter(expression, datetime(2000, 1, 1)).get_next(datetime)  # noqa: DTZ001 - the clock on the wall
        except CroniterBadDateError:
            raise ConfigurationError(f"schedule {expression!r} never comes; there is no such day") from None

    def due_since(self, last: datetime | None, now: datetime) -> datetime | None:
        """As `Schedule` says."""
        slot = self._up_to(now)
        return None if last is not None and last >= slot else slot

    def next_after(self, last: datetime | None, now: datetime) -> datetime:
        """As `Schedule` says; `last` plays no part."""
        reach = self._reach(now)
        clock = _bare(now.astimezone(self.zone))
        found: list[datetime] = []
        for wall in self._walls(clock - reach, forward=True):
            found += [moment for moment in self._moments(wall) if moment > now]
            if found and wall > clock + reach:
                break
        return min(found)

    def _up_to(self, now: datetime) -> datetime:
        reach = self._reach(now)
        clock = _bare(now.astimezone(self.zone))
        found: list[datetime] = []
        for wall in self._walls(clock + reach + _SECOND, forward=False):
            found += [moment for moment in self._moments(wall) if moment <= now]
            if found and wall < clock - reach:
                break
        return max(found)

    def _walls(self, start: datetime, *, forward: bool) -> Iterator[datetime]:
        """Times on the wall that fit the expression, from `start` on in one direction."""
        times = croniter(self.expression, start)
        while True:
            yield times.get_next(datetime) if forward else times.get_prev(datetime)

    def _reach(self, now: datetime) -> timedelta:
        """How far on the wall to look around a moment: order on the wall is order in time except where the clock jumps."""
        before, after = ((now + step).astimezone(self.zone).utcoffset() or timedelta() for step in (-_NEAR, _NEAR))
        return abs(before - after) + _SECOND if before != after else timedelta()

    def _moments(self, wall: datetime) -> list[datetime]:
        """The moments at which the clock shows a time, by the rules for jumps."""
        first, second = (wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first == second:
            return [first]
        if first < second:
            return [first, second] if self._is_hourly else [first]
        return [self._jump(second, first)]

    def _jump(self, before: datetime, after: datetime) -> datetime:
        """The moment between two at which the clock jumps, to the second."""
        offset = before.astimezone(self.zone).utcoffset()
        while after - before > _SECOND:
            middle = before + (after - before) // 2
            middle = middle.replace(microsecond=0)
            if middle.astimezone(self.zone).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return after


def _bare(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def parse_schedule(text: str, zone: str) -> Schedule:
    """The schedule of a text that `sites.values.schedule` accepts. Raises ConfigurationError for one that never comes."""
    expression = _MACROS.get(text.strip(), text.strip())
    if len(expression.split()) == 5:
        return Cron(expression, ZoneInfo(zone))
    return Interval(interval(expression.removeprefix("every ")))
