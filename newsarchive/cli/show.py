"""`newsarchive show`: print one article of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import say_json


@click.command("show", short_help="Print one article of the archive.")
@click.argument("url_or_id", metavar="URL_OR_ID")
@archive_option
@json_option
def command(url_or_id: str, archive: Path | None, as_json: bool) -> None:
    """Print one article of the archive: text, facts, teasers, and what the archive knows about it.

    Every address under which the article was met finds it, and so do its id and the first characters of its id.

    \b
    Examples:
      newsarchive show https://example.com/2026/a-story
      newsarchive show 3f2a9c0d11e4b7a8 --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.cli.archived_view import archived_lines, archived_record
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        found = opened.article(url_or_id)
    if as_json:
        say_json(archived_record(found))
        return
    for line in archived_lines(found):
        click.echo(line)
