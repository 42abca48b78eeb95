"""What a run did, counted from the archive's own rows: the summary survives every kill because nothing of it was in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from newsarchive import urls
from newsarchive.archive.runs import MAX_REDIRECTS
from newsarchive.model.outcome import ARTICLES, LISTS, LOST, Outcome

_GAVE_SOMETHING = ARTICLES | LISTS | LOST | {Outcome.DUPLICATE, Outcome.NOT_ARTICLE, Outcome.OUT_OF_RANGE, Outcome.OPTED_OUT}
"""Outcomes of a seed that was reached and read. Everything else is worth telling the operator."""


def article_count(connection: sqlite3.Connection) -> int:
    """Articles in the archive."""
    return int(connection.execute("SELECT count(*) FROM article").fetchone()[0])


def new_revisions(connection: sqlite3.Connection, run_id: int) -> int:
    """Articles whose text changed in this run."""
    row = connection.execute("SELECT count(*) FROM outcome WHERE run_id=? AND outcome=?", (run_id, Outcome.UPDATED.value)).fetchone()
    return int(row[0])


def opted_out(connection: sqlite3.Connection, run_id: int) -> int:
    """Pages of the run that carried an opt-out signal, obeyed or only recorded."""
    return int(connection.execute("SELECT count(DISTINCT url) FROM fetch WHERE run_id=? AND opt_outs<>'[]'", (run_id,)).fetchone()[0])


def failed_seeds(connection: sqlite3.Connection, run_id: int, seeds: Iterable[str]) -> list[str]:
    """Those seeds that gave nothing, each as `URL: outcome, detail`."""
    failed = []
    for seed in seeds:
        verdict = _verdict(connection, run_id, seed)
        if verdict is not None and verdict[0] not in _GAVE_SOMETHING:
            failed.append(f"{seed}: {verdict[0]}" + (f", {verdict[1]}" if verdict[1] else ""))
    return failed


def _verdict(connection: sqlite3.Connection, run_id: int, seed: str) -> tuple[Outcome, str | None] | None:
    """Outcome and detail of an address, or of where it redirected to in the end; None where the run has none yet."""
    for address in (seed, *redirect_targets(connection, [seed])):
        row = connection.execute(
            "SELECT o.outcome, o.detail FROM frontier f JOIN outcome o ON o.run_id=? AND o.url=f.url WHERE f.identity=?",
            (run_id, urls.identity(address)),
        ).fetchone()
        if row is None or row[0] != Outcome.REDIRECTED:
            return None if row is None else (Outcome(row[0]), row[1])
    return None


def redirect_targets(connection: sqlite3.Connection, seeds: Sequence[str]) -> list[str]:
    """Where the seeds redirected to when they were last asked for: a site that moved is still the site."""
    found: list[str] = []
    for seed in seeds:
        identity = urls.identity(seed)
        for _ in range(MAX_REDIRECTS):
            row = connection.execute("SELECT target FROM redirect WHERE url=?", (identity,)).fetchone()
            if row is None or row[0] in found:
                break
            identity = row[0]
            found.append(identity)
    return found


def known_in_run(connection: sqlite3.Connection, run_id: int, addresses: Sequence[str]) -> set[str]:
    """Those addresses that the run has queued or decided already."""
    known = set()
    for url in addresses:
        if connection.execute("SELECT 1 FROM frontier WHERE identity=? AND run_id=?", (urls.identity(url), run_id)).fetchone():
            known.add(url)
    return known
