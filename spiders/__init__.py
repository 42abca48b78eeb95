"""Scrapy's entry points: `scrapy list`, `scrapy crawl news -a site=https://example.com`."""
