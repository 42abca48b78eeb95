"""The bench site on loopback, over two nights, with an account of every request. For run_crawl.py."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from bench_data import bench_folder

HOST = "paper.example"
"""The name the crawlers see; they reach it by `--connect-to` or as their HTTP proxy."""

NEW_ARTICLES = 5
"""Articles that appear on the second night: the newest."""

CHANGED_ARTICLES = 5
"""Articles whose text is another on the second night."""

PRIVATE_PAGES = 20
"""Pages that robots.txt disallows and the home page links."""

ROBOTS_SECONDS = 1.0
"""Seconds until robots.txt answers, as from a busy server: requests that wait for it must not leak."""

_ENTRY = re.compile(rb"<article><h2>.*?</article>\n?|<url><loc>.*?</url>|<item>.*?</item>|<entry>.*?</entry>", re.S)


class _Server(ThreadingHTTPServer):
    """Without a word about clients that were killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that ended early is what the benchmark is about."""


@dataclass(slots=True)
class Hit:
    """One request."""

    path: str
    status: int
    size: int


@dataclass
class BenchSite:
    """The site, served by threads. `night` 1 or 2 says what it shows."""

    folder: Path
    night: int = 1
    hits: list[Hit] = field(default_factory=list)
    on_article: Callable[[int], None] | None = None
    """Called with the number of articles asked for so far."""

    def __post_init__(self) -> None:
        self.manifest = [json.loads(line) for line in (self.folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
        self.paths = [urlsplit(entry["url"]).path for entry in self.manifest]
        self._known = frozenset(self.paths)
        self._new = [path.encode() for path in self.paths[:NEW_ARTICLES]]
        self._changed = set(self.paths[2 * NEW_ARTICLES : 2 * NEW_ARTICLES + CHANGED_ARTICLES])
        self._lock = threading.Lock()
        self._articles = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def expected(self) -> set[str]:
        """Paths of the articles the site shows this night."""
        return set(self.paths if self.night == 2 else self.paths[NEW_ARTICLES:])

    @property
    def changed(self) -> set[str]:
        """Paths of the articles that change between the nights."""
        return self._changed

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a page, or 304 where the client has it; requests as to a proxy are understood."""
        parts = urlsplit(handler.path)
        if parts.netloc not in ("", HOST):  # a client that takes us for its proxy to the whole web
            handler.send_error(502)
            return
        path = parts.path or "/"
        if path == "/robots.txt":
            time.sleep(ROBOTS_SECONDS)
        body = self._body(path)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if body is not None else ""
        status = 404 if body is None else 304 if handler.headers.get("If-None-Match") == tag else 200
        sent = body if status == 200 and body is not None else b""
        self._note(Hit(path, status, len(sent)))
        kind = mimetypes.guess_type(path)[0] or "text/html"
        try:
            handler.send_response(status)
            handler.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text") else kind)
            handler.send_header("Content-Length", str(len(sent)))
            handler.send_header("Date", formatdate(usegmt=True))
            if tag:
                handler.send_header("ETag", tag)
            handler.end_headers()
            handler.wfile.write(sent)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    def _note(self, hit: Hit) -> None:
        with self._lock:
            self.hits.append(hit)
            self._articles += hit.path in self._known
            number = self._articles
        if self.on_article is not None and hit.path in self._known:
            self.on_article(number)

    def _body(self, path: str) -> bytes | None:
        if path.startswith("/private/"):
            return b"<!doctype html><html><head><title>Not for robots</title></head><body><p>Not for robots.</p></body></html>"
        place = (self.folder / path.lstrip("/")).resolve()
        if not place.is_relative_to(self.folder.resolve()):
            return None
        place = place / "index.html" if place.is_dir() else place
        if not place.is_file() or (self.night == 1 and path.encode() in self._new):
            return None
        body = place.read_bytes()
        if path == "/":
            links = "".join(f'<li><a href="/private/note-{n}.html">A note for nobody, number {n}</a></li>' for n in range(PRIVATE_PAGES))
            body = body.replace(b"</main>", f"</main><ul>{links}</ul>".encode())
        if self.night == 1:
            return self._without_new(body)
        if path.startswith("/sitemaps/"):
            return self._with_new_dates(body)
        if path in self._changed:
            return re.sub(rb"(<p[^>]*>)", rb"\1Correction: an earlier version of this article named the wrong harbour. ", body, count=6)
        return body

    def _without_new(self, body: bytes) -> bytes:
        packed = body.startswith(b"\x1f\x8b")
        text = gzip.decompress(body) if packed else body
        kept = _ENTRY.sub(lambda found: b"" if any(path in found[0] for path in self._new) else found[0], text)
        if kept == text:
            return body
        return gzip.compress(kept, mtime=0) if packed else kept

    def _with_new_dates(self, body: bytes) -> bytes:
        """A sitemap in which the changed articles have another date of modification."""

        def stamped(found: re.Match[bytes]) -> bytes:
            is_changed = any(path.encode() in found[0] for path in self._changed)
            return re.sub(rb"<lastmod>[^<]*", b"<lastmod>2026-11-23T05:00:00+00:00", found[0]) if is_changed else found[0]

        packed = body.startswith(b"\x1f\x8b")
        text = _ENTRY.sub(stamped, gzip.decompress(body) if packed else body)
        return gzip.compress(text, mtime=0) if packed else text


def lay_out(folder: Path, count: int) -> None:
    """Make the site's files with the bench data's own script."""
    script = bench_folder() / "make_site.py"
    command = [sys.executable, str(script), str(folder), "--count", str(count), "--base", f"http://{HOST}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
