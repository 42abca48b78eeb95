"""`newsarchive import`: take in pages that others collected."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsarchive.cli.moments import MomentType, require_order
from newsarchive.cli.parameters import changed_archive_option, json_option
from newsarchive.cli.progress_bar import counted
from newsarchive.cli.terminal import one_line, say, say_json
from newsarchive.errors import ExitCode
from newsarchive.options import OBEYABLE
from newsarchive.text import amount

if TYPE_CHECKING:
    from newsarchive.recapture.import_run import ImportProgress, ImportReport

MEGABYTE = 1024 * 1024
SHOWN_KINDS = 8
"""Kinds of records that are named; the others are summed."""

_PATH = click.Path(path_type=Path)


@click.command("import", short_help="Take in WARC and WACZ files, or a folder of pages.")
@click.argument("sources", nargs=-1, required=True, type=_PATH, metavar="FILE_OR_FOLDER...")
@click.option("--index", type=_PATH, metavar="FILE", help="Only the records that this CDX or CDXJ file names.")
@click.option("--map", "url_map", type=_PATH, metavar="FILE", help="CSV, TSV or JSON lines with the address of each page of a folder.")
@click.option("--site", metavar="DOMAIN", help="Only pages of a site (registrable domain or host).")
@click.option("--since", type=MomentType(), metavar="DATE", help="Only pages captured since then (UTC).")
@click.option("--until", type=MomentType(is_end=True), metavar="DATE", help="Only pages captured until then (UTC; a day with its end).")
@click.option("--max", "max_articles", type=click.IntRange(min=1), metavar="N", help="At most so many new articles.")
@click.option("--obey", multiple=True, type=click.Choice(OBEYABLE), metavar="SIGNAL", help="Leave out pages with this opt-out as well.")
@click.option("--sites", type=_PATH, metavar="FOLDER", help="Site profiles.  [default: NEWSARCHIVE_SITES, else data/sites in a checkout]")
@click.option("--dry-run", is_flag=True, help="Read and count, write nothing.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: one a core]")
@changed_archive_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def command(
    sources: tuple[Path, ...],
    index: Path | None,
    url_map: Path | None,
    site: str | None,
    since: str | None,
    until: str | None,
    max_articles: int | None,
    obey: tuple[str, ...],
    sites: Path | None,
    dry_run: bool,
    workers: int | None,
    archive: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Take in pages that others collected: WARC files (plain, gzip, zstd), WACZ files, CC-NEWS, folders of pages.

    Each capture goes to its own moment: nothing replaces a newer text, and what the archive has is not taken in twice.
    Damaged files give what is whole in them. The same command goes on after a kill or Ctrl-C.

    \b
    Examples:
      newsarchive import CC-NEWS-20260501000000-00001.warc.gz --site example.com
      newsarchive import collection.wacz --dry-run
      newsarchive import pages/ --map urls.csv
      newsarchive import collection.cdxj
    """
    from newsarchive.locations import default_archive
    from newsarchive.recapture.collections import Wanted
    from newsarchive.recapture.import_run import ImportPlan
    from newsarchive.recapture.take_in import take_in

    require_order(since, until)
    plan = ImportPlan(
        archive=archive or default_archive(),
        wanted=Wanted(sources=sources, index=index, url_map=url_map),
        site=site.lower() if site else None,
        since=since,
        until=until,
        max_articles=max_articles,
        obey=obey,
        sites=sites,
        dry_run=dry_run,
        workers=workers,
        command=" ".join(["newsarchive", *sys.argv[1:]]),
    )
    unit, things = (1, "files") if url_map else (MEGABYTE, "MB")
    with counted(things, quiet=quiet or as_json) as show:

        def on_progress(state: ImportProgress) -> None:
            total = None if state.total is None else state.total // unit
            show(state.done // unit, total, f"{amount(state.articles, 'article')}, {one_line(Path(state.name).name, 40)}")

        report = take_in(plan, on_progress)
    if as_json:
        say_json(asdict(report))
    else:
        _print(report)
    return ExitCode.INTERRUPTED if report.end == "interrupted" else ExitCode.OK


def _print(report: ImportReport) -> None:
    from newsarchive.model.outcome import WORDS, Outcome

    rate = f", {report.pages / report.seconds:.0f} pages/s" if report.seconds > 0 and not report.resumed else ""
    resumed = " (a run that had stopped was taken up)" if report.resumed else ""
    say(f"{amount(report.pages, 'page')} among {amount(report.records, 'record')} in {report.seconds:.1f} s{rate}{resumed}.")
    for outcome, number in sorted(report.outcomes.items(), key=lambda item: -item[1]):
        word = "would be stored" if report.dry_run and outcome == "stored" else WORDS.get(Outcome(outcome), outcome)
        say(f"  {number:>8}  {word}")
    if report.known:
        say(f"{amount(report.known, 'capture was', 'captures were')} in the archive already.")
    if report.not_selected:
        say(f"{amount(report.not_selected, 'page was', 'pages were')} not asked for.")
    kinds = list(report.passed.items())
    if kinds:
        more = sum(number for _, number in kinds[SHOWN_KINDS:])
        shown = [f"{number} {one_line(kind, 40)}" for kind, number in kinds[:SHOWN_KINDS]] + ([f"{more} more"] if more else [])
        say(f"No pages: {', '.join(shown)}.")
    if report.faults:
        say(f"{amount(report.faults, 'damaged place was', 'damaged places were')} passed over:")
        for fault in report.shown_faults:
            say(f"  {one_line(fault.collection, 80)} at {fault.offset}: {one_line(fault.reason, 120)}")
    if report.end == "interrupted":
        say("Stopped; the same command goes on from here.")
    elif report.end == "max_articles":
        say("Stopped at --max; the same command takes in the next ones.")
