"""`newsarchive merge`: several archives become one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.parameters import json_option
from newsarchive.cli.terminal import say, say_json
from newsarchive.text import amount

if TYPE_CHECKING:
    from newsarchive.archive.merge import Merged


@click.command("merge", short_help="Take other archives into one.")
@click.argument("paths", metavar="ARCHIVE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", "target", required=True, type=click.Path(path_type=Path), metavar="PATH", help="The archive that takes them in.")
@click.option("--no-raw", is_flag=True, help="Leave their raw pages out; the digests come along.")
@json_option
def command(paths: tuple[Path, ...], target: Path, no_raw: bool, as_json: bool) -> None:
    """Take other archives into one, which is made where there is none. They are only read, and not trusted: what cannot be true is left
    out and counted. Merging again adds nothing, and the order makes no difference.

    An article that several hold keeps its id and gets the texts of all, in the order in which they were first seen; the newest is its
    text. What is removed on request in one of them is taken from none. Addresses that wait to be fetched stay with their crawl.

    \b
    Examples:
      newsarchive merge monday.db tuesday.db --into all.db
      newsarchive merge shards/*.db --into data/archive.db --no-raw
    """
    from newsarchive.archive.merge import merge_into

    done = merge_into(target, paths, keep_raw=not no_raw)
    if as_json:
        say_json({"merged": [_record(item) for item in done.merged], "to_be_forgotten": done.to_be_forgotten})
        return
    for item in done.merged:
        _print(item)
    for url in done.to_be_forgotten:
        say(f"One of the archives has removed {url} on request; to remove it here too: newsarchive forget {url} --archive {target}")


def _print(item: Merged) -> None:
    say(
        f"{item.path}: {amount(item.articles_new, 'article')} new, {item.articles_changed} completed, {item.articles_same} known;"
        f" {amount(item.captures, 'capture')} and {amount(item.raw_pages, 'raw page')} new."
    )
    if item.buried:
        say(f"  {amount(item.buried, 'article is', 'articles are')} removed on request and not taken.")
    if item.waiting:
        say(f"  {amount(item.waiting, 'address still waits', 'addresses still wait')} there to be fetched and stayed there.")
    for table, number in sorted(item.rejected.items()):
        say(f"  {amount(number, 'row')} of {table} cannot be true and stayed out.")


def _record(item: Merged) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(item) | {"path": str(item.path)}
