"""The words of the demo's manifest: what is expected of an address, of an edition, and from one edition to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from newsarchive.model.article import Article
from newsarchive.model.outcome import Outcome

Requested = Literal["must", "may", "never"]
"""Whether a crawl of the front page has to ask for the address, may leave it out, or must not touch it."""

ORIGIN = "http://demo-news.example"
"""The newspaper's fixed address, mapped to the server's port by --connect-to."""


def without_tracking(url: str) -> str:
    """The address without `utm_` parameters and fragment: the server answers with and without them alike."""
    base, mark, query = url.partition("#")[0].partition("?")
    kept = [pair for pair in query.split("&") if not pair.startswith("utm_")]
    return base + mark + "&".join(kept) if mark and kept else base


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The verdict for one address when the crawl's archive was empty before."""

    url: str
    outcome: Outcome
    """STORED for articles."""
    why: str
    """What the address is there for, such as `redirect chain` or `print view`."""
    requested: Requested = "may"
    also: frozenset[Outcome] = frozenset()
    """Other outcomes that are right as well (a section page may be a `source` or `not_article`)."""
    target: str | None = None
    """Where a redirect leads, or the address of the article a duplicate repeats."""
    article: Article | None = None
    """The whole record, for articles."""
    template: str | None = None
    slug: str | None = None
    opt_outs: tuple[str, ...] = ()
    """Signals that must be recorded, obeyed or not."""

    @property
    def accepted(self) -> frozenset[Outcome]:
        """Every outcome that is right."""
        return self.also | {self.outcome}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything one edition serves."""

    edition: int
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    """Address -> verdict. Traps are told by `trap_prefixes`, since their addresses have no end."""
    trap_prefixes: tuple[str, ...] = ()
    """Addresses that start so belong to a trap."""
    start: str = ORIGIN + "/"

    @property
    def articles(self) -> dict[str, Article]:
        """Address -> record of every article a crawl of this edition stores."""
        return {url: item.article for url, item in self.expectations.items() if item.article is not None and item.outcome is Outcome.STORED}

    def expectation(self, url: str) -> Expectation | None:
        """The verdict for an address; None for one the newspaper does not know."""
        url = without_tracking(url)
        found = self.expectations.get(url)
        if found is None and url.startswith(self.trap_prefixes):
            fine = frozenset({Outcome.NOT_ARTICLE, Outcome.SOURCE, Outcome.DUPLICATE, Outcome.HTTP_4XX})
            return Expectation(url=url, outcome=Outcome.TRAP, why="trap", also=fine)
        return found

    def by_outcome(self, outcome: Outcome) -> list[Expectation]:
        """The addresses with that verdict, in the manifest's order."""
        return [item for item in self.expectations.values() if item.outcome is outcome]


@dataclass(frozen=True, slots=True)
class EditionChange:
    """What a crawl of one edition must find, when the archive already holds the edition before. All are article addresses."""

    new: tuple[str, ...]
    updated: tuple[str, ...]
    """Title or body changed: one more revision each."""
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]
    """Answer 410 now."""
    missing: tuple[str, ...]
    """Answer 404 now."""
    moved: tuple[tuple[str, str], ...]
    """Old and new address; the new one is stored, the old one redirects."""
