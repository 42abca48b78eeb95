"""One crawl's hold on the archive: lock, run, frontier, workers, counts. Every other part of the crawl asks it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from scrapy import signals
from scrapy.http import Request

from newsarchive.archive.frontier import Leased
from newsarchive.archive.frontier_rows import LISTED
from newsarchive.archive.runs import RunStatus
from newsarchive.archive.store import Store
from newsarchive.archive.tallies import Tally
from newsarchive.crawl.accounts import progress_of, report_of
from newsarchive.crawl.browser import require_browser
from newsarchive.crawl.contact import check_contact
from newsarchive.crawl.events import log_outcome
from newsarchive.crawl.hosts import MAX_PATIENCE_SECONDS, MAX_REFUSALS_IN_A_ROW, REFUSED_HOST_SECONDS, Hosts
from newsarchive.crawl.plans import plan_record, seed_kind
from newsarchive.crawl.profiles import profiles_of
from newsarchive.crawl.selection import Selection
from newsarchive.discovery.budgets import MAX_LEARNED, MAX_REMEMBERED, TrapBudget
from newsarchive.discovery.scope import site_of
from newsarchive.errors import ArchiveError, ConfigurationError, NewsArchiveError, WorkersStopped
from newsarchive.logs import bind
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import ARTICLES, Outcome
from newsarchive.model.page import Page
from newsarchive.model.run import CrawlPlan, EndReason, Progress
from newsarchive.sites.reading import ReadingRules, reading_rules
from newsarchive.urls import host_of, normalise
from newsarchive.workers.pool import WorkerPool

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.5
"""Seconds between two looks at progress; also the longest a deferred URL waits past its time."""
HEARTBEAT_SECONDS = 10.0
"""Seconds between two heartbeats in the run row, so that a hung holder of the lock can be told from a busy one."""

PROGRESS_SHARE = 50
"""Times as long as a look at progress took until the next one: counting a million URLs takes 0.2 s, and must cost the crawl little."""

MAX_REFUSED_AT_ONCE = 100
"""Addresses refused for want of budget in one look at the frontier; each is a commit of a millisecond, and downloads wait meanwhile."""


class CrawlSession:
    """A Scrapy extension. Opens the archive for writing (raising LockHeld at once) and begins or resumes the run.

    `crawler.plan` is the CrawlPlan: `run_crawl` sets it, and the spider does where `scrapy crawl` started the crawl.
    """

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.plan: CrawlPlan = crawler.plan
        self.on_progress: Callable[[Progress], None] | None = getattr(crawler, "on_progress", None)
        seeds = [normalise(url) for url in self.plan.seeds]
        if not seeds:
            raise ConfigurationError("no address to crawl; give one like https://example.com (scrapy: -a site=https://example.com)")
        self.profiles = profiles_of(self.plan.sites, leave_out_broken=self.plan.leave_out_broken)
        check_contact(self.plan)
        require_browser(self.profiles, seeds)
        self.selection = Selection(since=self.plan.since, until=self.plan.until, profiles=self.profiles, follow=self.plan.follow)
        self.store = Store(self.plan.archive, revisit_steps=self.profiles.revisit_steps)
        try:
            self.run = self.store.begin_run(plan_record(self.plan), seeds)
        except BaseException:
            self.store.close()
            raise
        crawler.session = self
        bind(run=self.run.id, run_uuid=self.run.uuid)
        self.started, self.progress_at = time.monotonic(), self.now()
        self.seeds = seeds
        self._seeds_and_targets = set(seeds)
        self.failure: NewsArchiveError | None = None
        self.end: EndReason = "finished"
        self.is_stopping = self.is_closed = False
        self.notes: list[str] = []
        self.in_flight: dict[str, Leased] = {}  # leased, and its answer not yet handled: what a host is busy with
        self.sent: dict[str, Leased] = {}  # leased, and its verdict not yet committed: what may still become an article
        self.budget = TrapBudget()
        self.selection.likelihood = self.budget.likelihood
        self.hosts = Hosts()
        self.stored_by_site: Counter[str] = Counter()
        self.fetched = self.stored = 0
        self.fetch_times: deque[float] = deque()
        self._starting: asyncio.Task[None] | None = None
        self._tick: asyncio.Task[None] | None = None
        self.pool = WorkerPool(crawler.settings.getint("WORKERS") or None)
        self._enter_seeds()
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> CrawlSession:
        """Called by Scrapy."""
        return cls(crawler)

    def _enter_seeds(self) -> None:
        for url in self.seeds:
            self.selection.add_site(url)
        seeds = [Candidate(url=url, kind=seed_kind(url), found_by="seed") for url in self.seeds]
        for profile in filter(None, map(self.profiles.for_url, self.seeds)) if self.plan.follow else ():
            seeds += [Candidate(url=normalise(url), kind=seed_kind(normalise(url)), found_by="profile") for url in profile.seeds]
            for domain in profile.domains:
                self.selection.add_site(f"https://{domain}/")
        for url in self.store.redirect_targets(self.seeds):
            self.selection.add_site(url)
        self.store.frontier.add(seeds, self.run.id, "now")
        self._remember()
        if self.plan.follow:
            self.store.frontier.add_sources(self.run.id, self.plan.revisit, self.selection.is_in_scope)
        self._queue_known()
        counts = self.store.counts(self.run.id)
        self.stored = sum(sum(counts.get(outcome, {}).values()) for outcome in (Outcome.STORED, Outcome.UPDATED))

    def _remember(self) -> None:
        """What earlier runs and sessions learned: how the sites' articles look, and in a resumed run which shapes came to nothing."""
        for site in self.selection.sites:
            self.budget.learn(self.store.article_addresses(site, MAX_LEARNED))
        if self.run.resumed:
            frontier, run = self.store.frontier, self.run.id
            known, listed = frontier.addresses(run, MAX_REMEMBERED), frontier.addresses(run, MAX_LEARNED, found_by=LISTED)
            self.budget.restore(self.store.tallies(run), known, listed)

    async def _opened(self) -> None:
        # Not awaited: the first requests are under way while the workers load their libraries; what is to be read waits for one.
        self._starting = asyncio.ensure_future(self._start_workers())
        self._tick = asyncio.ensure_future(self._beat())

    async def _start_workers(self) -> None:
        try:
            await self.pool.start()
        except WorkersStopped:
            return
        except NewsArchiveError as error:
            self.fail(error)

    async def _closed(self, reason: str) -> None:
        if self._tick is not None:
            self._tick.cancel()
        await self.pool.close()
        if self.end == "finished" and reason != "finished":
            self.end = "failed" if self.failure else "interrupted"
        self.close()

    async def _beat(self) -> None:
        last_heartbeat = next_progress = 0.0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if self.on_progress is not None and time.monotonic() >= next_progress:
                began = time.monotonic()
                self.on_progress(progress_of(self))
                next_progress = time.monotonic() + PROGRESS_SHARE * (time.monotonic() - began)
            if time.monotonic() - last_heartbeat > HEARTBEAT_SECONDS:
                last_heartbeat = time.monotonic()
                self.guarded(lambda: self.store.heartbeat(self.run.id, self.progress_at))
            if self.plan.time_limit_seconds is not None and time.monotonic() - self.started > self.plan.time_limit_seconds:
                self.stop("time_limit")
            self.wake()

    def wake(self) -> None:
        """Let the engine look at the scheduler again: a deferred URL or a paused host may be due. Scrapy looks only every 5 s by itself."""
        engine = self.crawler.engine
        slot = getattr(engine, "_slot", None)
        if slot is not None and slot.closing is None:
            slot.nextcall.schedule()

    # Frontier

    def lease(self) -> Leased | None:
        """The next URL whose host has room, or None when there is nothing to send at the moment."""
        for _ in range(MAX_REFUSED_AT_ONCE):
            if self.is_stopping or self._is_full():
                return None
            busy = self.hosts.busy(self._concurrency)
            leased = self.guarded(partial(self.store.frontier.lease, self.run.id, limit=1, busy_hosts=busy, now=self.now()))
            if not leased:
                return None
            item: Leased = leased[0]
            if item.known_article or self.budget.admit(item.candidate):
                self.in_flight[item.candidate.url] = self.sent[item.candidate.url] = item
                self.hosts.begin(host_of(item.candidate.url))
                return item
            detail = "addresses like it led nowhere"
            self.save(Capture(url=item.candidate.url, kind=item.candidate.kind, outcome=Outcome.TRAP, detail=detail, attempted=False))
        self.wake()
        return None

    def _concurrency(self, host: str) -> int:
        profile = self.profiles.for_url(f"http://{host}/")
        return (profile and profile.concurrency_per_host) or int(self.crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))

    def is_waiting(self) -> bool:
        """Whether URLs of this run are still to be fetched, now or within the patience of a run."""
        if self.is_stopping or self._is_full():
            return False
        return bool(self.guarded(self._has_work))

    def _queue_known(self) -> bool:
        """Queue some of what earlier runs left unfetched and of the articles to be visited again; whether there was any."""
        if not self.plan.follow:
            return False
        frontier, is_ours = self.store.frontier, self.selection.is_in_scope
        left = self.guarded(lambda: frontier.adopt(self.run.id, is_ours))
        return bool(left or self.guarded(lambda: frontier.add_known(self.run.id, self.plan.revisit, is_ours)))

    def _has_work(self) -> bool:
        if self.store.frontier.is_waiting(self.run.id, "queued") or self._queue_known():
            return True
        retry_at = self.store.frontier.next_retry_at(self.run.id)
        return retry_at is not None and retry_at <= self.now() + timedelta(seconds=MAX_PATIENCE_SECONDS)

    def obey(self, url: str) -> set[str]:
        """Opt-out signals that this crawl obeys on an address beyond the usual ones: its own, and those of the site's profile."""
        profile = self.profiles.for_url(url)
        return {*self.plan.obey, *(profile.obey if profile else ())}

    def reading(self, page: Page) -> ReadingRules | None:
        """What the profile of the page's site says of reading it, as it held when the page was fetched."""
        return reading_rules(self.profiles.for_url(page.url), page.fetched_at.date() if page.fetched_at else None)

    def _is_full(self) -> bool:
        limit = self.plan.max_pages
        return limit is not None and self.stored + sum(item.candidate.kind in ("page", "listing") for item in self.sent.values()) >= limit

    def pause_host(self, url: str, seconds: float) -> None:
        """Send nothing more to the host of this URL for so long. Longer than a run's patience: its URLs wait for the next run."""
        host = host_of(url)
        if seconds > MAX_PATIENCE_SECONDS:
            self.hosts.closed.add(host)
            self._defer(host, seconds)
        else:
            self.hosts.pause(host, seconds)

    def count_refusal(self, url: str, status: int) -> None:
        """Note how a host answers. After several refusals in a row (403, 429) it is left alone until the next run."""
        host = host_of(url)
        if self.hosts.is_refusing(host, status):
            self.note(f"{host} refused {MAX_REFUSALS_IN_A_ROW} requests in a row (HTTP {status}); it is left alone until the next run")
            self.pause_host(url, REFUSED_HOST_SECONDS)

    def _defer(self, host: str, seconds: float) -> None:
        until = self.now() + timedelta(seconds=seconds)
        self.guarded(lambda: self.store.frontier.defer_host(self.run.id, host, until))

    def done_with(self, request: Request) -> None:
        """The leased URL of this request is no longer under way."""
        item = self.in_flight.pop(request.meta["leased"].candidate.url, None)
        if item is not None:
            self.hosts.end(host_of(item.candidate.url))

    # Archive

    def previous_page(self, capture: Capture) -> Page | None:
        """The article's previous page, where an older version of the extractor read it and the page is kept."""
        pages: dict[str, Page] | None = self.guarded(lambda: self.store.old_captures([capture]))
        return pages.get(capture.url) if pages else None

    def save(self, capture: Capture) -> Outcome | None:
        """Commit one capture with everything that follows from it. Returns the outcome that holds, None after a failure of the archive."""
        if self.is_closed or self.failure is not None:
            return None
        if capture.page is not None:
            self.fetched += 1
            self.fetch_times.append(time.monotonic())
        if capture.outcome is Outcome.REDIRECTED and capture.url in self._seeds_and_targets:
            for target in capture.candidates:  # a site that moved is still the site that was asked for
                self._seeds_and_targets.add(target.url)
                self.selection.add_site(target.url)
        self.budget.listed(capture, capture.candidates)
        chosen, decided = self._chosen(capture.candidates)
        captures = [replace(capture, candidates=chosen), *decided]
        reread = {capture.url: capture.reread} if capture.reread is not None else None
        sent = self.sent.pop(capture.url, None)

        def tally(outcomes: Sequence[Outcome]) -> list[Tally]:
            if sent is not None:
                if not sent.known_article:
                    self.budget.answered(sent.candidate)
                self.budget.leads_to(sent.candidate, (item.url for item in chosen))
                if outcomes[0] in ARTICLES:
                    self.budget.reward(sent.candidate)
            return [Tally(*item) for item in self.budget.changed()]

        outcomes = self.guarded(lambda: self.store.save(captures, self.run.id, reread=reread, tally=tally))
        if not outcomes:
            return None
        self.progress_at = self.now()
        self._defer_closed(chosen)
        outcome: Outcome = outcomes[0]
        log_outcome(capture, outcome)
        if capture.retry_at is None and outcome in (Outcome.STORED, Outcome.UPDATED):
            self.stored += 1
            self._count_for_site(capture.url)
            if self.plan.max_pages is not None and self.stored >= self.plan.max_pages:
                self.stop("max_pages")
        return outcome

    def save_found(self, capture: Capture, candidates: Sequence[Candidate]) -> int | None:
        """Commit some of the addresses a capture led to, before the capture. How many were new; None once the crawl has ended."""
        if self.is_closed or self.failure is not None:
            return None
        self.budget.listed(capture, candidates)
        chosen, decided = self._chosen(candidates)
        if decided:
            self.guarded(lambda: self.store.save(decided, self.run.id))
        sent = self.sent.get(capture.url)
        if sent is not None:
            self.budget.leads_to(sent.candidate, (item.url for item in chosen))
        added: int | None = self.guarded(lambda: self.store.frontier.add(chosen, self.run.id, self.plan.revisit))
        self._defer_closed(chosen)
        return added

    def _chosen(self, candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Capture]]:
        """What is to be queued, and what is decided without a request and was not before."""
        chosen, decided = self.selection.choose(candidates)
        known = self.store.known_in_run(self.run.id, [item.url for item in decided]) if decided else set()
        return chosen, [item for item in decided if item.url not in known]

    def _defer_closed(self, candidates: Iterable[Candidate]) -> None:
        for host in self.hosts.closed & {host_of(item.url) for item in candidates}:
            self._defer(host, REFUSED_HOST_SECONDS)

    def _count_for_site(self, url: str) -> None:
        site, limit = site_of(url), self.plan.max_per_site
        self.stored_by_site[site] += 1
        if limit is not None and self.stored_by_site[site] >= limit and site in self.selection.sites:
            self.selection.sites.discard(site)
            self.note(f"{site}: stopped at {limit} articles")
            for host in self.store.frontier.hosts(self.run.id):
                if site_of(f"http://{host}/") == site:
                    self.hosts.closed.add(host)
                    self._defer(host, REFUSED_HOST_SECONDS)

    def guarded(self, action: Callable[[], Any]) -> Any:
        """Run an action on the archive while it is ours; an error of it stops the crawl and is reported once, in its own words."""
        if self.is_closed:
            return None
        try:
            return action()
        except ArchiveError as error:
            self.fail(error)
            return None

    def fail(self, error: NewsArchiveError) -> None:
        """Stop the crawl because of an error that concerns the whole run."""
        if self.failure is None:
            self.failure = error
            logger.error("%s", error)
        self.stop("failed")

    def stop(self, end: EndReason) -> None:
        """Lease nothing more and end when what is under way is stored."""
        if not self.is_stopping:
            self.is_stopping = True
            self.end = end
            if end != "max_pages" and self.crawler._engine is not None and self.crawler.engine.spider is not None:
                asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=end))  # noqa: RUF006 - the engine holds it

    def note(self, sentence: str) -> None:
        """Remember a sentence for the summary, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def close(self) -> None:
        """Put what was under way back into the frontier, end the run and give up the lock. Safe to call twice and at any moment."""
        if self.is_closed:
            return
        self.is_closed = True
        status: RunStatus = "finished" if self.end == "max_pages" else "interrupted" if self.end == "time_limit" else self.end
        try:
            self.store.frontier.release_all(self.run.id)
            if status == "finished":
                self.store.settle(self.run.id)
            self.report_data = report_of(self)
            counts = {str(name): count for name, count in self.report_data.outcomes.items()}
            logger.info("Archived into %s: %s", self.plan.archive, counts, extra={"outcomes": counts, "end": self.end})
            self.store.finish_run(self.run.id, status, self.end, asdict(self.report_data) | {"archive": str(self.plan.archive)})
        except ArchiveError as error:
            self.failure = self.failure or error
        finally:
            self.store.close()

    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC)
