"""Measure the archive: inserts, search, size, frontier. Made-up pages and words, no bench data, no network.

    python benchmarks/run_archive.py [--articles N] [--frontier N] [--search N] [--folder PATH]

Prints one JSON object. `relative` figures compare with a plain sqlite3 floor measured in the same run, on this machine
at this moment; the absolute ones depend on what else it is doing.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.model.article import Article, BodyBlock
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.teaser import Teaser

START = datetime(2026, 1, 1, tzinfo=UTC)
HOSTS = 40
PAGE_BYTES = 90_000
"""Bytes of a page. Made-up frames compress far better (48 to 1) than real ones (8 to 1): sizes with raw pages come out too small,
times are those of real pages of this length."""
QUERIES = ("ba", "bacado gufe", '"bafa gudo"', "bada*", "rare")


@cache
def vocabulary(size: int = 60_000) -> list[str]:
    """Made-up words, frequent ones first."""
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    found: dict[str, None] = {}
    choose = random.Random(1)
    while len(found) < size:
        found["".join(choose.choices(syllables, k=choose.choice((1, 2, 2, 3, 3, 4))))] = None
    return list(found)


class Words:
    """Text in which word frequencies fall as in natural language (rank to the power of -1)."""

    def __init__(self, seed: int) -> None:
        self._words = vocabulary()
        total, self._weights = 0.0, []
        for rank in range(1, len(self._words) + 1):
            total += 1 / rank
            self._weights.append(total)
        self._choose = random.Random(seed)

    def text(self, count: int) -> str:
        """So many words."""
        return " ".join(self._choose.choices(self._words, cum_weights=self._weights, k=count))


def captures(number: int, *, page_bytes: int, words: int, first: int = 0) -> Iterator[Capture]:
    """Article captures over HOSTS hosts with six teasers each, numbered from `first`; pages of a host share their frame."""
    source = Words(2 + first)
    frames = [Words(host).text(page_bytes // 7).encode() for host in range(HOSTS)] if page_bytes else []
    for index in range(first, first + number):
        host = f"h{index % HOSTS}.example"
        url = f"https://{host}/{index % 7}/story-{index}"
        blocks = [BodyBlock("paragraph", source.text(words // 10)) for _ in range(10)]
        shown = [
            Teaser(title=source.text(7), url=f"https://{host}/1/story-{index - step}", position=step, kind="related", module="More")
            for step in range(6)
        ]
        published = (START + timedelta(minutes=index)).isoformat()
        article = Article(url=url, title=source.text(8), body_blocks=blocks, date_published=published, authors=["A. Author"], teasers=shown)
        body = frames[index % HOSTS] + article.body.encode() if page_bytes else b""
        page = Page(url=url, body=body, fetched_at=START + timedelta(days=200), headers={"content-type": "text/html"})
        yield Capture(url=url, outcome=Outcome.STORED, page=page, extraction=Extraction(article=article), keep_raw=bool(page_bytes))


def measure_inserts(folder: Path, number: int, batch: int, page_bytes: int) -> dict[str, float]:
    """Articles a second through Store.save, with FTS, teasers and raw pages."""
    path = folder / f"inserts-{batch}-{page_bytes}.db"
    items = list(captures(number, page_bytes=page_bytes, words=400))
    with Store(path) as store:
        run = store.begin_run({}, ["https://h0.example/"]).id
        start, cpu = time.perf_counter(), time.process_time()
        for index in range(0, number, batch):
            store.save(items[index : index + batch], run)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    with open_archive(path) as archive:
        stats = archive.stats()
    return {
        "per_second": round(number / seconds),
        "per_cpu_second": round(number / cpu_seconds),
        "bytes_per_article": round(stats.file_bytes / number),
        "raw_ratio": round(stats.raw_bytes / stats.raw_stored_bytes, 1) if stats.raw_stored_bytes else 0,
    }


def measure_floor(folder: Path, number: int) -> float:
    """Seconds for a plain FTS5 insert of the same texts, one commit an article: the floor that no archive can go below."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE VIRTUAL TABLE t USING fts5(title, body)")
    texts = [
        (item.extraction.article.title, item.extraction.article.body)
        for item in captures(number, page_bytes=0, words=400)
        if item.extraction
    ]
    start = time.perf_counter()
    for text in texts:
        connection.execute("BEGIN")
        connection.execute("INSERT INTO t VALUES(?,?)", text)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def measure_search(folder: Path, number: int) -> dict[str, float]:
    """Milliseconds of ranked searches over so many articles, warm: worst of QUERIES, and with site and date filter."""
    path = folder / "search.db"
    if not path.exists():
        with Store(path) as store:
            run = store.begin_run({}, ["https://h0.example/"]).id
            batch: list[Capture] = []
            for item in captures(number, page_bytes=0, words=200):
                batch.append(item)
                if len(batch) == 500:
                    store.save(batch, run)
                    batch = []
            store.save(batch, run)
            store.connection.execute("INSERT INTO article_fts(article_fts) VALUES('optimize')")
    result = {"articles": float(number), "bytes_per_article": path.stat().st_size / number}
    with open_archive(path) as archive:
        for name, filters in (("plain", {}), ("filtered", {"site": "h3.example", "since": "2026-01-10", "until": "2026-06-01"})):
            times = []
            for words in QUERIES:
                archive.search(words, 20, **filters)
                start = time.perf_counter()
                archive.search(words, 20, **filters)
                times.append(time.perf_counter() - start)
            result[f"worst_{name}_ms"] = round(max(times) * 1000, 1)
    return result


def measure_frontier(folder: Path, number: int) -> dict[str, float]:
    """Adding a sitemap's worth at a time and leasing with many rows."""
    with Store(folder / "frontier.db") as store:
        run = store.begin_run({}, ["https://h0.example/"]).id
        start = time.perf_counter()
        for first in range(0, number, 10_000):
            store.frontier.add(
                [Candidate(url=f"https://h{n % HOSTS}.example/s/{n}", depth=1) for n in range(first, min(first + 10_000, number))], run
            )
        added = time.perf_counter() - start
        busy = {f"h{n}.example" for n in range(HOSTS // 2)}
        start = time.perf_counter()
        for _ in range(200):
            store.frontier.lease(run, limit=1, busy_hosts=busy)
        leased = time.perf_counter() - start
        start = time.perf_counter()
        store.frontier.counts(run)
        counted = time.perf_counter() - start
        size = (folder / "frontier.db").stat().st_size
    return {
        "rows": float(number),
        "added_per_second": round(number / added),
        "lease_ms": round(leased / 200 * 1000, 2),
        "counts_ms": round(counted * 1000, 1),
        "bytes_per_row": round(size / number),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--frontier", type=int, default=100_000)
    parser.add_argument("--search", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        report: dict[str, object] = {}
        if options.articles:
            single = measure_inserts(folder, options.articles, 1, PAGE_BYTES)
            report["one_by_one"] = single
            report["batches_of_20"] = measure_inserts(folder, options.articles, 20, PAGE_BYTES)
            report["batches_without_raw"] = measure_inserts(folder, options.articles, 20, 0)
            report["relative"] = round(options.articles / single["per_second"] / measure_floor(folder, options.articles), 1)
        if options.search:
            report["search"] = measure_search(folder, options.search)
        if options.frontier:
            report["frontier"] = measure_frontier(folder, options.frontier)
        print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
