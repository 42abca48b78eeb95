"""Copies of an archive: a backup while a crawl writes, and one to share without what is private or heavy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from newsarchive.archive.connection import clear_errors, connect_reader, require_ours, transaction
from newsarchive.archive.migrations import SCHEMA_VERSION, check_version, schema_version, upgrade
from newsarchive.archive.moments import as_text, utc_now
from newsarchive.archive.raw import delete_raw
from newsarchive.archive.wiping import wipe
from newsarchive.errors import ArchiveCorrupt, ArchiveReadOnly, ConfigurationError

_PRIVATE_SETTINGS = ("contact", "archive", "connect_to", "allow_addresses", "command")
_RAW_REFUSALS = ("noarchive", "tdm-reservation", "noai", "noimageai")
"""Opt-outs that mean the raw page is never shown or passed on."""


def backup(path: Path, target: Path) -> int:
    """Copy the archive while it is in use; returns the copy's size in bytes. The copy is checked before it gets its name.

    Raises ConfigurationError where the target exists (a backup never replaces anything), ArchiveReadOnly where it cannot be written.
    """
    with _whole(target) as part:
        _copy(path, part, target)
    return target.stat().st_size


def share(path: Path, target: Path, *, raw: bool = False, text: bool = True) -> int:
    """A copy to pass on; returns its size in bytes.

    Never in it: the operator's contact, command lines, machine names, the frontier, and raw pages whose publishers
    reserved them. `raw=False` leaves all raw pages out (digests stay), `text=False` also every body, description and
    excerpt: metadata and hashes only. It gets its name when all of that is out of it.
    """
    with _whole(target) as part:
        _copy(path, part, target)
        with clear_errors(target), closing(sqlite3.connect(str(part), isolation_level=None)) as copy:
            copy.row_factory = sqlite3.Row
            copy.execute("PRAGMA foreign_keys=ON")
            copy.execute("PRAGMA secure_delete=ON")
            if schema_version(copy) < SCHEMA_VERSION:
                upgrade(copy)
            with transaction(copy):
                _strip_private(copy)
                _strip_raw(copy, keep=raw)
                if not text:
                    _strip_text(copy)
                copy.execute(
                    "INSERT INTO archive_info(key, value) VALUES('shared_at', ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value",
                    (as_text(utc_now()),),
                )
            wipe(copy)  # what a killed deletion left in the original
            copy.execute("VACUUM")
    return target.stat().st_size


def _copy(path: Path, part: Path, target: Path) -> None:
    """All of the archive as of one moment, checked; `target` is the name that errors give."""
    with clear_errors(path), closing(connect_reader(path)) as source:
        check_version(source, path)
        with clear_errors(target), closing(sqlite3.connect(str(part))) as copy:
            source.backup(copy)  # one snapshot: in WAL mode the crawl goes on writing meanwhile
            copy.execute("PRAGMA journal_mode=DELETE")
            if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise ArchiveCorrupt(f"{path} is damaged, so its copy is as well; look with `newsarchive verify`.")


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file to write a copy to that gets the name `target` when the block ends well. A kill never leaves anything under that name."""
    part = _unfinished(target)
    try:
        yield part
        part.rename(target)
    except BaseException:
        _remove(part)
        raise


def _remove(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(part.name + "-journal").unlink(missing_ok=True)


def _unfinished(target: Path) -> Path:
    if target.exists() or target.is_symlink():
        raise ConfigurationError(f"{target} is there already; give another name, nothing was written.")
    try:
        part = target.with_name(target.name + ".part")
        _remove(part)  # of a copy that was killed
        part.touch()
    except FileNotFoundError:
        raise ArchiveReadOnly(f"{target.parent} does not exist; make that folder first, or give another place.") from None
    except OSError as error:
        raise ArchiveReadOnly(f"{target} cannot be written ({error.strerror}); give another place.") from None
    require_ours(part)
    return part


def _strip_private(copy: sqlite3.Connection) -> None:
    copy.execute("DELETE FROM frontier")
    for table in ("shape_tally", "run_record", "run_step"):
        copy.execute(f"DELETE FROM {table}")
    copy.execute("UPDATE run SET command=NULL, host=NULL, pid=NULL, software=NULL")
    for row in copy.execute("SELECT id, settings, stats FROM run").fetchall():
        settings = {name: value for name, value in json.loads(row["settings"] or "{}").items() if name not in _PRIVATE_SETTINGS}
        stats = {name: value for name, value in json.loads(row["stats"] or "{}").items() if name not in _PRIVATE_SETTINGS}
        copy.execute("UPDATE run SET settings=?, stats=? WHERE id=?", (json.dumps(settings), json.dumps(stats), row["id"]))


def _strip_raw(copy: sqlite3.Connection, *, keep: bool) -> None:
    if not keep:
        copy.execute("UPDATE fetch SET raw_id=NULL")
        copy.execute("UPDATE raw SET ref_id=NULL, codec='none'")
        copy.execute("DELETE FROM raw")
        return
    reserved = " OR ".join(f"instr(opt_outs, '\"{signal}\"')" for signal in _RAW_REFUSALS)
    rows = copy.execute(f"SELECT DISTINCT raw_id FROM fetch WHERE raw_id IS NOT NULL AND ({reserved})").fetchall()
    delete_raw(copy, [row[0] for row in rows])


def _strip_text(copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE article SET body='', body_blocks='[]', description=NULL, cjk=NULL, minhash=NULL")
    copy.execute("DELETE FROM text_print")
    copy.execute("UPDATE article_revision SET body='', body_blocks='[]', description=NULL")
    copy.execute("UPDATE teaser SET excerpt=NULL")
    copy.execute("INSERT INTO article_fts(article_fts) VALUES('rebuild')")
    copy.execute("INSERT INTO archive_info(key, value) VALUES('texts', 'removed') ON CONFLICT(key) DO UPDATE SET value=excluded.value")
