"""From a piece of a collection, or what a worker read in it, to the capture that is committed. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from newsarchive.errors import InvalidUrl
from newsarchive.model.candidate import Candidate
from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.pages.headers import header_opt_outs, obeyed
from newsarchive.recapture.entries import Entry
from newsarchive.urls import absolute, normalise
from newsarchive.workers.job import Result

AGENT = "newsarchive"
"""Our name in robots directives."""


def capture_unread(entry: Entry, page: Page) -> Capture | None:
    """The capture of an answer that need not be read; None where a worker is to read its body."""
    found = Capture(url=page.url, outcome=Outcome.ERROR, page=page, detail=entry.detail)
    if entry.trouble is not None:
        return replace(found, outcome=entry.trouble)
    if 300 <= page.status < 400:
        return _redirect(found, page)
    if page.status >= 400:
        outcome = Outcome.HTTP_5XX if page.status >= 500 else Outcome.HTTP_4XX
        return replace(found, outcome=outcome, detail=f"HTTP {page.status}")
    if not page.body:
        return replace(found, outcome=Outcome.UNREADABLE, detail="empty answer")
    return None


def _redirect(found: Capture, page: Page) -> Capture:
    target = absolute(page.headers.get("location", ""), page.address)
    try:
        url = normalise(target) if target else None
    except InvalidUrl:
        url = None
    if url is None or url == page.url:
        return replace(found, detail=f"HTTP {page.status} without a usable Location")
    follow = Candidate(url=url, found_on=page.url, found_by="redirect")
    return replace(found, outcome=Outcome.REDIRECTED, detail=f"HTTP {page.status}", candidates=(follow,))


def capture_of_result(page: Page, result: Result, obey: Collection[str]) -> Capture:
    """The capture of a page that a worker has read. `obey` names opt-out signals that are obeyed beyond the usual ones."""
    opt_outs = sorted({*header_opt_outs(page.headers, AGENT), *result.opt_outs})
    found = Capture(url=page.url, outcome=Outcome.NOT_ARTICLE, detail=result.detail or "no article", page=page, opt_outs=opt_outs)
    if result.kind == "unreadable":
        return replace(found, outcome=Outcome.UNREADABLE, detail=result.detail or "cannot be read")
    refused = obeyed(opt_outs, obey)
    if refused:
        return replace(found, outcome=Outcome.OPTED_OUT, detail=", ".join(refused))
    if result.kind == "article" and result.extraction is not None:
        return replace(found, outcome=Outcome.STORED, detail=None, extraction=result.extraction, keep_raw=True)
    return found
