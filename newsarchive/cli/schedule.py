"""`newsarchive schedule`: units that start `newsarchive run --due` again and again."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsarchive.cli.parameters import archive_option, config_option, table_options
from newsarchive.cli.terminal import say
from newsarchive.errors import ConfigurationError

if TYPE_CHECKING:
    from newsarchive.nightly.units import NightJob

MINUTES = {"15m": 15, "30m": 30, "1h": 60, "1d": 1440}


@click.command("schedule", short_help="Write units for systemd, cron, launchd or GitHub Actions.")
@click.argument("system", type=click.Choice(("systemd", "cron", "launchd", "github-actions")))
@click.option("--install", is_flag=True, help="Write into your own folders and say how to undo it; otherwise the units are only printed.")
@click.option("--every", type=click.Choice(tuple(MINUTES)), default="1h", show_default=True, help="How often to look which sites are due.")
@archive_option
@table_options("sites")
@config_option
def command(system: str, install: bool, every: str, archive: Path | None, sites: Path | None, config: Path | None) -> None:
    """Print units that start `newsarchive run --due` every hour; the profiles' schedules say which sites are due then.

    With --install they are written into your own folders (for GitHub Actions: the repository you are in). A unit that somebody
    has changed is never overwritten.

    \b
    Examples:
      newsarchive schedule systemd
      newsarchive schedule systemd --install
      newsarchive schedule cron --every 15m
    """
    plan = _plan(system, _job(every, archive, sites, config))
    if install:
        _install(plan)
    else:
        for text in plan.texts.values():
            click.echo(text.rstrip("\n"))
            click.echo()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan:
    """What is to be written where, and what a person types then."""

    texts: Mapping[Path | None, str]
    """File -> text; None is the crontab."""
    start: Sequence[str] = ()
    """Commands that switch it on."""
    undo: Sequence[str] = ()
    """Commands that take it away."""


def _job(every: str, archive: Path | None, sites: Path | None, config: Path | None) -> NightJob:
    """What is to be started, with absolute paths."""
    from newsarchive.cli.contact import known_contact
    from newsarchive.locations import contact_file, default_archive, default_sites, nightly_file
    from newsarchive.nightly.config import read_config
    from newsarchive.nightly.units import NightJob

    place = (archive or default_archive()).expanduser().absolute()
    file = (config or nightly_file()).expanduser().absolute()
    settings = read_config(config)
    arguments = ["run", "--due", "--quiet", "--archive", str(place), "--sites", str((sites or default_sites()).expanduser().absolute())]
    arguments += ["--config", str(file)] if file.exists() else []
    contact = known_contact()
    if contact is None:
        say("There is no contact yet: set NEWSARCHIVE_CONTACT, or name one once with `newsarchive crawl`.", error=True)
    return NightJob(
        program=_program(),
        arguments=tuple(arguments),
        folder=place.parent,
        environment={} if contact is None else {"NEWSARCHIVE_CONTACT": contact},
        secrets=contact_file().with_name("environment"),
        log=place.with_name("nightly.log"),
        every_minutes=MINUTES[every],
        minute=1 + zlib.crc32(f"{os.uname().nodename} {place}".encode()) % 58,
        limit_seconds=int(settings.time_limit.total_seconds()),
    )


def _program() -> tuple[str, ...]:
    """The interpreter that runs at this moment. `-P`: it finds the program as installed, never what lies in the archive's folder."""
    return (str(Path(sys.executable).absolute()), "-P", "-m", "newsarchive")


def _plan(system: str, job: NightJob) -> UnitPlan:
    from newsarchive.nightly.installing import sealed
    from newsarchive.nightly.units import LABEL, cron_block, launchd_plist, systemd_units, workflow
    from newsarchive.version import __version__

    if system == "systemd":
        folder = _user_folder("XDG_CONFIG_HOME", ".config") / "systemd" / "user"
        return UnitPlan(
            texts={folder / name: sealed(text) for name, text in systemd_units(job).items()},
            start=(
                "systemctl --user daemon-reload",
                "systemctl --user enable --now newsarchive.timer",
                "loginctl enable-linger   # so that it runs while you are not logged in",
            ),
            undo=(
                "systemctl --user disable --now newsarchive.timer",
                *(f"rm {_quoted(folder / name)}" for name in systemd_units(job)),
                "systemctl --user daemon-reload",
            ),
        )
    if system == "cron":
        return UnitPlan(texts={None: cron_block(job)}, undo=("crontab -e   # and take out the lines from `newsarchive: begin` to `end`",))
    if system == "launchd":
        path = Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        return UnitPlan(
            texts={path: sealed(launchd_plist(job), comment="<!-- {} -->")},
            start=(f"launchctl bootstrap gui/$(id -u) {_quoted(path)}",),
            undo=(f"launchctl bootout gui/$(id -u)/{LABEL}", f"rm {_quoted(path)}"),
        )
    path = _repository() / ".github" / "workflows" / "newsarchive.yml"
    return UnitPlan(
        texts={path: sealed(workflow(__version__))},
        start=(f"git add {_quoted(path)} sites && git commit -m 'Crawl every night'   # and set the secret NEWSARCHIVE_CONTACT",),
        undo=(f"git rm {_quoted(path)}",),
    )


def _install(plan: UnitPlan) -> None:
    from newsarchive.nightly.installing import install_crontab, install_file, require_ours

    for path in plan.texts:
        if path is not None:
            require_ours(path)
    for path, text in plan.texts.items():
        done = install_crontab(text) if path is None else install_file(path, text)
        say(f"{done.place}: {done.was}.")
    for title, commands in (("To switch it on:", plan.start), ("To undo it:", plan.undo)):
        if commands:
            say(title)
            for line in commands:
                say(f"  {line}")


def _user_folder(variable: str, default: str) -> Path:
    named = os.environ.get(variable, "").strip()
    return Path(named) if named else Path.home() / default


def _repository() -> Path:
    here = Path.cwd()
    found = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
    if found is None:
        raise ConfigurationError(
            f"{here} is in no git repository; make one that holds the folder `sites` with your profiles, and run it there"
        )
    return found


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
