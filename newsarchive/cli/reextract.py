"""`newsarchive reextract`: read stored pages again."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.moments import MomentType
from newsarchive.cli.parameters import changed_archive_option, json_option, table_options
from newsarchive.cli.progress_bar import counted
from newsarchive.cli.terminal import one_line, say, say_json
from newsarchive.errors import ExitCode
from newsarchive.text import amount

if TYPE_CHECKING:
    from newsarchive.recapture.reextract import ReextractProgress, ReextractReport

WIDTH = 90
"""Characters of a value in the sample."""


@click.command("reextract", short_help="Read stored pages again with today's extractor.")
@click.option("--site", metavar="DOMAIN", help="Only articles of a site (registrable domain or host).")
@click.option("--since", type=MomentType(), metavar="DATE", help="Only pages captured since then (UTC).")
@click.option("--where", "condition", metavar="CONDITION", help="Only articles for which this SQL condition on the view `articles` holds.")
@click.option("--all", "every_version", is_flag=True, help="Also what this version of the extractor has read.")
@click.option("--dry-run", is_flag=True, help="Read and compare, change nothing.")
@table_options("sites")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: one a core]")
@changed_archive_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def command(
    site: str | None,
    since: str | None,
    condition: str | None,
    every_version: bool,
    dry_run: bool,
    sites: Path | None,
    workers: int | None,
    archive: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Read stored pages again with today's extractor and put the new readings in the place of the old ones.

    Never a revision and never an edit of the publisher. Texts whose page is not kept stay as they are, and so does a text
    that the new reading would lose. The same command goes on after a kill or Ctrl-C.

    \b
    Examples:
      newsarchive reextract --dry-run
      newsarchive reextract --site example.com
      newsarchive reextract --all --where "confidence < 0.5"
    """
    from newsarchive.archive.rereading import Selection
    from newsarchive.locations import default_archive, default_sites
    from newsarchive.recapture.reextract import ReextractPlan, reextract
    from newsarchive.sites.load import load_default_profiles, load_profiles

    plan = ReextractPlan(
        archive=archive or default_archive(),
        selection=Selection(
            site=site,
            since=since,
            condition=condition,
            every_version=every_version,
        ),
        dry_run=dry_run,
        workers=workers,
        profiles=load_profiles(sites) if sites else load_default_profiles(default_sites()),
        command=" ".join(["newsarchive", *sys.argv[1:]]),
    )
    with counted("pages", quiet=quiet or as_json) as show:

        def on_progress(state: ReextractProgress) -> None:
            show(state.done, state.total, f"{state.changed} changed")

        report = reextract(plan, on_progress)
    if as_json:
        say_json(record_of(report))
    else:
        _print(report)
    return ExitCode.OK if report.is_complete else ExitCode.INTERRUPTED


def record_of(report: ReextractReport) -> dict[str, Any]:
    """The report as JSON values."""
    return asdict(report)


def _print(report: ReextractReport) -> None:
    verb = "would change" if report.dry_run else "changed"
    rate = f", {report.read / report.seconds:.0f} pages/s" if report.seconds > 0 and not report.resumed else ""
    resumed = " (a run that had stopped was taken up)" if report.resumed else ""
    say(f"{report.read} of {amount(report.selected, 'text')} read again in {report.seconds:.1f} s{rate}; {report.changed} {verb}{resumed}.")
    if not report.selected:
        say("Every text with a stored page was read by this version already; --all reads them again.")
    if report.without_page:
        what = amount(report.without_page, "more has no stored page and stays as it is", "more have no stored page and stay as they are")
        say(f"{what}.")
    for reason, number in report.refused.items():
        say(f"{amount(number, 'keeps its', 'keep their')} old reading: {reason}.")
    for field, number in report.fields.items():
        say(f"  {field:<16} {number}")
        for change in report.sample:
            if change.field == field:
                say(f"    {change.url}")
                say(f"      - {one_line(_differing(change.before, change.after), WIDTH)}")
                say(f"      + {one_line(_differing(change.after, change.before), WIDTH)}")
    if not report.is_complete:
        say("Stopped; the same command goes on from here.")


def _differing(value: Any, other: Any) -> str:  # noqa: ANN401 - a cell
    """A value from shortly before the place where it parts from the other."""
    text, against = _text(value), _text(other)
    same = next((place for place, (a, b) in enumerate(zip(text, against, strict=False)) if a != b), min(len(text), len(against)))
    start = max(0, same - WIDTH // 3)
    return ("…" if start else "") + text[start:] or "(nothing)"


def _text(value: Any) -> str:  # noqa: ANN401 - a cell
    if value is None:
        return ""
    return " | ".join(map(str, value)) if isinstance(value, list) else str(value)
