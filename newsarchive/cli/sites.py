"""`newsarchive sites`: check, list, show and start site profiles. Nothing is sent to the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.parameters import json_option
from newsarchive.cli.terminal import one_line, say, say_json, typed_command
from newsarchive.errors import ConfigurationError, ExitCode, NoSuchFile, SiteProfileError

if TYPE_CHECKING:
    from newsarchive.sites.profile import Profiles, SiteProfile

FOLDER_HELP = "Folder of the profiles.  [default: NEWSARCHIVE_SITES, else data/sites in a checkout]"


@click.group("sites", short_help="Check, list and start site profiles.")
def command() -> None:
    """Site profiles: what you know of a site, in one TOML file each.

    \b
    Examples:
      newsarchive sites new example.com
      newsarchive sites check
      newsarchive sites show example.com
    """


@command.command("check", short_help="Check all profiles and tell everything that is wrong.")
@click.argument("place", required=False, metavar="[FOLDER]", type=click.Path(path_type=Path))
@json_option
def check(place: Path | None, as_json: bool) -> int:
    """Check every profile of a folder (or one file), and say what is wrong: file, line, key, and the nearest right name."""
    from newsarchive.sites.secrets import variables_of

    try:
        profiles, problems = _load(place), []
    except SiteProfileError as error:
        profiles, problems = None, list(error.problems)
    missing = sorted({name for profile in profiles or () for name in variables_of(profile) if not os.environ.get(name)})
    if as_json:
        record: dict[str, Any] = {"ok": not problems, "profiles": len(profiles or ())}
        say_json(record | {"problems": [asdict(problem) for problem in problems], "variables_not_set": missing})
    else:
        for problem in problems:
            say(one_line(problem))
        if profiles is not None:
            number = len(profiles)
            say(f"{number} {'profile' if number == 1 else 'profiles'}, nothing wrong.")
        for name in missing:
            say(f"The environment variable {name} is not set here; a crawl needs it.")
    return ExitCode.CONFIGURATION if problems else ExitCode.OK


@command.command("list", short_help="List the profiles.")
@click.argument("place", required=False, metavar="[FOLDER]", type=click.Path(path_type=Path))
@json_option
def list_(place: Path | None, as_json: bool) -> None:
    """List all profiles with their domains and schedules."""
    profiles = _load(place)
    if as_json:
        say_json([{"name": item.name, "domains": item.domains, "schedule": item.schedule, "path": str(item.path)} for item in profiles])
        return
    for profile in profiles:
        say(f"{one_line(profile.name, 30):<30} {profile.schedule or 'no schedule':<16} {one_line(', '.join(profile.domains))}")
    if not profiles:
        say(f"There are no profiles yet; start one with: {typed_command('sites', 'new', 'example.com')}")


@command.command("show", short_help="Show one profile with its defaults.")
@click.argument("name", metavar="NAME")
@click.option("--folder", type=click.Path(path_type=Path), metavar="PATH", help=FOLDER_HELP)
@json_option
def show(name: str, folder: Path | None, as_json: bool) -> None:
    """Show one profile as the crawl understands it. NAME is its name, one of its domains, or an address on them."""
    from newsarchive.sites.record import profile_record
    from newsarchive.sites.secrets import variables_of

    profiles = _load(folder)
    found = profiles.named(name) or profiles.for_url(name)
    if found is None:
        known = ", ".join(profile.name for profile in profiles[:10]) or "none"
        raise NoSuchFile(f"there is no profile named {name!r}, and none for that domain; there are: {known}")
    variables = {variable: bool(os.environ.get(variable)) for variable in variables_of(found)}
    if as_json:
        say_json(profile_record(found) | {"seeds": found.seeds, "variables": variables})
        return
    for line in _lines(found):
        click.echo(line)
    for variable, is_set in variables.items():
        say(f"The environment variable {variable} is {'set' if is_set else 'not set here; a crawl needs it'}.")


@command.command("new", short_help="Start a profile.")
@click.argument("domain", metavar="DOMAIN")
@click.option("--folder", type=click.Path(path_type=Path), metavar="PATH", help=FOLDER_HELP)
def new(domain: str, folder: Path | None) -> None:
    """Write a profile for DOMAIN in which every key is explained; only the domain is set."""
    from newsarchive.sites.template import profile_template
    from newsarchive.sites.values import Wrong
    from newsarchive.sites.values import domain as checked_domain

    try:
        host = checked_domain(domain)
    except Wrong as wrong:
        raise ConfigurationError(wrong.message + (f", did you mean {wrong.suggestion!r}?" if wrong.suggestion else "")) from None
    place = _folder(folder) / f"{host.replace(':', '-')}.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with place.open("x", encoding="utf-8") as file:
            file.write(profile_template(host))
    except FileExistsError:
        raise ConfigurationError(f"{place} exists already; it was left as it is") from None
    say(f"Wrote {place}. Edit it, then: {typed_command('sites', 'check', *([str(place.parent)] if folder else []))}")


def _folder(given: Path | None) -> Path:
    from newsarchive.locations import default_sites

    return given or default_sites()


def _load(place: Path | None) -> Profiles:
    """The profiles of a folder or of one file; without a place those of the usual folder, which need not exist."""
    from newsarchive.sites.load import load_default_profiles, load_files, load_profiles

    if place is None:
        return load_default_profiles(_folder(None))
    return load_files([place]) if place.is_file() else load_profiles(place)


def _lines(profile: SiteProfile) -> Iterator[str]:
    """The profile for reading: what is set, then what is left to the defaults."""
    from newsarchive.sites.profile import SiteProfile
    from newsarchive.sites.record import profile_record

    plain = profile_record(SiteProfile(domains=()))
    record = profile_record(profile)
    yield click.style(one_line(profile.name), bold=True) + (f"  ({profile.path})" if profile.path else "")
    defaults = []
    for key, value in record.items():
        if key in ("name", "path"):
            continue
        if value == plain[key]:
            defaults.append(key)
        else:
            yield from _key_lines(key, value, 2)
    yield f"  starts from           {one_line(' '.join(profile.seeds))}"
    yield f"  left to the defaults: {', '.join(defaults)}"


def _key_lines(key: str, value: Any, indent: int) -> Iterator[str]:  # noqa: ANN401 - a value of the record
    head = " " * indent + f"{one_line(key):<{max(22 - indent, len(key) + 1)}}"
    if isinstance(value, dict):
        yield head.rstrip()
        for name, entry in value.items():
            yield from _key_lines(name, entry, indent + 2)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for entry in value:
            yield from _key_lines(key, entry, indent)
    elif isinstance(value, list):
        yield head + (one_line("  ".join(map(str, value))) or "(none)")
    else:
        yield head + one_line({True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value)
