"""A small web on loopback for simulated nights: papers that publish every night, and hosts that do everything a server must not.

One port answers for all names (the Host header decides), a second one for https. Every request is noted. For run_nights.py.
"""

from __future__ import annotations

import gzip
import random
import socket
import socketserver
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache

NEW_ARTICLES = 3
"""Articles a paper publishes every night."""
LISTED = 12
"""Articles on its home page and in its feed, the newest."""
KINDS_A_NIGHT = 9
"""Kinds of malice a hostile host shows in one night; all of them come round within a few."""
MAX_SEND_SECONDS = 60.0
"""Seconds after which an endless answer is given up here, should the crawler still read it."""

WORDS = (
    "harbour",
    "council",
    "ferry",
    "winter",
    "market",
    "bridge",
    "teacher",
    "river",
    "mayor",
    "engine",
    "festival",
    "library",
    "storm",
    "budget",
    "village",
    "doctor",
    "railway",
    "orchard",
    "museum",
    "concert",
    "fishery",
    "school",
    "island",
    "forest",
    "factory",
    "station",
    "garden",
    "border",
    "tunnel",
    "lighthouse",
    "bakery",
    "theatre",
)
VERBS = (
    "opened",
    "closed",
    "repaired",
    "counted",
    "promised",
    "painted",
    "measured",
    "visited",
    "refused",
    "welcomed",
    "delayed",
    "praised",
    "sold",
    "moved",
    "restored",
)


@cache
def sentences(seed: str, number: int) -> tuple[str, ...]:
    """Sentences of no other article."""
    chance = random.Random(seed)
    return tuple(
        f"The {chance.choice(WORDS)} near the {chance.choice(WORDS)} was {chance.choice(VERBS)} on the {chance.randint(1, 28)}th after "
        f"the {chance.choice(WORDS)} had {chance.choice(VERBS)} {chance.randint(2, 900)} of the {chance.choice(WORDS)} visitors again."
        for _ in range(number)
    )


def article(host: str, number: int) -> bytes:
    """An article page."""
    title = f"{sentences(f'{host} {number} title', 1)[0][4:60].rsplit(' ', 1)[0].capitalize()}, report {number}"
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences(f"{host} {number}", 12))
    more = "".join(
        f'<li><a href="/news/report-{other}">Another report, number {other}</a></li>' for other in (number - 1, number - 2) if other > 0
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-05-{number % 28 + 1:02d}T09:30:00+00:00"></head><body>'
        f'<header><a href="/">{host}</a></header><main><article><h1>{title}</h1><p class="byline">By Ada Holm</p>{paragraphs}</article>'
        f"<aside><h2>More</h2><ul>{more}</ul></aside></main></body></html>"
    ).encode()


def home(host: str, night: int, links: list[str]) -> bytes:
    """A front page."""
    cards = "".join(f'<article><h2><a href="{link}">{link.rpartition("/")[2]} of {host}</a></h2></article>' for link in links)
    return (
        f"<!doctype html><html lang='en'><head><title>{host}, night {night}</title></head><body><main>{cards}</main></body></html>".encode()
    )


class NightServer:
    """Serves `papers` good and `hostile` bad hosts; `night` says which articles and which malice are on show."""

    def __init__(self, papers: int, hostile: int) -> None:
        self.night = 1
        self.papers = [f"paper-{number}.example" for number in range(1, papers + 1)]
        self.hostile = [f"tarpit-{number}.example" for number in range(1, hostile + 1)]
        self.seen: set[str] = set()
        self.requests = 0
        self._lock = threading.Lock()
        self.over = threading.Event()
        self._open: set[socket.socket] = set()
        for slow in (zeros, attributes, deep, huge):
            slow()  # made before they are asked for: the time-outs of these nights are short
        self._plain, self._secure = self._listen(self._answer), self._listen(self._broken_tls)

    @property
    def hosts(self) -> list[str]:
        """All names."""
        return [*self.papers, *self.hostile]

    @property
    def connect_to(self) -> list[str]:
        """What the crawl is told, as in curl."""
        ports = ((80, self._plain.server_address[1]), (443, self._secure.server_address[1]))
        return [f"{host}:{port}:127.0.0.1:{ours}" for host in self.hosts for port, ours in ports]

    def begin(self, night: int) -> None:
        """The next night: other articles, other malice, a new account of requests."""
        with self._lock:
            self.night, self.seen, self.requests = night, set(), 0

    def hang_up(self) -> None:
        """End every connection of the night that is over."""
        with self._lock:
            waiting = list(self._open)
        for connection in waiting:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> NightServer:
        for server in (self._plain, self._secure):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.over.set()
        self.hang_up()
        for server in (self._plain, self._secure):
            server.shutdown()
            server.server_close()

    def _listen(self, answer: Callable[[socket.socket], None]) -> socketserver.ThreadingTCPServer:
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with outer._lock:
                    outer._open.add(self.request)
                try:
                    with suppress(OSError, ValueError):
                        answer(self.request)
                finally:
                    with outer._lock:
                        outer._open.discard(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address, request_queue_size = True, True, 128

        return Server(("127.0.0.1", 0), Handler)

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(MAX_SEND_SECONDS)
        with connection.makefile("rb") as file:
            while (line := file.readline(65536).split()) and len(line) >= 2:
                target, host = line[1].decode("latin-1"), ""
                while (header := file.readline(65536).strip()) != b"":
                    name, _, value = header.partition(b":")
                    if name.lower() == b"host":
                        host = value.strip().decode("latin-1")
                with self._lock:
                    self.seen.add(f"http://{host}{target}")
                    self.requests += 1
                send = self._good(host, target) if host in self.papers else self._bad(host, target)
                for piece in send:
                    connection.sendall(piece)
                if host not in self.papers:
                    return

    def _good(self, host: str, target: str) -> Iterator[bytes]:
        newest = self.night * NEW_ARTICLES
        numbers = range(newest, max(newest - LISTED, 0), -1)
        if target == "/robots.txt":
            yield answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain")
        elif target == "/":
            yield answer(home(host, self.night, ["/feed.xml", "/private/desk", *(f"/news/report-{number}" for number in numbers)]))
        elif target.startswith("/news/report-") and target[13:].isdigit() and 1 <= int(target[13:]) <= newest:
            yield answer(article(host, int(target[13:])))
        else:
            yield answer(b"no such page", "404 Not Found")

    def _bad(self, host: str, target: str) -> Iterator[bytes]:
        if host not in self.hostile:
            return iter((answer(b"who?", "404 Not Found"),))
        turn = self.night + self.hostile.index(host)
        if target == "/robots.txt":
            return _ROBOTS[turn % len(_ROBOTS)](self)
        if target == "/":
            names = [list(MALICE)[(turn * KINDS_A_NIGHT + number) % len(MALICE)] for number in range(KINDS_A_NIGHT)]
            links = [f"/n{self.night}/{name}" for name in names] + [f"/news/report-{self.night}"]
            return iter((answer(home(host, self.night, links)),))
        if target.startswith("/news/report-"):
            return iter((answer(article(host, int(target[13:]) if target[13:].isdigit() else 1)),))
        name = target.strip("/").split("/")[1].split("?")[0] if target.count("/") > 1 else ""
        return MALICE.get(name, missing)(self, target)

    def pause(self, seconds: float) -> bool:
        """Wait; whether to go on."""
        return not self.over.wait(seconds)

    def _broken_tls(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        connection.recv(4096)
        way = self.night % 3
        if way == 0:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nthis is no TLS")
        elif way == 1:
            connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28")  # a fatal alert
        else:
            self.over.wait(10)  # the handshake hangs


def answer(body: bytes, status: str = "200 OK", *, kind: str = "text/html; charset=utf-8", more: str = "") -> bytes:
    """A whole answer."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


Malice = Callable[[NightServer, str], Iterator[bytes]]


def missing(server: NightServer, target: str) -> Iterator[bytes]:
    """Nothing there."""
    yield answer(b"no such page", "404 Not Found")


def slow_header(server: NightServer, target: str) -> Iterator[bytes]:
    """Slow loris, the other way round: a byte of the header now and then, for ever."""
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while server.pause(0.3):
        yield b"a"


def slow_body(server: NightServer, target: str) -> Iterator[bytes]:
    """The same with the body."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n"
    while server.pause(0.3):
        yield b"<p>"


def never(server: NightServer, target: str) -> Iterator[bytes]:
    """No answer at all."""
    server.over.wait(MAX_SEND_SECONDS)
    yield b""


def endless_body(server: NightServer, target: str) -> Iterator[bytes]:
    """A body without end."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"<p>more and more</p>\n" * 3000
    while server.pause(0):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)


def endless_header(server: NightServer, target: str) -> Iterator[bytes]:
    """A header without end."""
    yield b"HTTP/1.1 200 OK\r\n"
    while server.pause(0):
        yield b"X-More: " + b"a" * 8000 + b"\r\n"


@cache
def zeros() -> bytes:
    """100 MB of spaces in 100 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * 1_000_000
    return b"".join([*(packer.compress(block) for _ in range(100)), packer.flush()])


def bomb(server: NightServer, target: str) -> Iterator[bytes]:
    """A decompression bomb."""
    yield answer(zeros(), more="Content-Encoding: gzip\r\n")


def double_bomb(server: NightServer, target: str) -> Iterator[bytes]:
    """A bomb in a bomb."""
    yield answer(gzip.compress(zeros(), 1), more="Content-Encoding: gzip, gzip\r\n")


def to(place: str) -> Malice:
    """A redirect; `{}` is a number one higher than the one asked for."""

    def redirect(server: NightServer, target: str) -> Iterator[bytes]:
        step = target.partition("?")[2]
        number = int(step) + 1 if step.isdigit() else 1
        yield answer(b"", "302 Found", more=f"Location: {place.format(target.partition('?')[0], number)}\r\n")

    return redirect


@cache
def attributes() -> bytes:
    """A tag with a quarter of a million attributes."""
    return b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(250_000)) + b">text</p></body></html>"


@cache
def deep() -> bytes:
    """Elements in elements, two hundred thousand deep."""
    return b"<html><body>" + b"<div>" * 200_000 + b"text"


@cache
def huge() -> bytes:
    """A page over the limit, told beforehand."""
    return b"<html><body>" + b"<p>word word word</p>" * 600_000


def page(body: Callable[[], bytes], *, kind: str = "text/html; charset=utf-8", more: str = "", status: str = "200 OK") -> Malice:
    """A body that is made once."""

    def send(server: NightServer, target: str) -> Iterator[bytes]:
        yield answer(body(), status, kind=kind, more=more)

    return send


def raw(data: bytes) -> Malice:
    """Bytes as they are."""

    def send(server: NightServer, target: str) -> Iterator[bytes]:
        yield data

    return send


def calendar(server: NightServer, target: str) -> Iterator[bytes]:
    """Pages that lead to ever more pages."""
    step = target.partition("?day=")[2]
    number = int(step) if step.isdigit() else 0
    path = target.partition("?")[0]
    yield answer(home("calendar", server.night, [f"{path}?day={number * 3 + way}" for way in (1, 2, 3)]))


def laughs(server: NightServer, target: str) -> Iterator[bytes]:
    """A feed of entities that grow without bounds."""
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'
    yield answer(
        f'{start}<rss version="2.0"><channel><title>&e11;</title></channel></rss>'.encode(),
        kind="application/rss+xml",
    )


def nested_sitemap(server: NightServer, target: str) -> Iterator[bytes]:
    """Sitemaps that name further sitemaps, for ever."""
    step = target.partition("?")[2]
    number = int(step) if step.isdigit() else 0
    host = server.hostile[0]
    entries = "".join(f"<sitemap><loc>http://{host}{target.partition('?')[0]}?{number * 2 + way}</loc></sitemap>" for way in (1, 2))
    yield answer(
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'.encode(),
        kind="application/xml",
    )


MALICE: dict[str, Malice] = {
    "slow-header": slow_header,
    "bomb": bomb,
    "loop": to("{0}?{1}"),
    "attributes": page(attributes),
    "garbage": raw(b"\x00\xffNOT HTTP AT ALL\r\n\r\n"),
    "short": raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>cut"),
    "secure": to("https://tarpit-1.example/secret"),
    "calendar": calendar,
    "never": never,
    "endless-body": endless_body,
    "self": to("{0}"),
    "deep": page(deep),
    "private": to("http://169.254.169.254/latest/meta-data/"),
    "nul": page(lambda: b"<html>\x00<p>\x00text\x00</p>" * 500),
    "cookies": page(lambda: b"<p>one</p>", more="".join(f"Set-Cookie: c{number}={'x' * 60}\r\n" for number in range(300))),
    "laughs.xml": laughs,
    "slow-body": slow_body,
    "double-bomb": double_bomb,
    "scheme": to("file:///etc/hostname"),
    "huge": page(huge),
    "endless-header": endless_header,
    "later": page(lambda: b"", status="503 Service Unavailable", more="Retry-After: 99999999\r\n"),
    "charset": page(lambda: b"\xff\xfe" + "<p>utf-16</p>".encode("utf-16-le"), kind="text/html; charset=x-unknown"),
    "picture": page(lambda: struct.pack(">QQ", 0x89504E470D0A1A0A, 13) + bytes(5000)),
    "negative": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<p>minus"),
    "sitemap.xml": nested_sitemap,
    "line": raw(b"HTTP/9.9 " + b"9" * 70_000 + b"\r\n\r\n"),
}
"""Name of the page -> what the server does there."""


def _robots_hangs(server: NightServer) -> Iterator[bytes]:
    return never(server, "/robots.txt")


def _robots_fails(server: NightServer) -> Iterator[bytes]:
    return iter((answer(b"", "500 Oops"),))


def _robots_allows(server: NightServer) -> Iterator[bytes]:
    return iter((answer(b"User-agent: *\nDisallow:\n", kind="text/plain"),))


def _robots_endless(server: NightServer) -> Iterator[bytes]:
    return endless_body(server, "/robots.txt")


_ROBOTS = (_robots_allows, _robots_allows, _robots_hangs, _robots_allows, _robots_allows, _robots_endless, _robots_allows, _robots_fails)
