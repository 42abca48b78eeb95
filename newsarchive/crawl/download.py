"""Scrapy's HTTP handler with a limit for headers: a server that sends them without end would fill the memory until the time-out.

Twisted limits a line of a header, and Scrapy the body; nothing limits how many lines there are.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError

MAX_HEADER_BYTES = 256 * 1024
"""Bytes of status line and headers of one answer, as Chrome has it. Servers send 1 to 16 KB."""

_IN_HEADERS = frozenset({"STATUS", "HEADER"})
"""States of Twisted's parser before the body."""


class HeadersTooLong(ParseError):
    """Raised inside Twisted for an answer whose headers do not end; the connection is closed."""


class HeaderLimitHandler(HTTP11DownloadHandler):
    """Closes connections whose headers do not end within `MAX_HEADER_BYTES`. For http and https."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        pool: Any = self._pool
        pool._factory = _limited(pool._factory)


def _limited(factory: Any) -> Any:
    class Limited(factory):  # type: ignore[misc]  # whatever factory this Scrapy has
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
            return _limit_headers(super().buildProtocol(addr))

    return Limited


def _too_long() -> Any:
    failure: Any = Failure
    error: Any = HeadersTooLong
    return failure(error("headers without end", b""))


def _limit_headers(protocol: Any) -> Any:
    """Count what arrives of an answer before its body; one connection gives many answers, each with a parser of its own."""
    receive, parser, size = protocol.dataReceived, None, 0

    def data_received(data: bytes) -> None:
        nonlocal parser, size
        if protocol._parser is not parser:
            parser, size = protocol._parser, 0
        if parser is not None and parser.state in _IN_HEADERS:
            size += len(data)
            if size > MAX_HEADER_BYTES:
                protocol._giveUp(_too_long())
                return
        receive(data)

    protocol.dataReceived = data_received
    return protocol
