"""The writer's side of an archive: `Store`. One at a time; readers (`reader.open_archive`) are never blocked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from newsarchive.archive import accounts, articles, runs
from newsarchive.archive.connection import clear_errors, connect_writer, header_is_ours, require_ours, transaction
from newsarchive.archive.frontier import Frontier
from newsarchive.archive.holder import in_words
from newsarchive.archive.lock import WriterLock
from newsarchive.archive.migrations import migrate
from newsarchive.archive.moments import RevisitSteps, as_text, utc_now
from newsarchive.archive.places import require_local
from newsarchive.archive.raw import Packer, load_raw
from newsarchive.archive.reading import columns_of, reader_version
from newsarchive.archive.runs import RunHandle, RunStatus
from newsarchive.archive.saving import CaptureWriter, prepare_capture
from newsarchive.archive.tallies import Tally, load_tallies, save_tallies
from newsarchive.archive.wiping import wipe
from newsarchive.errors import ArchiveReadOnly, NotInArchive
from newsarchive.model.capture import Capture
from newsarchive.model.extraction import Extraction
from newsarchive.model.outcome import Outcome
from newsarchive.model.page import Page
from newsarchive.model.run import Revisit
from newsarchive.version import EXTRACTOR

_OLD_CAPTURE = (
    "SELECT f.url, f.final_url, f.status, f.headers, f.fetched_at, f.raw_sha256 FROM article a JOIN fetch f ON f.id=a.fetch_id"
    " WHERE a.source_url=? AND (a.extractor<>? OR a.extractor_version<>?) AND f.raw_id IS NOT NULL"
)


class Store:
    """An archive open for writing, with the lock held from construction to `close`.

    Raises LockHeld, NotAnArchive, ArchiveNewer or ArchiveReadOnly, and touches nothing then; NotInArchive where there
    is no file and `create` is False. An older archive is copied aside and migrated. `revisit_steps` says after which
    intervals a site's articles are due again.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        create: bool = True,
        clock: Callable[[], datetime] = utc_now,
        revisit_steps: RevisitSteps = lambda url: None,
    ) -> None:
        self.path = Path(path)
        self._clock = clock
        self._revisit_steps = revisit_steps
        self._look_before_touching(create)
        self._lock = WriterLock(self.path, describe=in_words)
        try:
            self._connection = self._open()
        except BaseException:
            self._lock.release()
            raise
        self.frontier = Frontier(self._connection, self.path, clock)
        self._packer = Packer()
        self._revisit: dict[int, Revisit] = {}
        self._without_raw: set[int] = set()

    def _look_before_touching(self, create: bool) -> None:
        require_local(self.path)
        if self.path.exists():
            require_ours(self.path)
            return
        if not create:
            raise NotInArchive(f"There is no archive at {self.path}; `newsarchive crawl URL --archive {self.path}` makes one.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveReadOnly(
                f"The folder {self.path.parent} cannot be made ({error.strerror}); give another place with --archive."
            ) from None

    def _open(self) -> sqlite3.Connection:
        with clear_errors(self.path):
            connection = connect_writer(self.path)
            try:
                connection.execute("PRAGMA synchronous=FULL")
                migrate(connection, self.path)  # before WAL: the header then tells at once what the file is
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                wipe(connection)  # what a killed deletion left
            except BaseException:
                connection.close()
                if header_is_ours(self.path) is None:
                    self.path.unlink(missing_ok=True)
                raise
        return connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The writer's connection, for the other modules of this package."""
        return self._connection

    def now(self) -> datetime:
        """The time by the store's clock."""
        return self._clock()

    def forget_keyframes(self) -> None:
        """Raw pages were deleted: do not compress against what was remembered of them."""
        self._packer.forget()

    def close(self) -> None:
        """Let go of the archive. Harmless when already closed."""
        try:
            self._connection.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def begin_run(self, plan_record: Mapping[str, Any], seeds: Sequence[str]) -> RunHandle:
        """Start a run, or take up the unfinished one with the same plan under its id, its leases queued again.

        Other unfinished runs are marked killed. `plan_record` is the plan in plain JSON values; `command`, `contact` and
        the keys about speed do not make another plan of it. With `keep_raw` False in it no raw pages are stored.
        """
        with clear_errors(self.path), transaction(self._connection):
            handle = runs.begin(self._connection, plan_record, seeds, self._clock())
        self._revisit[handle.id] = plan_record.get("revisit", "due")
        if plan_record.get("keep_raw") is False:
            self._without_raw.add(handle.id)
        return handle

    def heartbeat(self, run_id: int, progress_at: datetime | None = None) -> None:
        """A sign of life in the run's row, and the moment of its last progress: a run can be alive and wait for ever."""
        with clear_errors(self.path), transaction(self._connection):
            runs.beat(self._connection, run_id, self._clock(), progress_at)

    def settle(self, run_id: int) -> None:
        """Give addresses that wait for the next run the outcome `deferred`, so that the run's counts are complete before its end."""
        with clear_errors(self.path), transaction(self._connection):
            runs.settle(self._connection, run_id, self._clock())

    def finish_run(self, run_id: int, status: RunStatus, reason: str, stats: Mapping[str, Any] | None = None) -> None:
        """Write the run's end, safely on the disk. Addresses still deferred get the outcome `deferred` when it is finished."""
        with clear_errors(self.path):
            self._connection.execute("PRAGMA synchronous=FULL")
            with transaction(self._connection):
                runs.finish(self._connection, run_id, status, reason, stats or {}, self._clock())
        with suppress(sqlite3.Error):  # the run is safe; moving it from the -wal into the file can wait for the next writer
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._connection.execute("PRAGMA synchronous=NORMAL")

    def finished_runs(self, seeds: Sequence[str] | None = None) -> int:
        """How many runs finished: all, or those with these seeds."""
        with clear_errors(self.path):
            return runs.count_finished(self._connection, seeds)

    def counts(self, run_id: int) -> dict[str, dict[str, int]]:
        """Outcome -> detail (empty where there is none) -> number of addresses of the run."""
        with clear_errors(self.path):
            return runs.count_outcomes(self._connection, run_id)

    def article_count(self) -> int:
        """Articles in the archive."""
        with clear_errors(self.path):
            return accounts.article_count(self._connection)

    def new_revisions(self, run_id: int) -> int:
        """Articles whose text changed in this run."""
        with clear_errors(self.path):
            return accounts.new_revisions(self._connection, run_id)

    def opted_out(self, run_id: int) -> int:
        """Pages of the run that carried an opt-out signal."""
        with clear_errors(self.path):
            return accounts.opted_out(self._connection, run_id)

    def failed_seeds(self, run_id: int, seeds: Sequence[str]) -> list[str]:
        """Those seeds that gave nothing, each as `URL: outcome, detail`."""
        with clear_errors(self.path):
            return accounts.failed_seeds(self._connection, run_id, seeds)

    def redirect_targets(self, seeds: Sequence[str]) -> list[str]:
        """Where the seeds redirected to when they were last asked for."""
        with clear_errors(self.path):
            return accounts.redirect_targets(self._connection, seeds)

    def known_in_run(self, run_id: int, addresses: Sequence[str]) -> set[str]:
        """Those addresses that the run has queued or decided already."""
        with clear_errors(self.path):
            return accounts.known_in_run(self._connection, run_id, addresses)

    def old_captures(self, captures: Sequence[Capture]) -> dict[str, Page]:
        """Address -> the previous page of articles that an older extractor read, for `save`'s `reread`.

        Only where it matters: the raw page is kept and extractor versions differ. Read them with today's extractor, so
        that a better reading is not taken for a publisher's edit. Empty in most runs.
        """
        found: dict[str, Page] = {}
        with clear_errors(self.path):
            for capture in captures:
                if capture.extraction is None or capture.outcome is not Outcome.STORED:
                    continue
                row = self._connection.execute(_OLD_CAPTURE, (capture.url, EXTRACTOR, reader_version(capture.extraction))).fetchone()
                if row is not None:
                    found[capture.url] = runs.page_of(row, load_raw(self._connection, row["raw_sha256"]))
        return found

    def save(
        self,
        captures: Sequence[Capture],
        run_id: int,
        *,
        reread: Mapping[str, Extraction] | None = None,
        tally: Callable[[Sequence[Outcome]], Iterable[Tally]] | None = None,
    ) -> list[Outcome]:
        """Commit captures, all of them or none: fetch, raw page, article, revision, teasers, outcome, frontier, new addresses.

        Returns the outcome of each. `reread` holds what today's extractor reads on the pages of `old_captures`; `tally` says,
        from the outcomes, which tallies of the run changed, and is committed with them.
        """
        again = reread or {}
        now = self._clock()
        if run_id in self._without_raw:
            captures = [replace(item, keep_raw=False) for item in captures]
        with clear_errors(self.path):
            prepared = [prepare_capture(item, self._connection, self._packer, now, again.get(item.url)) for item in captures]
            writer = CaptureWriter(self._connection, self.frontier, run_id, self._revisit.get(run_id, "due"), self._revisit_steps)
            with transaction(self._connection):
                outcomes = [writer.write(item) for item in prepared]
                if tally is not None:
                    save_tallies(self._connection, run_id, tally(outcomes))
                return outcomes

    def tallies(self, run_id: int) -> list[Tally]:
        """What the run's earlier sessions counted of shapes that come to nothing."""
        with clear_errors(self.path):
            return load_tallies(self._connection, run_id)

    def article_addresses(self, site: str, limit: int) -> list[str]:
        """Addresses of a site's newest articles."""
        with clear_errors(self.path):
            query = "SELECT source_url FROM article WHERE site=? ORDER BY published_utc DESC, source_url LIMIT ?"
            return [row[0] for row in self._connection.execute(query, (site, limit))]

    def save_reading(self, url: str, extraction: Extraction) -> Outcome:
        """Put another reading of the same stored page in the article's place: never a revision, always UNCHANGED.

        `url` is the article's source address. Raises NotInArchive where no article is asked for under it.
        """
        with clear_errors(self.path):
            known = articles.article_under(self._connection, url)
            if known is None:
                raise NotInArchive(f"{self.path} holds no article under {url!r}.")
            columns = columns_of(extraction, known["url"], extraction.opt_outs)
            with transaction(self._connection):
                articles.reread(self._connection, known["id"], columns, as_text(self._clock()))
        return Outcome.UNCHANGED
