"""Measure the web page: how long its pages take on a large archive, alone and while a crawl writes. Made-up words, no network.

    python benchmarks/run_serve.py --folder PATH [--articles 400000] [--seconds 3600]

Fills PATH/growth.db as run_archive_growth.py does (a run that stops after `--seconds` goes on from there next time), or takes
what is there. Every page is asked for through the server's own ASGI application, with rendering: the median of the processor
time and the quickest by the clock of ROUNDS, warm (other programs on the machine add nothing to the first, and least to the
second). Then a process stores articles with raw pages in the same archive, with a pause of WRITER_PAUSE_SECONDS between two
batches, and the same pages are asked for again. Prints a table.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import httpx
from run_archive import captures, vocabulary
from run_archive_growth import WORDS, fill

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.serve.application import WebPage

ROUNDS = 5
WRITER_BATCH = 20
"""Articles of one transaction, as the crawl has them."""
WRITER_PAGE_BYTES = 100_000
WRITER_STARTS_SECONDS = 3.0
WRITER_PAUSE_SECONDS = 0.2
"""Between two batches: up to 100 articles a second, several times what a crawl of 300 publishers brings."""


def addresses(path: Path) -> dict[str, str]:
    """What is asked for -> its address."""
    frequent, quarter, rare = vocabulary()[0], vocabulary()[100], vocabulary()[40_000]
    with open_archive(path) as archive:
        newest = archive.newest()[0]
        changed = archive.connection.execute(
            "SELECT article_id FROM article WHERE id=(SELECT article_id FROM article_revision LIMIT 1)"
        ).fetchone()
        site = newest.site
    found = {
        "home": "/",
        "search: nothing typed": "/search",
        "search: a rare word": f"/search?q={rare}",
        "search: a word in a quarter": f"/search?q={quarter}",
        "search: a word in nearly every article": f"/search?q={frequent}",
        "search: the same, newest first": f"/search?q={frequent}&sort=date",
        "search: the same, one site and year": f"/search?q={frequent}&site={site}&since=2026&until=2026",
        "search: page 50": f"/search?q={frequent}&page=50",
        "article": f"/article/{newest.article_id}",
        "site": f"/site/{site}",
        "promotion": "/promotion",
        "changes": "/changes",
        "runs": "/runs",
        "tables: articles": "/archive/articles",
    }
    if changed:
        found["article: what changed"] = f"/article/{changed[0]}/diff"
    return found


def measure(path: Path) -> dict[str, tuple[float, float]]:
    """What is asked for -> milliseconds of processor time (median), and by the clock (quickest)."""
    with closing(WebPage(path)) as page:
        return asyncio.run(_measure(page, addresses(path)))


async def _measure(page: WebPage, wanted: dict[str, str]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    transport = httpx.ASGITransport(app=page.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765", timeout=120) as client:
        for name, address in wanted.items():
            times = []
            for round_number in range(ROUNDS + 4):  # every thread of the server has opened its connection after four
                start, busy = time.perf_counter(), time.process_time()
                answered = await client.get(address)
                spent = (time.process_time() - busy, time.perf_counter() - start)
                if answered.status_code != 200:
                    print(f"{address}: {answered.status_code}", file=sys.stderr)
                if round_number >= 4:
                    times.append(spent)
            found[name] = (1000 * statistics.median(busy for busy, _ in times), 1000 * min(seconds for _, seconds in times))
    return found


def write(path: Path) -> None:
    """Store articles with raw pages until this process is ended."""
    with Store(path) as store:
        run = store.begin_run({"bench": "writer"}, ["https://h0.example/"]).id
        while True:
            store.save(list(captures(WRITER_BATCH, page_bytes=WRITER_PAGE_BYTES, words=WORDS, first=store.article_count())), run)
            time.sleep(WRITER_PAUSE_SECONDS)


def table(articles: int, alone: dict[str, tuple[float, float]], writing: dict[str, tuple[float, float]]) -> str:
    """Everything as a table."""
    lines = [f"| {articles:,} articles | CPU / clock | while a crawl writes |", "| --- | --- | --- |"]
    for name, (busy, seconds) in alone.items():
        lines.append(f"| {name} | {busy:.0f} / {seconds:.0f} ms | {writing[name][0]:.0f} / {writing[name][1]:.0f} ms |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=400_000)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    path = given.folder / "growth.db"
    if given.write:
        write(path)
    given.folder.mkdir(parents=True, exist_ok=True)
    with Store(path) as store:
        if store.article_count() < given.articles:
            run = store.begin_run({"bench": "growth"}, ["https://h0.example/"]).id
            if fill(store, run, given.articles, time.monotonic() + given.seconds) < given.articles:
                print(f"{store.article_count():,} articles so far; run this again to go on")
                return
        articles = store.article_count()
    alone = measure(path)
    writer = subprocess.Popen([sys.executable, __file__, "--folder", str(given.folder), "--write"])
    try:
        time.sleep(WRITER_STARTS_SECONDS)
        writing = measure(path)
    finally:
        writer.terminate()
        writer.wait()
    print(table(articles, alone, writing))


if __name__ == "__main__":
    main()
