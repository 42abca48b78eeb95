"""`newsarchive stats`: figures of an archive."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import say, say_json
from newsarchive.text import amount


@click.command("stats", short_help="Show the figures of the archive.")
@archive_option
@json_option
def command(archive: Path | None, as_json: bool) -> None:
    """Show the figures of the archive: articles, revisions, teasers, raw pages, sizes, runs.

    \b
    Examples:
      newsarchive stats
      newsarchive stats --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    path = archive or default_archive()
    with open_archive(path) as opened:
        stats, runs = opened.stats(), opened.runs()
    if as_json:
        say_json(asdict(stats) | {"last_run": asdict(runs[0]) if runs else None})
        return
    ratio = stats.raw_bytes / stats.raw_stored_bytes if stats.raw_stored_bytes else 0
    lines = [
        ("articles", f"{stats.articles} of {amount(stats.sites, 'site')}, {stats.gone} no longer served"),
        ("published", f"{stats.first_published or 'no date'} to {stats.last_published or 'no date'}"),
        ("older texts", f"{stats.revisions}"),
        ("teasers", f"{stats.teasers}, shown {amount(stats.placements, 'time')}"),
        ("captures", f"{stats.fetches} in {amount(stats.runs, 'run')}"),
        ("raw pages", f"{stats.raw_pages}, {size_text(stats.raw_bytes)} in {size_text(stats.raw_stored_bytes)} ({ratio:.1f} to 1)"),
        ("waiting", amount(stats.waiting, "address", "addresses")),
        ("file", f"{path} ({size_text(stats.file_bytes)})"),
    ]
    if runs:
        lines.append(("last run", f"{runs[0].started_at}, {runs[0].status}"))
    for word, text in lines:
        say(f"{word:<12} {text}")
