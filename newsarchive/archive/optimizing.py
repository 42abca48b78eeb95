"""Keeping an archive quick: the search index merged a little, the planner's statistics renewed, the log written into the file."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.store import Store

MERGE_PAGES = 2000
"""Pages of the index written in one go: 8 MB, a few tenths of a second, so that an index of any size never holds up a night."""
MERGE_ROUNDS = 20
"""Goes a night; an index in many pieces is in shape after some nights."""
ANALYSIS_ROWS = 1000
"""Rows of an index looked at for the statistics: its answers hardly change beyond that, its cost would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimized:
    """What was done."""

    merge_rounds: int
    """Goes in which pieces of the search index were merged; 0 where it was in shape."""
    log_bytes: int
    """Size of what is left in the log beside the file."""


def optimize(store: Store) -> Optimized:
    """Merge pieces of the search index, renew the planner's statistics, write the log into the file. In short transactions."""
    connection = store.connection
    with clear_errors(store.path):
        rounds = 0
        for _ in range(MERGE_ROUNDS):
            before = connection.total_changes
            with transaction(connection):
                connection.execute("INSERT INTO article_fts(article_fts, rank) VALUES('merge', ?)", (MERGE_PAGES,))
            if connection.total_changes - before < 2:  # as SQLite documents: nothing was left to merge
                break
            rounds += 1
        connection.execute(f"PRAGMA analysis_limit={ANALYSIS_ROWS}").fetchone()
        connection.execute("PRAGMA optimize")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    log = store.path.with_name(store.path.name + "-wal")
    return Optimized(merge_rounds=rounds, log_bytes=log.stat().st_size if log.exists() else 0)
