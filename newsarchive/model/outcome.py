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
