"""A URL that discovery found, with what is known about it before it is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UrlKind = Literal["page", "listing", "feed", "sitemap", "robots"]
"""What a URL is expected to be: `page` is an article or not yet known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One address to fetch. Addresses are normalised (`urls.normalise`) before they become candidates."""

    url: str
    kind: UrlKind = "page"
    found_on: str | None = None
    """Address of the page, feed or sitemap that named it; None for seeds."""
    found_by: str = "link"
    """How: `seed`, `link`, `feed`, `sitemap`, `news-sitemap`, `robots`, `canonical`, `redirect`, `teaser`, `archive`."""
    depth: int = 0
    """Links followed from a seed."""
    title: str | None = None
    """Title the feed or sitemap gave."""
    date_published: str | None = None
    """ISO 8601 date the feed or sitemap gave (or the URL shows)."""
    date_modified: str | None = None
    """ISO 8601 lastmod the sitemap gave."""
    likelihood: int = 0
    """What the site's own feeds and articles say of its shape: 1 like them, -1 unlike them, 0 nothing. Likely ones are asked for first."""
    redirects: int = 0
    """Redirects followed on the way to this address."""
