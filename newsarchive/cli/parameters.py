"""How the options table becomes click options, and the options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from newsarchive.errors import ConfigurationError
from newsarchive.options import CRAWL_OPTIONS, Option, parse

Command = TypeVar("Command", bound=Callable[..., Any])


class OptionType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A value of the options table; what `options.parse` refuses is a usage error."""

    name = "text"

    def __init__(self, option: Option) -> None:
        self.option = option

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        """The typed value."""
        if not isinstance(value, str):
            return value
        try:
            return parse(self.option, value)
        except ConfigurationError as error:
            raise click.UsageError(str(error), ctx) from None


def option_of(name: str) -> Option:
    """The entry of the options table with that name."""
    return next(option for option in CRAWL_OPTIONS if option.name == name)


def table_option(name: str) -> Callable[[Command], Command]:
    """A click option made from the options table."""
    option = option_of(name)
    notes = [f"default: {option.default}"] if option.default else []
    if option.unit and option.unit != option.metavar.lower():
        notes.append(option.unit)
    text = option.help + (f"  [{'; '.join(notes)}]" if notes else "")
    metavar = "|".join(option.choices) if option.choices else option.metavar
    return click.option(option.flag, option.name, type=OptionType(option), metavar=metavar, multiple=option.is_repeated, help=text)


def table_options(*names: str) -> Callable[[Command], Command]:
    """Several click options made from the options table, shown in that order."""

    def decorate(command: Command) -> Command:
        for name in reversed(names):
            command = table_option(name)(command)
        return command

    return decorate


def archive_option(command: Command) -> Command:
    """`--archive` for commands that read."""
    return _archive_option("read")(command)


def changed_archive_option(command: Command) -> Command:
    """`--archive` for commands that write to an archive."""
    return _archive_option("write")(command)


def _archive_option(verb: str) -> Callable[[Command], Command]:
    return click.option(
        "--archive",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help=f"The archive to {verb}.  [default: NEWSARCHIVE_ARCHIVE, else data/archive.db in a checkout]",
    )


def config_option(command: Command) -> Command:
    """`--config` for commands that have to do with unattended crawls."""
    decorated: Command = click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="The configuration of the night.  [default: NEWSARCHIVE_NIGHTLY, else nightly.toml beside the folder of the profiles]",
    )(command)
    return decorated


def json_option(command: Command) -> Command:
    """`--json` for commands whose answer programs want."""
    decorated: Command = click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)
    return decorated
