"""AutoThrottle with a floor for each host: a site's Crawl-delay is never undercut."""

from __future__ import annotations

from typing import Any

from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

MAX_CRAWL_DELAY_SECONDS = 120.0
"""Seconds. A larger Crawl-delay is capped and reported: a paper of 200 articles a day then still fits into a night."""


class Throttle(AutoThrottle):
    """Adapts the delay to a host's latency, between the host's own floor and the maximum."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self.floors: dict[str, float] = {}

    def set_floor(self, slot_key: str, seconds: float) -> float:
        """Never go below `seconds` between two requests to this download slot. Returns the capped value that holds from now on."""
        floor = max(min(seconds, MAX_CRAWL_DELAY_SECONDS), self.floors.get(slot_key, 0.0))
        self.floors[slot_key] = floor
        slot = self.crawler.engine.downloader.slots.get(slot_key)
        if slot is not None and slot.delay < floor:
            slot.delay = floor
            slot.jitter = 0.0
        return floor

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        key = next((key for key, value in self.crawler.engine.downloader.slots.items() if value is slot), "")
        super()._adjust_delay(slot, latency, response)
        floor = self.floors.get(key)
        if floor is not None:
            slot.delay = max(slot.delay, floor)
            slot.jitter = 0.0
