"""A site's proxy: what a proxy is asked to connect to is checked here first, because it connects where we cannot look.

Both the proxy and the page's host are looked up through the guarded resolver. A host without a public address, or without any
that this machine can find, is not handed over. The environment's proxy variables are never used.
"""

from __future__ import annotations

import asyncio
import base64
import os
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.http import Request
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from newsarchive.crawl.guards import Refused, port_of
from newsarchive.model.outcome import Outcome
from newsarchive.sites.profile import SiteProfile
from newsarchive.sites.secrets import proxy_of


@implementer(IResolutionReceiver)
class _Addresses:
    """Collects what a look-up finds."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        """A look-up began."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        """An address that may be connected to."""
        self.found.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        """There are no more."""
        if not self.done.done():
            self.done.set_result(None)


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
        await _require_address(*port_of(address), missing="no address for the proxy {}")
        await _require_address(*port_of(request.url), missing="no address for {}, so the proxy was not asked for it")
        parts = urlsplit(address)
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            request.headers["Proxy-Authorization"] = b"Basic " + base64.b64encode(pair)
        request.meta["proxy"] = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


async def _require_address(host: str, port: int, *, missing: str) -> None:
    """Raise Refused unless the host has an address that may be connected to; `missing` says what it means that it has none."""
    from twisted.internet import reactor as installed

    resolver: Any = getattr(installed, "nameResolver")  # noqa: B009 - the reactor's module has no types
    addresses = _Addresses()
    resolver.resolveHostName(addresses, host, port)
    await addresses.done
    if addresses.found:
        return
    refusal = resolver.refusal(host, port) if hasattr(resolver, "refusal") else None
    if refusal:
        raise Refused(Outcome.BLOCKED_ADDRESS, refusal)
    raise Refused(Outcome.DNS, missing.format(host))
