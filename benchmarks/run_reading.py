"""Measure reading an archive: searches, facets, counts, exports, and the memory exports take. Made-up words, no network.

    python benchmarks/run_reading.py --folder PATH [--articles 400000] [--seconds 3600]

Fills PATH/growth.db as run_archive_growth.py does (a run that stops after `--seconds` goes on from there next time), or takes
what is there. Times of questions are CPU time, the quickest of ROUNDS, warm; each export runs in a process of its own, whose
peak memory is told for a tenth of the articles and for all of them: flat means that the two are the same. Prints a table.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from run_archive import vocabulary
from run_archive_growth import FILTERS, fill, queries

from newsarchive.archive.reader import Archive, open_archive
from newsarchive.archive.snapshot import Question
from newsarchive.archive.store import Store
from newsarchive.export.takeaway import export

ROUNDS = 3
PARQUET_ARTICLES = 100_000
EXPORTS = (("csv", False, None), ("jsonl", True, None), ("parquet", True, PARQUET_ARTICLES), ("bibtex", False, None))
"""Format, with bodies, how many articles (None: all)."""


def milliseconds(action: Callable[[], object]) -> float:
    """CPU time of the quickest of ROUNDS, after one that is not counted: other programs on the machine add nothing to it."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return round(min(times) * 1000, 1)


def measure_questions(archive: Archive) -> dict[str, tuple[float, float]]:
    """What is asked -> milliseconds without and with a filter by site and dates."""
    found = {}
    for name, words in queries().items():
        found[f"search, 20 hits: {name}"] = _both(lambda words=words, **filters: archive.search(words, 20, **filters))
    frequent, rare = vocabulary()[0], vocabulary()[40_000]
    for name, words in (("a word in nearly every article", frequent), ("one in a quarter", vocabulary()[100]), ("a rare word", rare)):
        found[f"count_hits: {name}"] = _both(lambda words=words, **filters: archive.count_hits(words, **filters))
        found[f"facets by site, month, section: {name}"] = _both(lambda words=words, **filters: archive.facets(words, **filters))
    found["facets of all articles"] = _both(lambda **filters: archive.facets("", **filters))
    found["counts by day, with the days collected"] = _both(lambda **filters: archive.counts("day", **filters))
    found["counts by author"] = _both(lambda **filters: archive.counts("author", **filters))
    return found


def _both(ask: Callable[..., object]) -> tuple[float, float]:
    return milliseconds(ask), milliseconds(lambda: ask(**FILTERS))


def measure_export(path: Path, kind: str, articles: int, *, body: bool) -> dict[str, float]:
    """Seconds, articles a second, megabytes of the file, and peak megabytes of memory of a process that exports."""
    command = [
        sys.executable,
        __file__,
        "--folder",
        str(path.parent),
        "--export",
        kind,
        "--articles",
        str(articles),
        *(["--body"] if body else []),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def export_once(path: Path, kind: str, articles: int, *, body: bool) -> dict[str, float]:
    """Export in this process."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        start, cpu = time.perf_counter(), time.process_time()
        done = export(path, Question(limit=articles, with_body=body), Path(folder) / "out", kind)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        size = done.path.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "rows": done.rows,
        "per_second": round(done.rows / seconds),
        "mb": size // 1_000_000,
        "peak_mb": peak // 1024,
    }


def table(articles: int, questions: dict[str, tuple[float, float]], exports: list[tuple[str, dict[str, float], dict[str, float]]]) -> str:
    """Everything as two tables."""
    lines = [f"| {articles:,} articles | all | one site, some months |", "| --- | --- | --- |"]
    lines += [f"| {name} | {plain} ms | {filtered} ms |" for name, (plain, filtered) in questions.items()]
    lines += [
        "",
        "| export | articles | seconds (CPU) | articles a second | MB | peak memory, a tenth / all |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, small, full in exports:
        lines.append(
            f"| {name} | {full['rows']:,} | {full['seconds']} ({full['cpu_seconds']}) | {full['per_second']:,} | {full['mb']:,}"
            f" | {small['peak_mb']} / {full['peak_mb']} MB |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=400_000)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--export", help=argparse.SUPPRESS)
    parser.add_argument("--body", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    path = options.folder / "growth.db"
    if options.export:
        print(json.dumps(export_once(path, options.export, options.articles, body=options.body)))
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    with Store(path) as store:
        if store.article_count() < options.articles:
            run = store.begin_run({"bench": "growth"}, ["https://h0.example/"]).id
            if fill(store, run, options.articles, time.monotonic() + options.seconds) < options.articles:
                print(f"{store.article_count():,} articles so far; run this again to go on")
                return
    with open_archive(path) as archive:
        articles = len(archive)
        questions = measure_questions(archive)
    exports = []
    for kind, body, number in EXPORTS:
        wanted = min(number or articles, articles)
        small = measure_export(path, kind, wanted // 10, body=body)
        exports.append((f"{kind} {'with' if body else 'without'} bodies", small, measure_export(path, kind, wanted, body=body)))
    print(table(articles, questions, exports))


if __name__ == "__main__":
    main()
