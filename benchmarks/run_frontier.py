"""How the frontier behaves with a million known URLs: time to the first lease and to the first request, leases a second, size.

    python benchmarks/run_frontier.py [--known 1000000] [--json FILE]
    python benchmarks/run_frontier.py --pause [--listed 50000]

The floor in the same run: one empty transaction a lease, which is what durability costs without any frontier. At the end a
crawl is started on the archive as a user starts it, against a server on loopback.

With --pause a crawl reads a sitemap, and the longest time is told in which its reactor did nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from newsarchive.archive.connection import transaction
from newsarchive.archive.store import Store
from newsarchive.model.candidate import Candidate

HOSTS = 50


def candidates(known: int) -> Iterator[Candidate]:
    """URLs of 50 papers with dates over three years."""
    start = datetime(2023, 1, 1, tzinfo=UTC)
    for number in range(known):
        host = f"paper{number % HOSTS}.example"
        published = (start + timedelta(minutes=number * 1.5)).isoformat(timespec="minutes")
        yield Candidate(url=f"http://{host}/news/{number:07d}-a-story-from-the-river-towns", date_published=published, depth=1)


class Paper(ThreadingHTTPServer):
    """Serves a page for every address, and one sitemap. Knows when it was asked."""

    daemon_threads = True

    def __init__(self, listed: int = 0) -> None:
        paper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                paper.times.append(time.perf_counter())
                body, kind = paper.page(self.path)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.times: list[float] = []
        self.listed = listed
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that ends leaves connections behind."""

    def page(self, path: str) -> tuple[bytes, str]:
        """The body and content type of an address."""
        if path == "/robots.txt":
            return f"User-agent: *\nDisallow: /old/\nSitemap: http://{MAPPED}/sitemap.xml\n".encode() if self.listed else b"", "text/plain"
        if path == "/sitemap.xml":
            entries = (f"<url><loc>http://{MAPPED}/old/{n}-a-story-from-the-river-towns</loc></url>" for n in range(self.listed))
            return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'.encode(), "text/xml"
        text = "".join(f"<p>The ferry of {path} left the landing at {hour} and came back before the fog did.</p>" for hour in range(12))
        return f"<html><head><title>{path}</title></head><body><article><h1>{path}</h1>{text}</article></body></html>".encode(), "text/html"


MAPPED = "paper0.example"
"""The host that the crawls reach on loopback."""


def crawl_on(path: Path) -> dict[str, float]:
    """Start a crawl on the archive as a user does: seconds to its first request, requests a second over half a minute."""
    paper = Paper()
    command = [sys.executable, "-m", "newsarchive", "crawl", f"http://{MAPPED}/", "--archive", str(path), "--delay", "0", "--quiet"]
    command += ["--connect-to", f"{MAPPED}:80:127.0.0.1:{paper.server_address[1]}"]
    began = time.perf_counter()
    subprocess.run([*command, "--time-limit", "30", "--concurrency-per-host", "8"], check=False, stdout=subprocess.DEVNULL)
    paper.shutdown()
    first, last = paper.times[0], paper.times[-1]
    return {"seconds_to_first_request_of_a_crawl": first - began, "requests_per_second_of_a_crawl": (len(paper.times) - 1) / (last - first)}


def measure_pause(listed: int) -> dict[str, float]:
    """The longest time a crawl's reactor does nothing else while it takes in a sitemap. Runs the crawl in this process."""
    from newsarchive.crawl.run import run_crawl
    from newsarchive.crawl.session import CrawlSession
    from newsarchive.model.run import CrawlPlan

    paper, pauses = Paper(listed), [0.0]
    opened: Any = CrawlSession._opened

    async def watch() -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.01)
            now = time.perf_counter()
            pauses.append(now - before)
            before = now

    async def watched(session: CrawlSession) -> None:
        await opened(session)
        session.watch = asyncio.ensure_future(watch())  # type: ignore[attr-defined]  # kept alive there

    CrawlSession._opened = watched  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        connect = (f"{MAPPED}:80:127.0.0.1:{paper.server_address[1]}",)
        plan = CrawlPlan(
            seeds=[f"http://{MAPPED}/"], archive=Path(folder) / "a.db", connect_to=connect, time_limit_seconds=60, delay_seconds=0
        )
        report = run_crawl(plan, log_level="ERROR")
    found = {"listed": float(listed), "queued": float(report.waiting + sum(report.outcomes.values()))}
    return found | {"longest_pause_seconds": max(pauses), "pauses_over_a_tenth": float(sum(pause > 0.1 for pause in pauses))}


def seconds(action: object) -> tuple[float, object]:
    """Run a function; seconds and its result."""
    began = time.perf_counter()
    result = action()  # type: ignore[operator]
    return time.perf_counter() - began, result


def measure(known: int, folder: Path) -> dict[str, float]:
    """All figures of one run."""
    path = folder / "frontier.db"
    figures: dict[str, float] = {"known": known}
    plan = {"seeds": [], "revisit": "now"}
    with Store(path) as store:
        run = store.begin_run(plan, ["http://paper0.example/"])
        figures["add_per_second"] = known / seconds(lambda: store.frontier.add(candidates(known), run.id))[0]
    figures["bytes_per_url"] = path.stat().st_size / known

    def first_lease() -> object:
        store = Store(path)
        run = store.begin_run(plan, ["http://paper0.example/"])
        return store, run, store.frontier.lease(run.id, limit=1)

    figures["seconds_to_first_lease_when_queued"], (store, run, _) = seconds(first_lease)  # type: ignore[misc]
    leases = 2000
    took, _ = seconds(lambda: [store.frontier.lease(run.id, limit=1) for _ in range(leases)])
    figures["leases_per_second"] = leases / took

    def empty() -> None:
        for _ in range(leases):
            with transaction(store._connection):
                store._connection.execute("UPDATE run SET heartbeat_at=heartbeat_at WHERE id=?", (run.id,))

    figures["floor_transactions_per_second"] = leases / seconds(empty)[0]
    figures["seconds_of_counts"], _ = seconds(lambda: store.frontier.counts(run.id))
    with transaction(store._connection):
        store._connection.execute(
            "UPDATE frontier SET state='done', last_outcome='unchanged', last_done_run=run_id, next_due_at='2020-01-01'"
        )
    store.finish_run(run.id, "finished", "finished")
    store.close()
    for revisit in ("due", "now"):

        def next_night(revisit: str = revisit) -> object:
            store = Store(path)
            run = store.begin_run({"seeds": [revisit], "revisit": revisit}, [f"http://paper0.example/{revisit}"])
            store.frontier.add([Candidate(url="http://paper0.example/", found_by="seed")], run.id, "now")
            store.frontier.adopt(run.id, lambda url: True)
            store.frontier.add_known(run.id, revisit, lambda url: True)  # type: ignore[arg-type]
            return store, run, store.frontier.lease(run.id, limit=1)

        figures[f"seconds_to_first_lease_of_a_night_revisit_{revisit}"], (store, run, _) = seconds(next_night)  # type: ignore[misc]
        with transaction(store._connection):
            store._connection.execute("UPDATE frontier SET state='done', next_due_at='2020-01-01'")
        store.finish_run(run.id, "finished", "finished")
        store.close()
    return figures | crawl_on(path)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--known", type=int, default=1_000_000)
    parser.add_argument("--pause", action="store_true")
    parser.add_argument("--listed", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    os.environ.pop("NEWSARCHIVE_SITES", None)
    if arguments.pause:
        figures = measure_pause(arguments.listed)
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(arguments.known, Path(folder))
    for name, value in figures.items():
        print(f"{name:>55} {value:12,.3f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
