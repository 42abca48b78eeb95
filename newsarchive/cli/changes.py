"""`newsarchive changes`: what publishers changed and removed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.moments import MomentType
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json

WORDS = {"headline": "headline", "text": "text", "gone": "removed", "missing": "missing"}


@click.command("changes", short_help="List edits, silent headline changes and deletions.")
@click.option("--since", type=MomentType(), metavar="DATE", help="Only what was noticed since (UTC).")
@click.option("--site", metavar="DOMAIN", help="Only this site.")
@archive_option
@json_option
def command(since: str | None, site: str | None, archive: Path | None, as_json: bool) -> None:
    """List what publishers did to articles that were out: edits, silent headline changes (the page's own date did not move), deletions.

    \b
    Examples:
      newsarchive changes --since 2026-05-01
      newsarchive changes --site example.com --json
    """
    from newsarchive.archive.known_sites import require_site
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        found = opened.changes(since or "", site)
        if site is not None and not found:
            require_site(opened.connection, opened.path, site)
    if as_json:
        say_json([asdict(change) for change in found])
        return
    for change in found:
        silent = "silent " if change.is_silent else ""
        say(f"{change.at}  {silent + WORDS[change.kind]:<16} {change.article_id}  {one_line(change.title_before or change.url, 90)}")
        if change.kind == "headline":
            say(f"{'':<38} now: {one_line(change.title_after or '(none)', 90)}")
    if not found:
        say("No article was changed or removed.")
