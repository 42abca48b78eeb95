"""The browser's only way out: a proxy on loopback that connects to addresses which the guarded resolver passes, and counts bytes.

Whatever the browser asks for (scripts, frames, redirects, WebSockets, its own background services) comes here as a host and a
port. It is looked up and checked here and connected to here, so that the address that was checked is the one that is used.
Each page has a key of its own, which its requests carry as proxy credentials; without a key nothing is connected.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from newsarchive.crawl.guards import Refused
from newsarchive.crawl.lookup import addresses_of

MAX_HEAD_BYTES = 64 * 1024
"""Bytes of a request's head. Chromium sends some 2 KB, cookies included."""

CONNECT_SECONDS = 10.0
"""Seconds for one connection; the page's own time ends sooner for a slow one."""

_CHUNK = 64 * 1024
_HOP_BY_HOP = re.compile(rb"(?:proxy-[a-z-]+|connection|keep-alive)$", re.IGNORECASE)
_TARGET = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^:\[\]]+)):(\d{1,5})")


@dataclass(slots=True)
class Visit:
    """What one page may still fetch, and what it was refused."""

    bytes_left: int
    """Bytes that the servers may still send."""
    refused: list[str] = field(default_factory=list)
    """Why hosts were refused, each reason once."""
    connections: int = 0
    """Connections made."""
    is_over: bool = False
    """Whether the page's bytes are used up."""
    writers: set[asyncio.StreamWriter] = field(default_factory=set)


class GuardedProxy:
    """An HTTP proxy for one browser. Starts on a free port of loopback."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._visits: dict[str, Visit] = {}
        self.port = 0

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def open_visit(self, max_bytes: int) -> tuple[str, Visit]:
        """A key for one page, and its account."""
        key, visit = secrets.token_urlsafe(16), Visit(max_bytes)
        self._visits[key] = visit
        return key, visit

    def end_visit(self, key: str) -> None:
        """Connect nothing more for a page, and cut what it has open."""
        visit = self._visits.pop(key, None)
        for writer in list(visit.writers) if visit is not None else ():
            writer.close()

    async def close(self) -> None:
        """Stop listening and cut everything."""
        for key in list(self._visits):
            self.end_visit(key)
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the browser: one request."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            visit = self._visit_of(head)
            if visit is None:
                writer.write(b'HTTP/1.1 407 Who asks?\r\nProxy-Authenticate: Basic realm="page"\r\nContent-Length: 0\r\n\r\n')
                await writer.drain()
                head = await reader.readuntil(b"\r\n\r\n")
                visit = self._visit_of(head)
            if visit is not None:
                await self._forward(head, visit, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the browser sees a broken connection, and the page goes without
        finally:
            writer.close()

    def _visit_of(self, head: bytes) -> Visit | None:
        given = re.search(rb"\r\nproxy-authorization: *basic +([A-Za-z0-9+/=]+)", head, re.IGNORECASE)
        try:
            key = base64.b64decode(given[1], validate=True).decode("ascii").partition(":")[0] if given else ""
        except ValueError:
            return None
        return self._visits.get(key)

    async def _forward(self, head: bytes, visit: Visit, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _, fields = head.partition(b"\r\n")
        method, target, version = line.decode("latin-1").split(" ")
        is_tunnel = method == "CONNECT"
        host, port, path = _tunnel(target) if is_tunnel else _plain(target)
        try:
            server_reader, server_writer = await self._connect(host, port, visit)
        except Refused as refused:
            if refused.detail not in visit.refused:
                visit.refused.append(refused.detail)
            writer.write(b"HTTP/1.1 403 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        visit.writers |= {writer, server_writer}
        try:
            if is_tunnel:
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                server_writer.write(f"{method} {path} {version}\r\n".encode("latin-1") + _own_fields(fields))
            await _first_done(_copy(reader, server_writer, None), _copy(server_reader, writer, visit))
        finally:
            server_writer.close()
            visit.writers -= {writer, server_writer}

    async def _connect(self, host: str, port: int, visit: Visit) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the first address that answers. Raises Refused, or OSError."""
        last: OSError = OSError(f"no address of {host} answers")
        for address, target in await addresses_of(host, port):
            try:
                opened = await asyncio.wait_for(asyncio.open_connection(address, target), CONNECT_SECONDS)
            except (OSError, TimeoutError) as error:
                last = error if isinstance(error, OSError) else last
                continue
            visit.connections += 1
            return opened
        raise last


def _tunnel(target: str) -> tuple[str, int, str]:
    found = _TARGET.fullmatch(target)
    if found is None:
        raise ValueError(target)
    return (found[1] or found[2]).lower(), int(found[3]), ""


def _plain(target: str) -> tuple[str, int, str]:
    parts = urlsplit(target)
    if parts.scheme not in ("http", "ws") or not parts.hostname:
        raise ValueError(target)
    path = target.split("://", 1)[1].partition("/")[2]
    return parts.hostname.lower(), parts.port or 80, f"/{path}"


def _own_fields(fields: bytes) -> bytes:
    """The head's fields for the server: without the proxy's, and with the end of the connection after one answer."""
    kept = [line for line in fields.split(b"\r\n") if line and not _HOP_BY_HOP.match(line.partition(b":")[0].strip())]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""])


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, visit: Visit | None) -> None:
    """Pass bytes on until the end, or until the page's account is empty."""
    while data := await reader.read(_CHUNK):
        if visit is not None:
            visit.bytes_left -= len(data)
            if visit.bytes_left < 0:
                visit.is_over = True
                return
        writer.write(data)
        await writer.drain()


async def _first_done(upwards: Coroutine[Any, Any, None], downwards: Coroutine[Any, Any, None]) -> None:
    """Run both directions until the server's side ends; what the browser still sends then goes nowhere."""
    up, down = asyncio.ensure_future(upwards), asyncio.ensure_future(downwards)
    try:
        await down
    finally:
        up.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await up
