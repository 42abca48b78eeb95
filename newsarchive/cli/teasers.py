"""`newsarchive teasers`: what an article's page promotes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.promotion_view import module, promotion_options, seen
from newsarchive.cli.terminal import one_line, say, say_json


@click.command("teasers", short_help="Show what an article's page promotes, over time.")
@promotion_options
def command(article: str, archive: Path | None, as_json: bool) -> None:
    """Show what the page of an article promoted: related, inline and list teasers, with when each was seen first and last.

    An id in front of a headline says that the promoted article is in the archive, too.

    \b
    Examples:
      newsarchive teasers https://example.com/2026/05/ferry
      newsarchive teasers 1f19a92504870bfd --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        found = opened.shown_on(article)
    if as_json:
        say_json([asdict(item) for item in found])
        return
    for item in found:
        say(f"{item.kind:<8} {item.target_article_id or '-':<16}  {one_line(item.title, 90)}")
        say(f"{'':<27}{seen(item)}{module(item)}")
    if not found:
        say("The page shows no teasers.")
