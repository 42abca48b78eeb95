"""Run one crawl in this process, from the plan to the report."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from scrapy.crawler import CrawlerProcess

from newsarchive.crawl.events import quiet_twisted
from newsarchive.crawl.plans import settings_of
from newsarchive.errors import ConfigurationError
from newsarchive.model.run import CrawlPlan, CrawlReport, Progress

GRACE_SECONDS = 8.0
"""Seconds after the first signal in which requests under way may end; then they are queued again. Out within 15 s is the promise."""

LEAVE_SECONDS = 1.0
"""Seconds that Scrapy gets to end by itself once the run is closed in the archive; nothing can be lost any more."""


def run_crawl(plan: CrawlPlan, on_progress: Callable[[Progress], None] | None = None, *, log_level: str = "WARNING") -> CrawlReport:
    """Crawl as planned and report. Once in a process: the reactor cannot be started again.

    SIGINT and SIGTERM end the crawl gracefully (the report's `end` is `interrupted`), a second one at once; before the crawl
    runs they raise KeyboardInterrupt. Raises LockHeld, ConfigurationError or another NewsArchiveError when the crawl could
    not begin or the archive failed.
    """
    stopper = _Stopper()
    with stopper.handling_signals():
        quiet_twisted()
        process = CrawlerProcess(settings_of(plan, log_level))
        logging.getLogger("scrapy").setLevel(log_level)
        crawler: Any = process.create_crawler(_spider_name(process))
        crawler.plan, crawler.on_progress, crawler.session = plan, on_progress, None
        errors: list[BaseException] = []
        process.crawl(crawler, seeds=list(plan.seeds)).addErrback(_note_into(errors))
        try:
            if not errors:
                stopper.watch(crawler)
                process.start(stop_after_crawl=True, install_signal_handlers=False)
        finally:
            session = crawler.session
            if session is not None:
                if stopper.signals and not session.is_closed:
                    session.end = "interrupted"
                session.close()
                session.pool.kill()
    if session is not None and session.failure is not None:
        raise session.failure
    if errors:
        raise errors[0]
    report: CrawlReport = session.report_data
    return report


def _note_into(errors: list[BaseException]) -> Callable[[Any], None]:
    def note(failure: Any) -> None:
        errors.append(failure.value)

    return note


class _Stopper:
    """Turns signals into an orderly end."""

    def __init__(self) -> None:
        self.crawler: Any = None
        self.signals = 0
        self.is_running = False

    @contextmanager
    def handling_signals(self) -> Iterator[None]:
        """Handle SIGINT and SIGTERM inside; put the former handlers back afterwards."""
        former = {number: signal.signal(number, self._received) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def watch(self, crawler: Any) -> None:
        """From when the reactor runs, signals end this crawler's crawl."""
        from twisted.internet import reactor as installed

        self.crawler = crawler
        reactor: Any = installed
        reactor.callWhenRunning(self._running)

    def _running(self) -> None:
        self.is_running = True

    def _received(self, number: int, frame: object) -> None:
        self.signals += 1
        if not self.is_running:
            raise KeyboardInterrupt
        from twisted.internet import reactor as installed

        reactor: Any = installed
        reactor.callFromThread(self._stop_gracefully if self.signals == 1 else self._stop_now)

    def _stop_gracefully(self) -> None:
        from twisted.internet import reactor as installed

        reactor: Any = installed
        session = self.crawler.session
        if session is None or session.is_closed:
            self._stop_now()
            return
        session.stop("interrupted")
        reactor.callLater(GRACE_SECONDS, self._stop_now)

    def _stop_now(self) -> None:
        from twisted.internet import reactor as installed
        from twisted.internet.error import ReactorNotRunning

        reactor: Any = installed
        session = self.crawler.session
        if session is not None:
            if not session.is_closed:
                session.end = "interrupted"
            session.close()
            session.pool.kill()
        with suppress(ReactorNotRunning):
            reactor.stop()
        reactor.callLater(LEAVE_SECONDS, reactor.crash)  # stopping waits for requests under way, and a host may never answer


def _spider_name(process: CrawlerProcess) -> str:
    names = process.spider_loader.list()
    if "news" not in names:
        raise ConfigurationError(f"the spider 'news' is not among the spiders found ({', '.join(names) or 'none'}); reinstall newsarchive")
    return "news"
