"""Health of the sites after a night: measured, judged against their own history, and kept as alarms that open once and end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsarchive import urls
from newsarchive.archive.alarms import AlarmRow, accept_alarms, end_alarm, keep_alarm, kept_alarms, raise_alarm
from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.moments import as_text, from_text
from newsarchive.archive.site_nights import SiteOf, measure_run, save_nights, site_history
from newsarchive.archive.store import Store
from newsarchive.model.site_night import SiteNight
from newsarchive.nightly.alarms import Alarm, alarm_of, open_alarms
from newsarchive.nightly.judging import (
    MIN_FOR_HOLIDAY,
    MIN_NIGHTS,
    PastAlarm,
    SiteHistory,
    Verdict,
    expected_articles,
    judge_site,
    quiet_factor,
)
from newsarchive.nightly.windows import nights_of

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """What a night says of the sites that were crawled."""

    raised: list[Alarm] = field(default_factory=list)
    """Alarms that are new."""
    still_open: list[Alarm] = field(default_factory=list)
    """Older alarms of these sites that are neither over nor accepted."""
    over: list[Alarm] = field(default_factory=list)
    """Alarms that ended with this night."""
    judged: dict[str, int] = field(default_factory=dict)
    """Site -> nights of history that it was compared with."""
    learning: list[str] = field(default_factory=list)
    """Sites with too few nights to say anything."""


def judge_runs(
    store: Store, run_ids: Sequence[int], *, site_of: SiteOf = urls.registrable_domain, sites: Collection[str] | None = None
) -> HealthReport:
    """Measure these runs, which together are one night, and raise, keep and end the alarms of their sites.

    With `sites` only these are measured and judged: a site that was left half crawled looks like a broken one.

    Call it when all of the night's sites were crawled: a holiday shows only in the comparison of several. Done again for
    the same runs, it changes nothing.
    """
    with clear_errors(store.path):
        connection = store.connection
        for run_id in run_ids:
            measured = measure_run(connection, run_id, site_of)
            save_nights(connection, [night for night in measured if sites is None or night.site in sites])
        tonight = _Night(connection, run_ids)
        before = {(row.site, row.field): row for row in kept_alarms(connection, list(tonight.nights), only_open=True)}
        verdicts = tonight.verdicts()
        now = as_text(store.now())
        with transaction(connection):
            for site, verdict in verdicts.items():
                _keep(connection, tonight.nights[site], verdict, now)
        return _report(connection, before, verdicts, site_of)


def accept(store: Store, sites: Sequence[str], fields: Sequence[str] = ()) -> int:
    """A person says that the open alarms of these sites (and fields, where any are named) are the new normal; returns how many."""
    with clear_errors(store.path), transaction(store.connection):
        return accept_alarms(store.connection, sites, fields, as_text(store.now()))


class _Night:
    """The sites of a night with their histories."""

    def __init__(self, connection: sqlite3.Connection, run_ids: Sequence[int]) -> None:
        self.nights: dict[str, SiteNight] = {}
        self.histories: dict[str, SiteHistory] = {}
        wanted = set(run_ids)
        marks = ",".join("?" * len(wanted))
        rows = connection.execute(f"SELECT DISTINCT site FROM site_measure WHERE run_id IN ({marks}) ORDER BY 1", sorted(wanted))
        for (site,) in rows.fetchall():
            runs = site_history(connection, site)
            last = max(place for place, run in enumerate(runs) if run.run_id in wanted)
            *past, tonight = nights_of(runs[: last + 1])
            self.nights[site] = tonight
            self.histories[site] = SiteHistory(past, [_past(row) for row in kept_alarms(connection, [site])])

    def verdicts(self) -> dict[str, Verdict]:
        """What the night says of each site."""
        ratios = {}
        for site, night in self.nights.items():
            expected = expected_articles(self.histories[site], night)
            if expected is not None and expected.mean >= MIN_FOR_HOLIDAY:
                ratios[site] = night.found / expected.mean
        return {site: judge_site(self.histories[site], night, quiet=quiet_factor(ratios, site)) for site, night in self.nights.items()}


def _past(row: AlarmRow) -> PastAlarm:
    until = row.over_at or row.accepted_at
    return PastAlarm(
        field=row.field,
        since=from_text(row.since),
        until=from_text(until) if until else None,
        is_accepted=row.accepted_at is not None,
    )


def _keep(connection: sqlite3.Connection, night: SiteNight, verdict: Verdict, now: str) -> None:
    """Write what a verdict changes, inside the caller's transaction."""
    since = as_text(night.started_at)
    for finding in verdict.found:
        alarm = AlarmRow(
            site=night.site,
            field=finding.field,
            since=since,
            usual=finding.usual,
            value=finding.value,
            run_id=night.run_id,
            raised_at=now,
            over_at=None,
            accepted_at=None,
        )
        raise_alarm(connection, alarm)
    for finding in verdict.still:
        keep_alarm(connection, night.site, finding.field, value=finding.value, run_id=night.run_id)
    for name in verdict.over:
        end_alarm(connection, night.site, name, since)


def _report(
    connection: sqlite3.Connection, before: Mapping[tuple[str, str], AlarmRow], verdicts: Mapping[str, Verdict], site_of: SiteOf
) -> HealthReport:
    now_open = open_alarms(connection, list(verdicts), site_of=site_of) if verdicts else []
    ended = [(site, name) for site, verdict in verdicts.items() for name in verdict.over]
    return HealthReport(
        raised=[alarm for alarm in now_open if (alarm.site, alarm.field) not in before],
        still_open=[alarm for alarm in now_open if (alarm.site, alarm.field) in before],
        over=[alarm_of(connection, before[key], site_of=site_of) for key in ended if key in before],
        judged={site: verdict.nights for site, verdict in verdicts.items() if verdict.nights >= MIN_NIGHTS},
        learning=[site for site, verdict in verdicts.items() if verdict.nights < MIN_NIGHTS],
    )
