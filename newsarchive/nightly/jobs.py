"""What a night does, each piece a function of plain values to plain values, done in a process of its own (`child.py`)."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from newsarchive.errors import DiskFull
from newsarchive.model.run import CrawlPlan, Progress
from newsarchive.nightly.disk import free_bytes
from newsarchive.nightly.site_names import site_name
from newsarchive.sites.load import load_sound_profiles

Job = Callable[[Mapping[str, Any], Callable[[Mapping[str, Any]], None]], Mapping[str, Any]]

EVENT_SECONDS = 1.0
"""Between two events about a crawl's progress; the watchdog thinks in seconds at the least."""
_STAMP = "%Y%m%dT%H%M%SZ"
_STAMP_PATTERN = r"-\d{8}T\d{6}Z"


def plan_values(plan: CrawlPlan) -> dict[str, Any]:
    """A plan without dates in values of JSON; `plan_of` is the inverse."""
    values = {name: value for name, value in asdict(plan).items() if value is not None and name not in ("since", "until")}
    return values | {name: str(values[name]) for name in ("archive", "sites") if name in values}


def plan_of(values: Mapping[str, Any]) -> CrawlPlan:
    """The plan of these values."""
    paths = {name: Path(values[name]) for name in ("archive", "sites") if values.get(name)}
    return CrawlPlan(**{**values, **paths})


def crawl(arguments: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Crawl as planned; events tell the progress, the result is the report."""
    from newsarchive.crawl.run import run_crawl
    from newsarchive.logs import set_up_log

    emit({"begun": True})  # the libraries are loaded: from here on silence means something
    last = 0.0

    def on_progress(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= EVENT_SECONDS:
            last = time.monotonic()
            emit({"progress": asdict(progress)})

    level = str(arguments.get("log_level", "ERROR"))
    set_up_log(level, arguments.get("log_format", "text"))
    report = run_crawl(plan_of(arguments["plan"]), on_progress, log_level=level)
    return asdict(report)


def migrate(arguments: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Bring the archive to today's schema, with a copy of what it was."""
    from newsarchive.archive.migrations import SCHEMA_VERSION
    from newsarchive.archive.store import Store

    archive = Path(arguments["archive"])
    Store(archive, create=False).close()
    copies = sorted(archive.parent.glob(f"{archive.name}.before-v{SCHEMA_VERSION}-from-v*"))
    return {"version": SCHEMA_VERSION, "copy": str(copies[-1]) if copies else None}


def health(arguments: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Judge the figures of sites that were crawled to their end against their history; alarms are opened and closed."""
    from newsarchive.archive.store import Store
    from newsarchive.nightly.health import judge_runs

    profiles, _ = load_sound_profiles(Path(arguments["profiles"]), environment=os.environ)
    with Store(Path(arguments["archive"]), create=False) as store:
        site_of = partial(site_name, profiles=profiles)
        report = judge_runs(store, [arguments["run_id"]], site_of=site_of, sites=arguments["sites"])
    return asdict(report)


def retention(arguments: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Let raw pages go by age or size."""
    from newsarchive.archive.retention import purge_raw
    from newsarchive.archive.store import Store

    days, size = arguments.get("days"), arguments.get("max_bytes")
    with Store(Path(arguments["archive"]), create=False) as store:
        done = purge_raw(store, older_than=None if days is None else timedelta(days=days), max_bytes=size)
    return asdict(done)


def optimize(arguments: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Keep index and statistics in shape."""
    from newsarchive.archive.optimizing import optimize as optimize_archive
    from newsarchive.archive.store import Store

    with Store(Path(arguments["archive"]), create=False) as store:
        return asdict(optimize_archive(store))


def backup(arguments: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """Write a copy of the archive into a folder and take away the oldest beyond those that are kept. Other files there stay."""
    from newsarchive.archive.copies import backup as copy_archive

    archive, folder, keep = Path(arguments["archive"]), Path(arguments["folder"]), int(arguments["keep"])
    folder.mkdir(parents=True, exist_ok=True)
    needed = archive.stat().st_size + int(arguments.get("min_free", 0))
    if free_bytes(folder) < needed:
        raise DiskFull(f"{folder} has no room for a copy of {archive.stat().st_size} bytes; no copy was made, and none was taken away.")
    target = folder / f"{archive.stem}-{datetime.now(UTC).strftime(_STAMP)}{archive.suffix}"
    size = copy_archive(archive, target)
    name = re.compile(re.escape(archive.stem) + _STAMP_PATTERN + re.escape(archive.suffix))
    copies = sorted(path for path in folder.iterdir() if name.fullmatch(path.name))
    gone = copies[:-keep]
    for path in gone:
        path.unlink()
    return {"copy": str(target), "bytes": size, "taken_away": [path.name for path in gone], "kept": len(copies) - len(gone)}


JOBS: Mapping[str, Job] = {
    "crawl": crawl,
    "migrate": migrate,
    "health": health,
    "retention": retention,
    "optimize": optimize,
    "backup": backup,
}
"""Name -> what is done in the child."""
