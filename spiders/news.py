"""Crawl news sites into the archive."""

from __future__ import annotations

from collections.abc import Sequence

from newsarchive.crawl.spider import ArchiveSpider
from newsarchive.options import parse_named


class NewsSpider(ArchiveSpider):
    """`scrapy crawl news -a site=https://example.com[,https://example.org]`: every article of the sites.

    The options of `newsarchive crawl` are arguments under their names: `-a max_pages=5 -a since=2026-03-01 -a revisit=now`.
    """

    name = "news"

    def __init__(self, site: str = "", seeds: Sequence[str] = (), **options: str) -> None:
        super().__init__()
        self.seeds = [*seeds, *(part.strip() for part in site.replace("\n", ",").split(",") if part.strip())]
        self.options = parse_named(options)
