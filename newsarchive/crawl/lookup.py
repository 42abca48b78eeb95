"""Asks the process's guarded resolver for addresses, for whoever does not connect through Twisted."""

from __future__ import annotations

import asyncio
from typing import Any

from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

from newsarchive.crawl.guards import Refused
from newsarchive.model.outcome import Outcome


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


async def addresses_of(host: str, port: int, *, missing: str = "no address for {}") -> list[tuple[str, int]]:
    """The (address, port) pairs that may be connected to for a host, at least one.

    Raises Refused for a host without any; `missing` says what it means that the name has no address at all.
    """
    from twisted.internet import reactor as installed

    resolver: Any = getattr(installed, "nameResolver")  # noqa: B009 - the reactor's module has no types
    addresses = _Addresses()
    resolver.resolveHostName(addresses, host, port)
    await addresses.done
    if addresses.found:
        return [(address.host, address.port) for address in addresses.found]
    refusal = resolver.refusal(host, port) if hasattr(resolver, "refusal") else None
    if refusal:
        raise Refused(Outcome.BLOCKED_ADDRESS, refusal)
    raise Refused(Outcome.DNS, missing.format(host))
