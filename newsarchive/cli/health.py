"""`newsarchive health`: which sites do not look as they used to, since when, and what to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json
from newsarchive.errors import ExitCode, NotInArchive

if TYPE_CHECKING:
    from newsarchive.nightly.alarms import Alarm


@click.command("health", short_help="Which sites do not look as they used to?")
@click.argument("sites", nargs=-1, metavar="[SITE]...")
@click.option("--accept", is_flag=True, help="What the named sites show now is the new normal: their alarms end.")
@click.option("--field", "fields", multiple=True, metavar="FIELD", help="With --accept: only this field. Can be repeated.")
@click.option("--update", is_flag=True, help="First judge the finished crawls that were not judged yet, the oldest first.")
@archive_option
@json_option
def command(sites: tuple[str, ...], accept: bool, fields: tuple[str, ...], update: bool, archive: Path | None, as_json: bool) -> int:
    """Show the alarms that are open: what is unlike a site's own nights before, since when, pages that show it, and what to type next.

    `newsarchive run` judges every night by itself; after other crawls --update does. Nothing has to be set, but a site needs
    14 nights of history. An alarm ends by itself when the site is as before; what stays as it is has to be accepted with --accept,
    or the alarm stays open. Ends with 19 while an alarm is open.

    \b
    Examples:
      newsarchive health
      newsarchive health example.com --json
      newsarchive health --update
      newsarchive health example.com --accept --field teasers
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.archive.site_nights import measured_sites
    from newsarchive.locations import default_archive
    from newsarchive.nightly.alarms import open_alarms

    if (accept and not sites) or (fields and not accept):
        raise click.UsageError("--accept needs the sites it is for, and --field is for --accept")
    path = archive or default_archive()
    site_of = _site_of()
    if update:
        _update(path, site_of)
    with open_archive(path) as opened:
        nights = measured_sites(opened.connection)
        chosen = _known(sites, nights)
    if accept:
        _accept(path, chosen, fields)
    with open_archive(path) as opened:
        alarms = open_alarms(opened.connection, chosen, site_of=site_of)
    shown = {site: nights[site] for site in chosen or nights}
    if as_json:
        say_json({"alarms": [asdict(alarm) for alarm in alarms], "nights": shown})
    else:
        for line in _lines(alarms, shown):
            say(line)
    return ExitCode.HEALTH_ALARM if alarms else ExitCode.OK


def _site_of() -> Callable[[str], str]:
    """Host -> name of its site, as the profiles have it."""
    from newsarchive.locations import default_sites
    from newsarchive.nightly.site_names import site_name
    from newsarchive.sites.load import load_default_profiles

    return partial(site_name, profiles=load_default_profiles(default_sites()))


def _known(sites: Sequence[str], nights: dict[str, int]) -> list[str]:
    """The names of the sites as they are kept; raises NotInArchive for one that was never measured."""
    from newsarchive.urls import host_of, registrable_domain

    found = []
    for site in sites:
        names = [site, site.lower(), registrable_domain(host_of(site) if "://" in site else site.lower())]
        name = next((name for name in names if name in nights), None)
        if name is None:
            raise NotInArchive(f"Nothing was measured of {site!r}; a night of `newsarchive run` does, or: newsarchive health --update")
        found.append(name)
    return found


def _update(path: Path, site_of: Callable[[str], str]) -> None:
    from newsarchive.archive.site_nights import unmeasured_runs
    from newsarchive.archive.store import Store
    from newsarchive.nightly.health import judge_runs

    with Store(path, create=False) as store:
        for run_id in unmeasured_runs(store.connection):
            judge_runs(store, [run_id], site_of=site_of)


def _accept(path: Path, sites: Sequence[str], fields: Sequence[str]) -> None:
    from newsarchive.archive.store import Store
    from newsarchive.nightly.health import accept

    with Store(path, create=False) as store:
        number = accept(store, sites, fields)
    say(f"{number} alarm{'' if number == 1 else 's'} accepted as the new normal.", error=True)


def _lines(alarms: Sequence[Alarm], nights: dict[str, int]) -> Iterator[str]:
    from newsarchive.nightly.judging import MIN_NIGHTS

    for alarm in alarms:
        yield click.style("! ", fg="red", bold=True) + one_line(alarm.sentence)
        for address in alarm.examples:
            yield f"    {one_line(address)}"
        yield f"    look: {one_line(alarm.command)}"
    if not nights:
        yield "Nothing was measured yet; `newsarchive run` does, after other crawls: newsarchive health --update"
        return
    learning = sum(number <= MIN_NIGHTS + 1 for number in nights.values())
    told = f"{len({alarm.site for alarm in alarms})} of {len(nights)} sites have alarms." if alarms else f"No alarm on {len(nights)} sites."
    yield told + (f" {learning} of them have fewer than {MIN_NIGHTS + 2} nights: nothing can be said of these yet." if learning else "")
