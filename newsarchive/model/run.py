"""What a crawl is asked to do, says while it runs, and reports at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

Revisit = Literal["now", "due", "never"]
"""Known articles: fetched again once in this run, only when their time has come, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPlan:
    """One crawl, as the command line or a schedule asks for it. Checked before the first request."""

    seeds: Sequence[str]
    """Addresses of sites, sections, feeds, sitemaps or articles."""
    archive: Path
    contact: str | None = None
    """E-mail address or URL that goes into the user agent; a public host is not crawled without."""
    since: date | None = None
    """Articles known to be older are not fetched."""
    until: date | None = None
    """Articles known to be newer are not fetched."""
    max_pages: int | None = None
    """At most so many articles are stored in this run."""
    max_per_site: int | None = None
    """At most so many articles of one registrable domain are stored in this session."""
    time_limit_seconds: float | None = None
    """The crawl ends in order after so long; the same command goes on."""
    follow: bool = True
    """Whether links, feeds and sitemaps are followed; False fetches the seeds alone (a list of URLs)."""
    delay_seconds: float | None = None
    """Between two requests to a host; None is the default of the settings."""
    concurrency_per_host: int | None = None
    allow_addresses: Sequence[str] = ()
    """HOST[:PORT] that may be private or loopback."""
    connect_to: Sequence[str] = ()
    """HOST:PORT:ADDRESS:PORT, as in curl."""
    obey: Sequence[str] = ()
    """Opt-out signals that keep a page out of the archive beyond those always obeyed (`options.OBEYABLE`)."""
    revisit: Revisit = "due"
    keep_raw: bool = True
    """Whether pages are kept as they were received; their digests always are."""
    sites: Path | None = None
    """Folder of the site profiles; None is the default one, where it exists."""
    leave_out_broken: bool = False
    """Whether wrong site profiles are left out, as an unattended crawl of other sites wants it; otherwise they stop the crawl."""
    command: str = ""
    """The command line, for the run record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The state of a running crawl, about once a second."""

    found: int = 0
    """URLs this run knows of."""
    fetched: int = 0
    """Answers received."""
    stored: int = 0
    """Articles stored or updated."""
    waiting: int = 0
    """URLs queued, leased or deferred."""
    hosts: Sequence[str] = ()
    """Hosts with a request under way."""
    pages_per_second: float = 0.0
    """Over the last seconds."""
    seconds: float = 0.0
    """Since the start."""


EndReason = Literal["finished", "interrupted", "max_pages", "time_limit", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """The end of a crawl."""

    run_id: str
    """UUID of the run."""
    archive: Path
    """The archive that was written."""
    seconds: float
    """From start to end of this session."""
    resumed: bool = False
    """Whether this continued a run that was killed or interrupted."""
    end: EndReason = "finished"
    """Why it ended: `finished`, `interrupted`, `max_pages` or `failed`."""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """Outcome -> number of URLs, over the whole run (all its sessions)."""
    details: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Outcome -> detail -> number of URLs."""
    new_revisions: int = 0
    """Revisions this run added."""
    opted_out: int = 0
    """Pages that carried an opt-out signal, obeyed or only recorded."""
    waiting: int = 0
    """URLs left in the frontier (an interrupted run, or a limit)."""
    seeds_failed: Sequence[str] = ()
    """Seeds that gave nothing, each `URL: reason`."""
    seeds: int = 0
    """Addresses the crawl was started with."""
    articles_in_archive: int = 0
    """Articles of the archive after the crawl, of all runs."""
    notes: Sequence[str] = ()
    """Sentences for the person who reads the summary (a capped Crawl-delay, a repeated worker crash, ...)."""
