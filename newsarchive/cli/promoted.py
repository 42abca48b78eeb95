"""`newsarchive promoted`: where an article was promoted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.promotion_view import module, promotion_options, seen
from newsarchive.cli.terminal import one_line, say, say_json


@click.command("promoted", short_help="Show which pages promoted an article, and when.")
@promotion_options
def command(article: str, archive: Path | None, as_json: bool) -> None:
    """Show which archived pages promoted an article, where on the page, and when it was seen there first and last.

    The article need not be archived itself: an address that archived pages only point to is found as well.

    \b
    Examples:
      newsarchive promoted https://example.com/2026/05/ferry
      newsarchive promoted 1f19a92504870bfd --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        found = opened.promoted(article)
    if as_json:
        say_json([asdict(item) for item in found])
        return
    for item in found:
        say(f"{item.kind:<8} {item.page_article_id or '-':<16}  {one_line(item.page_url, 90)}")
        say(f"{'':<27}{seen(item)}, place {item.position + 1}{module(item)}, as {one_line(item.title, 60)!r}")
    if not found:
        say("No archived page promotes it.")
