"""The raw pages that the archive keeps, one capture after the other, for writing them out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsarchive.archive.conditions import rows_where
from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.known_sites import require_site
from newsarchive.archive.migrations import check_version
from newsarchive.archive.raw import load_raw
from newsarchive.archive.runs import page_of
from newsarchive.archive.stored_pages import NEVER_SHOWN
from newsarchive.model.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSelection:
    """Which captures are written out."""

    site: str | None = None
    """Registrable domain or host; None: all."""
    since: str | None = None
    """UTC, ISO: only pages captured then or later."""
    until: str | None = None
    """UTC, ISO: only pages captured then or before."""
    condition: str | None = None
    """SQL condition on the view `articles`: only captures of these articles' own addresses."""


class KeptPages:
    """The selected captures whose page is kept, oldest first.

    Raises ConfigurationError for a condition that is no SQL, NotInArchive for a site of which the archive holds nothing.
    """

    def __init__(self, path: Path, selection: PageSelection) -> None:
        self.path = path
        self._selection = selection
        self._connection = connect_reader(path)
        try:
            with clear_errors(path):
                check_version(self._connection, path)
            if selection.site is not None:
                require_site(self._connection, path, selection.site)
            self._connection.execute("BEGIN")  # one state of the archive, also beside a crawl
            self._addresses = self._chosen()
            self._captures, self.reserved = self._select()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> KeptPages:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __len__(self) -> int:
        return len(self._captures)

    @property
    def newest(self) -> str | None:
        """When the newest of the captures was made (UTC)."""
        return self._captures[-1][1] if self._captures else None

    def __iter__(self) -> Iterator[Page]:
        """The pages. Raises ArchiveCorrupt for one that is damaged."""
        for number, _ in self._captures:
            with clear_errors(self.path):
                row = self._connection.execute(
                    "SELECT url, final_url, status, headers, fetched_at, raw_sha256 FROM fetch WHERE id=?", (number,)
                ).fetchone()
                page = page_of(row, load_raw(self._connection, row["raw_sha256"]))
            yield page

    def _chosen(self) -> set[str] | None:
        """Addresses of the articles for which the condition holds; None without one."""
        condition = self._selection.condition
        if condition is None:
            return None
        chosen = set(rows_where(self._connection, condition))
        rows = self._connection.execute("SELECT id, source_url FROM article")
        return {str(row["source_url"]) for row in rows if row["id"] in chosen}

    def _select(self) -> tuple[list[tuple[int, str]], int]:
        """Number and moment of each capture, and how many are left out because their publisher wants no copies shown."""
        chosen = self._selection
        rows = self._connection.execute(
            "SELECT f.id, f.url, f.fetched_at, f.opt_outs FROM fetch f WHERE f.raw_id IS NOT NULL"
            " AND (:since IS NULL OR f.fetched_at>=:since) AND (:until IS NULL OR f.fetched_at<=:until)"
            " AND (:site IS NULL OR f.host=:site OR EXISTS(SELECT 1 FROM article a WHERE a.source_url=f.url AND a.site=:site))"
            " ORDER BY f.fetched_at, f.url, f.id",
            {"since": chosen.since, "until": chosen.until, "site": chosen.site},
        )
        kept, reserved = [], 0
        for row in rows:
            if self._addresses is not None and row["url"] not in self._addresses:
                continue
            if NEVER_SHOWN & set(json.loads(row["opt_outs"])):
                reserved += 1
            else:
                kept.append((int(row["id"]), str(row["fetched_at"])))
        return kept, reserved
