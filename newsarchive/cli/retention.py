"""`newsarchive retention`: let raw pages go by age or size."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from newsarchive.cli.parameters import changed_archive_option, json_option
from newsarchive.cli.sizes import SizeType, size_text
from newsarchive.cli.terminal import say, say_json
from newsarchive.text import amount

MAX_DAYS = 36_500
"""A hundred years; no page is older, and the calendar has an end."""


@click.command("retention", short_help="Let raw pages go by age or size.")
@click.option(
    "--older-than", "days", type=click.IntRange(min=0, max=MAX_DAYS), metavar="DAYS", help="Raw pages last captured longer ago than this."
)
@click.option(
    "--max-size", "max_bytes", type=SizeType(), metavar="SIZE", help="Then the oldest, until the rest takes at most this (500MB, 2GB)."
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@changed_archive_option
@json_option
def command(days: int | None, max_bytes: int | None, dry_run: bool, archive: Path | None, as_json: bool) -> None:
    """Let raw pages go by age or size. Texts, revisions, captures and the pages' digests stay.

    The file does not shrink; the room is used for what comes next (`newsarchive share` and `sqlite3 ARCHIVE VACUUM` write it compact).

    \b
    Examples:
      newsarchive retention --older-than 90 --dry-run
      newsarchive retention --max-size 5GB
    """
    from newsarchive.archive.retention import purge_raw
    from newsarchive.archive.store import Store
    from newsarchive.locations import default_archive

    if days is None and max_bytes is None:
        raise click.UsageError("name a limit: --older-than DAYS, --max-size SIZE, or both")
    older_than = None if days is None else timedelta(days=days)
    with Store(archive or default_archive(), create=False) as store:
        done = purge_raw(store, older_than=older_than, max_bytes=max_bytes, dry_run=dry_run)
    if as_json:
        say_json(asdict(done) | {"dry_run": dry_run})
        return
    verb = "would go" if dry_run else "went"
    rest = f"{done.left_pages} ({size_text(done.left_bytes)}) {'stays' if done.left_pages == 1 else 'stay'}"
    say(f"{amount(done.pages, 'raw page')} ({size_text(done.stored_bytes)}) {verb}; {rest}.")
