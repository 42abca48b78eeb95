"""Which spiders this installation has."""

from __future__ import annotations

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader


def spider_names() -> list[str]:
    """Names of the spiders that `scrapy crawl` knows, sorted. Empty when the installation is broken."""
    settings = Settings()
    settings.setmodule("newsarchive.settings", priority="project")
    return sorted(SpiderLoader.from_settings(settings).list())
