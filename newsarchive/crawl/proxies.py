"""A site's proxy: what a proxy is asked to connect to is checked here first, because it connects where we cannot look.

Both the proxy and the page's host are looked up through the guarded resolver. A host without a public address, or without any
that this machine can find, is not handed over. The environment's proxy variables are never used.
"""

from __future__ import annotations

import base64
import os
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.http import Request

from newsarchive.crawl.guards import port_of
from newsarchive.crawl.lookup import addresses_of
from newsarchive.sites.profile import SiteProfile
from newsarchive.sites.secrets import proxy_of


class ProxyMiddleware:
    """Sends a site's requests, its robots.txt included, through the proxy its profile names; never directly then."""

    def __init__(self, crawler: Any) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> ProxyMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Hand the request to the site's proxy, or raise Refused for a host that the proxy must not be asked for."""
        session = getattr(self.crawler, "session", None)
        profile: SiteProfile | None = session.profiles.for_url(request.url) if session is not None else None
        address = proxy_of(profile, os.environ) if profile is not None else None
        if address is None:
            return
        await addresses_of(*port_of(address), missing="no address for the proxy {}")
        await addresses_of(*port_of(request.url), missing="no address for {}, so the proxy was not asked for it")
        parts = urlsplit(address)
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            request.headers["Proxy-Authorization"] = b"Basic " + base64.b64encode(pair)
        request.meta["proxy"] = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
