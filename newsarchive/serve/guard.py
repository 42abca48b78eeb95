"""What stands before every page: which hosts and methods are answered, and what a browser may do with an answer.

Datasette checks no Host header: a page of the internet whose name was made to point to 127.0.0.1 (DNS rebinding) could read
the archive through the browser of whoever has it open. Only names on the list are answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Names under which a browser on the same machine asks."""

METHODS = ("GET", "HEAD")

OWN_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of our pages: no script at all, no inline style, nothing from elsewhere."""
DATASETTE_POLICY = OWN_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'; script-src 'self'")
"""Of Datasette's table and SQL pages: their colours and column labels are inline styles; their scripts are files of this server."""

DATASETTE_PATHS = ("/archive",)
STATIC_PATHS = ("/static/", "/-/static/", "/favicon.ico")

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Guard:
    """An ASGI application around another one."""

    def __init__(self, inner: Application, hosts: Iterable[str]) -> None:
        self._inner = inner
        self._hosts = frozenset(name.lower() for name in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400 to other hosts, 405 to other methods, 404 to Datasette's own administration, and pass on everything else."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path = str(scope["path"])

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_ours(message.get("headers", ()), path)
            if message["type"] == "http.response.body" and scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        if host_of(scope) not in self._hosts:
            await _refuse(guarded, 400, "This server does not answer under that name; start it with --allow-host NAME.")
        elif scope["method"] not in METHODS:
            await _refuse(guarded, 405, "Only GET and HEAD: nothing can be changed here.", (b"allow", b"GET, HEAD"))
        elif path.startswith("/-/") and not path.startswith(STATIC_PATHS):
            await _refuse(guarded, 404, "Not here.")
        else:
            await self._inner({**scope, "method": "GET", "headers": _without_cookies(scope["headers"])}, receive, guarded)


def host_of(scope: Scope) -> str:
    """The name in the Host header, lower case and without port; empty where there is none or more than one."""
    found = [value for name, value in scope["headers"] if name.lower() == b"host"]
    if len(found) != 1:
        return ""
    text = bytes(found[0]).decode("latin-1").lower()
    name, colon, port = text.rpartition(":")
    return name if colon and port.isdigit() and not (name.startswith("[") and not name.endswith("]")) else text


def _without_cookies(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Nobody signs in here: cookies and credentials of other programs on this host are not looked at."""
    return [(name, value) for name, value in headers if name.lower() not in (b"cookie", b"authorization")]


def _with_ours(headers: Iterable[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
    ours = {name for name, _ in _HEADERS} | {b"content-security-policy", b"set-cookie", b"access-control-allow-origin"}
    policy = DATASETTE_POLICY if path.startswith(DATASETTE_PATHS) else OWN_POLICY
    kept = [(name, value) for name, value in headers if name.lower() not in ours]
    if not any(name.lower() == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", b"no-cache"))
    return [*kept, *_HEADERS, (b"content-security-policy", policy.encode())]


async def _refuse(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    body = text.encode()
    fixed = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
