"""A sitemap of 50,000 addresses is saved in parts, between which the reactor runs: downloads and other pages do not wait for it.

The sitemap's own outcome is written with the last part. After a kill in between it is fetched again, and what it had queued
is known already.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from newsarchive.model.outcome import Outcome

if TYPE_CHECKING:
    from newsarchive.crawl.session import CrawlSession
    from newsarchive.model.capture import Capture

PART = 250
"""Addresses of one part: 20 ms of judging and writing on an idle machine, while a page takes the reactor 10."""


async def save_in_parts(session: CrawlSession, capture: Capture) -> Outcome | None:
    """`CrawlSession.save` for a capture that leads to any number of addresses."""
    candidates, new = capture.candidates, 0
    if len(candidates) <= PART or capture.retry_at is not None:
        return session.save(capture)
    last = (len(candidates) - 1) // PART * PART
    for start in range(0, last, PART):
        added = session.save_found(capture, candidates[start : start + PART])
        if added is None:
            return None
        new += added
        await asyncio.sleep(0)
    return session.save(replace(capture, candidates=candidates[last:], links_before=last, new_before=new))
