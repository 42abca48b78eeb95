"""Scrapy's scheduler over the archive's frontier: what is queued survives every kill, because it never was anywhere else."""

from __future__ import annotations

from typing import Any

from scrapy.core.scheduler import BaseScheduler
from scrapy.http import Request
from scrapy.spiders import Spider

from newsarchive.archive.frontier import Leased
from newsarchive.crawl.session import CrawlSession
from newsarchive.model.candidate import Candidate
from newsarchive.urls import normalise


class FrontierScheduler(BaseScheduler):
    """Leases URLs from the frontier as requests; nothing is queued in memory."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.session: CrawlSession = crawler.get_extension(CrawlSession)
        self.spider: Any = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> FrontierScheduler:
        """Called by Scrapy."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Remember whose callbacks the requests get."""
        self.spider = spider

    def close(self, reason: str) -> None:
        """Nothing to save: the frontier is on disk."""

    def has_pending_requests(self) -> bool:
        """Whether URLs of this run are queued or deferred."""
        return self.session.is_waiting()

    def enqueue_request(self, request: Request) -> bool:
        """Put a request's URL into the frontier. Only GET requests without a body can be kept; False for others and for known URLs."""
        if request.method != "GET" or request.body:
            return False
        candidate = Candidate(url=normalise(request.url), found_by=str(request.meta.get("found_by", "seed")))
        return bool(self.session.store.frontier.add([candidate], self.session.run.id, self.session.plan.revisit))

    def next_request(self) -> Request | None:
        """Lease the next URL as a request, or None when no host has room."""
        leased = self.session.lease()
        return None if leased is None else self.request_for(leased)

    def request_for(self, leased: Leased) -> Request:
        """The request for a leased URL: conditional where the archive knows an earlier answer."""
        headers: dict[str, str] = {}
        # A twin of an article (a duplicate) is read again: "not modified" would not tell what it is now.
        is_conditional = leased.known_article or leased.candidate.kind != "page"
        profile = self.session.profiles.for_url(leased.candidate.url)
        if profile is not None and profile.browser:  # the text comes with the scripts, of which the page's validators say nothing
            is_conditional = False
        if leased.etag and is_conditional:
            headers["If-None-Match"] = leased.etag
        if leased.last_modified and is_conditional:
            headers["If-Modified-Since"] = leased.last_modified
        settings = self.crawler.settings
        is_source = leased.candidate.kind in ("feed", "sitemap")
        meta = {
            "leased": leased,
            "handle_httpstatus_all": True,
            "dont_redirect": True,
            "download_maxsize": settings.getint("SOURCE_MAXSIZE" if is_source else "DOWNLOAD_MAXSIZE"),
        }
        url = leased.candidate.url
        return Request(url, headers=headers, callback=self.spider.parse, errback=self.spider.failed, meta=meta, dont_filter=True)
