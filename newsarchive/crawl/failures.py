"""What a failed request means: from exceptions to the outcomes of the field dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet import error as tx_error
from twisted.web._newclient import ParseError, ResponseFailed, ResponseNeverReceived

from newsarchive.crawl.download import HeadersTooLong
from newsarchive.crawl.guards import Refused, port_of
from newsarchive.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a request that gave no usable answer."""

    outcome: Outcome
    detail: str
    is_temporary: bool = False
    """Whether a later attempt may succeed."""
    attempted: bool = True
    """Whether a request was (or may have been) sent."""


def verdict_of(error: BaseException, url: str) -> Verdict:
    """Name the outcome of a download error. Never raises; what is unknown becomes `error` with the exception's name."""
    if isinstance(error, Refused):
        return Verdict(error.outcome, error.detail, attempted=False)
    if isinstance(error, CannotResolveHostError):
        return _unresolved(url)
    if isinstance(error, DownloadTimeoutError | tx_error.TimeoutError):
        return Verdict(Outcome.TIMEOUT, "no answer in time", is_temporary=True)
    if isinstance(error, DownloadConnectionRefusedError):
        return Verdict(Outcome.CONNECTION, "connection refused", is_temporary=True, attempted=False)
    if isinstance(error, ResponseDataLossError):
        return Verdict(Outcome.TRUNCATED, "the answer was cut off", is_temporary=True)
    if isinstance(error, UnsupportedURLSchemeError):
        return Verdict(Outcome.BLOCKED_SCHEME, "not http or https", attempted=False)
    if isinstance(error, DownloadCancelledError) or (isinstance(error, IgnoreRequest) and "size" in str(error)):
        return Verdict(Outcome.TOO_LARGE, "larger than the limit")
    if isinstance(error, IgnoreRequest):
        return Verdict(Outcome.UNREADABLE, str(error)[:200] or "refused")
    return _connection_trouble(error)


def _unresolved(url: str) -> Verdict:
    from twisted.internet import reactor

    host, port = port_of(url)
    resolver: Any = getattr(reactor, "nameResolver", None)
    refusal = resolver.refusal(host, port) if hasattr(resolver, "refusal") else None
    if refusal:
        return Verdict(Outcome.BLOCKED_ADDRESS, refusal, attempted=False)
    return Verdict(Outcome.DNS, f"no address for {host}", is_temporary=True, attempted=False)


def _connection_trouble(error: BaseException) -> Verdict:
    reasons = [error]
    if isinstance(error, DownloadFailedError) and error.__cause__ is not None:
        reasons.append(error.__cause__)
    for reason in list(reasons):
        if isinstance(reason, ResponseFailed | ResponseNeverReceived):
            reasons += [failure.value for failure in reason.reasons if failure.value is not None]
    if any(isinstance(reason, SSL.Error) or "certificate" in type(reason).__name__.lower() for reason in reasons):
        return Verdict(Outcome.TLS, _short(reasons[-1]) or "no trusted TLS connection", is_temporary=False)
    if any(isinstance(reason, HeadersTooLong) for reason in reasons):
        return Verdict(Outcome.TOO_LARGE, "headers larger than the limit")
    if any(isinstance(reason, ParseError) for reason in reasons):
        return Verdict(Outcome.UNREADABLE, "the answer is no HTTP")
    if isinstance(error, DownloadFailedError | tx_error.ConnectError | tx_error.ConnectionClosed | OSError):
        attempted = isinstance(error, DownloadFailedError)
        return Verdict(Outcome.CONNECTION, _short(reasons[-1]) or "connection lost", is_temporary=True, attempted=attempted)
    return Verdict(Outcome.ERROR, f"{type(error).__name__}: {_short(error)}", is_temporary=True)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
