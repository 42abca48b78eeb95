"""`newsarchive syndication`: the same story elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.moments import MomentType
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json
from newsarchive.text import amount

TITLE_WIDTH = 80
"""Characters of a headline that are shown: with id, date and site it fits a wide terminal."""


@click.command("syndication", short_help="List stories that stand in several places.")
@click.option("--since", type=MomentType(), metavar="DATE", help="A copy came out since (UTC).")
@click.option("--site", metavar="DOMAIN", help="Only stories that this site printed, first or after others.")
@click.option("--within-site", is_flag=True, help="Also stories whose copies all stand on one site.")
@archive_option
@json_option
def command(since: str | None, site: str | None, within_site: bool, archive: Path | None, as_json: bool) -> None:
    """List stories that stand in several places, with nearly the same text: the first publisher, then the copies. A new headline, light
    edits, a cut to a third, agency lines, and what a house puts before and after make no other story.

    \b
    Examples:
      newsarchive syndication --since 2026-05-01
      newsarchive syndication --site example.com --json
    """
    from newsarchive.archive.known_sites import require_site
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        found = opened.syndication(since or "", site, within_site=within_site)
        if site is not None and not found:
            require_site(opened.connection, opened.path, site)
    if as_json:
        say_json([asdict(story) for story in found])
        return
    for story in found:
        where = amount(story.sites, "site")
        say(f"{one_line(story.first.title or '(no title)', TITLE_WIDTH)}  ({len(story.copies) + 1} times on {where})")
        for copy in (story.first, *story.copies):
            title = "" if copy.title == story.first.title else f"  {one_line(copy.title or '(no title)', TITLE_WIDTH)}"
            say(f"  {copy.published_utc or copy.first_seen:<20}  {copy.article_id}  {one_line(copy.site)}{title}")
    if not found:
        say("No story stands in several places.")
