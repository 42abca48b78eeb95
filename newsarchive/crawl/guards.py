"""Requests that are refused before anything is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from newsarchive.crawl.addresses import AddressRules
from newsarchive.model.outcome import Outcome


class Refused(IgnoreRequest):
    """Raised by a guard for a request that must not be sent. Record `outcome` with `detail`; no request was made."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(f"{outcome}: {detail}")
        self.outcome = outcome
        self.detail = detail


def port_of(url: str) -> tuple[str, int]:
    """Host (lower case) and port of an http(s) URL."""
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


class AddressGuard:
    """Refuses other schemes than http and https, and addresses written as numbers that are not public.

    Names are checked where they are resolved (`resolver`); this guard saves the connection attempt where the URL already tells.
    """

    def __init__(self, rules: AddressRules) -> None:
        self.rules = rules

    @classmethod
    def from_crawler(cls, crawler: Any) -> AddressGuard:
        """Called by Scrapy."""
        settings = crawler.settings
        return cls(AddressRules.parse(settings.getlist("ALLOW_ADDRESSES"), settings.getlist("CONNECT_TO")))

    async def process_request(self, request: Request) -> None:
        """Raise Refused for a request that must not be sent."""
        scheme = request.url.split(":", 1)[0].lower()
        if scheme not in ("http", "https"):
            raise Refused(Outcome.BLOCKED_SCHEME, f"{scheme}: is not fetched")
        host, port = port_of(request.url)
        if host.replace(".", "").isdigit() or ":" in host:
            refusal = self.rules.refusal(host, port, host)
            if refusal:
                raise Refused(Outcome.BLOCKED_ADDRESS, refusal)
