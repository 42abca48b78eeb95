"""Discovery: which addresses a feed, a sitemap, a robots.txt or a page names. Reads bytes and documents; no network, no clock."""
