"""`newsarchive coverage`: what a site listed, what of it is stored, and why the rest is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.parameters import archive_option, json_option, table_option
from newsarchive.cli.terminal import one_line, say_json

if TYPE_CHECKING:
    from newsarchive.archive.coverage import Coverage, MissedUrl

SHOWN = 20
"""Missed addresses printed for people; --all, --json and --csv give every one."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets would run it."""


@click.command("coverage", short_help="What did I miss of a site, and why?")
@click.argument("site", metavar="SITE")
@table_option("since")
@click.option("--all", "is_all", is_flag=True, help="Print every missed address, not the first ones.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the missed addresses as CSV.")
@archive_option
@json_option
def command(site: str, since: date | None, is_all: bool, as_csv: bool, archive: Path | None, as_json: bool) -> None:
    """Compare what the feeds and sitemaps of SITE listed in all crawls with what is stored, and list what is missing with its reason.

    SITE is a domain, an address or the name of a site profile. --since leaves out what is listed with an earlier date.

    \b
    Examples:
      newsarchive coverage example.com
      newsarchive coverage example.com --since 2026-03-01 --csv > missed.csv
    """
    from newsarchive.archive.coverage import coverage_of
    from newsarchive.locations import default_archive

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    found = coverage_of(archive or default_archive(), _domains(site), since=since)
    if as_json:
        say_json(asdict(found) | {"reasons": {outcome or "waiting": number for outcome, number in found.reasons.items()}})
    elif as_csv:
        click.echo(_csv(found), nl=False)
    else:
        for line in _lines(found, None if is_all else SHOWN):
            click.echo(line)


def _domains(site: str) -> list[str]:
    """The domains of the profile with that name, or the site of an address."""
    from newsarchive.cli.seeds import checked_seeds
    from newsarchive.locations import default_sites
    from newsarchive.sites.load import load_default_profiles
    from newsarchive.urls import host_of, registrable_domain

    profiles = load_default_profiles(default_sites())
    profile = profiles.named(site)
    if profile is not None:
        return list(profile.domains)
    url = checked_seeds([site if "://" in site or "." in site else f"http://{site}"])[0]
    host = host_of(url)
    return [host if ":" in host else registrable_domain(url)]


def _lines(found: Coverage, limit: int | None) -> Iterator[str]:
    from newsarchive.model.outcome import WORDS, Outcome

    share = f", {found.stored / found.listed:.1%}" if found.listed else ""
    since = f" since {found.since}" if found.since else ""
    yield (
        click.style(f"{found.stored} of {found.listed} listed pages are stored{share}", bold=True) + f" ({', '.join(found.domains)}{since})"
    )
    for way, numbers in sorted(found.by_listing.items()):
        yield f"  {way:<13} {numbers['listed']:>7} listed {numbers['stored']:>7} stored"
    if found.since and found.undated:
        yield f"  {found.undated} listed pages have no date; they are counted."
    if found.out_of_range:
        yield f"  {found.out_of_range} more addresses were left out by the date range of the crawls."
    for outcome, number in found.reasons.items():
        words = "still to be fetched" if outcome is None else WORDS.get(Outcome(outcome), outcome)
        yield f"  {click.style('missed', fg='red')}        {number:>7} {words}"
    for source in found.sources:
        if source.outcome != "source":
            why = "not read yet" if source.outcome is None else f"{source.outcome}{f', {source.detail}' if source.detail else ''}"
            yield f"  {source.kind} {one_line(source.url)}: {one_line(why)}"
    for item in found.missed[:limit]:
        why = "still to be fetched" if item.outcome is None else item.outcome + (f", {item.detail}" if item.detail else "")
        yield f"{one_line(item.date or 'no date', 10):<10}  {one_line(item.url)}: {one_line(why)}"
    rest = len(found.missed) - (limit or len(found.missed))
    if rest > 0:
        yield f"and {rest} more; --all prints them, --csv and --json give them as data."


def _csv(found: Coverage) -> str:
    from newsarchive.archive.coverage import MissedUrl

    names = [item.name for item in fields(MissedUrl)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(_record(item)[name]) for name in names] for item in found.missed)
    return text.getvalue()


def _record(item: MissedUrl) -> dict[str, Any]:
    return asdict(item) | {"outcome": item.outcome or "waiting"}


def _cell(value: str | None) -> str:
    text = one_line(value or "")
    return f"'{text}" if text.startswith(_FORMULA) else text
