"""Runs: what each came to and how long it took; one of them with its sites, its addresses and what was watched."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.archive import run_history
from newsarchive.archive.alarms import AlarmRow
from newsarchive.archive.reader import Archive
from newsarchive.archive.run_history import HostLine, RunLine, StepLine, Verdict
from newsarchive.errors import NotInArchive
from newsarchive.serve.asked import Asked
from newsarchive.serve.outcomes import FAMILIES, families, words_of
from newsarchive.serve.plot_data import Datum, Labels
from newsarchive.serve.plots import Plot, lines, ranked, stacked
from newsarchive.serve.view import Table, View

PAGE_RUNS = 30
"""Runs of one page, all of which are drawn: a month of nights."""
PAGE_VERDICTS = 50
"""Addresses of one page."""
MAX_VERDICTS = 5_000
"""Addresses of one CSV."""
SITES_SHOWN = 50
"""Hosts in the table of a run; its JSON has more."""

_UNITS = (("hours", 3600), ("minutes", 60), ("seconds", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPage:
    """One page of runs, newest first."""

    runs: list[RunLine]
    total: int
    page: int
    pages: int
    alarms: list[AlarmRow]

    def outcome_plot(self) -> Plot:
        """What the addresses of each run came to, the oldest run first."""
        labels = Labels(name="outcomes", title="Addresses by outcome", key="run", value="addresses", series="outcome")
        data = []
        for run in reversed(self.runs):
            rows = [
                Datum(key=str(run.id), series=name, value=number, note=run.started_at) for name, number in families(run.outcomes).items()
            ]
            data += rows or [Datum(key=str(run.id), series="none", value=0, note=run.started_at)]
        return stacked(labels, data, FAMILIES)

    def duration_plot(self) -> Plot:
        """How long each run took, in the unit that fits the longest."""
        longest = max((run.seconds or 0 for run in self.runs), default=0)
        unit, size = next((unit, size) for unit, size in _UNITS if longest >= 3 * size or size == 1)
        labels = Labels(name="durations", title="How long runs took", key="run", value=unit, gap="unfinished")
        rows = [
            Datum(key=str(run.id), value=None if run.seconds is None else round(run.seconds / size, 2), note=run.started_at)
            for run in reversed(self.runs)
        ]
        return lines(labels, rows)


def read_runs(archive: Archive, asked: Asked) -> RunsPage:
    """The page of runs that is asked for."""
    connection = archive.connection
    total = run_history.count_runs(connection)
    page = asked.number("page", 1, 1, 10**6)
    return RunsPage(
        runs=run_history.runs_of(connection, limit=PAGE_RUNS, offset=(page - 1) * PAGE_RUNS),
        total=total,
        page=page,
        pages=max(-(-total // PAGE_RUNS), 1),
        alarms=run_history.alarms_of(connection),
    )


def runs_table(page: RunsPage) -> Table:
    """A row for each run, with a column for each outcome that any of them has."""
    outcomes = sorted({name for run in page.runs for name in run.outcomes})
    names = ("id", "status", "job", "started_at", "finished_at", "seconds", "reason")
    rows = [[*(getattr(run, name) for name in names), *(run.outcomes.get(name, 0) for name in outcomes)] for run in page.runs]
    return Table((*names, *outcomes), rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """One outcome of a run."""

    outcome: str
    words: str
    addresses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One run."""

    run: RunLine
    outcomes: list[OutcomeRow]
    hosts: list[HostLine]
    steps: list[StepLine]
    alarms: list[AlarmRow]
    verdicts: list[Verdict]
    """The addresses of this page, of the outcome and host that were asked for."""
    matching: int
    """How many there are."""
    page: int
    pages: int

    def plot(self) -> Plot:
        """Addresses by outcome."""
        labels = Labels(name="outcomes", title="What became of the addresses", key="outcome", value="addresses")
        address = f"/runs/{self.run.id}?outcome="
        return ranked(labels, [Datum(key=row.words, value=row.addresses, address=address + row.outcome) for row in self.outcomes])


def read_run(archive: Archive, asked: Asked) -> RunPage:
    """The run of the path. Raises NotInArchive."""
    connection, text = archive.connection, asked.parts["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotInArchive(f"{text!r} is no number of a run; /runs lists what there is.")
    run = run_history.run_line(connection, int(text))
    outcome, host = asked.text("outcome") or None, asked.text("host") or None
    size = asked.number("size", PAGE_VERDICTS, 1, MAX_VERDICTS)
    page = asked.number("page", 1, 1, 10**6)
    hosts = run_history.hosts_in(connection, run.id)
    return RunPage(
        run=run,
        outcomes=[OutcomeRow(outcome=name, words=words_of(name), addresses=number) for name, number in run.outcomes.items()],
        hosts=hosts,
        steps=run_history.steps_of(connection, run.id),
        alarms=[alarm for alarm in run_history.alarms_of(connection) if alarm.run_id == run.id],
        verdicts=run_history.verdicts_in(connection, run.id, outcome=outcome, host=host, limit=size, offset=(page - 1) * size),
        matching=(matching := _matching(run, hosts, outcome, host)),
        page=page,
        pages=max(-(-matching // size), 1),
    )


def _matching(run: RunLine, hosts: list[HostLine], outcome: str | None, host: str | None) -> int:
    counts = run.outcomes if host is None else next((line.outcomes for line in hosts if line.host == host), {})
    return counts.get(outcome, 0) if outcome else sum(counts.values())


def verdict_table(page: RunPage) -> Table:
    """A row for each address."""
    names = list(Verdict.__dataclass_fields__)
    return Table(names, [[getattr(row, name) for name in names] for row in page.verdicts])


VIEWS = (
    View(name="run", route="/runs/{number}", read=read_run, table=verdict_table),
    View(name="runs", route="/runs", read=read_runs, table=runs_table),
)
