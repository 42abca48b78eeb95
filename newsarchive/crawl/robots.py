"""robots.txt by RFC 9309: obeyed also by requests that wait for it, and every way it can fail has its meaning.

Scrapy's own middleware lets waiting requests through (they share one Deferred and see None); here all of them await one
task and read its result. 4xx: no rules. 5xx, time-out, no connection: the host waits. 500 KiB are read. Five redirects are followed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from newsarchive.crawl.captures import page_of, parse_retry_after
from newsarchive.crawl.failures import Verdict, verdict_of
from newsarchive.crawl.guards import Refused
from newsarchive.crawl.throttle import MAX_CRAWL_DELAY_SECONDS, Throttle
from newsarchive.discovery.robots_sitemaps import read_robots_sitemaps
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.urls import absolute, normalise

MAX_ROBOTS_BYTES = 500 * 1024
"""Bytes. RFC 9309 section 2.5: at least 500 kibibytes must be parsed."""
MAX_ROBOTS_REDIRECTS = 5
"""RFC 9309 section 2.3.1.2: at least five consecutive redirects."""
ROBOTS_RETRY_SECONDS = 60.0
"""Seconds an unreachable robots.txt is believed before it is asked for again, and the least that its host waits."""


class RobotsAccount(Protocol):
    """What the middleware needs of `crawler.session`: a crawl's session, or a probe's."""

    def save(self, capture: Capture) -> object:
        """Record the answer to a request for robots.txt, with the sitemaps it names."""

    def note(self, sentence: str) -> None:
        """Remember a sentence for the summary."""

    def now(self) -> datetime:
        """The time (UTC)."""


class RobotsUnavailable(IgnoreRequest):
    """Raised while robots.txt answers 5xx or not at all: the request waits. `verdict` says what was wrong."""

    def __init__(self, verdict: Verdict, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"robots.txt: {verdict.detail}")
        self.verdict = verdict
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Policy:
    """What one robots.txt says."""

    rules: Protego | None = None
    """None: everything is allowed."""
    unavailable: Verdict | None = None
    """Why the file could not be had."""
    retry_after_seconds: float | None = None


class RobotsMiddleware:
    """Refuses what robots.txt disallows, sets the host's Crawl-delay, and hands its `Sitemap:` lines to the frontier."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._policies: dict[str, asyncio.Task[Policy]] = {}
        self._asked_at: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's robots.txt; raise Refused or RobotsUnavailable."""
        if request.meta.get("is_robots") or request.meta.get("is_login"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        policy = await asyncio.shield(self._policy(origin))
        if policy.unavailable is not None:
            raise RobotsUnavailable(policy.unavailable, policy.retry_after_seconds)
        if policy.rules is not None and not policy.rules.can_fetch(request.url, self.agent):
            raise Refused(Outcome.ROBOTS, "disallowed by robots.txt")

    def _policy(self, origin: str) -> asyncio.Task[Policy]:
        now = asyncio.get_running_loop().time()
        task = self._policies.get(origin)
        stale = task is not None and task.done() and not task.cancelled() and task.result().unavailable is not None
        if task is None or task.cancelled() or (stale and now - self._asked_at[origin] >= ROBOTS_RETRY_SECONDS):
            self._asked_at[origin] = now
            task = self._policies[origin] = asyncio.ensure_future(self._ask(origin))
        return task

    async def _ask(self, origin: str) -> Policy:
        session: RobotsAccount = self.crawler.session
        url = normalise(f"{origin}/robots.txt")
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            try:
                response = await self.crawler.engine.download_async(_robots_request(url))
            except Exception as error:  # noqa: BLE001 - stage boundary: whatever a download raises becomes the host's verdict
                verdict = verdict_of(error, url)
                session.save(Capture(url=url, kind="robots", outcome=verdict.outcome, detail=verdict.detail, attempted=verdict.attempted))
                return _unavailable_or_open(verdict)
            target = absolute((response.headers.get("Location") or b"").decode("latin-1"), url) if 300 <= response.status < 400 else None
            if target is None:
                return self._read(origin, url, response, session)
            session.save(
                Capture(url=url, kind="robots", outcome=Outcome.REDIRECTED, detail=f"HTTP {response.status}", page=page_of(response))
            )
            url = normalise(target)
        return Policy()

    def _read(self, origin: str, url: str, response: Response, session: RobotsAccount) -> Policy:
        page = page_of(response)
        if response.status >= 500 or response.status == 429:
            outcome = Outcome.HTTP_5XX if response.status >= 500 else Outcome.HTTP_4XX
            verdict = Verdict(outcome, f"HTTP {response.status}", is_temporary=True)
            session.save(Capture(url=url, kind="robots", outcome=outcome, detail=verdict.detail, page=page))
            return Policy(unavailable=verdict, retry_after_seconds=parse_retry_after(response, session.now()))
        if response.status >= 400:
            session.save(Capture(url=url, kind="robots", outcome=Outcome.HTTP_4XX, detail=f"HTTP {response.status}", page=page))
            return Policy()
        body = response.body[:MAX_ROBOTS_BYTES]
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        self._apply_delay(origin, rules, session)
        sitemaps = read_robots_sitemaps(body, url).candidates
        session.save(Capture(url=url, kind="robots", outcome=Outcome.SOURCE, detail="robots.txt", page=page, candidates=sitemaps))
        return Policy(rules)

    def _apply_delay(self, origin: str, rules: Protego, session: RobotsAccount) -> None:
        asked = rules.crawl_delay(self.agent)
        throttle = self.crawler.get_extension(Throttle)
        if not asked or throttle is None:
            return
        host = urlsplit(origin).hostname or ""
        ours = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        set_to = throttle.set_floor(host, max(float(asked), ours))
        if asked > MAX_CRAWL_DELAY_SECONDS:
            session.note(f"{host} asks for {asked:g} s between requests; capped at {set_to:g} s")
        elif asked > ours:
            session.note(f"{host} asks for {asked:g} s between requests, which is kept")


def _robots_request(url: str) -> Request:
    meta = {"is_robots": True, "handle_httpstatus_all": True, "download_maxsize": 8 * 1024 * 1024}
    return Request(url, callback=NO_CALLBACK, meta=meta, priority=1000, dont_filter=True)


def _unavailable_or_open(verdict: Verdict) -> Policy:
    """No answer means wait; an address that we refuse to connect to, or a file that is too large, cannot get better by waiting."""
    if verdict.outcome in (Outcome.TOO_LARGE, Outcome.UNREADABLE):
        return Policy()
    return Policy(unavailable=verdict)
