"""`newsarchive forget`: deletion on request."""

from __future__ import annotations

import glob
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.parameters import changed_archive_option, json_option
from newsarchive.cli.terminal import say, say_json
from newsarchive.errors import ArchiveBusy, InvalidUrl, NotInArchive
from newsarchive.text import amount

if TYPE_CHECKING:
    from newsarchive.archive.forget import Forgotten
    from newsarchive.archive.store import Store

SHOWN = 10
"""Addresses listed before the question; more do not help to decide."""


@click.command("forget", short_help="Remove articles for good, on request.")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--site", metavar="DOMAIN", help="Everything of a site; none of its pages is archived again.")
@click.option("--where", "condition", metavar="CONDITION", help="The articles for which this SQL condition on the view `articles` holds.")
@click.option("--reason", default="request", show_default=True, metavar="TEXT", help="Why; stands in the archive beside the digest.")
@click.option("--reference", metavar="TEXT", help="File number or letter of the request.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@changed_archive_option
@json_option
def command(
    urls: tuple[str, ...],
    site: str | None,
    condition: str | None,
    reason: str,
    reference: str | None,
    dry_run: bool,
    yes: bool,
    archive: Path | None,
    as_json: bool,
) -> None:
    """Remove articles for good: text, revisions, raw pages, teasers, captures, and their words in the search index. A digest of each
    address stays, and keeps it from being archived again. Backups and shared copies made before are not touched.

    \b
    Examples:
      newsarchive forget https://example.com/2026/a-story --reason "court order" --reference "7 O 12/26"
      newsarchive forget --site example.com --dry-run
      newsarchive forget --where "title LIKE '%lottery%'"
    """
    from newsarchive.archive.forget import Request, forget
    from newsarchive.archive.store import Store
    from newsarchive.locations import default_archive

    if not urls and site is None and condition is None:
        raise click.UsageError("name what is to be forgotten: a URL, --site DOMAIN, or --where CONDITION")
    if as_json and not (yes or dry_run):
        raise click.UsageError("--json asks nothing: add --dry-run to see what would be removed, or --yes to remove it")
    with Store(archive or default_archive(), create=False) as store:
        found = _addresses(store, urls, site, condition)
        if not found and site is None:
            raise NotInArchive(f"{store.path} holds nothing of that; nothing was changed.")
        preview = forget(store, found, Request(reason, reference), site=site, dry_run=True)
        if not as_json:
            _show(found, site)
        if dry_run:
            _print_preview(preview, found, as_json=as_json)
            return
        if not yes:
            click.confirm(f"Remove for good: {_text(preview)}?", abort=True)
        done = forget(store, found, Request(reason, reference), site=site)
    copies = copies_before_migration(store.path)
    if as_json:
        say_json(_record(done, found) | {"dry_run": False, "copies": [str(copy) for copy in copies]})
    else:
        say(f"Removed: {_text(done)}.")
        for copy in copies:
            say(f"A copy from before a migration still holds it; delete it when you need it no longer: {copy}")
    if not done.is_log_clear:
        raise ArchiveBusy(
            "A program that reads the archive kept its -wal file open, which still holds the words; close it and run this again."
        )


def copies_before_migration(path: Path) -> list[Path]:
    """The copies that newsarchive itself put beside the archive."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}.before-v*"))


def _print_preview(preview: Forgotten, found: list[str], *, as_json: bool) -> None:
    if as_json:
        say_json(_record(preview, found) | {"dry_run": True})
    else:
        say(f"Would be removed: {_text(preview)}.")


def _record(done: Forgotten, found: list[str]) -> dict[str, Any]:
    return asdict(done) | {"urls": found}


def _show(found: list[str], site: str | None) -> None:
    if site is not None and not found:
        say(f"The archive holds nothing of {site}; all that is set is that none of its pages will be archived.")
    for address in found[:SHOWN]:
        say(f"  {address}")
    if len(found) > SHOWN:
        say(f"  and {len(found) - SHOWN} more")


def _addresses(store: Store, urls: tuple[str, ...], site: str | None, condition: str | None) -> list[str]:
    from newsarchive.archive.forget import addresses_of, addresses_of_site, addresses_where

    found: set[str] = set()
    for url in urls:
        if "://" not in url:
            raise InvalidUrl(f"{url!r} is no address; write it like https://example.com/2026/a-story")
        found |= set(addresses_of(store, url))
    if site is not None:
        found |= set(addresses_of_site(store, site))
    if condition is not None:
        found |= set(addresses_where(store, condition))
    return sorted(found)


def _text(done: Forgotten) -> str:
    counts = (
        amount(done.articles, "article"),
        amount(done.revisions, "older text"),
        amount(done.raw_pages, "raw page"),
        amount(done.captures, "capture"),
        amount(done.teasers, "teaser"),
    )
    return ", ".join(counts) + "; " + amount(done.addresses, "address", "addresses")
