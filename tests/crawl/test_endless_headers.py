"""Headers without end: the connection is closed, the address has its outcome, and the memory is nobody's."""

from __future__ import annotations

import socket
import threading

import pytest
from loopback import Answer, Site, article_html, listing_html

STORY = "/2026/11/18/ferry-is-back-again"
MAX_SENT_BYTES = 16 * 1024 * 1024
"""What may be sent until the connection is closed, buffers of the sockets included; without the limit it is hundreds of MB."""


class Endless:
    """Sends a beginning and then a piece for ever, on every connection, and counts."""

    def __init__(self, start: bytes, piece: bytes) -> None:
        self.start, self.piece, self.sent = start, piece, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.allow = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                request = connection.recv(65536)
                try:
                    if b"/robots.txt" in request:
                        connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        continue
                    connection.sendall(self.start)
                    while self.sent < 1_000_000_000:
                        self.sent += connection.send(self.piece)
                except OSError:
                    continue

    def __enter__(self) -> Endless:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"a" * 8000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\n", b"Set-Cookie: a=b\r\n" * 500),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 300),
    ],
)
def test_headers_without_end_are_cut(crawler, start, piece):
    with Endless(start, piece) as server:
        url = f"http://{server.allow}{STORY}"
        file = crawler.folder / "urls.txt"
        file.write_text(url)
        ran = crawler.run("crawl", "--urls", str(file), *crawler.options(server.allow), timeout=60)
        assert crawler.query("SELECT outcome, detail FROM outcome WHERE url=?", url) == [("too_large", "headers larger than the limit")], (
            ran.err
        )
    assert server.sent < MAX_SENT_BYTES


def test_many_headers_and_many_answers_on_one_connection_are_read(crawler):
    paths = [f"{STORY}-{number}" for number in range(6)]
    heavy = {f"X-Header-{number}": "a" * 900 for number in range(70)}
    with Site({"/": Answer(listing_html(paths)), **{path: Answer(article_html(i), headers=heavy) for i, path in enumerate(paths)}}) as site:
        ran = crawler.crawl(site.url + "/", allow=site.allow, options=("--concurrency-per-host", "1"))
    assert ran.outcomes["stored"] == 6, ran.outcomes
