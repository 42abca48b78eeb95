"""The one verdict that every URL of a run gets."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The list of DESIGN: stored in `outcome(run_id, url, outcome, detail)`."""

    STORED = "stored"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    NOT_ARTICLE = "not_article"
    DUPLICATE = "duplicate"
    SOURCE = "source"
    REDIRECTED = "redirected"
    OUT_OF_RANGE = "out_of_range"
    GONE = "gone"
    MISSING = "missing"
    ROBOTS = "robots"
    OPTED_OUT = "opted_out"
    BLOCKED_ADDRESS = "blocked_address"
    BLOCKED_SCHEME = "blocked_scheme"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TIMEOUT = "timeout"
    PARSE_TIMEOUT = "parse_timeout"
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"
    DNS = "dns"
    TLS = "tls"
    CONNECTION = "connection"
    TRAP = "trap"
    DEFERRED = "deferred"
    FORGOTTEN = "forgotten"
    ERROR = "error"


ARTICLES = frozenset({Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED})
"""The page is an article of the archive."""

LISTS = frozenset({Outcome.SOURCE, Outcome.REDIRECTED})
"""The page led on to others, as it should."""

REJECTED = frozenset(
    {
        Outcome.NOT_ARTICLE,
        Outcome.DUPLICATE,
        Outcome.OUT_OF_RANGE,
        Outcome.ROBOTS,
        Outcome.OPTED_OUT,
        Outcome.BLOCKED_ADDRESS,
        Outcome.BLOCKED_SCHEME,
        Outcome.TRAP,
        Outcome.FORGOTTEN,
    }
)
"""We decided against the page."""

LOST = frozenset({Outcome.GONE, Outcome.MISSING})
"""An archived article that its publisher no longer serves."""

FAILED = frozenset(Outcome) - ARTICLES - LISTS - REJECTED - LOST
"""The page could not be had or read."""

WORDS = {
    Outcome.NOT_ARTICLE: "no article",
    Outcome.DUPLICATE: "duplicate of another address",
    Outcome.OUT_OF_RANGE: "outside the dates asked for",
    Outcome.ROBOTS: "forbidden by robots.txt",
    Outcome.OPTED_OUT: "publisher opted out",
    Outcome.BLOCKED_ADDRESS: "address not public",
    Outcome.BLOCKED_SCHEME: "no http(s) address",
    Outcome.TRAP: "crawler trap",
    Outcome.FORGOTTEN: "forgotten on request",
    Outcome.GONE: "gone",
    Outcome.MISSING: "missing, asked again later",
    Outcome.SOURCE: "feeds, sitemaps and listings",
    Outcome.REDIRECTED: "redirects followed",
    Outcome.TOO_LARGE: "too large",
    Outcome.TRUNCATED: "cut off on the way",
    Outcome.UNREADABLE: "unreadable",
    Outcome.TIMEOUT: "timed out",
    Outcome.PARSE_TIMEOUT: "took too long to read",
    Outcome.HTTP_4XX: "refused by the server (4xx)",
    Outcome.HTTP_5XX: "failed at the server (5xx)",
    Outcome.DNS: "name not found",
    Outcome.TLS: "no secure connection",
    Outcome.CONNECTION: "no connection",
    Outcome.DEFERRED: "put off to a later run",
    Outcome.ERROR: "error",
}
"""Outcome -> what people read of it, but for the three of articles, whose names say it."""
