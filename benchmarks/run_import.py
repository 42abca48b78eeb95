"""Measure taking in and giving out WARC files: NEWSARCHIVE_BENCH=... python benchmarks/run_import.py [PAGES]

Makes a WARC file of bench pages (gzip, one member a record), takes it in, takes it in again, and writes the archive out.
Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench_data import bench_folder, bench_pages

from newsarchive.archive.kept_pages import PageSelection
from newsarchive.export.warc import export_warc, gzip_member, response_record
from newsarchive.model.page import Page
from newsarchive.recapture.collections import Wanted
from newsarchive.recapture.files import open_regular
from newsarchive.recapture.import_run import ImportPlan
from newsarchive.recapture.members import container_of
from newsarchive.recapture.take_in import take_in
from newsarchive.recapture.warc import read_records

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


def main() -> None:
    """Write, take in, take in again, write out."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bench.warc.gz"
        with path.open("wb") as file:
            for page in islice(bench_pages(bench_folder(), articles_only=False), count):
                if (page.url or "").startswith("http"):
                    headers = {"content-type": "text/html"}
                    answer = Page(url=page.url, body=page.html, headers=headers, fetched_at=MOMENT)
                    file.write(gzip_member(response_record(answer)))
        started = time.perf_counter()
        with open_regular(path) as opened:
            container = container_of(opened.window())
            records = sum(1 for _ in read_records(container)) if container else 0
        reading = time.perf_counter() - started
        plan = ImportPlan(archive=folder / "a.db", wanted=Wanted(sources=[path]))
        first = take_in(plan)
        again = take_in(plan)
        started = time.perf_counter()
        done = export_warc(plan.archive, folder / "out.warc.gz", PageSelection())
        writing = time.perf_counter() - started
    found = {
        "pages": first.pages,
        "exported_megabytes": round(done.size / 1e6, 1),
        "outcomes": first.outcomes,
        "records_read_per_second": round(records / reading),
        "import_pages_per_second": round(first.pages / first.seconds, 1),
        "known_pages_per_second": round(again.pages / again.seconds),
        "export_pages_per_second": round(done.records / writing),
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
