"""The demo newspaper's HTTP server: loopback, threads, standard library only.

HTTP/1.1 with keep-alive, exact Content-Length, ETag and Last-Modified with conditional answers, gzip where it is
accepted. Tests hook into it: delays, faults, and a call before every answer.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from newsarchive.demo.expectation import ORIGIN, Manifest
from newsarchive.demo.resource import Resource
from newsarchive.demo.site import build_site
from newsarchive.demo.traps import DEFAULT_DEPTH

MIN_GZIP_BYTES = 200
"""Bytes. Shorter answers go out as they are: gzip's own 18 bytes and the header cost more than they save."""

OnRequest = Callable[[int, str], None]
"""Called with the number of the request (from 1) and its target, before it is answered."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the answers at one address."""

    kind: Literal["drop", "truncate", "slow_body", "status"]
    """`drop` closes the connection without an answer, `truncate` after half of the announced body, `slow_body` sends it in
    pieces, `status` answers with an error."""
    status: int = 503
    seconds: float = 0.1
    """Pause between two pieces of a `slow_body`."""
    times: int | None = None
    """How many requests are hit; None means all."""
    headers: tuple[tuple[str, str], ...] = ()
    """Extra headers of a `status` answer, such as Retry-After."""


class DemoServer:
    """Serves one edition on 127.0.0.1 from the moment it is entered until it is left.

    `slow` delays every answer and `delays` those of single targets, in seconds; `faults` maps targets to what goes wrong
    there; `trap_depth` says how far the traps lead. `port` 0 picks a free port.
    """

    origin = ORIGIN

    def __init__(
        self,
        edition: int = 1,
        port: int = 0,
        *,
        slow: float | None = None,
        delays: Mapping[str, float] | None = None,
        faults: Mapping[str, Fault] | None = None,
        on_request: OnRequest | None = None,
        trap_depth: int = DEFAULT_DEPTH,
    ) -> None:
        self.edition = edition
        """The edition on sale; may be changed while the server runs."""
        self.slow = slow
        self.delays = dict(delays or {})
        self.faults = dict(faults or {})
        self.on_request = on_request
        self.trap_depth = trap_depth
        self._wanted_port = port
        self._lock = threading.Lock()
        self._requests: list[tuple[str, int]] = []
        self._count = 0
        self._hits: dict[str, int] = {}
        self._open: set[socket.socket] = set()
        self._http: _Http | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The TCP port; the wanted one before the server is entered."""
        return self._http.server_address[1] if self._http else self._wanted_port

    @property
    def connect_to(self) -> str:
        """The --connect-to value that maps the newspaper's name to this server."""
        host = urlsplit(ORIGIN).hostname
        return f"{host}:80:127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """HOST:PORT that a crawl has to allow, since it is a loopback address."""
        return f"127.0.0.1:{self.port}"

    @property
    def manifest(self) -> Manifest:
        """What must come out of a crawl of the edition on sale."""
        return build_site(self.edition).manifest

    @property
    def requests(self) -> list[tuple[str, int]]:
        """Target and status of every answer so far, in order; status 0 where the connection was dropped."""
        with self._lock:
            return list(self._requests)

    def __enter__(self) -> DemoServer:
        build_site(self.edition)
        self._http = _Http(("127.0.0.1", self._wanted_port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name="demo", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._http is None or self._thread is None:
            return
        self._http.shutdown()
        self._thread.join()
        with self._lock:
            waiting = list(self._open)
        for connection in waiting:
            _hang_up(connection)
        self._http.server_close()
        self._http = None

    def wait(self) -> None:
        """Block until the server ends, as `python -m newsarchive.demo` does."""
        if self._thread is not None:
            self._thread.join()

    def arrived(self, target: str) -> Fault | None:
        """Count a request, call the hook, sleep its delay; the fault that hits it, or None."""
        with self._lock:
            self._count += 1
            number = self._count
            self._hits[target] = self._hits.get(target, 0) + 1
            hits = self._hits[target]
        if self.on_request is not None:
            self.on_request(number, target)
        pause = self.delays.get(target, self.slow or 0.0)
        if pause > 0:
            time.sleep(pause)
        fault = self.faults.get(target)
        return None if fault is None or (fault.times is not None and hits > fault.times) else fault

    def answered(self, target: str, status: int) -> None:
        """Note an answer."""
        with self._lock:
            self._requests.append((target, status))

    def resource(self, target: str) -> Resource:
        """The answer of the edition on sale."""
        return build_site(self.edition).answer(target, self.trap_depth)

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection, so that leaving the server can end it."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._lock:
            self._open.discard(connection)


class _Http(ThreadingHTTPServer):
    """The listening socket and its threads."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], demo: DemoServer) -> None:
        self.demo = demo
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the base class, which can hang where no resolver answers."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - signature of the base class
        """Keep quiet about clients that hang up: crawlers under test do it all the time."""


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "CourierPress"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65536

    @property
    def demo(self) -> DemoServer:
        return cast("_Http", self.server).demo

    def setup(self) -> None:
        super().setup()
        self.demo.opened(self.connection)

    def finish(self) -> None:
        self.demo.closed(self.connection)
        try:
            super().finish()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - signature of the base class
        """Nothing is logged; `DemoServer.requests` has it all."""

    def do_GET(self) -> None:
        self._serve(send_body=True)

    def do_HEAD(self) -> None:
        self._serve(send_body=False)

    def _serve(self, *, send_body: bool) -> None:
        target = _origin_form(self.path)
        fault = self.demo.arrived(target)
        if fault is not None and fault.kind == "drop":
            self.demo.answered(target, 0)
            _hang_up(self.connection)
            self.close_connection = True
            return
        resource = self.demo.resource(target)
        if fault is not None and fault.kind == "status":
            resource = Resource(status=fault.status, body=b"<h1>Please come back later</h1>", headers=dict(fault.headers))
        if fault is None and self._unchanged(resource):
            self.demo.answered(target, 304)
            self._head(304, resource, None)
            self.wfile.flush()
            return
        body = self._encoded(resource)
        self.demo.answered(target, resource.status)
        self._head(resource.status, resource, len(body), gzip_coded=body is not resource.body)
        if send_body:
            self._send(body, fault)
        self.wfile.flush()

    def _unchanged(self, resource: Resource) -> bool:
        """Whether the request's validators say that the client has this body already (RFC 9110, section 13)."""
        if resource.status != 200:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None or resource.last_modified is None:
            return False
        try:
            return parsedate_to_datetime(resource.last_modified) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    def _encoded(self, resource: Resource) -> bytes:
        accepted = [item.split(";")[0].strip() for item in self.headers.get("Accept-Encoding", "").split(",")]
        if resource.compressible and "gzip" in accepted and len(resource.body) >= MIN_GZIP_BYTES:
            return gzip.compress(resource.body, 6, mtime=0)
        return resource.body

    def _head(self, status: int, resource: Resource, length: int | None, *, gzip_coded: bool = False) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(length))
        if gzip_coded:
            self.send_header("Content-Encoding", "gzip")
        if resource.compressible:
            self.send_header("Vary", "Accept-Encoding")
        if resource.status == 200:
            self.send_header("ETag", resource.etag)
            if resource.last_modified:
                self.send_header("Last-Modified", resource.last_modified)
        for name, value in resource.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, body: bytes, fault: Fault | None) -> None:
        if fault is not None and fault.kind == "truncate":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
        elif fault is not None and fault.kind == "slow_body":
            step = max(1, len(body) // 10)
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                self.wfile.flush()
                time.sleep(fault.seconds)
        else:
            self.wfile.write(body)


def _origin_form(target: str) -> str:
    """The path and query of a request target, which a proxy's client writes in absolute form."""
    if target.startswith("http://"):
        parts = urlsplit(target)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return target


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
