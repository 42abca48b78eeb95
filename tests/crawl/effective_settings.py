"""Crawl with `newsarchive.crawl.run` and print, as JSON, the settings that were in force while requests were under way."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from newsarchive.crawl import run
from newsarchive.crawl.session import CrawlSession
from newsarchive.model.run import CrawlPlan

seen: dict[str, Any] = {}
names = sys.argv[4:]


def look(session: CrawlSession) -> None:
    crawler = session.crawler
    for name in names:
        seen[name] = crawler.settings.get(name)
    seen["slots"] = {key: [slot.concurrency, slot.delay] for key, slot in crawler.engine.downloader.slots.items()}
    seen["schemes"] = sorted(
        scheme for scheme in ("http", "https", "file", "data", "ftp", "s3") if crawler.engine.downloader.handlers._get_handler(scheme)
    )
    seen["middlewares"] = [type(item).__name__ for item in crawler.engine.downloader.middleware.middlewares]
    seen["extensions"] = [type(item).__name__ for item in crawler.extensions.middlewares]
    from twisted.internet import reactor

    seen["resolver"] = type(reactor.nameResolver).__name__


original = CrawlSession.save


def save(self: CrawlSession, capture: Any) -> Any:
    look(self)
    return original(self, capture)


CrawlSession.save = save  # type: ignore[method-assign]
run.run_crawl(CrawlPlan(seeds=[sys.argv[1]], archive=Path(sys.argv[2]), allow_addresses=[sys.argv[3]]))
print(json.dumps(seen, default=str))
