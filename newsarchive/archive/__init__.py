"""The archive: one SQLite file with articles, revisions, teasers, raw pages, and the crawl's frontier."""
