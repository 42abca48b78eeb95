"""What a crawl writes into the log, with the fields that a JSON log keeps apart; and Twisted's errors through the same handler."""

from __future__ import annotations

import logging
import warnings
from typing import Any

from twisted.logger import globalLogBeginner

from newsarchive.model.capture import Capture
from newsarchive.model.outcome import Outcome

logger = logging.getLogger(__name__)


def log_outcome(capture: Capture, outcome: Outcome) -> None:
    """One line for an address: what came of it, and why. An attempt that will be repeated says so."""
    if not logger.isEnabledFor(logging.INFO):
        return
    fields: dict[str, Any] = {"url": capture.url, "outcome": str(outcome), "kind": str(capture.kind)}
    if capture.detail:
        fields["detail"] = capture.detail
    if capture.page is not None:
        fields |= {"status": capture.page.status, "bytes": len(capture.page.body)}
    word = str(outcome)
    if capture.retry_at is not None:
        fields["retry_at"] = capture.retry_at.isoformat(timespec="seconds")
        word = f"{word}, to be tried again"
    logger.info("%s: %s%s", word, capture.url, f" ({capture.detail})" if capture.detail else "", extra=fields)


def quiet_twisted() -> None:
    """Keep Twisted from printing errors to the error stream by itself, raw, beside the log. Scrapy's observer has them all."""
    shown = warnings.showwarning
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a second call in a process is told that logging had begun
        globalLogBeginner.beginLoggingTo([], redirectStandardIO=False)
    warnings.showwarning = shown
