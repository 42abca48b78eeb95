"""What one crawl measured of one site: the figures that its health is judged by, night after night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsarchive.model.outcome import FAILED, Outcome

REJECTED_PAGES = frozenset({Outcome.NOT_ARTICLE, Outcome.UNREADABLE, Outcome.TRAP})
"""Pages that were had and are no articles."""
CLOSED_PAGES = frozenset({Outcome.ROBOTS, Outcome.OPTED_OUT})
"""Pages that the publisher closed to crawlers."""
COPIES = frozenset({Outcome.DUPLICATE})
"""Pages that are articles the archive has under another address."""
FAILED_PAGES = FAILED - REJECTED_PAGES
"""Pages that could not be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNight:
    """One site in one run. All are counts but the last three; a site that shows no authors has `authors` 0, not None."""

    site: str
    """Registrable domain."""
    started_at: datetime
    """UTC; when the run began."""
    run_id: int = 0
    """Number of the run in its archive."""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """Outcome -> addresses of pages; what led on as it should (`source`, `redirected`) and `out_of_range` are not among them."""
    found: int = 0
    """Articles that were new."""
    read: int = 0
    """Articles whose text is of this run: new, edited or read again. The next six are of them."""
    titles: int = 0
    """With a title."""
    bodies: int = 0
    """With a text."""
    dates: int = 0
    """With a publish date."""
    authors: int = 0
    """With an author."""
    paywalled: int = 0
    """Whose page says that it costs money."""
    repeated: int = 0
    """Whose text another article of the site has as well, or nearly."""
    garbled: int = 0
    """With replacement characters, or the traces of a wrong character set, in title or text."""
    ahead: int = 0
    """Published more than an hour after they were first seen. This and the next three are of those with a date to the day."""
    same_day: int = 0
    """Published at most 24 hours before they were first seen."""
    day_late: int = 0
    """Published 24 to 48 hours before."""
    later: int = 0
    """Published longer before."""
    captured: int = 0
    """Pages of articles that were received whole, changed or not."""
    teasers: int = 0
    """Those of them that showed teasers."""
    sources: int = 0
    """Feeds, sitemaps and listing pages that were asked for."""
    sources_failed: int = 0
    """Those that could not be had or read."""
    sources_same: int = 0
    """Those that answered `not modified`."""
    links: int = 0
    """Addresses that the others named."""
    new_links: int = 0
    """Those of them that the archive had not known."""
    fetches: int = 0
    """Requests that were answered."""
    body_chars: float | None = None
    """Median characters of the texts read; None where none was."""
    teasers_each: float | None = None
    """Mean number of teasers of the pages captured; None where none was."""
    latency_ms: float | None = None
    """Median milliseconds from request to answer; None where nothing answered."""

    def with_outcome(self, wanted: frozenset[Outcome]) -> int:
        """Pages with one of these outcomes."""
        return sum(number for name, number in self.outcomes.items() if name in wanted)

    @property
    def pages(self) -> int:
        """Pages with an outcome."""
        return sum(self.outcomes.values())
