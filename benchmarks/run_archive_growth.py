"""Measure how an archive behaves as it grows: inserts, search and size by number of articles. Made-up words, no network.

    python benchmarks/run_archive_growth.py --folder PATH [--upto 400000] [--seconds 200]

Fills PATH/growth.db and measures at 25,000, 50,000, 100,000, 200,000 and 400,000 articles. What was measured is kept in
PATH/growth.json; a run that stops after `--seconds` goes on from there next time. From 12,500 on the archive is doubled
by copying its rows under other addresses, which is quicker than saving them; the measured inserts are always saved. Prints
a table: articles a second by the clock and by processor time, and milliseconds of processor time for searches, without and
with a filter by site and dates.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from run_archive import HOSTS, PAGE_BYTES, captures, vocabulary

from newsarchive.archive.connection import transaction
from newsarchive.archive.reader import Archive, open_archive
from newsarchive.archive.store import Store

STEPS = (25_000, 50_000, 100_000, 200_000, 400_000)
WORDS = 200
"""Words of an article: about half of a news article's, so that 400,000 fit on a small disk; the index has as many rows."""
FILL_BATCH = 500
DOUBLED_FROM = 12_500
PROBE = 300
"""Articles that are inserted for a measurement."""
FILTERS = {"site": f"h{HOSTS // 2}.example", "since": "2026-01-10", "until": "2026-06-01T00:00Z"}
ROUNDS = 3
"""The quickest of so many is noted: other programs only ever add time."""


def queries() -> dict[str, str]:
    """Searches by what makes them dear. Ranks count from the most frequent word."""
    words = vocabulary()
    return {
        "a word in nearly every article": words[0],
        "one in a quarter": words[100],
        "two words": f"{words[20]} {words[300]}",
        "a phrase": f'"{words[0]} {words[1]}"',
        "a rare word": words[40_000],
        "begins with 2 letters": "ba*",
        "begins with 4 letters": "bada*",
    }


def fill(store: Store, run: int, upto: int, until: float) -> int:
    """Insert articles until there are `upto`, or the time is over. Returns how many there are."""
    count = store.article_count()
    while count < upto and time.monotonic() < until:
        number = min(FILL_BATCH, upto - count)
        store.save(list(captures(number, page_bytes=0, words=WORDS, first=count)), run)
        count += number
    return count


COPIED = {
    "fetch": {"id": "id + :fetch", "url": "url || :mark"},
    "outcome": {"url": "url || :mark"},
    "frontier": {"id": "id + :frontier", "url": "url || :mark", "identity": "identity || :mark"},
    "article": {
        "id": "id + :article",
        "article_id": "lower(hex(randomblob(8)))",
        "fetch_id": "fetch_id + :fetch",
        "url": "url || :mark",
        "source_url": "source_url || :mark",
        "identity": "identity || :mark",
    },
    "teaser": {"id": "id + :teaser", "hash": "lower(hex(randomblob(16)))", "url": "url || :mark", "identity": "identity || :mark"},
    "placement": {"fetch_id": "fetch_id + :fetch", "teaser_id": "teaser_id + :teaser", "page_article_id": "page_article_id + :article"},
    "text_print": {"print": "print + :shift", "article_id": "article_id + :article"},
}
"""Table -> what differs in the copy of a row."""


def double(store: Store) -> None:
    """Copy all articles with their captures, teasers and prints under other addresses. The full-text index follows by its trigger."""
    connection = store.connection
    values: dict[str, object] = {
        table: connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in ("fetch", "frontier", "article", "teaser")
    }
    values |= {"mark": f"?copy={values['article']}", "shift": values["article"]}
    with transaction(connection):
        for table, changed in COPIED.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(changed.get(column, column) for column in columns)
            order = " ORDER BY 1, 2" if table == "text_print" else ""
            connection.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table}{order}", values)


def per_second(store: Store, run: int, *, batch: int, page_bytes: int) -> list[int]:
    """Articles a second through Store.save at the archive's present size: by the clock, and by processor time."""
    items = list(captures(PROBE, page_bytes=page_bytes, words=WORDS, first=store.article_count()))
    store.save(items[:1], run)
    start, busy = time.perf_counter(), time.process_time()
    for index in range(1, PROBE, batch):
        store.save(items[index : index + batch], run)
    return [round((PROBE - 1) / spent) for spent in (time.perf_counter() - start, time.process_time() - busy)]


def milliseconds(archive: Archive, words: str, **filters: str) -> float:
    """Processor time of the quickest of ROUNDS searches, the first not counted: all pages are in memory then."""
    archive.search(words, 20, **filters)
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        archive.search(words, 20, **filters)
        times.append(time.process_time() - start)
    return round(min(times) * 1000, 1)


def equals_linear_scan(archive: Archive) -> bool:
    """Whether a search with site and dates finds what reading every article of the site finds."""
    rows = archive._connection.execute(
        "SELECT article_id, title || ' ' || body || ' ' || authors FROM article WHERE site=:site AND published_utc>=:since"
        " AND published_utc<:until",
        FILTERS,
    ).fetchall()
    texts = {name: set(re.findall(r"\w+", text.lower())) for name, text in rows}
    for words in (vocabulary()[100], f"{vocabulary()[20]} {vocabulary()[300]}", vocabulary()[3000]):
        found = {hit.article_id for hit in archive.search(words, len(texts) + 1, **FILTERS)}
        if found != {name for name, have in texts.items() if set(words.split()) <= have}:
            return False
    return True


def first_insert(store: Store, run: int) -> list[float]:
    """Milliseconds of the first and of the second insert after the archive was opened."""
    times = []
    for item in captures(2, page_bytes=0, words=WORDS, first=store.article_count()):
        start = time.perf_counter()
        store.save([item], run)
        times.append(round((time.perf_counter() - start) * 1000, 1))
    return times


def measure(path: Path, folder_run: int) -> dict[str, Any]:
    """Everything at the archive's present size."""
    result: dict[str, Any] = {}
    with Store(path) as store:
        result["first_inserts_ms"] = first_insert(store, folder_run)
        for name, batch, page_bytes in (
            ("inserts_one_by_one_raw", 1, PAGE_BYTES),
            ("inserts_batches_of_20_raw", 20, PAGE_BYTES),
            ("inserts_batches_of_20", 20, 0),
        ):
            result[name] = per_second(store, folder_run, batch=batch, page_bytes=page_bytes)
    with open_archive(path) as archive:
        stats = archive.stats()
        result["articles"] = stats.articles
        result["bytes_per_article"] = round((stats.file_bytes - stats.raw_stored_bytes) / stats.articles)
        for name, words in queries().items():
            result[name] = [milliseconds(archive, words), milliseconds(archive, words, **FILTERS)]
        result["equals_linear_scan"] = equals_linear_scan(archive)
    return result


def table(found: dict[str, dict[str, Any]]) -> str:
    """The measurements as a table: one column a size."""
    sizes = sorted(found, key=int)
    lines = ["| articles | " + " | ".join(f"{int(size):,}" for size in sizes) + " |", "| --- |" + " --- |" * len(sizes)]
    for name in found[sizes[-1]]:
        cells = [found[size].get(name, "") for size in sizes]
        texts = [" / ".join(map(str, cell)) if isinstance(cell, list) else str(cell) for cell in cells]
        lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(texts) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--upto", type=int, default=STEPS[-1])
    parser.add_argument("--seconds", type=float, default=3600)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    path, kept = options.folder / "growth.db", options.folder / "growth.json"
    found: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    until = time.monotonic() + options.seconds
    for size in (step for step in STEPS if step <= options.upto and str(step) not in found):
        with Store(path) as store:
            run = store.begin_run({"bench": "growth"}, ["https://h0.example/"]).id
            count = fill(store, run, min(size, DOUBLED_FROM), until)
            while DOUBLED_FROM <= count <= 0.6 * size and time.monotonic() < until:
                double(store)
                count = store.article_count()
            count = count if count > 0.95 * size else fill(store, run, size, until)
        if count <= 0.95 * size:
            print(f"{count:,} articles so far; run this again to go on")
            break
        found[str(size)] = measure(path, run)
        kept.write_text(json.dumps(found, indent=1))
    if found:
        print(table(found))


if __name__ == "__main__":
    main()
