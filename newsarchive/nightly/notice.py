"""What there is to tell of a night: plain values, from which messages, pings, metrics and the report are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from newsarchive.errors import ExitCode

Event = Literal["start", "ok", "failure", "alarm", "recovery", "test"]
"""What a message is about. `recovery`: the run before failed or had alarms that have ended, and this one went well."""

MAX_EXAMPLES = 3
"""Addresses shown for one alarm: enough to see what the pages have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLine:
    """A site that does not look as it used to, or one that does again."""

    site: str
    """Domain."""
    field: str
    """The measure: `articles`, `body`, `latency`, ..."""
    sentence: str
    """What is wrong, for people."""
    since: str = ""
    """Day of the first night, `2026-05-01`; empty where it is this one."""
    value: float | None = None
    """This night's value of the measure; None where there is none."""
    usual: float | None = None
    """What the site's own history lets expect; None without a history."""
    examples: Sequence[str] = ()
    """Addresses of pages that show it."""
    command: str = ""
    """What to type to look at one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """One site's part of a run."""

    site: str
    """Domain."""
    status: str = "finished"
    """`finished`, `unfinished`, `failed` or `skipped`."""
    found: int = 0
    """Addresses with an outcome."""
    stored: int = 0
    """New articles."""
    updated: int = 0
    """Known articles with another text."""
    unchanged: int = 0
    """Known articles with the same text."""
    rejected: int = 0
    """Addresses decided against."""
    failed: int = 0
    """Addresses that could not be had or read."""
    seconds: float | None = None
    """From the first request to the last; None where unknown."""
    received_bytes: int = 0
    """Bodies of the answers."""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    """Outcome -> number of addresses."""
    coverage: Mapping[str, float | None] = field(default_factory=dict)
    """Field -> share of the stored articles that have it (0 to 1); None without articles."""
    note: str = ""
    """Why a site failed or was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step of a night around the crawl."""

    name: str
    """`migrate`, `crawl`, `health`, `retention`, ..."""
    status: str
    """`done`, `failed`, `skipped` or `timed_out`."""
    seconds: float | None = None
    """Duration; None where unknown."""
    detail: str = ""
    """Why it did not end as it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A run that has ended, as people and monitoring are told of it."""

    run: int | None = None
    """Number of the run in its archive; None where no run could begin."""
    uuid: str = ""
    """Name of the night, the same at its beginning and at its end; of an earlier run, its name in every archive."""
    command: str = ""
    """What was typed."""
    archive: str = ""
    """Path of the archive."""
    host: str = ""
    """Name of the machine."""
    exit_code: int = 0
    """How the command ends."""
    failed: bool = False
    """Whether a person has to do something: not for `nothing due`."""
    was_failing: bool = False
    """Whether the run before had failed."""
    started_at: datetime
    """UTC."""
    finished_at: datetime | None = None
    """UTC; None while it runs."""
    error: str = ""
    """Why it failed, in one sentence."""
    sites: Sequence[SiteLine] = ()
    """One for each site of the run."""
    alarms: Sequence[AlarmLine] = ()
    """Alarms of this night, new ones and those that go on."""
    recovered: Sequence[AlarmLine] = ()
    """Alarms of the night before that have ended."""
    steps: Sequence[StepLine] = ()
    """What was done around the crawl, in its order."""
    articles_in_archive: int | None = None
    """Articles of all runs."""
    archive_bytes: int | None = None
    """Size of the archive's file."""
    notes: Sequence[str] = ()
    """Sentences for the person who reads the summary."""
    is_test: bool = False
    """Whether this is only `newsarchive notify test`."""

    @property
    def seconds(self) -> float | None:
        """Duration; None while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    @property
    def event(self) -> Event:
        """The weightiest thing to say of this run."""
        if self.is_test:
            return "test"
        if self.finished_at is None:
            return "start"
        if self.failed:
            return "failure"
        if self.alarms:
            return "alarm"
        return "recovery" if self.was_failing or self.recovered else "ok"

    @property
    def meaning(self) -> str:
        """What the exit code means, in one sentence."""
        try:
            return ExitCode(self.exit_code).meaning
        except ValueError:
            return f"Ended with code {self.exit_code}."

    def total(self, name: Literal["found", "stored", "updated", "unchanged", "rejected", "failed", "received_bytes"]) -> int:
        """The sum of one figure over all sites."""
        return sum(int(getattr(site, name)) for site in self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightLine:
    """One earlier run, for the plots of the report."""

    day: str
    """`2026-05-01`."""
    stored: int = 0
    """New articles, all sites."""
    failed: int = 0
    """Addresses that could not be had or read."""
    seconds: float | None = None
    """Duration."""
    coverage: Mapping[str, float | None] = field(default_factory=dict)
    """Field -> share, over all sites."""
    stored_by_site: Mapping[str, int] = field(default_factory=dict)
    """Site -> new articles."""
    alarms: int = 0
    """Alarms of that night."""
