"""Which of the addresses a page names become part of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from newsarchive.discovery.classify import classify
from newsarchive.discovery.scope import site_of
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.sites.profile import Profiles

_OF_LISTS = frozenset({"seed", "feed", "sitemap", "news-sitemap", "redirect"})

MAX_DEPTH = 30
"""Links followed from a seed. Paginated sections of a large paper are the deepest honest structure seen; endless paths end here."""


@dataclass(slots=True)
class Selection:
    """The scope of a run and its date range."""

    sites: set[str] = field(default_factory=set)
    """Registrable domains (or hosts without one) of the crawled sites."""
    since: date | None = None
    until: date | None = None
    profiles: Profiles = field(default_factory=Profiles)
    """Patterns of the operator's own win over what addresses look like."""
    follow: bool = True
    """Whether what pages lead to is fetched at all; redirects always are."""

    likelihood: Callable[[str], int] = lambda url: 0
    """What the site's articles say of an address: 1 like them, -1 unlike them, 0 nothing."""

    def add_site(self, url: str) -> None:
        """Take the site of an address into the scope."""
        self.sites.add(site_of(url))

    def is_in_scope(self, url: str) -> bool:
        """Whether an address belongs to a crawled site."""
        return site_of(url) in self.sites

    def choose(self, candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Capture]]:
        """Split what was found into candidates to fetch and captures of addresses decided without a request.

        Addresses of other sites and files that cannot be articles are nobody's concern and appear in neither.
        """
        chosen: list[Candidate] = []
        decided: list[Capture] = []
        for candidate in candidates:
            if not self.is_in_scope(candidate.url) and not (candidate.kind == "sitemap" and candidate.found_by == "robots"):
                continue
            if not self.follow and candidate.found_by != "redirect":
                continue
            judged, shape = classify(candidate.url), self._shape(candidate)
            if shape == "skip" or (shape is None and candidate.kind == "page" and judged.kind == "media"):
                continue
            if shape is None and candidate.kind in ("page", "listing") and judged.kind == "trap":
                decided.append(_without_request(candidate, Outcome.TRAP, judged.reason))
            elif candidate.depth > MAX_DEPTH:
                decided.append(_without_request(candidate, Outcome.TRAP, f"more than {MAX_DEPTH} links from the start"))
            elif candidate.kind == "page" and (reason := self.out_of_range(candidate.date_published, candidate.date_modified)):
                decided.append(_without_request(candidate, Outcome.OUT_OF_RANGE, reason))
            else:
                chosen.append(self._ranked(replace(candidate, kind="listing") if shape == "listing" else candidate))
        return chosen, decided

    def _ranked(self, candidate: Candidate) -> Candidate:
        """The candidate with what the site's own lists say of its address, where no list gave it and no date ranks it."""
        if candidate.kind != "page" or candidate.found_by in _OF_LISTS or candidate.date_published:
            return candidate
        likelihood = self.likelihood(candidate.url)
        return replace(candidate, likelihood=likelihood) if likelihood else candidate

    def _shape(self, candidate: Candidate) -> str | None:
        """What the site's profile says of a page's address."""
        profile = self.profiles.for_url(candidate.url) if candidate.kind in ("page", "listing") else None
        return None if profile is None else profile.shape_of(candidate.url)

    def out_of_range(self, published: str | None, modified: str | None = None) -> str | None:
        """Why ISO dates lie outside of the run's range, or None when they do not. Unknown dates are in range.

        A page last modified before the range cannot have been published in it.
        """
        if self.since and (day := _day(published) or _day(modified)) and day < self.since.isoformat():
            return f"published before {self.since}"
        if self.until and (day := _day(published)) and day > self.until.isoformat():
            return f"published after {self.until}"
        return None


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment and len(moment) >= 10 else None


def _without_request(candidate: Candidate, outcome: Outcome, detail: str) -> Capture:
    return Capture(url=candidate.url, kind=candidate.kind, outcome=outcome, detail=detail, attempted=False)
