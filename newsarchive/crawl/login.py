"""A site's login: its form is filled in once, before the first page is asked for, and the cookies go with every later request.

The login page is one that a person named, so robots.txt does not decide about it. Secrets are sent to the profile's own domains
alone, and without TLS only to an address that the operator allowed. Where the login fails, the site is not crawled logged out:
its addresses wait for the next run.
"""

from __future__ import annotations

import asyncio
import os
from http.cookies import CookieError, SimpleCookie
from typing import Any

from scrapy.http import FormRequest, HtmlResponse, Request, Response
from scrapy.http.request import NO_CALLBACK

from newsarchive.crawl.addresses import AddressRules
from newsarchive.crawl.captures import page_of
from newsarchive.crawl.failures import verdict_of
from newsarchive.crawl.guards import Refused, port_of
from newsarchive.errors import UnreadablePage
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.pages.guard import guard
from newsarchive.sites.profile import Login, SiteProfile
from newsarchive.sites.secrets import revealed

MAX_COOKIES = 50
"""Cookies of one login; browsers keep as many for a whole site (RFC 6265 section 6.1)."""
_META = {"is_login": True, "handle_httpstatus_all": True, "dont_redirect": True}


class LoginFailed(Exception):
    """Raised inside of this module with what went wrong, in words for the operator."""


class LoginMiddleware:
    """Logs in once for each profile with a login, and adds its cookies to the requests of the site."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.rules = AddressRules.parse(settings.getlist("ALLOW_ADDRESSES"), settings.getlist("CONNECT_TO"))
        self._logins: dict[str, asyncio.Task[dict[str, str]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> LoginMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the site's login; raise Refused where it failed."""
        if request.meta.get("is_login") or request.meta.get("is_robots"):
            return
        session: Any = getattr(self.crawler, "session", None)
        profile: SiteProfile | None = session.profiles.for_url(request.url) if session is not None else None
        if profile is None or profile.login is None:
            return
        task = self._logins.get(profile.name)
        if task is None:
            task = self._logins[profile.name] = asyncio.ensure_future(self._log_in(profile, profile.login))
        try:
            cookies = await asyncio.shield(task)
        except LoginFailed as error:
            session.note(f"the login to {profile.name} failed ({error}); nothing of the site was fetched")
            raise Refused(Outcome.DEFERRED, f"login failed: {error}") from None
        if self._is_safe(request.url):
            _add_cookies(request, cookies)

    async def _log_in(self, profile: SiteProfile, login: Login) -> dict[str, str]:
        """The cookies of a new session."""
        self._require_safe(profile, login.url)
        form_page = await self._ask(Request(login.url, callback=NO_CALLBACK, meta=dict(_META), dont_filter=True), "login form")
        cookies = _cookies_of(form_page)
        form = _filled_in(form_page, login)
        self._require_safe(profile, form.url)
        _add_cookies(form, cookies)
        answer = await self._ask(form, "login")
        cookies |= _cookies_of(answer)
        if answer.status >= 400:
            raise LoginFailed(f"the form was answered with HTTP {answer.status}")
        if not cookies or (answer.status == 200 and _shows_form(answer, login)):
            raise LoginFailed("the site shows the form again" if cookies else "the site set no cookie")
        return cookies

    async def _ask(self, request: Request, what: str) -> Response:
        session = self.crawler.session
        try:
            answer: Response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - stage boundary: whatever a download raises is why the login failed
            verdict = verdict_of(error, request.url)
            session.save(Capture(url=request.url, outcome=verdict.outcome, detail=f"{what}: {verdict.detail}", attempted=verdict.attempted))
            raise LoginFailed(f"{what}: {verdict.outcome}, {verdict.detail}") from None
        session.save(Capture(url=request.url, outcome=Outcome.NOT_ARTICLE, detail=what, page=page_of(answer)))
        return answer

    def _require_safe(self, profile: SiteProfile, url: str) -> None:
        if not profile.covers(url):
            raise LoginFailed(f"the form sends to {port_of(url)[0]}, which is none of the profile's domains")
        if not self._is_safe(url):
            raise LoginFailed("the form is not sent over TLS (https)")

    def _is_safe(self, url: str) -> bool:
        return url.startswith("https://") or self.rules.is_allowed(*port_of(url))


def _filled_in(page: Response, login: Login) -> FormRequest:
    """The form with our fields, its hidden ones kept."""
    if page.status != 200:
        raise LoginFailed(f"the page of the form was answered with HTTP {page.status}")
    html = _guarded(page)
    first = next(iter(login.fields))
    values = {name: revealed(value, os.environ) for name, value in login.fields.items()}
    try:
        return FormRequest.from_response(
            html,
            formxpath=f"//form[.//*[@name={_quoted(first)}]]",
            formdata=values,
            meta=dict(_META),
            dont_filter=True,
            callback=NO_CALLBACK,
        )
    except (ValueError, IndexError):
        raise LoginFailed(f"the page has no form with a field named {first!r}") from None


def _shows_form(page: Response, login: Login) -> bool:
    try:
        html = _guarded(page)
    except LoginFailed:
        return False
    return all(html.xpath(f"//form//*[@name={_quoted(name)}]") for name in login.fields)


def _guarded(page: Response) -> HtmlResponse:
    """The page for a parser, after the linear scan that every page passes."""
    if not isinstance(page, HtmlResponse):
        raise LoginFailed("the page of the form is no HTML")
    try:
        text = guard(page.text).text
    except UnreadablePage as error:
        raise LoginFailed(f"the page of the form cannot be read ({error.reason})") from None
    return page.replace(body=text.encode("utf-8"), encoding="utf-8")


def _quoted(name: str) -> str:
    """A name as an XPath string."""
    if '"' not in name:
        return f'"{name}"'
    if "'" not in name:
        return f"'{name}'"
    raise LoginFailed(f"the field {name!r} has both kinds of quotes in its name")


def _cookies_of(page: Response) -> dict[str, str]:
    """Name -> value of the cookies an answer sets; deleted ones (empty, or Max-Age=0) are left out."""
    found: dict[str, str] = {}
    for line in page.headers.getlist("Set-Cookie")[:MAX_COOKIES]:
        try:
            jar = SimpleCookie(line.decode("latin-1"))
        except CookieError:
            continue
        found |= {name: morsel.coded_value for name, morsel in jar.items() if morsel.value and morsel["max-age"] != "0"}
    return found


def _add_cookies(request: Request, cookies: dict[str, str]) -> None:
    """Add cookies to those that the profile sets."""
    before = (request.headers.get("Cookie") or b"").decode("latin-1")
    pieces = [before] if before else []
    pieces += [f"{name}={value}" for name, value in cookies.items()]
    if pieces:
        request.headers["Cookie"] = "; ".join(pieces)
