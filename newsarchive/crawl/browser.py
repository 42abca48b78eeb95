"""Pages that show nothing without JavaScript: fetched as every page is, then run in a browser, which may ask for their scripts.

The crawl itself fetches the page, so robots.txt, conditional answers, redirects, sizes and statuses mean what they always mean;
the browser gets that answer instead of asking. What its scripts ask for goes through the guarded proxy, within limits of number,
bytes and time. Only profiles with `browser = true` come here.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.http import Response

from newsarchive.crawl.browser_proxy import GuardedProxy, Visit
from newsarchive.errors import ConfigurationError, WorkerFailed
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.sites.profile import Profiles, SiteProfile
from newsarchive.workers.job import sniff

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright, Route

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names under which systems install the browser. Nothing is downloaded."""

RENDER_SECONDS = 15.0
"""Seconds until a page has loaded; pages of real applications take one to four. What takes longer gets the outcome `timeout`."""

QUIET_SECONDS = 5.0
"""Seconds that a loaded page is given until its requests have ceased; a page that polls is read as it is then."""

MAX_SUBRESOURCES = 80
"""Requests that the scripts of one page may make. Single-page applications of newspapers load 10 to 40 scripts and data files."""

MAX_SUBRESOURCE_BYTES = 24 * 1024 * 1024
"""Bytes that one page may fetch beside itself: three times the largest page, well above what a newspaper's scripts weigh."""

MAX_PAGES = 2
"""Pages in the browser at the same time; each takes about 100 MB."""

ALLOWED_TYPES = frozenset({"script", "stylesheet", "xhr", "fetch"})
"""What is fetched for a page: pictures, fonts, films and frames are not needed for its text."""

ARGUMENTS = (
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=256",
    "--no-pings",
    "--renderer-process-limit=4",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
"""No way round the proxy, and bounded memory."""

_RENDERED = {"content-type": "text/html; charset=utf-8", "x-rendered": "yes"}
"""Headers of a page that is kept as its scripts left it, so that nobody takes it for what the server sent."""

CLOSE_SECONDS = 5.0
"""Seconds in which a page's session ends; a browser that takes longer is replaced."""

_NOT_HANDED_ON = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})


def executable() -> str | None:
    """The system's browser; None where there is none."""
    return next(filter(None, map(shutil.which, EXECUTABLES)), None)


def missing_part() -> str | None:
    """What must be installed before pages can be rendered; None where everything is there."""
    if importlib.util.find_spec("playwright") is None:
        return "the browser extra: pip install 'newsarchive[browser]'"
    if executable() is None:
        return "a browser: apt install chromium"
    return None


def require_browser(profiles: Profiles, urls: Iterable[str]) -> None:
    """Raise ConfigurationError where a site that is to be crawled wants a browser that is not there, or one behind a proxy."""
    wanted = {profile.name: profile for profile in filter(None, map(profiles.for_url, urls)) if profile.browser}
    for profile in wanted.values():
        where = profile.path or profile.name
        if profile.proxy is not None:
            raise ConfigurationError(f"{where}: browser and proxy cannot be combined: the browser's requests would go round the proxy")
        part = missing_part()
        if part is not None:
            raise ConfigurationError(f"{where}: browser = true needs {part}")


@dataclass  # without slots: Playwright notes its own handle on what a handler belongs to
class _Rules:
    """What the scripts of one page may ask for."""

    page_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    own_headers: dict[str, str]
    """Headers of the crawl for the page's own origin (authorisation): nobody else gets them. Cookies are the session's."""
    asked: int = 0
    refused: int = 0
    is_given: bool = False
    """Whether the browser has its page."""

    async def handle(self, route: Route) -> None:
        """Give the page, let its scripts be fetched, refuse everything else."""
        request = route.request
        if request.is_navigation_request() and request.frame.parent_frame is None and not self.is_given:
            self.is_given = True
            await route.fulfill(status=self.status, headers=self.headers, body=self.body)
        elif request.resource_type not in ALLOWED_TYPES or self.asked >= MAX_SUBRESOURCES:
            self.refused += 1
            await route.abort("blockedbyclient")
        else:
            self.asked += 1
            is_own = bool(self.own_headers) and _origin(request.url) == _origin(self.page_url)
            await route.continue_(headers={**request.headers, **self.own_headers} if is_own else None)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


class Renderer:
    """A Scrapy extension: one browser, started when the first page needs it."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        self.proxy = GuardedProxy()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._room = asyncio.Semaphore(MAX_PAGES)
        crawler.signals.connect(self.close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Renderer:
        """Called by Scrapy."""
        return cls(crawler)

    def is_wanted(self, page: Page, profile: SiteProfile | None) -> bool:
        """Whether a browser is to run this page: its site wants one, and it is a page with something in it."""
        kind = (page.content_type or "text/html").partition(";")[0].strip().lower()
        is_page = kind in ("text/html", "application/xhtml+xml") and sniff(page) == "page"
        return profile is not None and profile.browser and page.status == 200 and is_page

    async def render(self, page: Page, response: Response) -> Page:
        """The page as its scripts leave it.

        Raises WorkerFailed with `timeout`, `too_large` or `error`, and ConfigurationError where the browser cannot be started.
        """
        async with self._room:
            browser = await self._running()
            key, visit = self.proxy.open_visit(MAX_SUBRESOURCE_BYTES)
            try:
                html = await asyncio.wait_for(self._run(browser, page, response, key), RENDER_SECONDS + 2 * QUIET_SECONDS)
            except TimeoutError:
                raise WorkerFailed(Outcome.TIMEOUT, f"not loaded by the browser within {RENDER_SECONDS:.0f} s") from None
            except _playwright_error() as error:
                raise WorkerFailed(Outcome.ERROR, f"the browser: {_first_line(error)}") from None
            finally:
                self.proxy.end_visit(key)
            self._note(page, visit)
        body = html.encode("utf-8", "replace")
        if len(body) > self.crawler.settings.getint("DOWNLOAD_MAXSIZE"):
            raise WorkerFailed(Outcome.TOO_LARGE, "larger than the limit when its scripts had run")
        return replace(page, body=body, headers={**page.headers, **_RENDERED})

    async def _run(self, browser: Browser, page: Page, response: Response, key: str) -> str:
        context = await self._context(browser, response, key)
        try:
            rules = _rules(page, response)
            await context.route("**/*", rules.handle)
            await context.route_web_socket("**/*", lambda socket: socket.close())
            tab = await context.new_page()
            await tab.goto(page.url, wait_until="load", timeout=RENDER_SECONDS * 1000)
            with contextlib.suppress(_playwright_timeout()):
                await tab.wait_for_load_state("networkidle", timeout=QUIET_SECONDS * 1000)
            return await tab.content()
        except _playwright_timeout():
            raise TimeoutError from None
        finally:
            await self._end(context)

    async def _end(self, context: BrowserContext) -> None:
        try:
            await asyncio.wait_for(context.close(), CLOSE_SECONDS)
        except (_playwright_error(), TimeoutError):
            await self._restart()

    async def _context(self, browser: Browser, response: Response, key: str) -> BrowserContext:
        """A session of the browser for one page: nothing of one page is seen by another."""
        context = await browser.new_context(
            user_agent=_sent(response, "User-Agent"),
            proxy={"server": f"http://127.0.0.1:{self.proxy.port}", "username": key, "password": "page"},
            service_workers="block",
            accept_downloads=False,
        )
        pairs = [pair.strip().partition("=") for pair in _sent(response, "Cookie").split(";") if "=" in pair]
        await context.add_cookies(
            [{"name": name, "value": value, "url": "{}://{}/".format(*_origin(response.url))} for name, _, value in pairs]
        )
        return context

    async def _running(self) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self._start()
            assert self._browser is not None, "_start raises where it starts none"
            return self._browser

    async def _start(self) -> None:
        from playwright.async_api import Error, async_playwright

        if not self.proxy.port:
            await self.proxy.start()
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=executable(),
                args=list(ARGUMENTS),
                proxy={"server": f"http://127.0.0.1:{self.proxy.port}"},
                chromium_sandbox=os.geteuid() != 0,  # root has no sandbox to offer
                handle_sigint=False,
                handle_sigterm=False,
            )
        except Error as error:
            raise ConfigurationError(f"the browser {executable()} cannot be started: {_first_line(error)}") from None

    async def _restart(self) -> None:
        """Let go of a browser that hangs; the next page starts another."""
        browser, self._browser = self._browser, None
        if browser is not None:
            with contextlib.suppress(_playwright_error(), TimeoutError):
                await asyncio.wait_for(browser.close(), CLOSE_SECONDS)

    def _note(self, page: Page, visit: Visit) -> None:
        session: Any = getattr(self.crawler, "session", None)
        host = urlsplit(page.url).netloc
        for reason in visit.refused if session is not None else ():
            session.note(f"the browser was refused what pages of {host} ask for: {reason}")
        if visit.is_over and session is not None:
            session.note(f"pages of {host} fetch more than {MAX_SUBRESOURCE_BYTES // 2**20} MiB beside themselves; the browser was cut off")

    async def close(self) -> None:
        """End the browser."""
        await self._restart()
        if self._playwright is not None:
            playwright, self._playwright = self._playwright, None
            await playwright.stop()
        await self.proxy.close()


def _rules(page: Page, response: Response) -> _Rules:
    headers: dict[str, str] = {}
    for name, values in response.headers.items():
        key = name.decode("latin-1").lower()
        if key not in _NOT_HANDED_ON:
            headers[key] = "\n".join(value.decode("latin-1") for value in values)
    authorisation = _sent(response, "Authorization")
    return _Rules(page.url, page.status, headers, response.body, {"authorization": authorisation} if authorisation else {})


def _sent(response: Response, name: str) -> str:
    """A header of the crawl's own request for the page; empty where it sent none."""
    value = response.request.headers.get(name) if response.request is not None else None
    return value.decode("latin-1") if value else ""


def _playwright_error() -> type[Exception]:
    from playwright.async_api import Error

    return Error


def _playwright_timeout() -> type[Exception]:
    from playwright.async_api import TimeoutError as PlaywrightTimeout

    return PlaywrightTimeout


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
