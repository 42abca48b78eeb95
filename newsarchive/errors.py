"""All errors of newsarchive, and the exit code of the command line for each of them.

Every message names the thing, the value and the fix. A page that cannot be read is normal (`ExtractionError`,
recorded as the page's outcome); a wrong configuration stops before the first request; trouble with the archive
stops the run and loses nothing.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsarchive.model.extraction import Extraction
    from newsarchive.sites.problem import Problem


class ExitCode(IntEnum):
    """Exit codes of every `newsarchive` command; docs/reference/exit-codes.md is made from this table."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    PARTIAL = 3
    UNREACHABLE = 4
    CONFIGURATION = 5
    LOCK_HELD = 6
    ARCHIVE_BUSY = 7
    NOT_AN_ARCHIVE = 8
    ARCHIVE_CORRUPT = 9
    ARCHIVE_NEWER = 10
    READ_ONLY = 11
    DISK_FULL = 12
    NOT_FOUND = 13
    UNREADABLE = 14
    NOT_AN_ARTICLE = 15
    NETWORK_ARCHIVE = 16
    NOTHING_DUE = 17
    TIME_LIMIT = 18
    HEALTH_ALARM = 19
    STALLED = 20
    INTERRUPTED = 130
    FORCED = 131

    @property
    def meaning(self) -> str:
        """One sentence: when a command ends with this code."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "Done; nothing needs attention.",
    ExitCode.INTERNAL: "A fault of newsarchive itself; please report it with the message printed.",
    ExitCode.USAGE: "Wrong arguments: an unknown option, or a value that is no number, date or time zone; nothing was done.",
    ExitCode.PARTIAL: "The crawl ended, but an address or site gave nothing, a profile is wrong, or a step of the night failed.",
    ExitCode.UNREACHABLE: "None of the addresses or sites the crawl was started with could be reached.",
    ExitCode.CONFIGURATION: "A setting is wrong or missing (contact, address, profile, condition), or OUT is there; nothing was done.",
    ExitCode.LOCK_HELD: "Another crawl is writing to this archive; nothing was touched.",
    ExitCode.ARCHIVE_BUSY: "The archive is locked by another program for longer than we wait.",
    ExitCode.NOT_AN_ARCHIVE: "The file is not a newsarchive archive; it was left as it was.",
    ExitCode.ARCHIVE_CORRUPT: "The archive is damaged.",
    ExitCode.ARCHIVE_NEWER: "The archive was written by a newer newsarchive; upgrade to read it.",
    ExitCode.READ_ONLY: "The archive or its folder cannot be written.",
    ExitCode.DISK_FULL: "No space is left for the archive, or less than a night must find; what was stored before is safe.",
    ExitCode.NOT_FOUND: "The archive holds nothing under that address, id or name, or the file does not exist.",
    ExitCode.UNREADABLE: "The page cannot be read as HTML, or the file to take in is no WARC, WACZ or index.",
    ExitCode.NOT_AN_ARTICLE: "The page was read, but it is no article.",
    ExitCode.NETWORK_ARCHIVE: "The archive lies on a network file system, where SQLite cannot keep it whole; nothing was written.",
    ExitCode.NOTHING_DUE: "No site is due; nothing was done, and nothing has to be.",
    ExitCode.TIME_LIMIT: "The run ended in order at its time limit; the next one goes on.",
    ExitCode.HEALTH_ALARM: "The run ended, but a figure of a site left its own history: look at `newsarchive status`.",
    ExitCode.STALLED: "The watchdog ended a run that came no further; what was stored is safe, and the next one goes on.",
    ExitCode.INTERRUPTED: "Stopped on request (Ctrl-C or SIGTERM); the same command resumes the run.",
    ExitCode.FORCED: "Stopped at once by a second signal; the same command resumes the run.",
}


class NewsArchiveError(Exception):
    """Base of all errors raised on purpose. The command line prints the message alone and ends with `exit_code`."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL


class ConfigurationError(NewsArchiveError):
    """Raised before the first request when a setting is wrong or missing. Correct it and run again."""

    exit_code = ExitCode.CONFIGURATION


class SiteProfileError(ConfigurationError):
    """Raised when site profiles are wrong, with everything that is wrong in any of them. Correct the files; nothing was fetched."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        number = f"{len(problems)} problems" if len(problems) != 1 else "one problem"
        super().__init__("\n".join([f"{number} in the site profiles:", *map(str, problems)]))
        self.problems = tuple(problems)


class InvalidUrl(ConfigurationError):
    """Raised for an address given by the user that is no http(s) URL."""


class NoSuchFile(NewsArchiveError):
    """Raised for a file named by the user that does not exist or is no file."""

    exit_code = ExitCode.NOT_FOUND


class NotACollection(NewsArchiveError):
    """Raised for a file named by the user that holds no pages that can be taken in. Name another one; what came in before is safe."""

    exit_code = ExitCode.UNREADABLE


class BlockedAddress(NewsArchiveError):
    """Raised before connecting to an address that is private, loopback or otherwise not public, unless it is allowed."""

    exit_code = ExitCode.CONFIGURATION


class FetchFailed(NewsArchiveError):
    """Raised when one page that a person asked for cannot be had. The message says why; try again, or give a file."""

    exit_code = ExitCode.UNREACHABLE


class ExtractionError(NewsArchiveError):
    """Base of the two ways a page can fail to be an article. Skip the page and record the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreadablePage(ExtractionError):
    """Raised when the bytes cannot be read as a page at all: empty, binary, or refused by the guard."""

    exit_code = ExitCode.UNREADABLE


class NotAnArticle(ExtractionError):
    """Raised when the page is readable but no article. `extraction` carries what was read all the same."""

    exit_code = ExitCode.NOT_AN_ARTICLE

    def __init__(self, reason: str, extraction: Extraction | None = None) -> None:
        super().__init__(reason)
        self.extraction = extraction


class ArchiveError(NewsArchiveError):
    """Base of everything that can be wrong with an archive file. Stop; what was committed is safe."""

    exit_code = ExitCode.ARCHIVE_CORRUPT


class LockHeld(ArchiveError):
    """Raised when another process is the writer of the archive. Wait for it or stop it; nothing was touched."""

    exit_code = ExitCode.LOCK_HELD


class ArchiveBusy(ArchiveError):
    """Raised when another program kept the file locked for longer than the busy timeout. Try again."""

    exit_code = ExitCode.ARCHIVE_BUSY


class NotAnArchive(ArchiveError):
    """Raised for a file that is no SQLite file, or an SQLite file that newsarchive did not make."""

    exit_code = ExitCode.NOT_AN_ARCHIVE


class ArchiveCorrupt(ArchiveError):
    """Raised when SQLite reports damage. Restore a backup; the message says how to check."""

    exit_code = ExitCode.ARCHIVE_CORRUPT


class ArchiveNewer(ArchiveError):
    """Raised when the archive's schema is newer than this program's. Upgrade newsarchive."""

    exit_code = ExitCode.ARCHIVE_NEWER


class ArchiveReadOnly(ArchiveError):
    """Raised when the archive or its folder cannot be written. Give another place with --archive."""

    exit_code = ExitCode.READ_ONLY


class DiskFull(ArchiveError):
    """Raised when there is no space for a write. Nothing half-written is left; free space and run again."""

    exit_code = ExitCode.DISK_FULL


class ArchiveOnNetwork(ArchiveError):
    """Raised before writing to an archive on a network file system, whose locks and shared memory SQLite cannot trust."""

    exit_code = ExitCode.NETWORK_ARCHIVE


class SearchTooSlow(ArchiveError):
    """Raised when a search is given up because it takes too long. Narrow it."""

    exit_code = ExitCode.ARCHIVE_BUSY


class NotInArchive(ArchiveError):
    """Raised when an address or id is asked for that the archive does not hold, or the archive file does not exist."""

    exit_code = ExitCode.NOT_FOUND


class StepFailed(NewsArchiveError):
    """Raised for a piece of a night that failed in its own process and without which the night cannot go on. Keeps its exit code."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # of this error alone


class WorkerFailed(NewsArchiveError):
    """Raised for a page whose worker process timed out, ran out of memory or crashed. `outcome` names it in the dictionary."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(f"{outcome}: {detail}")
        self.outcome = outcome
        self.detail = detail


class WorkersStopped(NewsArchiveError):
    """Raised for a page that was being read, or waited to be, when the workers were stopped. It got no verdict: read it in the next run."""

    exit_code = ExitCode.INTERRUPTED
