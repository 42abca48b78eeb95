"""The crawl of the demo newspaper: its server is started for as long as the crawl lasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsarchive.errors import NotInArchive

if TYPE_CHECKING:
    from newsarchive.model.run import CrawlPlan


@contextmanager
def demo_plan(options: Mapping[str, Any], command: str) -> Iterator[CrawlPlan]:
    """The plan of a crawl of the demo newspaper, which is served on loopback inside the block.

    The edition on sale follows from the number of finished crawls of it in the archive: every crawl finds a new one,
    and a crawl that was killed finds its own again.
    """
    from newsarchive.cli.crawl import build_plan
    from newsarchive.demo.server import DemoServer
    from newsarchive.urls import normalise

    seed = normalise(DemoServer.origin)
    plan = build_plan(options, seeds=[seed], command=command)
    with DemoServer(edition=finished_crawls(plan.archive, seed) + 1) as server:
        yield replace(plan, connect_to=[*plan.connect_to, server.connect_to])


def finished_crawls(archive: Path, seed: str) -> int:
    """Finished crawls that were started with this address alone; 0 where there is no archive yet."""
    from newsarchive.archive.reader import open_archive

    try:
        with open_archive(archive) as opened:
            return sum(run.status == "finished" and run.seeds == [seed] for run in opened.runs())
    except NotInArchive:
        return 0
