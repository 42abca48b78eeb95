"""Site profiles at work: what the operator wrote down of a site changes how it is asked, never what may be connected to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy.http import Request

from newsarchive.crawl.addresses import AddressRules
from newsarchive.crawl.contact import user_agent
from newsarchive.crawl.guards import port_of
from newsarchive.crawl.throttle import Throttle
from newsarchive.locations import default_sites
from newsarchive.sites.load import load_default_profiles, load_profiles, load_sound_profiles
from newsarchive.sites.profile import Profiles, SiteProfile
from newsarchive.sites.secrets import REFERENCE, revealed


def profiles_of(folder: Path | None, environment: Mapping[str, str] | None = None, *, leave_out_broken: bool = False) -> Profiles:
    """The profiles a crawl runs with: of the folder, else of the default one where that exists.

    Raises SiteProfileError with every fault of every file, unless those that are wrong are left out.
    """
    known = os.environ if environment is None else environment
    if leave_out_broken:
        return load_sound_profiles(folder or default_sites(), environment=known)[0]
    return load_profiles(folder, environment=known) if folder else load_default_profiles(default_sites(), environment=known)


class ProfileMiddleware:
    """Sends a site's headers, cookies and contact, and keeps its delay and concurrency."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.rules = AddressRules.parse(settings.getlist("ALLOW_ADDRESSES"), settings.getlist("CONNECT_TO"))

    @classmethod
    def from_crawler(cls, crawler: Any) -> ProfileMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Apply the profile of the request's site, if there is one."""
        session: Any = getattr(self.crawler, "session", None)
        profile: SiteProfile | None = session.profiles.for_url(request.url) if session is not None else None
        if profile is None:
            return
        if profile.contact:
            request.headers["User-Agent"] = user_agent(profile.contact)
        is_safe = request.url.startswith("https://") or self.rules.is_allowed(*port_of(request.url))
        secrets = [text for text in (*profile.headers.values(), *profile.cookies.values()) if REFERENCE.search(text)]
        if secrets and not is_safe:
            session.note(f"{profile.name}: secrets of the profile are not sent without TLS; some pages were asked for at http://")
        for name, value in profile.headers.items():
            if is_safe or not REFERENCE.search(value):
                request.headers[name] = revealed(value, os.environ)
        cookies = {name: value for name, value in profile.cookies.items() if is_safe or not REFERENCE.search(value)}
        if cookies:
            request.headers["Cookie"] = "; ".join(f"{name}={revealed(value, os.environ)}" for name, value in cookies.items())
        self._set_manners(request, profile)

    def _set_manners(self, request: Request, profile: SiteProfile) -> None:
        downloader = self.crawler.engine.downloader
        _, slot = downloader._get_slot(request)  # Scrapy takes values for a host only from settings, before hosts are known
        if profile.concurrency_per_host is not None:
            slot.concurrency = profile.concurrency_per_host
        host, _ = port_of(request.url)
        throttle = self.crawler.get_extension(Throttle)
        if profile.delay_seconds is not None and throttle is not None and host not in throttle.floors:
            throttle.set_floor(host, profile.delay_seconds)
