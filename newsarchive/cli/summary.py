"""The summary at the end of a crawl: every URL counted once, under the words of the outcome list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from newsarchive.cli.progress import duration
from newsarchive.cli.terminal import one_line
from newsarchive.errors import ExitCode
from newsarchive.model.outcome import FAILED, LISTS, LOST, REJECTED, WORDS, Outcome
from newsarchive.model.run import CrawlReport

REASONS_SHOWN = 4
"""Details named for one outcome; the rest is counted. `--json` has them all."""


def summary_lines(report: CrawlReport) -> list[str]:
    """The summary, line by line, without the commands to type next."""
    lines = [_headline(report)]
    counts = report.outcomes
    stored_in = "new articles in this run, before and after the stop" if report.resumed else "new articles"
    known = counts.get(Outcome.UNCHANGED, 0)
    lines.append(_row("stored", counts.get(Outcome.STORED, 0), stored_in))
    lines.append(_row("updated", counts.get(Outcome.UPDATED, 0), _revisions(report.new_revisions)))
    lines.append(_row("unchanged", known, "known already, nothing stored twice" if known else ""))
    for name, family in (("lost", LOST), ("rejected", REJECTED), ("failed", FAILED), ("led on", LISTS)):
        lines += _group(name, report, family)
    if report.opted_out:
        lines.append(_row("opt-outs", report.opted_out, "pages with an opt-out signal (noarchive, TDM, AI), recorded with the page"))
    if report.waiting:
        lines.append(_row("waiting", report.waiting, "addresses left for the next crawl"))
    lines += [f"  note       {one_line(note)}" for note in report.notes]
    lines += [f"  no answer  {one_line(seed)}" for seed in report.seeds_failed]
    lines.append(f"Archive: {one_line(report.archive)} ({_many(report.articles_in_archive, 'article')})")
    return lines


def exit_code_of(report: CrawlReport) -> ExitCode:
    """How the command ends after this crawl."""
    if report.end == "interrupted":
        return ExitCode.INTERRUPTED
    if report.end == "failed":
        return ExitCode.INTERNAL
    if report.seeds_failed:
        return ExitCode.UNREACHABLE if len(report.seeds_failed) >= max(report.seeds, 1) else ExitCode.PARTIAL
    return ExitCode.OK


def report_record(report: CrawlReport) -> dict[str, Any]:
    """The report for `--json`: the fields of `CrawlReport` and the exit code."""
    record = asdict(report)
    record["archive"] = str(report.archive)
    record["outcomes"] = {str(name): number for name, number in report.outcomes.items()}
    record["details"] = {str(name): dict(details) for name, details in report.details.items()}
    record["exit_code"] = int(exit_code_of(report))
    return record


def _headline(report: CrawlReport) -> str:
    how = {
        "finished": "Crawl finished",
        "interrupted": "Crawl stopped on request; the same command goes on where it stopped",
        "max_pages": "Crawl finished: the number of articles asked for is stored",
        "time_limit": "Crawl stopped at its time limit; the same command goes on where it stopped",
        "failed": "Crawl failed; the same command goes on where it stopped",
    }[report.end]
    resumed = ", resumed after an earlier stop" if report.resumed else ""
    return f"{how} ({duration(report.seconds)}, {_many(sum(report.outcomes.values()), 'address', 'addresses')}{resumed})."


def _row(name: str, number: int, words: str) -> str:
    return f"  {name:<9}{number:>6}  {words}".rstrip()


def _group(name: str, report: CrawlReport, members: Iterable[Outcome]) -> list[str]:
    """A row for a family of outcomes and a line for each of its reasons, the most frequent first; nothing when there are none."""
    found = sorted(((report.outcomes.get(item, 0), item) for item in members), reverse=True)
    reasons = [f"{'':<11}{number:>6}  {WORDS.get(item, item.value)}{_details(report, item)}" for number, item in found if number]
    return [_row(name, sum(number for number, _ in found), ""), *reasons] if reasons else []


def _details(report: CrawlReport, outcome: Outcome) -> str:
    """The most frequent details of an outcome behind a colon, where they say more than its name."""
    details = sorted(((number, text) for text, number in report.details.get(outcome, {}).items() if text), reverse=True)
    if not details:
        return ""
    shown = [one_line(text, 60) + (f" {number}" if len(details) > 1 else "") for number, text in details[:REASONS_SHOWN]]
    rest = len(details) - len(shown)
    return f": {', '.join(shown)}{f' and {rest} more kinds' if rest > 0 else ''}"


def _revisions(number: int) -> str:
    return f"changed since last time, {_many(number, 'older version')} kept" if number else ""


def _many(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
