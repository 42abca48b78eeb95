"""`newsarchive run`: the unattended crawl of all sites that are due."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from newsarchive.cli.log_output import log_option, start_log
from newsarchive.cli.parameters import config_option, table_options
from newsarchive.cli.terminal import complain, one_line, say, say_json
from newsarchive.errors import ExitCode

if TYPE_CHECKING:
    from newsarchive.logs import LogFormat
    from newsarchive.model.run import Progress
    from newsarchive.nightly.config import NightConfig
    from newsarchive.nightly.due import Decision
    from newsarchive.nightly.night import NightRequest, NightResult


@click.command(
    "run",
    short_help="Crawl the sites that are due, unattended.",
    epilog="For schedulers: `newsarchive schedule` writes the units. Exit codes: docs/reference/exit-codes.md.",
)
@click.argument("names", nargs=-1, metavar="[SITE]...")
@click.option("--due", "only_due", is_flag=True, help="Only sites whose schedule says so.")
@click.option("--dry-run", is_flag=True, help="Only say what would run, and why.")
@config_option
@table_options("archive", "sites", "contact", "time_limit_seconds", "max_per_site", "delay_seconds", "allow_addresses", "connect_to")
@click.option("--upgrade", type=click.Choice(("migrate", "refuse")), help="What to do with an archive of an older newsarchive.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens to each address on the error stream.")
@log_option
def command(
    names: tuple[str, ...],
    only_due: bool,
    dry_run: bool,
    config: Path | None,
    upgrade: Literal["migrate", "refuse"] | None,
    log_format: LogFormat,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **options: Any,  # noqa: ANN401
) -> int:
    """Crawl every site that has a profile in one run, then judge its health and clean up: the command for schedulers.

    SITE is the name of a profile or one of its domains; without it all are meant. With --due only those are crawled whose
    schedule says so. nightly.toml has the limits and what is done after the crawl. A second run at the same time does nothing.

    \b
    Examples:
      newsarchive run --due --dry-run
      newsarchive run --due
      newsarchive run example.com
    """
    from newsarchive.cli.progress import progress_display
    from newsarchive.nightly.night import Night
    from newsarchive.nightly.telling import tell_beginning, tell_people

    level = start_log(verbose=verbose, log_format=log_format)
    request = _request(names, options, config, upgrade, only_due=only_due, log=(level, log_format))
    if dry_run:
        return _show_plan(Night(request).plan(), as_json=as_json)
    archive, typed, channels = request.plan.archive, request.plan.command, request.config.channels
    with progress_display(quiet=quiet or as_json) as show:
        night = Night(request, on_event=_shown(show))
        result = night.run(
            begin=lambda outcome: tell_beginning(outcome, archive, typed, channels),
            tell=lambda outcome: tell_people(outcome, archive, typed, channels, night.site_of(), request.config.report_folder),
        )
    _show(result, as_json=as_json, quiet=quiet)
    return result.exit_code


def _shown(show: Callable[[Progress], None] | None) -> Callable[[Mapping[str, Any]], None]:
    """What the crawl's process says, as progress on the terminal."""
    from newsarchive.model.run import Progress as Shown

    def on_event(event: Mapping[str, Any]) -> None:
        if show is not None and "progress" in event:
            show(Shown(**event["progress"]))

    return on_event


def _request(
    names: tuple[str, ...], options: Mapping[str, Any], config: Path | None, upgrade: str | None, *, only_due: bool, log: tuple[str, str]
) -> NightRequest:
    import os

    from newsarchive.cli.contact import known_contact
    from newsarchive.locations import default_archive, default_sites
    from newsarchive.model.run import CrawlPlan
    from newsarchive.nightly.config import read_config
    from newsarchive.nightly.night import NightRequest

    values = {name: value for name, value in options.items() if value is not None and value != ()}
    settings = _with_options(read_config(config), values, upgrade)
    for name in ("time_limit_seconds", "max_per_site"):
        values.pop(name, None)
    sites = values.pop("sites", None) or default_sites()
    contact = values.pop("contact", None) or known_contact()
    plan = CrawlPlan(**{"archive": default_archive(), **values, "contact": contact, "seeds": (), "command": _command_line()})
    return NightRequest(
        plan=plan,
        sites=sites,
        config=settings,
        names=names,
        only_due=only_due,
        environment=dict(os.environ),
        log_level=log[0],
        log_format=log[1],
    )


def _with_options(config: NightConfig, values: Mapping[str, Any], upgrade: str | None) -> NightConfig:
    from datetime import timedelta

    changes: dict[str, Any] = {}
    if "time_limit_seconds" in values:
        changes["time_limit"] = timedelta(seconds=values["time_limit_seconds"])
    if "max_per_site" in values:
        changes["max_per_site"] = values["max_per_site"]
    if upgrade:
        changes["upgrade"] = upgrade
    return replace(config, **changes)


def _show_plan(decisions: list[Decision], *, as_json: bool) -> int:
    """Print what would run; ends like the run would begin: with `nothing due`, or with a configuration error where no site is sound."""
    runs = [decision for decision in decisions if decision.runs]
    if as_json:
        say_json([_plain(decision) for decision in decisions])
    else:
        for decision in decisions:
            mark = click.style("run ", fg="green") if decision.runs else "    "
            following = f"; next {decision.next_at:%Y-%m-%d %H:%M UTC}" if decision.next_at else ""
            click.echo(f"{mark} {one_line(decision.site, 30):<30} {one_line(decision.sentence)}{following}")
        say(f"{len(runs)} of {len(decisions)} sites would run.")
    if any(decision.why == "broken" for decision in decisions):
        return ExitCode.PARTIAL if runs else ExitCode.CONFIGURATION
    return ExitCode.OK if runs else ExitCode.NOTHING_DUE


def _plain(decision: Decision) -> dict[str, Any]:
    moments = {"due_at": decision.due_at, "next_at": decision.next_at}
    return {
        "site": decision.site,
        "runs": decision.runs,
        "why": decision.why,
        "sentence": decision.sentence,
        "seeds": list(decision.seeds),
        **{name: moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None for name, moment in moments.items()},
    }


def _show(result: NightResult, *, as_json: bool, quiet: bool) -> None:
    from newsarchive.cli.night_view import night_lines, night_record

    if as_json:
        say_json(night_record(result))
    elif not quiet:
        for line in night_lines(result):
            say(line)
    if not as_json:
        for reason in result.reasons:
            if reason.code is not ExitCode.NOTHING_DUE:
                complain(reason.sentence)
            elif not quiet:
                say("No site is due.")


def _command_line() -> str:
    """What was typed, for the run record; `newsarchive run` stands first, because a night is known by it."""
    typed = [argument for argument in sys.argv[1:] if argument != "--debug"]
    rest = typed[typed.index("run") + 1 :] if "run" in typed else []
    return " ".join(["newsarchive", "run", *(shlex.quote(argument) for argument in rest)])
