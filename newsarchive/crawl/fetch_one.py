"""Fetch one page with the guards, limits and manners of a crawl, for `newsarchive extract URL`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response

from newsarchive.crawl.captures import page_of
from newsarchive.crawl.contact import check_contact
from newsarchive.crawl.events import quiet_twisted
from newsarchive.crawl.failures import verdict_of
from newsarchive.crawl.plans import settings_of
from newsarchive.errors import BlockedAddress, FetchFailed, NewsArchiveError
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.run import CrawlPlan
from newsarchive.urls import absolute, normalise

ROBOTS = "newsarchive.crawl.robots.RobotsMiddleware"
PROFILES = "newsarchive.crawl.profiles.ProfileMiddleware"
"""Left out: a page that a person names is fetched as a browser would, once."""


class _OnePageSpider(Spider):
    """Asks for one address, follows its redirects, and keeps the answer."""

    name = "one_page"

    def __init__(self, url: str, answer: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url, self.answer = url, answer

    async def start(self) -> AsyncIterator[Request]:
        yield self._request(self.url, 0)

    def _request(self, url: str, redirects: int) -> Request:
        meta = {"handle_httpstatus_all": True, "redirects": redirects}
        return Request(url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True)

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Request]:
        target = (
            absolute((response.headers.get("Location") or b"").decode("latin-1"), response.url) if 300 <= response.status < 400 else None
        )
        if target is None:
            self.answer.append(page_of(response))
        elif response.meta["redirects"] >= self.crawler.settings.getint("REDIRECT_MAX_TIMES"):
            self.answer.append(FetchFailed(f"{self.url}: more than {response.meta['redirects']} redirects"))
        else:
            yield self._request(normalise(target), response.meta["redirects"] + 1)

    def failed(self, failure: Any) -> None:
        verdict = verdict_of(failure.value, failure.request.url)
        if verdict.outcome is Outcome.BLOCKED_ADDRESS:
            self.answer.append(BlockedAddress(f"{failure.request.url}: {verdict.detail}"))
        else:
            self.answer.append(FetchFailed(f"{failure.request.url}: {verdict.outcome}, {verdict.detail}"))


def fetch_page(url: str, *, contact: str | None = None, allow_addresses: Sequence[str] = (), connect_to: Sequence[str] = ()) -> Page:
    """The page behind one address, redirects followed. Once in a process: the reactor cannot be started again.

    Raises ConfigurationError without a contact for a public host, BlockedAddress for a host that is not public, FetchFailed
    (with the outcome and its detail) when there is no answer, or one with an error status.
    """
    target = normalise(url)
    plan = CrawlPlan(seeds=[target], archive=Path(), contact=contact, allow_addresses=allow_addresses, connect_to=connect_to)
    check_contact(plan)
    settings = settings_of(plan, "ERROR")
    settings.set("SCHEDULER", "scrapy.core.scheduler.Scheduler", priority="cmdline")
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    settings.set("EXTENSIONS", dict.fromkeys(settings.getdict("EXTENSIONS")), priority="cmdline")
    settings.set("DOWNLOADER_MIDDLEWARES", {**settings.getdict("DOWNLOADER_MIDDLEWARES"), ROBOTS: None, PROFILES: None}, priority="cmdline")
    answer: list[Any] = []
    quiet_twisted()
    process = CrawlerProcess(settings)
    process.crawl(_OnePageSpider, url=target, answer=answer)
    process.start()
    if not answer:
        raise FetchFailed(f"{target}: no answer")
    if isinstance(answer[0], NewsArchiveError):
        raise answer[0]
    page: Page = answer[0]
    if page.status >= 400:
        raise FetchFailed(f"{target}: HTTP {page.status}")
    return page
