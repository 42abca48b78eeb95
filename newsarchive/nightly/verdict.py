"""How a night ends: one exit code, and every reason in words. What a person must look at first wins."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive.archive.nights import SiteTally, Step
from newsarchive.errors import ExitCode, NewsArchiveError
from newsarchive.nightly.due import Decision
from newsarchive.nightly.watchdog import Ended

STOPPED = {
    "stalled": ExitCode.STALLED,
    "time_limit": ExitCode.TIME_LIMIT,
    "disk_low": ExitCode.DISK_FULL,
    "interrupted": ExitCode.INTERRUPTED,
    "died": ExitCode.INTERNAL,
}
"""Why the watchdog saw the crawl's end -> exit code."""

GRAVITY = (
    ExitCode.FORCED,
    ExitCode.INTERRUPTED,
    ExitCode.STALLED,
    ExitCode.INTERNAL,
    ExitCode.DISK_FULL,
    ExitCode.TIME_LIMIT,
    ExitCode.UNREACHABLE,
    ExitCode.HEALTH_ALARM,
    ExitCode.PARTIAL,
)
"""The first of these that holds is the night's. Errors of the archive or the configuration, which end a night at once, stand before all."""

FAILURES = frozenset(ExitCode) - {ExitCode.OK, ExitCode.NOTHING_DUE, ExitCode.TIME_LIMIT, ExitCode.INTERRUPTED, ExitCode.FORCED}
"""Codes for which a person has to do something. A night at its limit goes on in the next, and who stops one knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that did not go as it should."""

    code: ExitCode
    sentence: str


def reason_of(error: Exception) -> Reason:
    """The reason that an error is. What is no error of ours and none of the system is a fault of the program."""
    if isinstance(error, NewsArchiveError):
        return Reason(code=error.exit_code, sentence=str(error))
    if isinstance(error, OSError):
        code = _OF_SYSTEM.get(error.errno or 0, ExitCode.INTERNAL)
        return Reason(code=code, sentence=f"{error.filename or 'the system'}: {error.strerror or error}")
    return Reason(code=ExitCode.INTERNAL, sentence=f"a fault of newsarchive itself ({type(error).__name__}: {error}); please report it")


_OF_SYSTEM = {
    errno.ENOSPC: ExitCode.DISK_FULL,
    errno.EDQUOT: ExitCode.DISK_FULL,
    errno.EROFS: ExitCode.READ_ONLY,
    errno.EACCES: ExitCode.READ_ONLY,
    errno.EPERM: ExitCode.READ_ONLY,
    errno.ENOTDIR: ExitCode.READ_ONLY,
    errno.EEXIST: ExitCode.READ_ONLY,
}


def reasons_of_crawl(ended: Ended) -> list[Reason]:
    """What the end of the crawl's process says."""
    found = []
    code = STOPPED.get(ended.reason)
    if ended.reason == "interrupted" and ended.was_forced:
        code = ExitCode.FORCED
    if code is not None:
        found.append(Reason(code=code, sentence=_sentence(ended)))
    elif ended.exit_code is not ExitCode.OK:
        found.append(Reason(code=ended.exit_code, sentence=ended.error))
    elif ended.result is not None and ended.result.get("end") == "time_limit":
        found.append(Reason(code=ExitCode.TIME_LIMIT, sentence="the crawl ended in order at its time limit; the next night goes on"))
    elif ended.result is not None and ended.result.get("end") == "interrupted":
        found.append(Reason(code=ExitCode.INTERRUPTED, sentence="the crawl was stopped on request"))
    return found


def _sentence(ended: Ended) -> str:
    how = "; it did not answer and was killed" if ended.was_forced else ""
    sentences = {
        "stalled": "the watchdog ended the crawl, which came no further",
        "time_limit": "the crawl was ended at its time limit",
        "disk_low": "the crawl was ended before the disk is full",
        "interrupted": "the crawl was stopped on request",
        "died": ended.error,
    }
    return sentences[ended.reason] + how


def reasons_of_sites(decisions: Sequence[Decision], tallies: Sequence[SiteTally]) -> list[Reason]:
    """Sites that gave nothing, and profiles that are wrong."""
    failed = [item for item in tallies if item.status == "failed"]
    found = []
    if failed and len(failed) == len(tallies):
        found.append(Reason(code=ExitCode.UNREACHABLE, sentence=f"no site gave anything: {_names(failed)}"))
    elif failed:
        found.append(Reason(code=ExitCode.PARTIAL, sentence=f"{len(failed)} of {len(tallies)} sites gave nothing: {_names(failed)}"))
    for decision in decisions:
        if decision.why == "broken":
            found.append(Reason(code=ExitCode.PARTIAL, sentence=f"{decision.site}: {decision.sentence}"))
    return found


def reasons_of_steps(steps: Sequence[Step]) -> list[Reason]:
    """Steps that failed. Telling people is none of them: it never fails a night."""
    return [
        Reason(code=ExitCode.PARTIAL, sentence=f"the step {step.name} failed: {step.detail.get('error', step.status)}")
        for step in steps
        if step.status in ("failed", "timed_out") and step.name not in ("crawl", "notify", "report")
    ]


def verdict(reasons: Sequence[Reason]) -> ExitCode:
    """The exit code of a night with these reasons; OK where there are none."""
    codes = {reason.code for reason in reasons}
    other = [reason.code for reason in reasons if reason.code not in GRAVITY]
    return other[0] if other else next((code for code in GRAVITY if code in codes), ExitCode.OK)


def _names(tallies: Sequence[SiteTally]) -> str:
    names = [item.site for item in tallies]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
