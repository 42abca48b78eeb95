"""Crawl news sites into the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsarchive.crawl.spider import ArchiveSpider


class NewsSpider(ArchiveSpider):
    """`scrapy crawl news -a site=https://example.com[,https://example.org]`: every article of the sites."""

    name = "news"

    def __init__(self, site: str = "", seeds: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seeds = [*seeds, *(part.strip() for part in site.replace("\n", ",").split(",") if part.strip())]
