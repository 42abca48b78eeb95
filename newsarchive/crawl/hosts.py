"""What the crawl knows of each host while it runs: requests under way, pauses, refusals in a row."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

MAX_PATIENCE_SECONDS = 900.0
"""Seconds a run waits for a host that asked for a pause (Retry-After) or for a URL to be tried again. More waits for the next run."""
MAX_REFUSALS_IN_A_ROW = 8
"""Answers 403 or 429 in a row after which a host is left alone. Paywalled pages give a few among others; a ban gives only these."""
REFUSED_HOST_SECONDS = 6 * 3600.0
"""Seconds until such a host is asked again: the next night, not the next minute."""
REFUSALS = frozenset({403, 429})


class Hosts:
    """Hosts by `urls.host_of`. Times are of the monotonic clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._under_way: Counter[str] = Counter()
        self._paused_until: dict[str, float] = {}
        self._refusals: Counter[str] = Counter()
        self.closed: set[str] = set()
        """Hosts left alone until the next run."""

    def begin(self, host: str) -> None:
        """A request to the host is under way."""
        self._under_way[host] += 1

    def end(self, host: str) -> None:
        """A request to the host has ended."""
        self._under_way[host] -= 1
        if self._under_way[host] <= 0:
            del self._under_way[host]

    @property
    def active(self) -> list[str]:
        """Hosts with a request under way, sorted."""
        return sorted(self._under_way)

    def busy(self, limit_of: Callable[[str], int]) -> set[str]:
        """Hosts that must not be sent another request now: as many as allowed are under way, or a pause is on."""
        now = self._clock()
        for host in [host for host, until in self._paused_until.items() if until <= now]:
            del self._paused_until[host]
        return {host for host, count in self._under_way.items() if count >= limit_of(host)} | self._paused_until.keys()

    def pause(self, host: str, seconds: float) -> None:
        """Send nothing more to the host for so long; a longer pause that is on already stays."""
        self._paused_until[host] = max(self._paused_until.get(host, 0.0), self._clock() + seconds)

    def is_refusing(self, host: str, status: int) -> bool:
        """Note an answer's status. True once, when the host has refused too often in a row."""
        if status not in REFUSALS:
            self._refusals.pop(host, None)
            return False
        self._refusals[host] += 1
        return self._refusals[host] >= MAX_REFUSALS_IN_A_ROW and host not in self.closed
