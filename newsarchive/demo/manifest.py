"""What must come out of a crawl of the demo newspaper: every address with its verdict, every article with its record."""

from __future__ import annotations

from functools import lru_cache

from newsarchive.demo.expectation import ORIGIN, EditionChange, Expectation, Manifest
from newsarchive.demo.site import build_site
from newsarchive.model.outcome import Outcome

__all__ = ["ORIGIN", "EditionChange", "Expectation", "Manifest", "edition_change", "manifest"]


@lru_cache(maxsize=8)
def manifest(edition: int) -> Manifest:
    """The manifest of an edition (from 1)."""
    return build_site(edition).manifest


def edition_change(edition: int) -> EditionChange:
    """What `edition` (from 2) changes against the one before."""
    before, after = manifest(edition - 1), manifest(edition)
    old, new = before.articles, after.articles
    both = [url for url in old if url in new]
    updated = tuple(url for url in both if (old[url].title, old[url].body) != (new[url].title, new[url].body))
    lost = [(url, after.expectations[url]) for url in old if url not in new]
    targets = {item.target for _, item in lost}
    return EditionChange(
        new=tuple(url for url in new if url not in old and url not in targets),
        updated=updated,
        unchanged=tuple(url for url in both if url not in updated),
        gone=tuple(url for url, item in lost if item.why == "gone"),
        missing=tuple(url for url, item in lost if item.why == "missing"),
        moved=tuple((url, item.target or "") for url, item in lost if item.outcome is Outcome.REDIRECTED),
    )
