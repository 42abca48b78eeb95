"""The file that `newsarchive sites new` writes: one line that counts, everything else explained and switched off."""

from __future__ import annotations

_TEMPLATE = r"""# Site profile of newsarchive. Only `domains` is needed; take the "#" away from what you want to set.
# Check it with: newsarchive sites check

# Hosts of the site; subdomains are included.
domains = ["@DOMAIN@"]

# name = "@DOMAIN@"

# Where a crawl starts. Without it: the home page. Feeds and sitemaps that robots.txt and the home page
# name are found without being listed here.
# start = ["https://@DOMAIN@/"]
# feeds = ["https://@DOMAIN@/rss.xml"]
# sitemaps = ["https://@DOMAIN@/news-sitemap.xml"]

# Regular expressions, searched anywhere in the address. Single quotes save doubling the backslashes.
# article_patterns = ['/\d{4}/\d{2}/[\w-]+$']
# listing_patterns = ['/section/']
# skip_patterns = ['/horoscope/', '/print/']

# Elements that are never article text.
# drop = [".newsletter-box", "aside.facts"]

# For dates that the pages write without a zone.
# timezone = "Europe/Oslo"

# Seconds between two requests, and requests at the same time. A larger Crawl-delay of the site wins.
# delay_seconds = 2.0
# concurrency_per_host = 1

# Who answers for this crawl, where it is not the usual contact.
# contact = "archive@library.example.org"

# When to crawl: an interval, or minute hour day month weekday.
# schedule = "6h"
# schedule = "30 2 * * *"
# schedule_timezone = "Europe/Oslo"

# When to look at a stored article again, growing with its age; "off" for backfills.
# revisit = ["1h", "6h", "1d", "3d", "7d", "30d"]

# Opt-out signals to obey beyond the usual ones.
# obey = ["noarchive"]

# Only for sites that show nothing without JavaScript.
# browser = false

# Secrets never stand in this file: ${NAME} is read from the environment.
# proxy = "http://user:${PROXY_PASSWORD}@proxy.example:3128"

# Where the extraction goes wrong: CSS selectors, one or a list to be tried in order.
# [selectors]
# title = "h1.headline"
# body = ["div.story-body", "article"]
# date_published = "time[itemprop=datePublished]::attr(datetime)"
# authors = ".byline a"

# [headers]
# Accept-Language = "nb,en;q=0.5"
# Authorization = "Bearer ${SITE_TOKEN}"

# [cookies]
# consent = "all"

# [login]
# url = "https://@DOMAIN@/login"
# [login.fields]
# username = "${SITE_USER}"
# password = "${SITE_PASSWORD}"

# After a redesign: what held until then, so that pages fetched earlier are still read rightly.
# [[eras]]
# valid_until = 2025-06-30
# drop = [".old-newsletter-box"]
# [eras.selectors]
# body = "#maintext"
"""


def profile_template(domain: str) -> str:
    """The text of a new profile for a host that has been checked (`values.domain`)."""
    return _TEMPLATE.replace("@DOMAIN@", domain)
