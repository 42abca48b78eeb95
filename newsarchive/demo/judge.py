"""Whether a crawl of the demo newspaper came out as its manifest says; what did not, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from newsarchive.demo.expectation import ORIGIN, Expectation, Manifest, without_tracking
from newsarchive.demo.manifest import edition_change, manifest
from newsarchive.model.outcome import LISTS, Outcome

SEEN_AGAIN = frozenset({Outcome.STORED, Outcome.UPDATED, Outcome.UNCHANGED})


def disagreements(edition: int, outcomes: Mapping[str, str], *, before: int | None = None) -> list[str]:
    """What is wrong with the outcomes of a finished crawl (address -> outcome) of an edition; empty when all is right.

    `before` is the edition that the same archive saw in its last crawl, None for a new archive. Known articles have to be
    revisited in the crawl (`--revisit now`), or they are reported as not seen; a page that opted out need not be asked again.
    """
    now = manifest(edition)
    found: list[str] = []
    for url, outcome in outcomes.items():
        accepted = accepted_outcomes(now, url, before)
        if accepted is None:
            found.append(f"{url}: {outcome}, but the newspaper has no such address")
        elif Outcome(outcome) not in accepted:
            found.append(f"{url}: {outcome}, expected {' or '.join(sorted(accepted))}")
    for url, item in now.expectations.items():
        asked = before is None or item.outcome is Outcome.STORED
        if item.requested == "must" and asked and url not in outcomes:
            found.append(f"{url}: not seen ({item.why})")
    return found


def accepted_outcomes(now: Manifest, url: str, before: int | None) -> frozenset[Outcome] | None:
    """The outcomes that are right for an address in a crawl of the edition `now`; None for an unknown address."""
    item = now.expectation(url)
    if item is None or before is None:
        return None if item is None else item.accepted
    known = _known_until(before)
    if item.slug is None or item.outcome is Outcome.DUPLICATE:
        return item.accepted | LISTS if Outcome.SOURCE in item.accepted else item.accepted
    if item.why in ("gone", "missing") and url in known:
        return frozenset({Outcome.GONE, Outcome.MISSING} if item.why == "missing" else {Outcome.GONE})
    if item.outcome is not Outcome.STORED:
        return item.accepted
    return _article_outcomes(now, item, before)


def _article_outcomes(now: Manifest, item: Expectation, before: int) -> frozenset[Outcome]:
    """A live article: new, moved here, edited, or as it was in the edition `before`."""
    then = manifest(before).articles.get(item.url)
    if then is None:
        moved = any(other.target == item.url and other.why == "moved" for other in now.expectations.values())
        return SEEN_AGAIN if moved else frozenset({Outcome.STORED})
    article = item.article
    same = article is not None and (article.title, article.body) == (then.title, then.body)
    return frozenset({Outcome.UNCHANGED if same else Outcome.UPDATED})


def _known_until(edition: int) -> frozenset[str]:
    """Addresses of every article that an archive holds which saw all editions up to this one."""
    return frozenset(url for number in range(1, edition + 1) for url in manifest(number).articles)


def forbidden_requests(edition: int, requests: Iterable[tuple[str, int]]) -> list[str]:
    """The targets of `DemoServer.requests` that no crawl may ask for: robots.txt forbids them."""
    expectations = manifest(edition).expectations
    targets = {without_tracking(target) for target, _ in requests}
    return sorted(target for target in targets if (item := expectations.get(ORIGIN + target)) is not None and item.requested == "never")


def expected_summary(edition: int, before: int | None = None) -> dict[Outcome, int]:
    """How many articles a crawl must report as stored, updated, unchanged, gone and missing (those it loses in this edition)."""
    if before is None:
        return {Outcome.STORED: len(manifest(edition).articles)}
    if before >= edition:
        return {Outcome.UNCHANGED: len(manifest(edition).articles)}
    change = edition_change(edition)
    return {
        Outcome.STORED: len(change.new) + len(change.moved),
        Outcome.UPDATED: len(change.updated),
        Outcome.UNCHANGED: len(change.unchanged),
        Outcome.GONE: len(change.gone),
        Outcome.MISSING: len(change.missing),
    }
