"""A small web site on loopback whose every answer the test decides, and which remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What to send for one path."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    cut_after: int | None = None
    """Close the connection after so many bytes of the body."""


class Site:
    """Serves `pages` (path with query -> Answer, or a function of the number of earlier requests) on a free port."""

    def __init__(self, pages: Mapping[str, Answer | Callable[[int], Answer]], host: str = "127.0.0.1") -> None:
        self.pages = dict(pages)
        self.requests: list[tuple[str, float]] = []
        self.headers: list[Mapping[str, str]] = []
        self.on_request: Callable[[int, str], None] | None = None
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.allow = f"127.0.0.1:{self.port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            number = len(self.requests)
            earlier = sum(path == handler.path for path, _ in self.requests)
            self.requests.append((handler.path, time.monotonic()))
            self.headers.append(dict(handler.headers.items()))
        if self.on_request is not None:
            self.on_request(number, handler.path)
        found = self.pages.get(handler.path, Answer(b"no such page", 404))
        answer = found(earlier) if callable(found) else found
        if answer.delay_seconds:
            time.sleep(answer.delay_seconds)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        try:
            handler.send_response(answer.status)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **answer.headers}
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body if answer.cut_after is None else body[: answer.cut_after])
            if answer.cut_after is not None:
                handler.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for path, _ in self.requests]

    def __enter__(self) -> Site:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()


SENTENCES = (
    "The town council voted on Tuesday to reopen the old ferry landing, which has been closed since the flood of last spring.",
    "Repairs to the jetty cost less than planned, the treasurer said, because volunteers from the rowing club had cleared the mud.",
    "Residents on the far bank have driven eleven miles to the nearest bridge ever since, and many came to the meeting to say so.",
    "A first boat is to cross on the first Sunday of May, weather permitting, with free passage for schoolchildren until noon.",
    "The mayor thanked the engineers and promised that the timetable would be printed in three languages before the season begins.",
)


def article_html(number: int, *, links: tuple[str, ...] = (), head: str = "") -> str:
    """An article page that every extractor takes for one; `number` makes its title and text its own."""
    paragraphs = "".join(f"<p>Report {number}. {sentence}</p>" for sentence in SENTENCES)
    anchors = "".join(f'<li><a href="{link}">Another report from the river towns {link}</a></li>' for link in links)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry landing reopens, report {number}</title>'
        f'<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-03-{number % 28 + 1:02d}T09:30:00+00:00">'
        f"{head}</head><body><header><a href='/'>River Courier</a></header><main><article><h1>Ferry landing reopens, report {number}</h1>"
        f'<p class="byline">By Ada Holm</p>{paragraphs}</article><aside><h2>More</h2><ul>{anchors}</ul></aside></main></body></html>'
    )


def listing_html(links: list[str]) -> str:
    """A section page."""
    cards = "".join(
        f'<article><h2><a href="{link}">A report from the river towns number {i}</a></h2></article>' for i, link in enumerate(links)
    )
    return f"<!doctype html><html lang='en'><head><title>River Courier</title></head><body><main>{cards}</main></body></html>"
