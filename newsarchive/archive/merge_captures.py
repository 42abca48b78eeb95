"""The captures of another archive, with their raw pages and the teasers that they showed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from typing import get_args

from newsarchive import urls
from newsarchive.archive.foreign import ForeignArchive, Row, identity_of
from newsarchive.archive.frontier_rows import is_buried
from newsarchive.archive.raw import Packer, save_raw
from newsarchive.archive.statements import insert_into
from newsarchive.archive.teasers import save_teasers, teaser_hash
from newsarchive.model.outcome import Outcome
from newsarchive.model.teaser import Teaser, TeaserKind

OUTCOMES = frozenset(outcome.value for outcome in Outcome)

_SAME = (
    "SELECT id FROM fetch WHERE url=:url AND fetched_at=:fetched_at AND run_id IS :run_id AND is_final=:is_final AND status IS :status"
    " AND raw_sha256 IS :raw_sha256 ORDER BY id LIMIT 1"
)
"""One request, in whichever archive. Its number is another one in each."""


class CaptureTaker:
    """Takes the captures of one archive, inside a transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection, source: ForeignArchive, runs: Mapping[int, int], *, keep_raw: bool) -> None:
        self._connection = connection
        self._source = source
        self._runs = runs
        self._keep_raw = keep_raw
        self._packer = Packer()
        self._new: dict[int, str] = {}
        self.numbers: dict[int, int] = {}
        """Their capture numbers and ours."""

    def take(self) -> tuple[int, int]:
        """Returns how many captures and raw pages are new."""
        pages = self._pages()
        for row in self._source.rows("fetch", "1 ORDER BY id"):
            is_of_a_run = row["run_id"] is None or row["run_id"] in self._runs
            if not is_of_a_run or identity_of(row["url"]) is None or row["outcome"] not in OUTCOMES:
                self._source.rejected["fetch"] += 1
            elif not any(is_buried(self._connection, urls.identity(address)) for address in self._addresses(row)):
                self._take_one(row)
        return len(self._new), self._pages() - pages

    def _pages(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM raw").fetchone()[0])

    def _addresses(self, row: Row) -> list[str]:
        return [address for address in (row["url"], row["final_url"]) if address and identity_of(address)]

    def _take_one(self, row: Row) -> None:
        values = {name: value for name, value in row.items() if name != "id"}
        values |= {"run_id": self._runs.get(row["run_id"]), "host": urls.host_of(row["url"]), "raw_id": None}
        known = self._connection.execute(_SAME, values).fetchone()
        if known is not None:
            self.numbers[row["id"]] = int(known["id"])
            return
        try:
            made = self._connection.execute(insert_into("fetch", values) + " RETURNING id", values).fetchone()
        except sqlite3.IntegrityError:
            self._source.rejected["fetch"] += 1
            return
        self.numbers[row["id"]] = int(made["id"])
        self._new[row["id"]] = row["fetched_at"]
        if self._keep_raw and row["raw_id"] is not None:
            self._connection.execute("UPDATE fetch SET raw_id=? WHERE id=?", (self._raw(row), made["id"]))

    def _raw(self, row: Row) -> int | None:
        """Our number of the page, written where we have it not; None where it is not what the capture says."""
        find = "SELECT id FROM raw WHERE sha256=?"
        known = self._connection.execute(find, (row["raw_sha256"],)).fetchone()
        if known is None:
            body = self._source.raw_page(row["raw_id"])
            if body is None or hashlib.sha256(body).hexdigest() != row["raw_sha256"]:
                return None
            host = urls.host_of(row["final_url"] or row["url"])
            packed = self._packer.pack(self._connection, body, row["raw_sha256"], host)
            if packed is not None:
                save_raw(self._connection, packed, host)
            known = self._connection.execute(find, (row["raw_sha256"],)).fetchone()
        return int(known["id"])

    def settle(self) -> None:
        """Every final capture of a run has a verdict: where the archive gives none, the capture's own."""
        self._connection.executemany(
            "INSERT INTO outcome(run_id, url, host, outcome, detail, decided_at) SELECT run_id, url, host, outcome, detail, fetched_at"
            " FROM fetch WHERE id=? AND is_final AND run_id IS NOT NULL ON CONFLICT DO NOTHING",
            [(self.numbers[number],) for number in self._new],
        )

    def take_placements(self, articles: Mapping[int, int]) -> None:
        """The teasers that the new captures showed; `articles` are their article numbers and ours."""
        for number, fetched_at in self._new.items():
            shown = list(self._source.rows("placement", "fetch_id=? ORDER BY position", number))
            teasers = [teaser for row in shown if (teaser := self._teaser(row)) is not None]
            if not teasers:
                continue
            page = articles.get(shown[0]["page_article_id"])
            save_teasers(self._connection, teasers, self.numbers[number], page, fetched_at)
            self._connection.executemany(
                "UPDATE teaser SET first_seen=min(first_seen, ?) WHERE hash=?", [(fetched_at, teaser_hash(teaser)) for teaser in teasers]
            )

    def _teaser(self, row: Row) -> Teaser | None:
        found = next(self._source.rows("teaser", "id=?", row["teaser_id"]), None)
        if found is None or row["kind"] not in get_args(TeaserKind):
            self._source.rejected["placement"] += 1
            return None
        names = ("title", "url", "category", "date_published", "date_published_raw", "credit", "excerpt", "image_url")
        return Teaser(position=row["position"], kind=row["kind"], module=row["module"], **{name: found[name] for name in names})
