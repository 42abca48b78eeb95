"""Letting raw pages go by age or size. Texts, captures and digests stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from newsarchive.archive.connection import clear_errors, transaction
from newsarchive.archive.moments import as_text
from newsarchive.archive.raw import delete_raw
from newsarchive.archive.store import Store

BATCH = 200
"""Pages a transaction: each may need its dependents compressed anew (about 1 ms a page), and readers' snapshots stay short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What retention did, or would do."""

    pages: int
    stored_bytes: int
    """Bytes they took; the file itself shrinks when it is compacted."""
    left_pages: int
    left_bytes: int


def purge_raw(store: Store, *, older_than: timedelta | None = None, max_bytes: int | None = None, dry_run: bool = False) -> Purged:
    """Delete raw pages last captured longer ago than `older_than`, then the oldest until the rest takes at most `max_bytes`.

    A page that several captures share is as old as the last of them. Neither limit given: nothing is deleted.
    """
    connection = store.connection
    with clear_errors(store.path):
        rows = connection.execute(
            "SELECT r.id, length(r.data) AS bytes, max(f.fetched_at) AS last FROM raw r LEFT JOIN fetch f ON f.raw_id=r.id"
            " GROUP BY r.id ORDER BY last, r.id"
        ).fetchall()
        limit = as_text(store.now() - older_than) if older_than is not None else ""
        total = sum(row["bytes"] for row in rows)
        doomed: list[int] = []
        freed = 0
        for row in rows:
            is_too_old = older_than is not None and (row["last"] or "") < limit
            is_too_much = max_bytes is not None and total - freed > max_bytes
            if not (is_too_old or is_too_much):
                break
            doomed.append(row["id"])
            freed += row["bytes"]
        if not dry_run:
            for start in range(0, len(doomed), BATCH):
                with transaction(connection):
                    delete_raw(connection, doomed[start : start + BATCH])
            store.forget_keyframes()
        return Purged(pages=len(doomed), stored_bytes=freed, left_pages=len(rows) - len(doomed), left_bytes=total - freed)
