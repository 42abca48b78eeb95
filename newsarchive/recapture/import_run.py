"""What an import is asked to do, says while it runs, and reports at its end."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from newsarchive.model.outcome import Outcome
from newsarchive.recapture.collections import Wanted
from newsarchive.recapture.entries import Entry, Place

ImportEnd = Literal["finished", "interrupted", "max_articles"]

MAX_SHOWN_FAULTS = 20
"""Damaged places that the report names; the others are counted."""

MAX_KINDS = 200
"""Kinds of entries that are counted by name: content types are the servers' own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What is to be taken in."""

    archive: Path
    wanted: Wanted
    site: str | None = None
    """Registrable domain or host; None: all."""
    since: str | None = None
    """UTC, ISO: only pages captured then or later."""
    until: str | None = None
    """UTC, ISO: only pages captured then or before."""
    max_articles: int | None = None
    """At most so many new articles."""
    obey: tuple[str, ...] = ()
    """Opt-out signals that keep a page out beyond those always obeyed."""
    sites: Path | None = None
    """Folder of the site profiles; None is the default one, where it exists."""
    dry_run: bool = False
    """Read and count, write nothing."""
    workers: int | None = None
    """Processes; None: one a core."""
    command: str = ""
    """The command line, for the run record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """The state of a running import."""

    done: int
    """Bytes (with a map: files) behind us."""
    total: int | None
    articles: int
    """Articles stored or changed."""
    name: str
    """The collection that is being read."""


@dataclass(frozen=True, slots=True)
class ShownFault:
    """A place that could not be read."""

    collection: str
    offset: int
    reason: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import came to, over all sessions of the run."""

    collections: int = 0
    """WARC files (those in WACZ files each) and folders that were read to their end."""
    records: int = 0
    """Records and files looked at."""
    pages: int = 0
    """Answers with an outcome, of HTML pages."""
    known: int = 0
    """Of these: captures that were in the archive already."""
    passed: dict[str, int] = field(default_factory=dict)
    """What was no page -> how many: `request`, `image/png`, `revisit`, ..."""
    not_selected: int = 0
    """Pages that --site, --since or --until left out."""
    faults: int = 0
    """Places that could not be read."""
    shown_faults: list[ShownFault] = field(default_factory=list)
    """The first of them."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """Outcome -> addresses."""
    details: dict[str, dict[str, int]] = field(default_factory=dict)
    """Outcome -> detail -> addresses."""
    articles_in_archive: int = 0
    seconds: float = 0.0
    """Of this session."""
    resumed: bool = False
    end: ImportEnd = "finished"
    dry_run: bool = False


@dataclass(slots=True)
class Tally:
    """Counts that survive a kill: they are committed with the pages they count."""

    collections: int = 0
    records: int = 0
    pages: int = 0
    known: int = 0
    articles: int = 0
    stored: int = 0
    not_selected: int = 0
    faults: int = 0
    passed: dict[str, int] = field(default_factory=dict)
    shown_faults: list[dict[str, Any]] = field(default_factory=list)
    signature: str = ""
    place: Place | None = None

    @classmethod
    def of(cls, state: dict[str, Any]) -> Tally:
        """The counts a run left behind."""
        values = dict(state)
        place = values.get("place")
        values["place"] = (int(place[0]), int(place[1])) if place else None
        return cls(**values)

    def count(self, name: str, entry: Entry) -> None:
        """Count an entry that is no page."""
        if entry.fault is not None:
            self.faults += 1
            if len(self.shown_faults) < MAX_SHOWN_FAULTS:
                self.shown_faults.append(asdict(ShownFault(name, entry.offset, entry.fault[:300])))
        elif entry.passed is not None:
            kind = entry.passed if entry.passed in self.passed or len(self.passed) < MAX_KINDS else "other"
            self.passed[kind] = self.passed.get(kind, 0) + 1

    def count_outcome(self, outcome: Outcome) -> None:
        """Count what a page came to."""
        self.stored += outcome is Outcome.STORED
        self.articles += outcome in (Outcome.STORED, Outcome.UPDATED)
