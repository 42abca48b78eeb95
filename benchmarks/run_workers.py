"""Pages a second through the workers: in this process, with one worker, with two (or as many as named).

    NEWSARCHIVE_BENCH=/path/to/bench python benchmarks/run_workers.py [--pages 200] [--workers 1 2]

The bench is the folder docs/ describes; its pages come from disk before the clock starts. Every page is read once before,
so that the figures are those of warm workers. Prints one line a measurement: pages, seconds, pages a second, CPU seconds a page.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import resource
import sys
import time
from pathlib import Path

from newsarchive.errors import WorkerFailed
from newsarchive.model.page import Page
from newsarchive.workers.job import Job, perform
from newsarchive.workers.pool import WorkerPool


def load_jobs(bench: Path, limit: int) -> list[Job]:
    """The first pages of the bench's news set, spread over its countries."""
    truth = json.loads((bench / "fundus" / "ground-truth.json").read_text(encoding="utf-8"))
    names = sorted(truth)
    jobs = []
    for name in names[:: max(1, len(names) // limit)][:limit]:
        body = gzip.decompress((bench / "fundus" / "html" / f"{name}.html.gz").read_bytes())
        jobs.append(Job(page=Page(url=truth[name]["url"], body=body, headers={"content-type": "text/html"})))
    return jobs


def cpu_seconds() -> float:
    """CPU time of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


async def measure(jobs: list[Job], size: int) -> None:
    """One line for one size of the pool."""
    pool = WorkerPool(size)
    await pool.start()
    failures = 0

    async def one(job: Job) -> None:
        nonlocal failures
        try:
            await pool.run(job)
        except WorkerFailed as failure:
            failures += 1
            print(f"  {job.page.url}: {failure}", file=sys.stderr)

    await asyncio.gather(*(one(job) for job in jobs[: 2 * size]))
    started = time.perf_counter()
    await asyncio.gather(*(one(job) for job in jobs))
    seconds = time.perf_counter() - started
    before = cpu_seconds()
    await pool.close()
    report(f"{size} worker{'s' if size > 1 else ''}", len(jobs), seconds, cpu_seconds() - before, failures)


def report(name: str, pages: int, seconds: float, cpu: float, failures: int = 0) -> None:
    """Print one measurement."""
    rate, cost = pages / seconds, 1000 * cpu / pages
    print(f"{name:<14} {pages:>5} pages {seconds:7.2f} s {rate:7.1f} pages/s {cost:6.1f} ms CPU/page {failures} failed")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    bench = os.environ.get("NEWSARCHIVE_BENCH")
    if not bench:
        parser.error("NEWSARCHIVE_BENCH must name the bench's folder")
    jobs = load_jobs(Path(bench), arguments.pages)
    for job in jobs[:5]:
        perform(job)
    before, started = cpu_seconds(), time.perf_counter()
    for job in jobs:
        perform(job)
    report("in process", len(jobs), time.perf_counter() - started, cpu_seconds() - before)
    for size in arguments.workers:
        asyncio.run(measure(jobs, size))


if __name__ == "__main__":
    main()
