"""How the frontier behaves with a million known URLs: time to the first lease, leases a second, size.

    python benchmarks/run_frontier.py [--known 1000000] [--json FILE]

The floor in the same run: one empty transaction a lease, which is what durability costs without any frontier.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
        yield Candidate(url=f"https://{host}/news/{number:07d}-a-story-from-the-river-towns", date_published=published, depth=1)


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
        run = store.begin_run(plan, ["https://paper0.example/"])
        figures["add_per_second"] = known / seconds(lambda: store.frontier.add(candidates(known), run.id))[0]
    figures["bytes_per_url"] = path.stat().st_size / known

    def first_lease() -> object:
        store = Store(path)
        run = store.begin_run(plan, ["https://paper0.example/"])
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
            run = store.begin_run({"seeds": [revisit], "revisit": revisit}, [f"https://paper0.example/{revisit}"])
            store.frontier.add([Candidate(url="https://paper0.example/", found_by="seed")], run.id, "now")
            store.frontier.adopt(run.id, lambda url: True)
            store.frontier.add_known(run.id, revisit, lambda url: True)  # type: ignore[arg-type]
            return store, run, store.frontier.lease(run.id, limit=1)

        figures[f"seconds_to_first_lease_of_a_night_revisit_{revisit}"], (store, run, _) = seconds(next_night)  # type: ignore[misc]
        with transaction(store._connection):
            store._connection.execute("UPDATE frontier SET state='done', next_due_at='2020-01-01'")
        store.finish_run(run.id, "finished", "finished")
        store.close()
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--known", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments.known, Path(folder))
    for name, value in figures.items():
        print(f"{name:>55} {value:12,.3f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
