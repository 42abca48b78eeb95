"""The books of a night: how each site went, the steps, the exit code, written where no kill can undo them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.moments import as_text
from newsarchive.archive.nights import (
    SiteTally,
    Step,
    close_run,
    end_run,
    old_nights,
    reading,
    run_of_process,
    save_record,
    save_sites,
    save_step,
    tally_sites,
    unaccounted_nights,
)
from newsarchive.archive.store import Store
from newsarchive.nightly.due import Decision
from newsarchive.nightly.watchdog import Ended

if TYPE_CHECKING:
    from newsarchive.nightly.night import NightResult


def balance(
    archive: Path, ended: Ended, due: Sequence[Decision], site_of: Callable[[str], str], now: datetime
) -> tuple[int | None, list[SiteTally]]:
    """Close the run of a crawl's process, however that ended, and write how each site went. None where it began no run."""
    if not archive.exists():
        return None, []
    with reading(archive) as connection:
        run_id = run_of_process(connection, ended.pid, socket.gethostname(), ended.began_at)
    if run_id is None:
        return None, []
    moments = {decision.site: decision.due_at for decision in due}
    with Store(archive, create=False) as store, clear_errors(archive), transaction(store.connection) as connection:
        if ended.reason != "finished" or ended.result is None:
            end_run(connection, run_id, ended.reason + (", killed" if ended.was_forced else ""), now)
        tallies = tally_sites(connection, run_id, site_of)
        for tally in tallies:
            moment = moments.get(tally.site)
            tally.due_at = None if moment is None else as_text(moment)
        save_sites(connection, run_id, tallies)
    return run_id, tallies


def settle_killed_nights(archive: Path, site_of: Callable[[str], str]) -> list[int]:
    """Write the sites of nights whose head was killed, from what their crawls left: what was crawled to the end is not due again."""
    with reading(archive) as connection:
        killed = unaccounted_nights(connection)
    if killed:
        with Store(archive, create=False) as store, clear_errors(archive), transaction(store.connection) as connection:
            for run_id in killed:
                end_run(connection, run_id, _reason(connection, run_id), store.now())
                save_sites(connection, run_id, tally_sites(connection, run_id, site_of))
                save_record(connection, run_id, {"notes": ["the night was killed; its sites were counted by the next"]}, None)
    return killed


def close_old_nights(archive: Path, before: datetime) -> list[int]:
    """Close unfinished nights that came to their time limit or began before this moment, so that tonight is a run of its own.

    In a run that is taken up, front pages, feeds and known articles that it was done with are not looked at again: what one slow
    site left over would keep all the others from showing what is new.
    """
    with reading(archive) as connection:
        old = old_nights(connection, before)
    if old:
        with Store(archive, create=False) as store, clear_errors(archive), transaction(store.connection) as connection:
            for run_id in old:
                close_run(connection, run_id)
    return old


def _reason(connection: Any, run_id: int) -> str:  # noqa: ANN401 - a connection of the archive's
    row = connection.execute("SELECT status, finish_reason FROM run WHERE id=?", (run_id,)).fetchone()
    return "killed" if row["status"] == "running" else str(row["finish_reason"])


def alarms_without_addresses(judged: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What health said of a night, without the examples: no address stays in a record when its article is removed on request."""
    names = ("site", "field", "since", "usual", "value", "sentence")
    return {key: [{name: item[name] for name in names} for item in judged.get(key, ())] for key in ("raised", "still_open", "over")}


def write_night(archive: Path, result: NightResult, *, steps: Sequence[Step] | None = None) -> None:
    """Write the record and the steps of a night; with `steps` these alone are new."""
    assert result.run_id is not None
    record = {
        "night": result.uuid,
        "started_at": as_text(result.started_at),
        "finished_at": as_text(result.finished_at) if result.finished_at else None,
        "reasons": [{"code": int(reason.code), "sentence": reason.sentence} for reason in result.reasons],
        "decisions": [{"site": item.site, "why": item.why, "sentence": item.sentence} for item in result.decisions],
        "notes": list(result.notes),
        "alarms": alarms_without_addresses(result.health or {}),
    }
    with Store(archive, create=False) as store, clear_errors(archive), transaction(store.connection) as connection:
        save_record(connection, result.run_id, record, int(result.exit_code))
        for step in result.steps if steps is None else steps:
            save_step(connection, result.run_id, step)
