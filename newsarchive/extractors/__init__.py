"""Page to Extraction: no Scrapy, no SQLite, no network, no clock, no disk but the package's own data."""
