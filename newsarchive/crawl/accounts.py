"""What a crawl says of itself: while it runs, and at its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from newsarchive.model.run import CrawlReport, Progress

if TYPE_CHECKING:
    from newsarchive.crawl.session import CrawlSession

RATE_WINDOW_SECONDS = 10.0
"""Seconds over which the rate is averaged."""


def progress_of(session: CrawlSession) -> Progress:
    """The state of the crawl at this moment."""
    now, times = time.monotonic(), session.fetch_times
    while times and times[0] < now - RATE_WINDOW_SECONDS:
        times.popleft()
    window = min(RATE_WINDOW_SECONDS, max(now - session.started, 0.001))
    counts = session.guarded(lambda: session.store.frontier.counts(session.run.id))
    waiting = counts["queued"] + counts["deferred"] + counts["leased"] if counts else 0
    return Progress(
        found=waiting + (counts["done"] if counts else 0),
        fetched=session.fetched,
        stored=session.stored,
        waiting=waiting,
        hosts=session.hosts.active,
        pages_per_second=len(times) / window,
        seconds=now - session.started,
    )


def report_of(session: CrawlSession) -> CrawlReport:
    """What the run came to, over all its sessions."""
    store, run = session.store, session.run
    details = store.counts(run.id)
    counts = store.frontier.counts(run.id)
    return CrawlReport(
        run_id=run.uuid,
        archive=session.plan.archive,
        seconds=time.monotonic() - session.started,
        resumed=run.resumed,
        end=session.end,
        outcomes={outcome: sum(by.values()) for outcome, by in details.items()},
        details=details,
        new_revisions=store.new_revisions(run.id),
        opted_out=store.opted_out(run.id),
        waiting=counts["queued"] + counts["deferred"] + counts["leased"],
        seeds_failed=store.failed_seeds(run.id, session.seeds),
        seeds=len(session.seeds),
        articles_in_archive=store.article_count(),
        notes=session.notes,
    )
