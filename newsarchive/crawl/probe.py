"""A look at a site without an archive: which feeds, sitemaps and sections it has, fetched with the guards and manners of a crawl.

robots.txt and the home page come first, then what they name, then, where they name nothing, the paths that many sites share.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, Response

from newsarchive.crawl.captures import page_of
from newsarchive.crawl.contact import check_contact
from newsarchive.crawl.events import quiet_twisted
from newsarchive.crawl.failures import verdict_of
from newsarchive.crawl.plans import settings_of
from newsarchive.crawl.robots import RobotsUnavailable
from newsarchive.discovery.common_paths import SourceKind, guesses, wanted_kinds
from newsarchive.discovery.scope import site_of
from newsarchive.discovery.survey import newest_first, survey
from newsarchive.errors import NewsArchiveError, WorkerFailed
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.discovered import FoundBy, FoundKind, FoundSource, SiteDiscovery
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.run import CrawlPlan
from newsarchive.sites.profile import Profiles
from newsarchive.urls import absolute, identity, normalise
from newsarchive.workers.job import Job, Result
from newsarchive.workers.pool import WorkerPool

MAX_REQUESTS = 40
"""Requests of one look unless told otherwise: the home page, both kinds of guesses (19), and what a large paper names itself."""
MAX_INDEX_CHILDREN = 5
"""Sitemaps read of one index, the newest first. A paper's index names one a month since the beginning; five show what it holds."""
MAX_SECTIONS = 100
"""Section pages listed; a home page with more links its tags."""

_ANSWERING = frozenset({Outcome.ROBOTS, Outcome.TOO_LARGE, Outcome.TRUNCATED, Outcome.UNREADABLE})
"""Verdicts on a home page after which its site may still answer for other addresses."""
_ORDER: tuple[FoundKind, ...] = ("home", "news-sitemap", "feed", "sitemap-index", "sitemap", "section")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePlan:
    """What to look at, and how politely."""

    url: str
    """Home page of the site, normalised."""
    profiles: Profiles = field(default_factory=Profiles)
    """What the operator wrote down of sites: how to ask, and further feeds and sitemaps."""
    contact: str | None = None
    delay_seconds: float | None = None
    allow_addresses: Sequence[str] = ()
    connect_to: Sequence[str] = ()
    max_requests: int = MAX_REQUESTS
    thorough: bool = False
    """Whether common paths are tried even where the site names feeds and sitemaps itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One address to ask for, and why."""

    url: str
    kind: FoundKind
    found_by: FoundBy
    found_on: str | None = None
    origin: str | None = None
    redirects: int = 0


class _ProbeSession:
    """What the middlewares ask and report to: the place of a crawl's session."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles
        self.sitemaps: list[Candidate] = []
        self.notes: list[str] = []

    def save(self, capture: Capture) -> None:
        """Keep the sitemaps that a robots.txt names."""
        self.sitemaps += [item for item in capture.candidates if item.kind == "sitemap"]

    def note(self, sentence: str) -> None:
        """Remember a sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC)


class ProbeSpider(Spider):
    """Asks for a bounded number of addresses and keeps what they are."""

    name = "probe"

    def __init__(self, plan: ProbePlan, session: _ProbeSession, pool: WorkerPool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan, self.session, self.pool = plan, session, pool
        self.home: str | None = None
        self.found: list[FoundSource] = []
        self.requests = 0
        self.is_cut = False
        self.failure: NewsArchiveError | None = None
        self._asked: set[str] = set()
        self._named: set[SourceKind] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> ProbeSpider:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.end_workers, signal=signals.spider_closed)
        return spider

    async def end_workers(self) -> None:
        """Let the workers go."""
        await self.pool.close()

    async def start(self) -> AsyncIterator[Request]:
        """The home page; everything else follows from it."""
        try:
            await self.pool.start()
        except NewsArchiveError as error:
            self.failure = error
            return
        for request in self._requests([_Attempt(url=self.plan.url, kind="home", found_by="seed")]):
            yield request

    def _requests(self, attempts: Sequence[_Attempt]) -> Iterator[Request]:
        """Requests for those addresses that were not asked for yet, within the limit."""
        for attempt in attempts:
            key = identity(attempt.url)
            if key in self._asked:
                continue
            if self.requests >= self.plan.max_requests:
                self.is_cut = True
                return
            self._asked.add(key)
            self.requests += 1
            size = self.crawler.settings.getint("DOWNLOAD_MAXSIZE" if attempt.kind == "home" else "SOURCE_MAXSIZE")
            meta = {"handle_httpstatus_all": True, "attempt": attempt, "download_maxsize": size}
            yield Request(attempt.url, callback=self.parse, errback=self.failed, meta=meta, dont_filter=True)

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Request]:
        """One answer: read it, keep what it is, and ask for what it names."""
        attempt: _Attempt = response.meta["attempt"]
        page = page_of(response)
        for request in self._requests(await self._next(attempt, page)):
            yield request

    async def _next(self, attempt: _Attempt, page: Page) -> list[_Attempt]:
        if 300 <= page.status < 400:
            return self._redirected(attempt, page)
        if page.status != 200:
            return self._without(attempt, f"HTTP {page.status}")
        try:
            result = await self.pool.run(Job(page=page, kind="auto"))
        except WorkerFailed as failure:
            return self._without(attempt, f"{failure.outcome}: {failure.detail}")
        except NewsArchiveError:
            return []  # the probe is ending
        if attempt.kind == "home":
            return self._read_home(attempt, page, result)
        return self._read_source(attempt, page, result)

    def _redirected(self, attempt: _Attempt, page: Page) -> list[_Attempt]:
        target = absolute(page.headers.get("location", ""), page.address)
        if target is None or attempt.redirects >= self.crawler.settings.getint("REDIRECT_MAX_TIMES"):
            return self._without(attempt, f"HTTP {page.status}, leads nowhere")
        url = normalise(target)
        if identity(url) in self._asked and identity(url) != identity(attempt.url):
            return self._without(attempt, f"redirects to {url}, which was looked at")
        self._asked.discard(identity(url))
        return [replace(attempt, url=url, redirects=attempt.redirects + 1)]

    def _without(self, attempt: _Attempt, problem: str) -> list[_Attempt]:
        """Keep an address that is no source; a home page without an answer still leads to what robots.txt and the paths give."""
        self.found.append(_source_of(attempt, attempt.url, attempt.kind, problem=problem))
        return self._after_home(attempt.url, ()) if attempt.kind == "home" else []

    def _read_home(self, attempt: _Attempt, page: Page, result: Result) -> list[_Attempt]:
        self.home = page.address
        links = [item for item in result.candidates if site_of(item.url) == site_of(page.address) or item.kind == "feed"]
        figures = survey(links)
        if result.kind in ("feed", "sitemap"):
            return [*self._read_source(replace(attempt, kind=result.kind), page, result), *self._after_home(page.address, ())]
        home = _source_of(attempt, page.address, "home", entries=figures.entries, articles=figures.articles)
        self.found.append(replace(home, problem=result.detail if result.kind == "unreadable" else None))
        sections = [item for item in links if item.kind == "listing" and identity(item.url) != identity(page.address)]
        self.found += [
            FoundSource(url=item.url, kind="section", found_by="link", found_on=page.address) for item in sections[:MAX_SECTIONS]
        ]
        return self._after_home(page.address, [item for item in links if item.kind in ("feed", "sitemap")])

    def _after_home(self, home: str, linked: Sequence[Candidate]) -> list[_Attempt]:
        """What the profile, robots.txt and the home page name, then the common paths of the kinds that none of them names."""
        profile = self.plan.profiles.for_url(self.plan.url)
        attempts = [_Attempt(url=url, kind="feed", found_by="profile") for url in (profile.feeds if profile else ())]
        attempts += [_Attempt(url=url, kind="sitemap", found_by="profile") for url in (profile.sitemaps if profile else ())]
        attempts += [_Attempt(url=item.url, kind="sitemap", found_by="robots", found_on=item.found_on) for item in self.session.sitemaps]
        attempts += [
            _Attempt(url=item.url, kind="feed" if item.kind == "feed" else "sitemap", found_by="link", found_on=item.found_on)
            for item in linked
        ]
        kinds = wanted_kinds({attempt.kind for attempt in attempts}, thorough=self.plan.thorough)
        for kind, words in (("sitemap", "sitemaps"), ("feed", "feeds")):
            if kind not in kinds:
                self.session.note(f"the site names {words} itself, so the common paths of {words} were not tried; --thorough tries them")
        guessed = guesses(home, [attempt.url for attempt in attempts], kinds=kinds)
        return attempts + [_Attempt(url=item.url, kind=item.kind, found_by="common-path", origin=item.origin) for item in guessed]

    def _read_source(self, attempt: _Attempt, page: Page, result: Result) -> list[_Attempt]:
        if result.kind not in ("feed", "sitemap"):
            unreadable = result.detail if result.kind == "unreadable" else None
            return self._without(attempt, unreadable or "a page, no feed or sitemap")
        figures = survey(result.candidates)
        kind: FoundKind = "feed" if result.kind == "feed" else "sitemap"
        children: list[Candidate] = []
        if figures.is_index:
            kind, children = "sitemap-index", newest_first(result.candidates)
        elif figures.is_news:
            kind = "news-sitemap"
        found = _source_of(attempt, page.address, kind, entries=figures.entries, articles=figures.articles)
        unread = max(len(children) - MAX_INDEX_CHILDREN, 0)
        self.found.append(replace(found, newest=figures.newest, newest_title=figures.newest_title, unread=unread))
        return [_Attempt(url=item.url, kind="sitemap", found_by="sitemap", found_on=page.address) for item in children[:MAX_INDEX_CHILDREN]]

    async def failed(self, failure: Any) -> AsyncIterator[Request]:
        """A request without an answer: refused by a guard or by robots.txt, or failed on the way."""
        attempt: _Attempt = failure.request.meta["attempt"]
        error = failure.value
        if isinstance(error, RobotsUnavailable):
            problem, is_answering = f"robots.txt: {error.verdict.detail}; nothing is asked for until it answers", False
        else:
            verdict = verdict_of(error, failure.request.url)
            problem, is_answering = f"{verdict.outcome}, {verdict.detail}", verdict.outcome in _ANSWERING
        following = self._without(attempt, problem)
        for request in self._requests(following if is_answering else []):
            yield request


def _source_of(attempt: _Attempt, url: str, kind: FoundKind, **known: Any) -> FoundSource:
    return FoundSource(url=url, kind=kind, found_by=attempt.found_by, found_on=attempt.found_on, origin=attempt.origin, **known)


def probe_site(plan: ProbePlan, *, log_level: str = "ERROR") -> SiteDiscovery:
    """Look at one site. Once in a process: the reactor cannot be started again.

    Raises ConfigurationError without a contact for a public host, WorkerFailed when no worker can be started. A site that
    does not answer raises nothing: its home page stands in `failed`.
    """
    crawl = CrawlPlan(
        seeds=[plan.url],
        archive=Path(),
        contact=plan.contact,
        delay_seconds=plan.delay_seconds,
        allow_addresses=plan.allow_addresses,
        connect_to=plan.connect_to,
    )
    check_contact(crawl)
    settings = settings_of(crawl, log_level)
    settings.set("SCHEDULER", "scrapy.core.scheduler.Scheduler", priority="cmdline")
    settings.set("SCHEDULER_MEMORY_QUEUE", "scrapy.squeues.FifoMemoryQueue", priority="cmdline")
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    settings.set("EXTENSIONS", {**settings.getdict("EXTENSIONS"), "newsarchive.crawl.session.CrawlSession": None}, priority="cmdline")
    session, pool = _ProbeSession(plan.profiles), WorkerPool(1)
    quiet_twisted()
    process = CrawlerProcess(settings)
    crawler: Any = process.create_crawler(ProbeSpider)
    crawler.session = session
    errors: list[BaseException] = []

    def note(failure: Any) -> None:
        errors.append(failure.value)

    process.crawl(crawler, plan=plan, session=session, pool=pool).addErrback(note)
    try:
        process.start()
    finally:
        pool.kill()
    if errors:
        raise errors[0]
    spider: ProbeSpider = crawler.spider
    if spider.failure is not None:
        raise spider.failure
    return _discovery(plan, spider)


def _discovery(plan: ProbePlan, spider: ProbeSpider) -> SiteDiscovery:
    rank = {kind: number for number, kind in enumerate(_ORDER)}
    found = sorted(spider.found, key=lambda item: (rank[item.kind], -(item.entries or 0), item.url))
    return SiteDiscovery(
        url=plan.url,
        home=spider.home,
        sources=tuple(item for item in found if item.problem is None),
        failed=tuple(item for item in found if item.problem is not None),
        requests=spider.requests,
        is_cut=spider.is_cut,
        notes=tuple(spider.session.notes),
    )
