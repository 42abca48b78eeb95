"""The crawl: Scrapy lives here, and nowhere else but in the spiders."""
