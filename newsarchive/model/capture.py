"""Everything one fetch gave, to be committed in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsarchive.model.candidate import Candidate, UrlKind
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One attempt at one URL with its verdict. `Store.save` writes it, and the frontier moves with it."""

    url: str
    """The frontier's address, as leased."""
    outcome: Outcome
    """The verdict. For an article the crawl passes STORED; the store decides between stored, updated, unchanged and duplicate."""
    detail: str | None = None
    """A few words for the summary and the error view: `HTTP 503`, `no article: listing`, ..."""
    kind: UrlKind = "page"
    page: Page | None = None
    """None where no answer came."""
    extraction: Extraction | None = None
    """Set for articles."""
    reread: Extraction | None = None
    """The article's previous page as today's extractor reads it, where an older one read it before (`Store.old_captures`)."""
    candidates: Sequence[Candidate] = field(default_factory=tuple)
    """What the page led to; enters the frontier in the same transaction."""
    links_before: int = 0
    """Addresses it led to that were queued before: a sitemap of 50,000 is saved in parts."""
    new_before: int = 0
    """Those of them that were new."""
    keep_raw: bool = False
    """Store the page's bytes."""
    retry_at: datetime | None = None
    """UTC: try again then, the URL stays in the frontier (an attempt, no verdict yet); None means the verdict is final for this run."""
    opt_outs: Sequence[str] = field(default_factory=tuple)
    """All opt-out signals, of headers and markup."""
    attempted: bool = True
    """Whether a request was sent (robots and guards refuse before one is)."""
