"""Feeds, sitemaps and listing pages: what they yield, and when to look again."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from newsarchive import urls
from newsarchive.archive.moments import as_text
from newsarchive.model.capture import Capture

FIRST_INTERVAL = timedelta(hours=1)
"""Until a source has shown what it yields."""
SHORTEST_INTERVAL = timedelta(minutes=15)
"""Feeds are rarely rebuilt more often (most name a ttl of 15 minutes or more)."""
LONGEST_INTERVAL = timedelta(days=7)
"""Sitemaps of past years hardly ever change, but removals show there."""


def next_interval(before: timedelta, new: int) -> timedelta:
    """The time to the next visit: half as long after a visit that gave new addresses, twice as long after one that gave none."""
    after = before / 2 if new else before * 2
    return min(max(after, SHORTEST_INTERVAL), LONGEST_INTERVAL)


def save_source(connection: sqlite3.Connection, capture: Capture, seen_at: datetime, *, links: int, new: int) -> None:
    """Record one visit of a source that named `links` addresses, `new` of them not known before."""
    known = connection.execute("SELECT interval_seconds FROM source WHERE url=?", (capture.url,)).fetchone()
    interval = next_interval(timedelta(seconds=known[0]), new) if known else FIRST_INTERVAL
    found_on = connection.execute("SELECT found_on FROM frontier WHERE url=?", (capture.url,)).fetchone()
    headers = capture.page.headers if capture.page else {}
    connection.execute(
        "INSERT INTO source(url, kind, site, found_on, etag, last_modified, first_seen, last_fetched_at, next_due_at, interval_seconds,"
        " fetches, last_links, last_new, total_new) VALUES(:url, :kind, :site, :found_on, :etag, :modified, :now, :now, :due, :interval,"
        " 1, :links, :new, :new)"
        " ON CONFLICT(url) DO UPDATE SET kind=:kind, etag=coalesce(:etag, etag), last_modified=coalesce(:modified, last_modified),"
        " last_fetched_at=:now, next_due_at=:due, interval_seconds=:interval, fetches=fetches+1, last_links=:links, last_new=:new,"
        " total_new=total_new+:new",
        {
            "url": capture.url,
            "kind": capture.kind,
            "site": urls.registrable_domain(capture.url),
            "found_on": found_on[0] if found_on else None,
            "etag": headers.get("etag"),
            "modified": headers.get("last-modified"),
            "now": as_text(seen_at),
            "due": as_text(seen_at + interval),
            "interval": int(interval.total_seconds()),
            "links": links,
            "new": new,
        },
    )
