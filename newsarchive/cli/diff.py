"""`newsarchive diff`: what a publisher changed in an article."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import say_json


@click.command("diff", short_help="Show what changed in an article.")
@click.argument("url_or_id", metavar="URL_OR_ID")
@click.option("--from", "first", type=click.IntRange(min=1), metavar="N", help="Number of the older text.  [default: the one before]")
@click.option("--to", "last", type=click.IntRange(min=1), metavar="N", help="Number of the newer text.  [default: the newest]")
@click.option("--words/--paragraphs", default=True, show_default=True, help="Compare edited paragraphs word by word, or as a whole.")
@click.option("--html", "as_html", is_flag=True, help="Print an HTML page.")
@archive_option
@json_option
def command(url_or_id: str, first: int | None, last: int | None, words: bool, as_html: bool, archive: Path | None, as_json: bool) -> None:
    """Show what changed between two texts of an article: the newest and the one before, unless numbers are given.

    \b
    Examples:
      newsarchive diff https://example.com/2026/a-story
      newsarchive diff 3f2a9c0d11e4b7a8 --from 1 --html > story.html
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.cli.diff_view import diff_html, diff_lines
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        found = opened.diff(url_or_id, first=first, last=last, words=words)
    if as_json:
        say_json(asdict(found) | {"is_empty": found.is_empty})
    elif as_html:
        click.echo(diff_html(found))
    else:
        for line in diff_lines(found):
            click.echo(line)
