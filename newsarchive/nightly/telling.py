"""From a night to what people are told of it, and to the steps that say what came of telling them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsarchive.archive.moments import as_text, from_text, utc_now
from newsarchive.archive.nights import Step, StepStatus, last_exit_code, reading
from newsarchive.archive.run_accounts import coverage_of, run_account, run_series
from newsarchive.errors import ExitCode, NewsArchiveError
from newsarchive.model.outcome import FAILED, REJECTED
from newsarchive.nightly.channels import Channel
from newsarchive.nightly.night import NightResult
from newsarchive.nightly.notice import AlarmLine, NightLine, Notice, SiteLine, StepLine
from newsarchive.nightly.notify import Delivery, tell, tell_start
from newsarchive.nightly.report import write_report
from newsarchive.nightly.verdict import FAILURES

SiteOf = Callable[[str], str]

HISTORY_NIGHTS = 60
"""Nights that the plots of a report show at most: two months."""


def notice_of(result: NightResult, archive: Path, command: str, site_of: SiteOf) -> Notice:
    """The notice of a night that has just ended. Where the archive cannot be read, what the night itself knows."""
    report, judged, code = result.report or {}, result.health or {}, result.exit_code
    sites: Sequence[Mapping[str, Any]] = [asdict(tally) | {"seconds": tally.seconds} for tally in result.sites]
    was_failing = False
    try:
        with reading(archive) as connection:
            before = last_exit_code(connection, before=result.run_id)
            was_failing = before is not None and ExitCode(before) in FAILURES
            if result.run_id is not None:
                sites = run_account(connection, str(result.run_id), site_of)["sites"]
    except NewsArchiveError:
        pass
    return Notice(
        run=result.run_id,
        uuid=result.uuid,
        command=command,
        archive=str(archive),
        host=socket.gethostname(),
        exit_code=int(code),
        failed=_has_failed(code),
        was_failing=was_failing,
        started_at=result.started_at,
        finished_at=result.finished_at,
        error="; ".join(reason.sentence for reason in result.reasons if reason.code is not ExitCode.HEALTH_ALARM),
        sites=[_site_line(site) for site in sites],
        alarms=[_alarm_line(item) for name in ("raised", "still_open") for item in judged.get(name, ())],
        recovered=[_alarm_line(item) for item in judged.get("over", ())],
        steps=[_step_line(asdict(step)) for step in result.steps],
        articles_in_archive=report.get("articles_in_archive"),
        archive_bytes=archive.stat().st_size if archive.exists() else None,
        notes=[*report.get("notes", ()), *result.notes],
    )


def notice_of_run(run: Mapping[str, Any], archive: Path) -> Notice:
    """The notice of an earlier run from its account (`run_accounts.run_account`); addresses of examples are not kept."""
    record, code = run["record"], run["exit_code"]
    alarms = record.get("alarms", {})
    return Notice(
        run=run["id"],
        uuid=run["uuid"],
        command=run["command"] or "",
        archive=str(archive),
        host=run["host"] or "",
        exit_code=code or 0,
        failed=code is not None and _has_failed(ExitCode(code)),
        started_at=from_text(run["started_at"]),
        finished_at=from_text(run["finished_at"]) if run["finished_at"] else None,
        error="; ".join(item["sentence"] for item in record.get("reasons", ()) if item["code"] != ExitCode.HEALTH_ALARM),
        sites=[_site_line(site) for site in run["sites"]],
        alarms=[_alarm_line(item) for name in ("raised", "still_open") for item in alarms.get(name, ())],
        recovered=[_alarm_line(item) for item in alarms.get("over", ())],
        steps=[_step_line(step) for step in run["steps"]],
        articles_in_archive=run["articles_in_archive"],
        archive_bytes=archive.stat().st_size,
        notes=[*run["notes"], *record.get("notes", ())],
    )


def night_lines(archive: Path, run_id: int) -> list[NightLine]:
    """A run and the nights before it, the oldest first, for the plots of a report."""
    with reading(archive) as connection:
        return [_night_line(night) for night in run_series(connection, run_id, HISTORY_NIGHTS)]


def tell_people(
    result: NightResult, archive: Path, command: str, channels: Sequence[Channel], site_of: SiteOf, report_folder: Path | None
) -> list[Step]:
    """Write the report and tell the channels how the night went; returns these steps. A night in which nothing was due is no news."""
    if result.exit_code is ExitCode.NOTHING_DUE or not (channels or report_folder):
        return []
    began, notice = utc_now(), notice_of(result, archive, command, site_of)
    steps = []
    if report_folder is not None and result.run_id is not None:
        steps.append(_write_report(notice, archive, report_folder))
    return steps + (_as_steps(began, tell(notice, channels)) if channels else [])


def tell_beginning(result: NightResult, archive: Path, command: str, channels: Sequence[Channel]) -> list[Step]:
    """Tell those who want to hear of a beginning."""
    if not channels:
        return []
    began = utc_now()
    notice = Notice(uuid=result.uuid, command=command, archive=str(archive), host=socket.gethostname(), started_at=began)
    return _as_steps(began, tell_start(notice, channels))


def _has_failed(code: ExitCode) -> bool:
    return code in FAILURES and code is not ExitCode.HEALTH_ALARM


def _write_report(notice: Notice, archive: Path, folder: Path) -> Step:
    began, path = utc_now(), folder / f"run-{notice.run}.html"
    status: StepStatus = "done"
    detail: dict[str, Any] = {"file": str(path)}
    try:
        assert notice.run is not None
        write_report(notice, night_lines(archive, notice.run), path)
    except (OSError, NewsArchiveError) as error:
        status, detail = "failed", {"error": f"{path} could not be written: {error}"}
    return Step(name="report", status=status, started_at=as_text(began), finished_at=as_text(utc_now()), detail=detail)


def _as_steps(began: datetime, deliveries: Sequence[Delivery]) -> list[Step]:
    if not deliveries:
        return []
    status: StepStatus = "done" if all(item.ok for item in deliveries) else "failed"
    detail: dict[str, Any] = {"deliveries": [asdict(item) for item in deliveries]}
    missed = [f"{item.name}: {item.detail}" for item in deliveries if not item.ok]
    detail |= {"error": "; ".join(missed)} if missed else {"told": ", ".join(item.name for item in deliveries)}
    return [Step(name="notify", status=status, started_at=as_text(began), finished_at=as_text(utc_now()), detail=detail)]


def _site_line(site: Mapping[str, Any]) -> SiteLine:
    counts: Mapping[str, int] = site["outcomes"]
    return SiteLine(
        site=site["site"],
        status=site["status"],
        found=sum(counts.values()),
        stored=counts.get("stored", 0),
        updated=counts.get("updated", 0),
        unchanged=counts.get("unchanged", 0),
        rejected=sum(counts.get(outcome.value, 0) for outcome in REJECTED),
        failed=sum(counts.get(outcome.value, 0) for outcome in FAILED),
        seconds=site["seconds"],
        received_bytes=site["bytes"],
        outcomes=counts,
        coverage=site.get("coverage", {}),
    )


def _step_line(step: Mapping[str, Any]) -> StepLine:
    seconds = (from_text(step["finished_at"]) - from_text(step["started_at"])).total_seconds()
    return StepLine(name=step["name"], status=step["status"], seconds=seconds, detail=str(step["detail"].get("error", "")))


def _alarm_line(item: Mapping[str, Any]) -> AlarmLine:
    return AlarmLine(
        site=str(item["site"]),
        field=str(item["field"]),
        sentence=str(item["sentence"]),
        since=str(item.get("since") or "")[:10],
        value=item.get("value"),
        usual=item.get("usual"),
        examples=tuple(item.get("examples", ())),
        command=str(item.get("command", "")),
    )


def _night_line(night: Mapping[str, Any]) -> NightLine:
    total: dict[str, float] = {}
    for measures in night["measures"].values():
        for name, value in measures.items():
            total[name] = total.get(name, 0) + value
    failed = sum(number for counts in night["outcomes"].values() for name, number in counts.items() if name in _FAILED)
    return NightLine(
        day=from_text(night["started_at"]).astimezone(UTC).strftime("%Y-%m-%d"),
        stored=sum(counts.get("stored", 0) for counts in night["outcomes"].values()),
        failed=failed,
        seconds=night["seconds"],
        coverage=coverage_of(total),
        stored_by_site={site: counts.get("stored", 0) for site, counts in night["outcomes"].items()},
        alarms=night["alarms"],
    )


_FAILED = frozenset(outcome.value for outcome in FAILED)
