"""`newsarchive share`: a copy of the archive to pass on."""

from __future__ import annotations

from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import say, say_json


@click.command("share", short_help="Make a copy to pass on, without what is private.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--no-raw", is_flag=True, help="Leave out the raw pages; their digests stay.")
@click.option("--no-text", is_flag=True, help="Leave out raw pages, bodies, descriptions and excerpts: metadata and digests only.")
@archive_option
@json_option
def command(out: Path, no_raw: bool, no_text: bool, archive: Path | None, as_json: bool) -> None:
    """Make a copy of the archive to pass on. Never in it: your contact, command lines, machine names, the frontier, and raw pages
    that their publishers reserved.

    \b
    Examples:
      newsarchive share news-for-colleagues.db --no-raw
      newsarchive share dataset.db --no-text
    """
    from newsarchive.archive.copies import share
    from newsarchive.locations import default_archive

    size = share(archive or default_archive(), out, raw=not (no_raw or no_text), text=not no_text)
    if as_json:
        say_json({"path": str(out), "bytes": size})
        return
    say(f"Copied to {out} ({size_text(size)}), without contact, command lines and frontier.")
