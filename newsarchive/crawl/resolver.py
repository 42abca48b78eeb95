"""The name resolver of the crawling process: every connection asks it, so nothing connects to an address it refuses.

Scrapy installs it on the reactor (`TWISTED_DNS_RESOLVER`). Pages, redirects, robots.txt, feeds and sitemaps all pass here,
and the address that was checked is the address that is connected to: a name that changes between two look-ups gains nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from newsarchive.crawl.addresses import AddressRules

MAX_REFUSALS = 10_000
"""Hosts whose refusal is remembered for the error message; the oldest go first. Bounds memory, changes no decision."""


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Look-ups are not cancelled: their answer is ignored."""


@implementer(IResolutionReceiver)
class _Checked:
    """Passes on the addresses that may be connected to, and notes why others were not."""

    def __init__(self, receiver: Any, resolver: GuardedResolver, host: str, port: int, target_port: int) -> None:
        self.receiver, self.resolver, self.host, self.port, self.target_port = receiver, resolver, host, port, target_port

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        refusal = self.resolver.rules.refusal(self.host, self.port, address.host)
        if refusal:
            self.resolver.note(self.host, self.port, refusal)
        else:
            self.receiver.addressResolved(_with_port(address, self.target_port))

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self.receiver.resolutionComplete()


def _with_port(address: Any, port: int) -> Any:
    kind = IPv6Address if isinstance(address, IPv6Address) else IPv4Address
    return kind("TCP", address.host, port)


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves IPv4 and IPv6 through the system, maps `--connect-to`, and drops addresses that the rules refuse."""

    def __init__(self, reactor: Any, rules: AddressRules) -> None:
        self.reactor = reactor
        self.rules = rules
        self.system = reactor.nameResolver
        self._refusals: dict[tuple[str, int], str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Called by Scrapy with the process's settings."""
        settings = crawler.settings
        return cls(reactor, AddressRules.parse(settings.getlist("ALLOW_ADDRESSES"), settings.getlist("CONNECT_TO")))

    def install_on_reactor(self) -> None:
        """Become the reactor's resolver."""
        self.reactor.installNameResolver(self)

    def note(self, host: str, port: int, refusal: str) -> None:
        """Remember why a host was refused, for the message of the outcome."""
        if len(self._refusals) >= MAX_REFUSALS:
            self._refusals.pop(next(iter(self._refusals)))
        self._refusals[host, port] = refusal

    def refusal(self, host: str, port: int) -> str | None:
        """Why the last look-up of this host gave no address, or None when no address was refused."""
        return self._refusals.get((host.lower(), port))

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Sequence[Any] | None = None,  # noqa: N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's name
    ) -> Any:
        """Resolve a name for Twisted; the receiver gets only addresses that may be connected to."""
        host = hostName.lower()
        self._refusals.pop((host, portNumber), None)
        target, target_port = self.rules.target(host, portNumber)
        receiver = _Checked(resolutionReceiver, self, host, portNumber, target_port)
        try:
            literal = ipaddress.ip_address(target)
        except ValueError:
            return self.system.resolveHostName(receiver, target, target_port, addressTypes, transportSemantics)
        resolution = _Resolution(host)
        receiver.resolutionBegan(resolution)
        receiver.addressResolved((IPv4Address if literal.version == 4 else IPv6Address)("TCP", str(literal), target_port))
        receiver.resolutionComplete()
        return resolution
