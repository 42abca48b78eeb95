"""One night: plan, look, migrate, crawl under the watchdog, write the books, judge, clean up, tell people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from newsarchive.archive.holder import in_words, writer_of
from newsarchive.archive.lock import WriterLock, who_writes
from newsarchive.archive.migrations import SCHEMA_VERSION, schema_version
from newsarchive.archive.moments import as_text, utc_now
from newsarchive.archive.nights import SiteHistory, SiteTally, Step, StepStatus, reading, site_histories
from newsarchive.errors import ConfigurationError, ExitCode, LockHeld, NewsArchiveError, NotInArchive, StepFailed
from newsarchive.model.run import CrawlPlan
from newsarchive.nightly.books import balance, close_old_nights, settle_killed_nights, write_night
from newsarchive.nightly.config import NightConfig
from newsarchive.nightly.disk import free_bytes, require_room
from newsarchive.nightly.due import Decision, decide
from newsarchive.nightly.jobs import plan_values
from newsarchive.nightly.site_names import site_name
from newsarchive.nightly.verdict import Reason, reason_of, reasons_of_crawl, reasons_of_sites, reasons_of_steps, verdict
from newsarchive.nightly.watchdog import GRACE_SECONDS, LATE_SECONDS, Ended, Limits, Signals, supervise
from newsarchive.sites.load import load_sound_profiles
from newsarchive.sites.problem import Problem
from newsarchive.sites.profile import Profiles

TAKEN_UP_WITHIN = timedelta(hours=12)
"""A night that was killed or stopped is taken up for so long; then what is new since it began counts for more than what it left."""
STEP_SECONDS = 3600.0
"""So long a step around the crawl may take. Copying an archive of 50 GB takes ten minutes on a slow disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRequest:
    """What `newsarchive run` was asked for."""

    plan: CrawlPlan
    """The crawl without its seeds: archive, folder of the profiles, contact, addresses."""
    sites: Path
    """Folder of the site profiles."""
    config: NightConfig
    names: Sequence[str] = ()
    """Sites; empty: all."""
    only_due: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    log_level: str = "ERROR"
    log_format: str = "text"


@dataclass(slots=True, kw_only=True)
class NightResult:
    """What a night came to."""

    started_at: datetime
    uuid: str = field(default_factory=lambda: str(uuid4()))
    """Name of the night, by which its beginning and its end are known to belong together."""
    finished_at: datetime | None = None
    decisions: Sequence[Decision] = ()
    reasons: list[Reason] = field(default_factory=list)
    """What did not go as it should; empty for a good night."""
    run_id: int | None = None
    """The run in the archive; None where no crawl began."""
    report: Mapping[str, Any] | None = None
    """The crawl's `CrawlReport`; None where it could not give one."""
    sites: Sequence[SiteTally] = ()
    steps: list[Step] = field(default_factory=list)
    health: Mapping[str, Any] | None = None
    """NightHealth as plain values; None where it was not judged."""
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> ExitCode:
        """How the command ends."""
        return verdict(self.reasons)


Tell = Callable[[NightResult], list[Step]]
"""Tells people of a night; gives back the steps that say what came of it."""


class Night:
    """A night at work. `on_event` gets what the crawl's process says; `clock` and `free` are the time and the disk.

    `grace_seconds` is what a process gets that is asked to end, `command` starts another program in its place (`supervise`).
    """

    def __init__(
        self,
        request: NightRequest,
        *,
        on_event: Callable[[Mapping[str, Any]], None] = lambda event: None,
        clock: Callable[[], datetime] = utc_now,
        free: Callable[[Path], int] = free_bytes,
        grace_seconds: float = GRACE_SECONDS,
        command: Sequence[str] = (),
    ) -> None:
        self.request, self.config, self.archive = request, request.config, request.plan.archive
        self._on_event, self._clock, self._free = on_event, clock, free
        self._grace_seconds, self._command = grace_seconds, command
        self._signals = Signals()
        self.profiles: Profiles = Profiles()
        self.problems: tuple[Problem, ...] = ()

    def plan(self) -> list[Decision]:
        """Which sites would run, and why. Reads, changes nothing."""
        self.profiles, self.problems = load_sound_profiles(self.request.sites, environment=self.request.environment)
        if not self.profiles and not self.problems:
            raise ConfigurationError(f"there is no site profile in {self.request.sites}; start one: newsarchive sites new example.com")
        histories: dict[str, SiteHistory] = {}
        try:
            with reading(self.archive) as connection:
                histories = site_histories(connection)
        except NotInArchive:
            pass
        names, only_due = self.request.names, self.request.only_due
        return decide(self.profiles, self.problems, histories, self.config, self._clock(), names=names, only_due=only_due)

    def run(self, *, begin: Tell = lambda result: [], tell: Tell = lambda result: []) -> NightResult:
        """The whole night. Raises nothing of its own: what goes wrong is a reason of the result.

        `begin` tells people that something is crawled, `tell` how it went; the steps that they give back are recorded.
        """
        result = NightResult(started_at=self._clock())
        with self._signals.caught():
            try:
                self.archive.parent.mkdir(parents=True, exist_ok=True)
                with night_lock(self.archive):
                    self._work(result, begin)
                    self._finish(result, tell)
            except Exception as error:  # noqa: BLE001 - the night's boundary: of a fault people must be told as of anything else
                result.reasons.insert(0, reason_of(error))
                if not isinstance(error, LockHeld):  # whose night it is tells of it itself
                    self._finish(result, tell)
        return result

    def _work(self, result: NightResult, begin: Tell) -> None:
        self._require_unlocked()
        self._bring_up_to_date(result)
        if self.archive.exists():
            settle_killed_nights(self.archive, self.site_of())
            close_old_nights(self.archive, self._clock() - TAKEN_UP_WITHIN)
        result.decisions = self.plan()
        due = [decision for decision in result.decisions if decision.runs]
        if not due:
            result.reasons += self._nothing_to_do(result.decisions)
            return
        require_room(self.archive, self.config.min_free_disk, self._free(self.archive))
        result.steps += begin(result)
        ended = self._crawl(due, result)
        result.report = ended.result
        result.reasons += reasons_of_crawl(ended)
        result.run_id, result.sites = balance(self.archive, ended, due, self.site_of(), self._clock())
        result.reasons += reasons_of_sites(result.decisions, result.sites)
        if result.run_id is None or ended.reason in ("interrupted", "died") or self._signals.count:
            return
        self._steps_after(result)

    def _nothing_to_do(self, decisions: Sequence[Decision]) -> list[Reason]:
        broken = [decision for decision in decisions if decision.why == "broken"]
        if broken:
            return [Reason(code=ExitCode.CONFIGURATION, sentence=f"{item.site}: {item.sentence}") for item in broken]
        return [Reason(code=ExitCode.NOTHING_DUE, sentence="no site is due")]

    def _require_unlocked(self) -> None:
        """Raise LockHeld before anything is done where another command writes."""
        if self.archive.exists():
            WriterLock(self.archive, describe=in_words).release()

    def site_of(self) -> Callable[[str], str]:
        """What names the site of a host, by the profiles."""
        if not self.profiles:
            self.profiles, self.problems = load_sound_profiles(self.request.sites, environment=self.request.environment)
        return partial(site_name, profiles=self.profiles)

    def _bring_up_to_date(self, result: NightResult) -> None:
        """Migrate an archive of an older schema, or refuse: before anything else, whole or not at all."""
        try:
            with reading(self.archive) as connection:
                version = schema_version(connection)
        except NotInArchive:
            return
        if version == SCHEMA_VERSION:
            return
        if self.config.upgrade == "refuse":
            raise ConfigurationError(
                f'{self.archive} has schema version {version}, this newsarchive writes {SCHEMA_VERSION}, and upgrade = "refuse":'
                " nothing was touched. Allow it with `newsarchive run --upgrade migrate`, which keeps a copy"
            )
        size = self.archive.stat().st_size
        require_room(self.archive, self.config.min_free_disk + 2 * size, self._free(self.archive))
        ended = self._step(result, "migrate", {"archive": str(self.archive)})
        if ended.error or ended.reason != "finished":
            raise StepFailed(ended.error or f"the step migrate ended: {ended.reason}", ended.exit_code or ExitCode.INTERNAL)

    def _crawl(self, due: Sequence[Decision], result: NightResult) -> Ended:
        seconds = self.config.time_limit.total_seconds()
        plan = asdict(self.request.plan) | {
            "seeds": list(dict.fromkeys(seed for decision in due for seed in decision.seeds)),
            "time_limit_seconds": seconds,
            "max_per_site": self.config.max_per_site,
            "keep_raw": self.config.keep_raw,
            "sites": self.request.sites,
            "leave_out_broken": True,
        }
        arguments = {"plan": plan_values(CrawlPlan(**plan)), "log_level": self.request.log_level, "log_format": self.request.log_format}
        limits = Limits(
            seconds=seconds + LATE_SECONDS,
            stalled_seconds=self.config.stalled_after.total_seconds(),
            grace_seconds=self._grace_seconds,
            is_disk_low=lambda: self._free(self.archive) < self.config.min_free_disk,
        )
        began = self._clock()
        ended = supervise("crawl", arguments, limits, self._signals, self._on_event, command=self._command)
        status: StepStatus = "failed" if ended.error else "timed_out" if ended.reason in ("stalled", "time_limit") else "done"
        detail: dict[str, Any] = {
            "ended": ended.reason,
            "was_forced": ended.was_forced,
            "seconds": round(ended.seconds, 1),
            "sites": len(due),
        }
        detail |= {"error": ended.error} if ended.error else {}
        self._note(result, "crawl", status, began, detail)
        return ended

    def _steps_after(self, result: NightResult) -> None:
        config, place = self.config, {"archive": str(self.archive)}
        whole = [tally.site for tally in result.sites if tally.status in ("finished", "failed")]
        profiles = str(self.request.sites)
        ended = self._step(result, "health", place | {"run_id": result.run_id, "profiles": profiles, "sites": whole})
        result.health = ended.result
        judged = result.health or {}
        alarms = [*judged.get("raised", ()), *judged.get("still_open", ())]
        if alarms:
            shown = "; ".join(str(item["sentence"]) for item in alarms[:3]) + ("; ..." if len(alarms) > 3 else "")
            sentence = f"{len(alarms)} open {'alarm' if len(alarms) == 1 else 'alarms'}: {shown}"
            result.reasons.append(Reason(code=ExitCode.HEALTH_ALARM, sentence=sentence))
        if config.retention_older_than is not None or config.retention_max_size is not None:
            days = None if config.retention_older_than is None else config.retention_older_than / timedelta(days=1)
            self._step(result, "retention", place | {"days": days, "max_bytes": config.retention_max_size})
        if config.optimize:
            self._step(result, "optimize", place)
        if config.backup_folder is not None:
            folder, keep = str(config.backup_folder), config.backup_keep
            self._step(result, "backup", place | {"folder": folder, "keep": keep, "min_free": config.min_free_disk})
        result.reasons += reasons_of_steps(result.steps)

    def _step(self, result: NightResult, name: str, arguments: Mapping[str, Any]) -> Ended:
        """Do a step in a process of its own; a signal leaves out what is left."""
        began = self._clock()
        if self._signals.count:
            self._note(result, name, "skipped", began, {"error": "stopped on request"})
            return Ended(reason="interrupted", pid=0, seconds=0.0, error="stopped on request", exit_code=ExitCode.INTERRUPTED)
        ended = supervise(name, arguments, Limits(seconds=STEP_SECONDS), self._signals)
        if ended.reason == "interrupted":
            code = ExitCode.FORCED if ended.was_forced else ExitCode.INTERRUPTED
            result.reasons.append(Reason(code=code, sentence=f"stopped on request during {name}"))
        if ended.result is not None and ended.reason == "finished":
            self._note(result, name, "done", began, _told(name, ended.result))
        else:
            status: StepStatus = "timed_out" if ended.reason == "time_limit" else "failed"
            self._note(result, name, status, began, {"error": ended.error or f"ended: {ended.reason}"})
        return ended

    def _note(self, result: NightResult, name: str, status: StepStatus, began: datetime, detail: Mapping[str, Any]) -> None:
        finished = as_text(self._clock())
        result.steps.append(Step(name=name, status=status, started_at=as_text(began), finished_at=finished, detail=detail))

    def _finish(self, result: NightResult, tell: Tell) -> None:
        result.finished_at = self._clock()
        self._record(result, partial(write_night, self.archive, result))
        try:
            told = tell(result)
        except Exception as error:  # noqa: BLE001 - telling people never fails a night
            result.notes.append(f"nobody could be told: {type(error).__name__}: {error}")
            return
        if told:
            result.steps += told
            self._record(result, partial(write_night, self.archive, result, steps=told))

    def _record(self, result: NightResult, write: Callable[[], None]) -> None:
        if result.run_id is None:
            return
        try:
            write()
        except NewsArchiveError as error:
            result.notes.append(f"the record of the run could not be written: {error}")


def _told(name: str, detail: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a step's record says. Of health the numbers: the alarms have their table."""
    if name != "health":
        return detail
    return {key: len(detail.get(key, ())) for key in ("raised", "still_open", "over", "judged", "learning")}


def night_place(archive: Path) -> Path:
    """What the lock of a whole night is named after: `archive.db.night.lock` lies beside the writer's `archive.db.lock`."""
    return archive.with_name(archive.name + ".night")


def night_lock(archive: Path) -> WriterLock:
    """The lock of a whole night. Raises LockHeld with what the other one is doing."""
    try:
        return WriterLock(night_place(archive))
    except LockHeld:
        holder = who_writes(night_place(archive))
        writer = writer_of(archive)
        doing = f"; it writes as {writer.sentence(utc_now())}" if writer is not None else ""
        raise LockHeld(
            f"another `newsarchive run` works on {archive} ({holder or 'it has just ended'}){doing}; nothing was touched."
            " Wait until it ends, or stop it, and run again."
        ) from None
