"""How the unattended crawl is: each site's last success and next moment, alarms, disk, who writes. For people and for monitoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from newsarchive.archive.holder import Writer, writer_of
from newsarchive.archive.lock import Holder, who_writes
from newsarchive.archive.nights import SiteHistory, last_night, open_alarm_rows, reading, site_histories
from newsarchive.errors import ConfigurationError, ExitCode, NotInArchive
from newsarchive.nightly.config import NightConfig
from newsarchive.nightly.disk import free_bytes
from newsarchive.nightly.due import schedule_of
from newsarchive.nightly.night import night_place
from newsarchive.nightly.verdict import FAILURES, Reason, verdict
from newsarchive.sites.load import load_sound_profiles
from newsarchive.sites.problem import Problem
from newsarchive.sites.profile import SiteProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """One site."""

    site: str
    state: str
    """`ok`, `due`, `overdue`, `never`, `failed`, `unfinished`, `no_schedule` or `broken`."""
    last_success: datetime | None = None
    next_at: datetime | None = None
    """When it is due; a moment of the past where it is due already."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything `newsarchive status` tells."""

    archive: Path
    archive_bytes: int | None
    """Size of the file and its log; None where there is no archive yet."""
    free_bytes: int
    sites: Sequence[SiteState] = ()
    alarms: Sequence[Mapping[str, Any]] = ()
    """Open alarms: site, field, since, usual, value."""
    writer: Writer | None = None
    night: Holder | None = None
    """The head of a night that is under way."""
    last_run: Mapping[str, Any] | None = None
    """The newest run of `newsarchive run`."""
    reasons: Sequence[Reason] = field(default=())
    """What a person has to look at."""

    @property
    def exit_code(self) -> ExitCode:
        """0 where nothing has to be looked at."""
        return verdict(self.reasons)


def status_of(archive: Path, sites: Path, config: NightConfig, environment: Mapping[str, str], now: datetime) -> Status:
    """The state at a moment. Raises what opening a damaged, foreign or newer archive raises; one that is missing is no fault."""
    profiles, problems = load_sound_profiles(sites, environment=environment)
    histories: dict[str, SiteHistory] = {}
    alarms: Sequence[Mapping[str, Any]] = ()
    newest: Mapping[str, Any] | None = None
    try:
        with reading(archive) as connection:
            histories, alarms, newest = site_histories(connection), open_alarm_rows(connection), last_night(connection)
    except NotInArchive:
        pass
    writer, night, free = writer_of(archive), who_writes(night_place(archive)), free_bytes(archive)
    state_of = partial(_state, config=config, now=now, is_running=night is not None)
    states = [state_of(profile, histories.get(profile.name, SiteHistory())) for profile in profiles]
    states += [_broken(file, problems) for file in sorted({problem.file for problem in problems})]
    log = archive.with_name(archive.name + "-wal")
    return Status(
        archive=archive,
        archive_bytes=sum(path.stat().st_size for path in (archive, log) if path.exists()) if archive.exists() else None,
        free_bytes=free,
        sites=sorted(states, key=lambda state: state.site),
        alarms=alarms,
        writer=writer,
        night=night,
        last_run=newest,
        reasons=_reasons(states, alarms, writer, newest, config, free, now),
    )


def _state(profile: SiteProfile, history: SiteHistory, config: NightConfig, now: datetime, *, is_running: bool) -> SiteState:
    try:
        schedule = schedule_of(profile, config)
    except ConfigurationError as error:
        return SiteState(site=profile.name, state="broken", note=str(error))
    last = history.last_success
    if schedule is None:
        return SiteState(site=profile.name, state="no_schedule", last_success=last)
    due_at = schedule.due_since(history.last_begun, now)
    next_at = due_at or schedule.next_after(history.last_begun, now)
    if history.last_status in ("failed", "unfinished"):
        return SiteState(site=profile.name, state=history.last_status, last_success=last, next_at=next_at, note=f"run {history.last_run}")
    if history.last_begun is None:
        return SiteState(site=profile.name, state="never", next_at=next_at)
    is_late = due_at is not None and now - due_at > config.missed_after and not is_running
    state = "overdue" if is_late else "due" if due_at is not None else "ok"
    return SiteState(site=profile.name, state=state, last_success=last, next_at=next_at)


def _broken(file: str, problems: Sequence[Problem]) -> SiteState:
    first = next(problem for problem in problems if problem.file == file)
    return SiteState(site=Path(file).stem, state="broken", note=str(first))


def _reasons(
    states: Sequence[SiteState],
    alarms: Sequence[Mapping[str, Any]],
    writer: Writer | None,
    newest: Mapping[str, Any] | None,
    config: NightConfig,
    free: int,
    now: datetime,
) -> list[Reason]:
    found = []
    trouble = writer.trouble(now) if writer is not None else None
    if trouble:
        found.append(Reason(code=ExitCode.STALLED, sentence=f"{trouble[:1].upper()}{trouble[1:]}"))
    if free < config.min_free_disk:
        found.append(Reason(code=ExitCode.DISK_FULL, sentence=f"only {free // 1_000_000} MB are free"))
    for state, code in (("broken", ExitCode.PARTIAL), ("failed", ExitCode.PARTIAL), ("overdue", ExitCode.PARTIAL)):
        names = [item.site for item in states if item.state == state]
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            found.append(Reason(code=code, sentence=f"{len(names)} {state}: {', '.join(names[:5])}{more}"))
    if alarms:
        many = "1 open alarm" if len(alarms) == 1 else f"{len(alarms)} open alarms"
        found.append(Reason(code=ExitCode.HEALTH_ALARM, sentence=f"{many}: newsarchive health"))
    ended = None if newest is None or newest["exit_code"] is None else ExitCode(newest["exit_code"])
    if newest is not None and ended in FAILURES - {reason.code for reason in found} - {ExitCode.HEALTH_ALARM}:
        sentence = f"run {newest['id']} ended with {newest['exit_code']}: newsarchive runs show {newest['id']}"
        found.append(Reason(code=ExitCode(newest["exit_code"]), sentence=sentence))
    return found
