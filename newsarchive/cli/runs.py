"""`newsarchive runs`: the runs of an archive, and one of them with everything that is known of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.progress import duration
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import one_line, say, say_json

SHOWN = 20
"""Runs that are listed: three weeks of nights fit a terminal."""


@click.group("runs", invoke_without_command=True, short_help="List runs, or show one of them.")
@archive_option
@json_option
@click.option("-n", "--number", type=click.IntRange(min=1), default=SHOWN, show_default=True, help="So many, the newest first.")
@click.pass_context
def command(context: click.Context, archive: Path | None, as_json: bool, number: int) -> None:
    """List the runs of the archive, the newest first: what each came to, and with which exit code.

    \b
    Examples:
      newsarchive runs
      newsarchive runs show 12
      newsarchive runs --json
    """
    if context.invoked_subcommand is not None:
        return
    from newsarchive.archive.nights import reading
    from newsarchive.archive.run_accounts import run_list
    from newsarchive.locations import default_archive

    with reading(archive or default_archive()) as connection:
        found = run_list(connection, number)
    if as_json:
        say_json(found)
        return
    for run in found:
        say(_line(run))
    if not found:
        say("There are no runs yet.")


@command.command("show", short_help="Show one run.")
@click.argument("name", metavar="ID")
@archive_option
@json_option
def show(name: str, archive: Path | None, as_json: bool) -> None:
    """Show a run: command, settings, versions, and for each site outcomes, bytes, duration, field coverage and yield.

    ID is its number, its uuid, or the beginning of that.
    """
    from newsarchive.archive.nights import reading
    from newsarchive.archive.run_accounts import run_account
    from newsarchive.locations import default_archive

    with reading(archive or default_archive()) as connection:
        run = run_account(connection, name, site_names())
    if as_json:
        say_json(run)
        return
    for line in _lines(run):
        say(line)


@command.command("report", short_help="Write a page about one run.")
@click.argument("name", metavar="ID")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The page; replaced when it is there.")
@archive_option
def report(name: str, out: Path, archive: Path | None) -> None:
    """Write one HTML page about a run, with plots of the nights before it, that needs neither scripts nor the network.

    \b
    Examples:
      newsarchive runs report 12 -o report.html
    """
    from newsarchive.archive.nights import reading
    from newsarchive.archive.run_accounts import run_account
    from newsarchive.locations import default_archive
    from newsarchive.nightly.report import write_report
    from newsarchive.nightly.telling import night_lines, notice_of_run

    place = archive or default_archive()
    with reading(place) as connection:
        run = run_account(connection, name, site_names())
    write_report(notice_of_run(run, place), night_lines(place, run["id"]), out)
    say(f"Written to {out}.")


def site_names() -> Callable[[str], str]:
    """Host -> site, by the profiles that are sound; names no fault, which is for `sites check`."""
    from functools import partial

    from newsarchive.locations import default_sites
    from newsarchive.nightly.site_names import site_name
    from newsarchive.sites.load import load_sound_profiles

    profiles, _ = load_sound_profiles(default_sites(), environment=os.environ)
    return partial(site_name, profiles=profiles)


def _line(run: Mapping[str, Any]) -> str:
    code = "" if run["exit_code"] is None else f"exit {run['exit_code']}"
    took = "" if run["seconds"] is None else duration(run["seconds"])
    return f"{run['id']:>5}  {run['started_at']}  {run['status']:<11} {took:>9}  {code:<8} {_outcomes(run['outcomes'])}"


def _outcomes(counts: Mapping[str, int], shown: int = 5) -> str:
    words = [f"{number} {name}" for name, number in list(counts.items())[:shown]]
    return ", ".join(words) + (f" and {len(counts) - shown} more kinds" if len(counts) > shown else "")


def _lines(run: Mapping[str, Any]) -> Iterator[str]:
    """A run for the terminal."""
    why = f" ({run['finish_reason']})" if run["finish_reason"] not in (None, run["status"]) else ""
    yield f"Run {run['id']}, {run['uuid']}"
    yield f"  state      {run['status']}{why}, {run['sessions']} session{'s' if run['sessions'] != 1 else ''}"
    if run["exit_code"] is not None:
        yield f"  exit code  {run['exit_code']}"
    for reason in run["record"].get("reasons", ()):
        yield f"  reason     {one_line(reason['sentence'])}"
    yield f"  began      {run['started_at']}, ended {run['finished_at'] or 'not yet'}, last progress {run['progress_at'] or 'unknown'}"
    yield f"  command    {one_line(run['command'] or 'unknown')}"
    yield f"  versions   {', '.join(f'{name} {version}' for name, version in run['software'].items())}"
    changed = {name: value for name, value in run["settings"].items() if value not in (None, [], "", False) and name not in _SAID}
    yield f"  settings   {one_line(', '.join(f'{name}={value}' for name, value in sorted(changed.items())))}"
    yield f"  outcomes   {_outcomes(run['outcomes'], 30) or 'none'}"
    yield f"  traffic    {run['requests']} requests, {size_text(run['bytes'])} kept"
    for site in run["sites"]:
        yield from _site_lines(site)
    for step in run["steps"]:
        told = step["detail"].get("error") or ", ".join(f"{k} {v}" for k, v in step["detail"].items() if isinstance(v, int | float | str))
        yield f"  step       {step['name']:<10} {step['status']:<10} {one_line(told, 100)}"
    for note in [*run["notes"], *run["record"].get("notes", ())]:
        yield f"  note       {one_line(note)}"


_SAID = frozenset({"command", "seeds"})


def _site_lines(site: Mapping[str, Any]) -> Iterator[str]:
    rate = "" if site["articles_per_request"] is None else f", {site['articles_per_request']:.2f} new articles a request"
    traffic = f"{site['requests']} requests, {size_text(site['bytes'])}, {duration(site['seconds'])}{rate}"
    yield f"  site       {one_line(site['site'], 30):<30} {site['status']}: {_outcomes(site['outcomes']) or 'nothing'} ({traffic})"
    if site["coverage"]:
        shares = (f"{name} {'-' if share is None else f'{share:.0%}'}" for name, share in site["coverage"].items())
        yield f"             {'':<30} {', '.join(shares)}"
