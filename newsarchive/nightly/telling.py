"""From a night's result to what people are told of it, and to the steps that say what came of telling them."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from newsarchive.archive.moments import as_text, utc_now
from newsarchive.archive.nights import SiteTally, Step, last_exit_code, reading
from newsarchive.errors import ExitCode, NewsArchiveError
from newsarchive.model.outcome import FAILED, REJECTED
from newsarchive.nightly.channels import Channel
from newsarchive.nightly.night import NightResult
from newsarchive.nightly.notice import AlarmLine, Notice, SiteLine
from newsarchive.nightly.notify import Delivery, tell, tell_start
from newsarchive.nightly.verdict import FAILURES


def notice_of(result: NightResult, archive: Path, command: str) -> Notice:
    """The notice of a night. Reads from the archive what the night before came to; an archive that cannot be read leaves that out."""
    report = result.report or {}
    judged = result.health or {}
    code = result.exit_code
    return Notice(
        run=result.run_id,
        uuid=str(report.get("run_id", "")),
        command=command,
        archive=str(archive),
        host=socket.gethostname(),
        exit_code=int(code),
        failed=code in FAILURES and code is not ExitCode.HEALTH_ALARM,
        was_failing=_was_failing(archive, result.run_id),
        started_at=result.started_at,
        finished_at=result.finished_at,
        error="; ".join(reason.sentence for reason in result.reasons if reason.code is not ExitCode.HEALTH_ALARM),
        sites=[_site_line(tally) for tally in result.sites],
        alarms=[_alarm_line(item) for name in ("raised", "still_open") for item in judged.get(name, ())],
        recovered=[_alarm_line(item) for item in judged.get("over", ())],
        articles_in_archive=report.get("articles_in_archive"),
        archive_bytes=archive.stat().st_size if archive.exists() else None,
        notes=[*report.get("notes", ()), *result.notes],
    )


def tell_people(result: NightResult, archive: Path, command: str, channels: Sequence[Channel]) -> list[Step]:
    """Tell the channels how the night went; returns the step of the record, none where there are no channels."""
    if not channels or result.exit_code is ExitCode.NOTHING_DUE:
        return []
    return _as_steps(utc_now(), tell(notice_of(result, archive, command), channels))


def tell_beginning(archive: Path, command: str, channels: Sequence[Channel]) -> list[Step]:
    """Tell those who want to hear of a beginning."""
    if not channels:
        return []
    began = utc_now()
    notice = Notice(command=command, archive=str(archive), host=socket.gethostname(), started_at=began)
    return _as_steps(began, tell_start(notice, channels))


def _as_steps(began: datetime, deliveries: Sequence[Delivery]) -> list[Step]:
    if not deliveries:
        return []
    status = "done" if all(item.ok for item in deliveries) else "failed"
    detail = {"deliveries": [asdict(item) for item in deliveries]}
    return [Step(name="notify", status=status, started_at=as_text(began), finished_at=as_text(utc_now()), detail=detail)]  # type: ignore[arg-type]


def _was_failing(archive: Path, run_id: int | None) -> bool:
    try:
        with reading(archive) as connection:
            code = last_exit_code(connection, before=run_id)
    except NewsArchiveError:
        return False
    return code is not None and ExitCode(code) in FAILURES


def _site_line(tally: SiteTally) -> SiteLine:
    counts = tally.outcomes
    return SiteLine(
        site=tally.site,
        status="ok" if tally.status == "finished" else tally.status,
        found=sum(counts.values()),
        stored=counts.get("stored", 0),
        updated=counts.get("updated", 0),
        unchanged=counts.get("unchanged", 0),
        rejected=sum(counts.get(outcome.value, 0) for outcome in REJECTED),
        failed=sum(counts.get(outcome.value, 0) for outcome in FAILED),
        seconds=tally.seconds,
        received_bytes=tally.bytes,
        outcomes=counts,
    )


def _alarm_line(item: Mapping[str, Any]) -> AlarmLine:
    return AlarmLine(
        site=str(item["site"]),
        field=str(item["field"]),
        sentence=str(item["sentence"]),
        since=str(item.get("since") or "")[:10],
        value=item.get("new"),
        usual=item.get("old"),
        examples=tuple(item.get("examples", ())),
        command=str(item.get("command", "")),
    )
