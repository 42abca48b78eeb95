"""What a look at a site found: its feeds, sitemaps and sections, and why each is believed to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

FoundKind = Literal["home", "feed", "sitemap", "sitemap-index", "news-sitemap", "section"]
FoundBy = Literal["seed", "profile", "robots", "link", "sitemap", "common-path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSource:
    """One address that was read, or that could not be."""

    url: str
    """Where it answered, redirects followed."""
    kind: FoundKind
    """What it is; for one that could not be read, what it was expected to be."""
    found_by: FoundBy
    """`seed`: asked for; `profile`: named in the site profile; `robots`: a line of robots.txt; `link`: linked from the home page;
    `sitemap`: named in a sitemap index; `common-path`: tried because many sites have it there."""
    found_on: str | None = None
    """The address that named it; None for seeds, profiles and common paths."""
    origin: str | None = None
    """For common paths: the program or custom that puts it there."""
    entries: int | None = None
    """Addresses it names; None for what was not read."""
    articles: int | None = None
    """Those of them that look like articles."""
    newest: str | None = None
    """Newest date it gives (ISO 8601): published, else modified. None where it gives none."""
    newest_title: str | None = None
    """Title of that entry, where the source gives one."""
    unread: int = 0
    """Sitemaps of an index that were not read because of the limits."""
    problem: str | None = None
    """Why it is no source or could not be read; None for one that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDiscovery:
    """The whole look at one site."""

    url: str
    """The address that was asked for."""
    home: str | None
    """The home page, redirects followed; None where it gave nothing."""
    sources: Sequence[FoundSource] = field(default_factory=tuple)
    """What was found, the richest kinds first."""
    failed: Sequence[FoundSource] = field(default_factory=tuple)
    """What was named or tried and is no source, with its problem."""
    requests: int = 0
    """Requests sent, robots.txt not counted."""
    is_cut: bool = False
    """Whether the limit of requests left something untried."""
    notes: Sequence[str] = ()
    """Sentences for the reader: a Crawl-delay that is kept, what was not tried and why."""
