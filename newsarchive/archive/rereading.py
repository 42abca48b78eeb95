"""Stored texts and the pages they were read from, for reading them again; and what a new reading changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from newsarchive.archive import articles
from newsarchive.archive.conditions import rows_where
from newsarchive.archive.connection import clear_errors, connect_reader, transaction
from newsarchive.archive.known_sites import require_site
from newsarchive.archive.migrations import check_version
from newsarchive.archive.moments import as_text
from newsarchive.archive.raw import load_raw
from newsarchive.archive.reading import Columns, columns_of
from newsarchive.archive.runs import page_of
from newsarchive.archive.statements import assign
from newsarchive.archive.store import Store
from newsarchive.archive.teasers import drop_placements, save_teasers, teaser_hash, teasers_on
from newsarchive.errors import ArchiveCorrupt, NotInArchive
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.version import EXTRACTOR, EXTRACTOR_VERSION

FIELDS = (
    "title", "body", "description", "authors", "date_published", "date_modified", "section", "tags", "language", "image_url",
    "site_name", "is_paywalled",
)  # fmt: skip
"""Fields of an article that are compared between two readings; `teasers` are compared beside them."""

_REVISION_FIELDS = (
    "title", "description", "authors", "date_published", "date_modified", "content_hash", "extractor", "extractor_version", "body",
    "body_blocks",
)  # fmt: skip
"""Columns of a superseded text that come from reading a page."""

VersionOf = Callable[[str, str], str]
"""Address of a page and moment of its capture (UTC) -> the version that today's extractor would read it as."""

_JSON_FIELDS = frozenset({"authors", "tags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which stored texts are read again."""

    site: str | None = None
    """Registrable domain or host; None: all."""
    since: str | None = None
    """UTC, ISO: only pages captured then or later."""
    condition: str | None = None
    """SQL condition on the view `articles`."""
    every_version: bool = False
    """Also texts that today's extractor read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """One text of an article, and the capture it was read from."""

    row: int
    """`article.id`."""
    seq: int
    """Number among the superseded texts; 0 is the newest text."""
    url: str
    """The address the crawl asks for."""
    fetch_id: int
    sha256: str
    """Digest of the page."""

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of reading."""
        return self.row, self.seq


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that the new reading gives otherwise."""

    url: str
    field: str
    before: Any
    after: Any


class StoredTexts:
    """The selected texts of an archive with their pages, read-only.

    Raises ConfigurationError for a condition that is no SQL, NotInArchive for a site of which the archive holds nothing.
    """

    def __init__(self, path: Path, selection: Selection, version_of: VersionOf = lambda url, fetched_at: EXTRACTOR_VERSION) -> None:
        self.path = path
        self._version_of = version_of
        self._connection = connect_reader(path)
        try:
            with clear_errors(path):
                check_version(self._connection, path)
            if selection.site is not None:
                require_site(self._connection, path, selection.site)
            self._rows = self._chosen(selection)
        except BaseException:
            self._connection.close()
            raise
        self._selection = selection

    def __enter__(self) -> StoredTexts:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _chosen(self, selection: Selection) -> set[int] | None:
        """The rows for which the condition holds; None without one."""
        if selection.condition is None:
            return None
        return set(rows_where(self._connection, selection.condition))

    def count_without_page(self) -> int:
        """How many selected texts have no stored page."""
        with clear_errors(self.path):
            return len(self._select("f.raw_id IS NULL"))

    def after(self, place: tuple[int, int] | None) -> Iterator[StoredText]:
        """The texts with pages behind a place in the order, an article's older texts behind its newest."""
        with clear_errors(self.path):
            for row in self._select("f.raw_id IS NOT NULL"):
                text = StoredText(row=row["row"], seq=row["seq"], url=row["source_url"], fetch_id=row["fetch_id"], sha256=row["raw_sha256"])
                if place is None or text.place > place:
                    yield text

    def _select(self, pages: str) -> list[sqlite3.Row]:
        chosen = self._connection.execute(
            "SELECT t.row, t.seq, t.extractor, t.extractor_version, a.source_url, t.fetch_id, f.raw_sha256, f.fetched_at,"
            " coalesce(f.final_url, f.url) AS address FROM ("
            "SELECT id AS row, 0 AS seq, fetch_id, extractor, extractor_version FROM article"
            " UNION ALL SELECT article_id, seq, fetch_id, extractor, extractor_version FROM article_revision) t"
            " JOIN article a ON a.id=t.row LEFT JOIN fetch f ON f.id=t.fetch_id"
            f" WHERE {pages} AND (:site IS NULL OR a.site=:site OR a.host=:site)"
            " AND (:since IS NULL OR f.fetched_at>=:since) ORDER BY t.row, t.seq",
            {"site": self._selection.site, "since": self._selection.since},
        )
        return [row for row in chosen if self._is_selected(row)]

    def _is_selected(self, row: sqlite3.Row) -> bool:
        if self._rows is not None and row["row"] not in self._rows:
            return False
        if self._selection.every_version:
            return True
        version = EXTRACTOR_VERSION if row["address"] is None else self._version_of(row["address"], row["fetched_at"])
        return (row["extractor"], row["extractor_version"]) != (EXTRACTOR, version)

    def page(self, text: StoredText) -> Page | None:
        """The page a text was read from; None where it is gone or damaged meanwhile."""
        with clear_errors(self.path):
            row = self._connection.execute(
                "SELECT url, final_url, status, headers, fetched_at, raw_sha256 FROM fetch WHERE id=?", (text.fetch_id,)
            ).fetchone()
            if row is None:
                return None
            try:
                return page_of(row, load_raw(self._connection, text.sha256))
            except (NotInArchive, ArchiveCorrupt):
                return None

    def changes(self, text: StoredText, extraction: Extraction) -> list[FieldChange]:
        """What the new reading gives otherwise than the archive."""
        with clear_errors(self.path):
            return changes_of(self._connection, text, extraction)


def changes_of(connection: sqlite3.Connection, text: StoredText, extraction: Extraction) -> list[FieldChange]:
    """What a new reading of a text's page gives otherwise than the archive; empty where the text is gone meanwhile."""
    table, condition = ("article", "id=:row") if text.seq == 0 else ("article_revision", "article_id=:row AND seq=:seq")
    old = connection.execute(f"SELECT * FROM {table} WHERE {condition}", {"row": text.row, "seq": text.seq}).fetchone()
    if old is None:
        return []
    new = columns_of(extraction, extraction.article.url, [])
    found = [
        FieldChange(url=text.url, field=name, before=_value(name, old[name]), after=_value(name, new[name]))
        for name in FIELDS
        if name in old.keys() and old[name] != new[name]  # noqa: SIM118 - sqlite3.Row iterates over values
    ]
    shown = [(row["hash"], row["kind"], row["module"]) for row in teasers_on(connection, text.fetch_id)]
    read = [(teaser_hash(teaser), teaser.kind, teaser.module) for teaser in extraction.article.teasers]
    if shown != read and (shown or text.seq == 0):
        before = [row["title"] for row in teasers_on(connection, text.fetch_id)]
        found.append(
            FieldChange(url=text.url, field="teasers", before=before, after=[teaser.title for teaser in extraction.article.teasers])
        )
    return found


def _value(name: str, stored: Any) -> Any:  # noqa: ANN401 - a cell
    return json.loads(stored) if name in _JSON_FIELDS and stored is not None else stored


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReading:
    """A text's page as today's extractor reads it; `extraction` None where it is refused and the old reading stays."""

    text: StoredText
    extraction: Extraction | None
    detail: str
    """For the run's record."""


def save_readings(store: Store, run_id: int, readings: Sequence[NewReading], stats: Mapping[str, Any]) -> None:
    """Commit new readings, all of them or none, with the state of the run from which it can be taken up.

    The text of a capture is replaced, never superseded: no revision comes of it. Texts that the publisher seemed to have
    edited and that read the same now are no longer counted as edits.
    """
    connection, now = store.connection, store.now()
    with clear_errors(store.path):
        columns = [_columns(connection, item) for item in readings]
        with transaction(connection):
            for item, values in zip(readings, columns, strict=True):
                if values is not None and item.extraction is not None:
                    _replace(connection, item, item.extraction, values, now)
                if item.text.seq == 0:
                    _note(connection, run_id, item, now)
            for row in {item.text.row for item in readings}:
                _settle_edits(connection, row)
            connection.execute(
                "UPDATE run SET stats=?, heartbeat_at=? WHERE id=?", (json.dumps(dict(stats), ensure_ascii=False), as_text(now), run_id)
            )


def run_state(store: Store, run_id: int) -> dict[str, Any]:
    """What `save_readings` wrote last for a run; empty at its beginning."""
    with clear_errors(store.path):
        row = store.connection.execute("SELECT stats FROM run WHERE id=?", (run_id,)).fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row and row[0] else {}
    return found


def _columns(connection: sqlite3.Connection, item: NewReading) -> Columns | None:
    if item.extraction is None:
        return None
    row = connection.execute("SELECT url, opt_outs FROM article WHERE id=?", (item.text.row,)).fetchone()
    if row is None:
        return None
    signals = sorted({*json.loads(row["opt_outs"]), *item.extraction.opt_outs})
    return columns_of(item.extraction, row["url"], signals)


def _replace(connection: sqlite3.Connection, item: NewReading, extraction: Extraction, values: Columns, now: datetime) -> None:
    text = item.text
    if text.seq == 0:
        current = connection.execute("SELECT fetch_id FROM article WHERE id=?", (text.row,)).fetchone()
        if current is None or current["fetch_id"] != text.fetch_id:
            return  # a newer capture came in between
        articles.reread(connection, text.row, values, as_text(now))
    else:
        connection.execute(
            f"UPDATE article_revision SET {assign(_REVISION_FIELDS)} WHERE article_id=:row AND seq=:seq AND fetch_id=:fetch_id",
            {**values, "row": text.row, "seq": text.seq, "fetch_id": text.fetch_id},
        )
    seen = connection.execute("SELECT fetched_at FROM fetch WHERE id=?", (text.fetch_id,)).fetchone()
    if seen is not None:
        drop_placements(connection, text.fetch_id)
        save_teasers(connection, extraction.article.teasers, text.fetch_id, text.row, seen["fetched_at"])


def _note(connection: sqlite3.Connection, run_id: int, item: NewReading, now: datetime) -> None:
    connection.execute(
        "INSERT INTO outcome(run_id, url, host, outcome, detail, decided_at) SELECT ?, source_url, host, ?, ?, ? FROM article WHERE id=?"
        " ON CONFLICT(run_id, url) DO UPDATE SET detail=excluded.detail, decided_at=excluded.decided_at",
        (run_id, Outcome.UNCHANGED.value, item.detail, as_text(now), item.text.row),
    )


def _settle_edits(connection: sqlite3.Connection, row: int) -> None:
    """Edits between two texts that one extractor reads the same were none."""
    texts = connection.execute(
        "SELECT seq, reason, content_hash, extractor_version FROM article_revision WHERE article_id=:row"
        " UNION ALL SELECT 9223372036854775807, NULL, content_hash, extractor_version FROM article WHERE id=:row ORDER BY seq",
        {"row": row},
    ).fetchall()
    for older, newer in pairwise(texts):
        same = (older["content_hash"], older["extractor_version"]) == (newer["content_hash"], newer["extractor_version"])
        if same and older["reason"] == "edit":
            connection.execute("UPDATE article_revision SET reason='extractor' WHERE article_id=? AND seq=?", (row, older["seq"]))
    connection.execute(
        "UPDATE article SET revisions=1+(SELECT count(*) FROM article_revision WHERE article_id=:row AND reason='edit')"
        " WHERE id=:row AND revisions<>1+(SELECT count(*) FROM article_revision WHERE article_id=:row AND reason='edit')",
        {"row": row},
    )
