"""The filters that searches, counts and exports share, as options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsarchive.errors import ConfigurationError

if TYPE_CHECKING:
    from newsarchive.archive.filters import FilterWords

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--site", "site", multiple=True, metavar="DOMAIN", help="Only this site (registrable domain or host). Can be repeated."),
    click.option("--since", metavar="DATE", help="Published then or later: 2026-05-01, 2026-05, 2026 or a moment."),
    click.option("--until", metavar="DATE", help="Published then or earlier; a day, month or year is included whole."),
    click.option("--language", multiple=True, metavar="TAG", help="Only this language: en means en-GB as well. Can be repeated."),
    click.option("--section", multiple=True, metavar="NAME", help="Only this section, as the pages name it. Can be repeated."),
    click.option(
        "--author",
        multiple=True,
        metavar="NAME",
        help="Only articles of this author, by the whole name (among the words, author:name finds parts). Can be repeated.",
    ),
    click.option("--changed", is_flag=True, help="Only articles whose text the publisher changed."),
    click.option("--gone", is_flag=True, help="Only articles that their publisher removed."),
    click.option("--time-zone", default="UTC", show_default=True, metavar="ZONE", help="Zone that days are meant in: Europe/Berlin."),
)

NAMES = ("site", "since", "until", "language", "section", "author", "changed", "gone", "time_zone")
"""Of the parameters that these options give to a command."""


def filter_options(command: Command) -> Command:
    """`--site --since --until --language --section --author --changed --gone --time-zone`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filters_in(options: Mapping[str, Any]) -> FilterWords:
    """The filters among a command's parameters, for the archive's methods.

    A date or a zone that is none and dates the wrong way round are usage errors, as every value that is not of its kind.
    """
    from newsarchive.archive.filters import filters_of

    found: FilterWords = {name: options[name] for name in NAMES}  # type: ignore[assignment]
    try:
        filters_of(**found).conditions()
    except ConfigurationError as error:
        raise click.UsageError(str(error)) from None
    return found


def is_filtered(options: Mapping[str, Any]) -> bool:
    """Whether any filter was given."""
    return any(options[name] for name in NAMES if name != "time_zone")
