"""What Scrapy's own documentation suggests: follow the site's links, JOBDIR for stopping and going on, a feed for the items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor


class PlainSpider(scrapy.Spider):
    """All pages of one site."""

    name = "plain"

    def __init__(self, site: str, **kwargs: str) -> None:
        super().__init__(**kwargs)
        self.start_urls = [f"http://{site}/"]
        self.links = LinkExtractor(allow_domains=[site])

    def parse(self, response: Response, **kwargs: str) -> Iterator[Any]:
        """An item where the address is an article's, and a request for each link."""
        if "/story-" in response.url:
            yield {"url": response.url, "title": response.css("title::text").get(), "html": response.text}
        for link in self.links.extract_links(response):
            yield response.follow(link, self.parse)
