"""`newsarchive backup`: copy an archive while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import say, say_json


@click.command("backup", short_help="Copy the archive, also while a crawl writes.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@archive_option
@json_option
def command(out: Path, archive: Path | None, as_json: bool) -> None:
    """Copy the archive to OUT, also while a crawl writes to it. The copy is checked before it gets its name; nothing is ever overwritten.

    \b
    Examples:
      newsarchive backup /srv/backup/news-2026-05-01.db
    """
    from newsarchive.archive.copies import backup
    from newsarchive.locations import default_archive

    size = backup(archive or default_archive(), out)
    if as_json:
        say_json({"path": str(out), "bytes": size})
        return
    say(f"Copied to {out} ({size_text(size)}).")
