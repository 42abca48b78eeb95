"""`newsarchive search`: find articles by their words."""

from __future__ import annotations

from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import say, say_json

DEFAULT_HITS = 10
"""Hits shown unless --limit says otherwise: one screen."""
MAX_HITS = 1000
"""More than anybody reads; a whole result is an export's work."""


@click.command("search", short_help="Find articles by their words.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--limit", type=click.IntRange(1, MAX_HITS), default=DEFAULT_HITS, show_default=True, metavar="N", help="Hits to show.")
@archive_option
@json_option
def command(words: tuple[str, ...], limit: int, archive: Path | None, as_json: bool) -> None:
    """Find articles that hold all the words, best first.

    \b
    Examples:
      newsarchive search harbour
      newsarchive search city council budget --limit 3 --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.cli.archived_view import hit_lines, hit_record
    from newsarchive.locations import default_archive

    query = " ".join(words)
    with open_archive(archive or default_archive()) as opened:
        hits = opened.search(query, limit)
    if as_json:
        say_json([hit_record(hit) for hit in hits])
        return
    if not hits:
        say(f"No article holds {query!r}. Fewer words find more.")
    for number, hit in enumerate(hits, start=1):
        for line in hit_lines(number, hit):
            click.echo(line)
