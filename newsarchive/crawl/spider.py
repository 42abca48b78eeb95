"""The spider all our spiders are: it turns every answer and every failure into one capture."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Self

from scrapy import Spider
from scrapy.http import Request, Response

from newsarchive.crawl.browser import Renderer
from newsarchive.crawl.captures import page_of, parse_retry_after
from newsarchive.crawl.failures import verdict_of
from newsarchive.crawl.hosts import MAX_PATIENCE_SECONDS
from newsarchive.crawl.plans import apply_plan, plan_of_settings
from newsarchive.crawl.robots import RobotsUnavailable
from newsarchive.crawl.session import CrawlSession
from newsarchive.crawl.verdicts import AttemptState, capture_of_result, capture_of_status, capture_of_verdict
from newsarchive.errors import ConfigurationError, WorkerFailed, WorkersStopped
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.workers.job import Job

RETRY_SECONDS = (1.0, 5.0)
"""Seconds before the second and the third attempt in a run: a restart of a server takes seconds, a longer trouble is the next run's."""


class ArchiveSpider(Spider):
    """Base of the spiders. `seeds` are the addresses to start from, `options` fields of the plan; requests come from the frontier alone."""

    seeds: list[str]
    options: Mapping[str, Any]

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy. Started with `scrapy crawl`, the spider's arguments become the plan here, before the settings are frozen."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not hasattr(crawler, "plan"):
            crawler.plan, crawler.on_progress = plan_of_settings(crawler.settings, spider.seeds, dict(spider.options)), None
            apply_plan(crawler.plan, crawler.settings)
        return spider

    @property
    def session(self) -> CrawlSession:
        """The crawl's hold on the archive."""
        session = self.crawler.get_extension(CrawlSession)
        if session is None:
            raise ConfigurationError("the extension newsarchive.crawl.session.CrawlSession is not enabled; use newsarchive.settings")
        return session

    async def start(self) -> AsyncIterator[Any]:
        """Nothing to start with: the session has put the seeds into the frontier."""
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Capture]:
        """Every answer of a server: by its status, or read by a worker."""
        request: Any = response.request
        try:
            page = page_of(response)
            state = self._state(request, parse_retry_after(response, self.session.now()))
            capture = capture_of_status(page, state)
            if capture is None:
                capture = await self._read(page, state, response)
            self._maybe_pause(request, response)
            yield capture
        except WorkersStopped:
            return  # the crawl is ending: the URL stays leased and goes back into the queue
        finally:
            self.session.done_with(request)

    async def _read(self, page: Page, state: AttemptState, response: Response) -> Capture:
        candidate = state.leased.candidate
        try:
            page = await self._rendered(page, response)
            result = await self.session.pool.run(Job(page=page, depth=candidate.depth, reading=self.session.reading(page)))
        except WorkerFailed as failure:
            return Capture(url=candidate.url, kind=candidate.kind, outcome=Outcome(failure.outcome), detail=failure.detail, page=page)
        capture = capture_of_result(
            page, result, state, out_of_range=self.session.selection.out_of_range, obey=self.session.obey(candidate.url)
        )
        return replace(capture, reread=await self._reread(capture))

    async def _rendered(self, page: Page, response: Response) -> Page:
        """The page after its scripts, where its site's profile wants a browser; else the page itself."""
        renderer = self.crawler.get_extension(Renderer)
        if renderer is None or not renderer.is_wanted(page, self.session.profiles.for_url(page.url)):
            return page
        try:
            rendered: Page = await renderer.render(page, response)
        except ConfigurationError as error:
            self.session.fail(error)
            raise WorkersStopped("the crawl is ending") from None
        return rendered

    async def _reread(self, capture: Capture) -> Extraction | None:
        """What today's extractor reads on the article's previous page, where an older one read it: a better reading is no edit."""
        old = self.session.previous_page(capture)
        if old is None:
            return None
        try:
            return (await self.session.pool.run(Job(page=old, kind="page", reading=self.session.reading(old)))).extraction
        except WorkerFailed:
            return None

    async def failed(self, failure: Any) -> AsyncIterator[Capture]:
        """Every request without an answer: refused by a guard or by robots.txt, or failed on the way."""
        request = failure.request
        try:
            error = failure.value
            retry_after = None
            if isinstance(error, RobotsUnavailable):
                verdict, retry_after = error.verdict, error.retry_after_seconds
            else:
                verdict = verdict_of(error, request.url)
            yield capture_of_verdict(verdict, self._state(request, retry_after), is_robots=isinstance(error, RobotsUnavailable))
        finally:
            self.session.done_with(request)

    def _state(self, request: Request, retry_after_seconds: float | None) -> AttemptState:
        leased = request.meta["leased"]
        waits = RETRY_SECONDS[leased.attempts] if leased.attempts < len(RETRY_SECONDS) else None
        if retry_after_seconds is not None and waits is not None:
            waits = max(waits, retry_after_seconds) if retry_after_seconds <= MAX_PATIENCE_SECONDS else None
        retry_at = None if waits is None else self.session.now() + timedelta(seconds=waits)
        is_deferred = retry_after_seconds is not None and retry_after_seconds > MAX_PATIENCE_SECONDS
        return AttemptState(leased, retry_at, is_deferred, self.crawler.settings.getint("REDIRECT_MAX_TIMES"))

    def _maybe_pause(self, request: Request, response: Response) -> None:
        """A server that says how long it wants to be left alone is left alone, and only it."""
        seconds = parse_retry_after(response, self.session.now()) if response.status in (429, 503) else None
        if seconds:
            self.session.pause_host(request.url, seconds)
        self.session.count_refusal(request.url, response.status)
