"""Measure raw pages on real ones: what they take, and how long writing and reading takes. Needs the bench data.

    python benchmarks/run_archive_raw.py

`with an older page` are the pages whose host had one in the archive already: in an archive nearly all are such. Prints one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from bench_data import bench_folder, bench_pages

from newsarchive import urls
from newsarchive.archive.raw import Packer, load_raw
from newsarchive.archive.reader import open_archive
from newsarchive.archive.store import Store
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page


def main() -> None:
    """Store every article page of the bench, one transaction each, then read them in random order."""
    pages = [(page.url, page.html) for page in bench_pages(bench_folder(), articles_only=True) if page.url.startswith("http")]
    seen: dict[str, int] = defaultdict(int)
    received: dict[bool, int] = defaultdict(int)
    stored: dict[bool, int] = defaultdict(int)
    pack_ms: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.db"
        with Store(path) as store:
            run = store.begin_run({}, ["https://bench.example/"]).id
            packer = Packer()
            for url, html in pages:
                host = urls.host_of(url)
                start = time.perf_counter()
                packer.pack(store.connection, html, hashlib.sha256(html).hexdigest(), host)
                pack_ms.append((time.perf_counter() - start) * 1000)
                capture = Capture(url=url, outcome=Outcome.NOT_ARTICLE, page=Page(url=url, body=html), keep_raw=True)
                store.save([capture], run)
                row = store.connection.execute(
                    "SELECT r.size, length(r.data) AS bytes FROM raw r JOIN fetch f ON f.raw_id=r.id WHERE f.url=?", (url,)
                ).fetchone()
                if row is not None:
                    received[seen[host] > 0] += row["size"]
                    stored[seen[host] > 0] += row["bytes"]
                    seen[host] += 1
        with open_archive(path) as archive:
            digests = [row[0] for row in archive._connection.execute("SELECT sha256 FROM raw")]
            random.Random(1).shuffle(digests)
            read_ms = []
            for digest in digests:
                start = time.perf_counter()
                load_raw(archive._connection, digest)
                read_ms.append((time.perf_counter() - start) * 1000)
    report = {
        "pages": len(digests),
        "hosts": len(seen),
        "kilobytes_received": round(sum(received.values()) / len(digests) / 1000),
        "ratio_first_page_of_a_host": round(received[False] / stored[False], 1),
        "ratio_with_an_older_page": round(received[True] / stored[True], 1),
        "pages_with_an_older_page": sum(count - 1 for count in seen.values()),
        "kilobytes_stored_with_an_older_page": round(stored[True] / max(sum(count - 1 for count in seen.values()), 1) / 1000, 1),
        "pack_ms": {
            "mean": round(statistics.mean(pack_ms), 2),
            "median": round(statistics.median(pack_ms), 2),
            "95 %": round(statistics.quantiles(pack_ms, n=20)[-1], 2),
        },
        "read_ms": {"median": round(statistics.median(read_ms), 2), "95 %": round(statistics.quantiles(read_ms, n=20)[-1], 2)},
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
