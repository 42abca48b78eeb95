"""How often addresses of one shape came to nothing in a run: what a resumed crawl must know to end as an undisturbed one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


class Tally(NamedTuple):
    """One shape of addresses."""

    shape: str
    idle: int
    """Requests since one of them gave or led to an article."""
    unproven: int
    """Addresses like articles that pages led to before the first of them proved to be one."""


def save_tallies(connection: sqlite3.Connection, run_id: int, tallies: Iterable[Tally]) -> None:
    """Write tallies inside a transaction of the caller."""
    connection.executemany(
        "INSERT INTO shape_tally(run_id, shape, idle, unproven) VALUES(?,?,?,?)"
        " ON CONFLICT(run_id, shape) DO UPDATE SET idle=excluded.idle, unproven=excluded.unproven",
        [(run_id, *tally) for tally in tallies],
    )


def load_tallies(connection: sqlite3.Connection, run_id: int) -> list[Tally]:
    """The tallies of a run."""
    rows = connection.execute("SELECT shape, idle, unproven FROM shape_tally WHERE run_id=?", (run_id,))
    return [Tally(*row) for row in rows]


def drop_tallies(connection: sqlite3.Connection, run_id: int) -> None:
    """The run has ended: its tallies mean nothing to the next."""
    connection.execute("DELETE FROM shape_tally WHERE run_id=?", (run_id,))
