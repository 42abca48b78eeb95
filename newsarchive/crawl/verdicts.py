"""From an answer, a reading or a failure to the capture that is committed. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from newsarchive.archive.frontier import Leased
from newsarchive.crawl.failures import Verdict
from newsarchive.errors import InvalidUrl
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.pages.headers import header_opt_outs, obeyed
from newsarchive.urls import absolute, normalise
from newsarchive.workers.job import Result

AGENT = "newsarchive"
"""Our name in robots directives."""
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Statuses after which a later attempt may succeed (RFC 9110; 52x are Cloudflare's)."""


@dataclass(frozen=True, slots=True)
class AttemptState:
    """What is known about the URL that was tried."""

    leased: Leased
    retry_at: datetime | None
    """When to try again if this attempt failed for a time; None when this was the last attempt of the run."""
    is_deferred: bool
    """Whether the server asked for more patience than a run has."""
    max_redirects: int


def capture_of_verdict(verdict: Verdict, state: AttemptState, *, is_robots: bool = False) -> Capture:
    """The capture of a request that got no answer."""
    candidate = state.leased.candidate
    outcome, detail = verdict.outcome, f"robots.txt: {verdict.detail}" if is_robots else verdict.detail
    if is_robots and verdict.outcome in (Outcome.HTTP_4XX, Outcome.HTTP_5XX, Outcome.TIMEOUT):
        outcome = Outcome.DEFERRED
    retry_at = state.retry_at if verdict.is_temporary else None
    attempted = verdict.attempted and not is_robots
    return Capture(url=candidate.url, kind=candidate.kind, outcome=outcome, detail=detail, retry_at=retry_at, attempted=attempted)


def capture_of_status(page: Page, state: AttemptState) -> Capture | None:
    """The capture of an answer whose status says it all; None when the body is to be read."""
    candidate, status = state.leased.candidate, page.status
    if status == 304:
        outcome = Outcome.UNCHANGED if state.leased.known_article else Outcome.SOURCE
        return _capture(page, candidate, outcome, "not modified")
    if 300 <= status < 400:
        return _redirect(page, state)
    if status in (404, 410) and state.leased.known_article:
        return _capture(page, candidate, Outcome.GONE if status == 410 else Outcome.MISSING, f"HTTP {status}")
    if status >= 400 or status < 200:
        outcome = Outcome.HTTP_5XX if status >= 500 else Outcome.HTTP_4XX
        if state.is_deferred:
            return _capture(page, candidate, Outcome.DEFERRED, f"HTTP {status}, asked to come back later")
        retry_at = state.retry_at if status in TEMPORARY else None
        return _capture(page, candidate, outcome, f"HTTP {status}", retry_at=retry_at)
    if not page.body:
        return _capture(page, candidate, Outcome.UNREADABLE, "empty answer")
    return None


def _capture(page: Page, candidate: Candidate, outcome: Outcome, detail: str, *, retry_at: datetime | None = None) -> Capture:
    return Capture(url=candidate.url, kind=candidate.kind, outcome=outcome, detail=detail, page=page, retry_at=retry_at)


def _redirect(page: Page, state: AttemptState) -> Capture:
    candidate = state.leased.candidate
    location = page.headers.get("location", "")
    target = absolute(location, page.address)
    if target is None:
        scheme = location.split(":", 1)[0].lower() if ":" in location else ""
        if scheme.isalpha():
            return _capture(page, candidate, Outcome.BLOCKED_SCHEME, f"redirect to {scheme}:")
        return _capture(page, candidate, Outcome.ERROR, f"HTTP {page.status} without a usable Location")
    if candidate.redirects >= state.max_redirects:
        return _capture(page, candidate, Outcome.ERROR, f"more than {state.max_redirects} redirects")
    try:
        url = normalise(target)
    except InvalidUrl:
        return _capture(page, candidate, Outcome.ERROR, f"HTTP {page.status} without a usable Location")
    if url == candidate.url:
        return _capture(page, candidate, Outcome.ERROR, "redirects to itself")
    follow = Candidate(
        url=url, kind=candidate.kind, found_on=candidate.url, found_by="redirect", depth=candidate.depth,
        title=candidate.title, date_published=candidate.date_published, redirects=candidate.redirects + 1,
    )  # fmt: skip
    return Capture(
        url=candidate.url, kind=candidate.kind, outcome=Outcome.REDIRECTED, detail=f"HTTP {page.status}", page=page, candidates=(follow,)
    )


def capture_of_result(
    page: Page,
    result: Result,
    state: AttemptState,
    *,
    out_of_range: Callable[[str | None], str | None],
    obey: Collection[str] = (),
) -> Capture:
    """The capture of a page that a worker has read. `obey` names opt-out signals that are obeyed beyond the usual ones."""
    candidate = state.leased.candidate
    opt_outs = sorted({*header_opt_outs(page.headers, AGENT), *result.opt_outs})
    found = Capture(
        url=candidate.url, kind=candidate.kind, outcome=Outcome.NOT_ARTICLE, detail=result.detail or "no article", page=page,
        candidates=tuple(result.candidates), opt_outs=opt_outs,
    )  # fmt: skip
    if result.kind == "feed" or result.kind == "sitemap" or result.kind == "listing":
        return replace(found, kind=result.kind, outcome=Outcome.SOURCE, detail=result.kind)
    if result.kind == "unreadable":
        return replace(found, outcome=Outcome.UNREADABLE, detail=result.detail or "cannot be read")
    refused = obeyed(opt_outs, obey)
    if refused:
        return replace(found, outcome=Outcome.OPTED_OUT, detail=", ".join(refused))
    if result.kind == "article" and result.extraction is not None:
        reason = out_of_range(result.extraction.article.date_published)
        if reason:
            return replace(found, kind="page", outcome=Outcome.OUT_OF_RANGE, detail=reason)
        return replace(found, kind="page", outcome=Outcome.STORED, detail=None, extraction=result.extraction, keep_raw=True)
    return found
