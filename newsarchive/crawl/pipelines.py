"""The one item pipeline: a capture goes into the archive in one transaction."""

from __future__ import annotations

from typing import Any

from newsarchive.crawl.parts import save_in_parts
from newsarchive.crawl.session import CrawlSession
from newsarchive.model.capture import Capture


class ArchivePipeline:
    """Writes captures: page, record, revision, teasers, outcome, frontier state and what was discovered, all or nothing."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Any) -> ArchivePipeline:
        """Called by Scrapy."""
        return cls(crawler.get_extension(CrawlSession))

    async def process_item(self, item: Any) -> Any:
        """Commit the capture and pass it on to pipelines of the user's own."""
        if isinstance(item, Capture):
            await save_in_parts(self.session, item)
        return item
