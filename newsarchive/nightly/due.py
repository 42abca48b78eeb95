"""Which sites are to be crawled now, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsarchive.archive.nights import SiteHistory
from newsarchive.errors import ConfigurationError
from newsarchive.nightly.config import NightConfig
from newsarchive.nightly.schedule import Cron, Schedule, parse_schedule
from newsarchive.sites.problem import Problem
from newsarchive.sites.profile import Profiles, SiteProfile

RETRY_AFTER = timedelta(hours=1)
"""A site that gave nothing is asked again no sooner, though its moment is still unanswered: a timer may start every few minutes."""

Why = Literal["due", "named", "unfinished", "missed", "not_due", "skipped", "failed_lately", "no_schedule", "broken"]
RUNS: frozenset[Why] = frozenset({"due", "named", "unfinished", "missed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether a site is crawled now."""

    site: str
    """Name of its profile."""
    why: Why
    sentence: str
    """For people."""
    seeds: tuple[str, ...] = ()
    due_at: datetime | None = None
    """The moment of its schedule that is answered; None where it was named."""
    next_at: datetime | None = None
    """The next moment of its schedule; None where there is none."""

    @property
    def runs(self) -> bool:
        """Whether it is crawled."""
        return self.why in RUNS


def decide(
    profiles: Profiles,
    problems: Sequence[Problem],
    histories: Mapping[str, SiteHistory],
    config: NightConfig,
    now: datetime,
    *,
    names: Sequence[str] = (),
    only_due: bool = False,
) -> list[Decision]:
    """One decision for each site, those that run first. `names` limits them to these; without `only_due` schedules play no part.

    Raises ConfigurationError for a name that no profile has, unless its profile is wrong.
    """
    wanted = _named(profiles, problems, names) if names else list(profiles)
    decisions = [_decide(profile, histories.get(profile.name, SiteHistory()), config, now, only_due=only_due) for profile in wanted]
    broken = sorted({problem.file for problem in problems if not names or _stem(problem.file) in names})
    for file in broken:
        first = next(problem for problem in problems if problem.file == file)
        decisions.append(Decision(site=_stem(file), why="broken", sentence=f"its profile is wrong: {first}"))
    return sorted(decisions, key=lambda decision: (not decision.runs, decision.site))


def _named(profiles: Profiles, problems: Iterable[Problem], names: Sequence[str]) -> list[SiteProfile]:
    found: dict[str, SiteProfile] = {}
    broken = {_stem(problem.file) for problem in problems}
    for name in names:
        profile = profiles.named(name) or profiles.for_url(name if "://" in name else f"http://{name}/")
        if profile is not None:
            found[profile.name] = profile
        elif name not in broken:
            known = ", ".join(profile.name for profile in profiles[:10]) or "none"
            raise ConfigurationError(f"there is no site {name!r} (there are: {known}); start its profile: newsarchive sites new {name}")
    return list(found.values())


def schedule_of(profile: SiteProfile, config: NightConfig) -> Schedule | None:
    """The schedule of a site: its own, else the one for all, else None. Raises ConfigurationError for one that never comes."""
    text = profile.schedule or config.schedule
    return None if text is None else parse_schedule(text, profile.schedule_timezone or config.timezone)


def _decide(profile: SiteProfile, history: SiteHistory, config: NightConfig, now: datetime, *, only_due: bool) -> Decision:
    site, seeds = profile.name, profile.seeds
    try:
        schedule = schedule_of(profile, config)
    except ConfigurationError as error:
        return Decision(site=site, why="broken", sentence=f"its profile is wrong: {profile.path}: {error}")
    next_at = None if schedule is None else schedule.next_after(history.last_begun, now)
    if not only_due:
        return Decision(site=site, why="named", sentence="asked for", seeds=seeds, next_at=next_at)
    if schedule is None:
        return Decision(site=site, why="no_schedule", sentence="has no schedule: add one to its profile, or name the site to crawl it now")
    due_at = schedule.due_since(history.last_begun, now)
    if due_at is None:
        return Decision(site=site, why="not_due", sentence=f"crawled at {_text(history.last_begun)}", next_at=next_at)
    if history.last_status == "failed" and history.last_ended is not None and now - history.last_ended < RETRY_AFTER:
        again = history.last_ended + RETRY_AFTER
        return Decision(site=site, why="failed_lately", sentence=f"gave nothing at {_text(history.last_ended)}", next_at=again)
    found = Decision(site=site, why="due", sentence=f"due since {_text(due_at)}", seeds=seeds, due_at=due_at, next_at=next_at)
    if history.last_status == "unfinished":
        return _because(found, "unfinished", f"left unfinished by run {history.last_run}")
    if isinstance(schedule, Cron) and now - due_at > config.missed_after:
        if config.missed == "skip":
            sentence = f"its moment {_text(due_at)} was missed, and missed ones are skipped"
            return Decision(site=site, why="skipped", sentence=sentence, next_at=next_at)
        never = "never crawled before" if history.last_begun is None else f"last crawled at {_text(history.last_begun)}"
        return _because(found, "missed", f"missed at {_text(due_at)}, made up for once; {never}")
    return found


def _because(decision: Decision, why: Why, sentence: str) -> Decision:
    return Decision(site=decision.site, why=why, sentence=sentence, seeds=decision.seeds, due_at=decision.due_at, next_at=decision.next_at)


def _text(moment: datetime | None) -> str:
    return "never" if moment is None else moment.strftime("%Y-%m-%d %H:%M UTC")


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".toml")
