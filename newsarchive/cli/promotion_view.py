"""What the commands `teasers` and `promoted` share: their parameters, and how they say when a teaser was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line

if TYPE_CHECKING:
    from newsarchive.archive.promotion import Promotion

Command = TypeVar("Command", bound=Callable[..., Any])


def promotion_options(command: Command) -> Command:
    """`URL_OR_ID --archive --json`."""
    return click.argument("article", metavar="URL_OR_ID")(archive_option(json_option(command)))


def seen(item: Promotion) -> str:
    """First and last day it was seen, and in how many captures of the page."""
    return f"{item.first_seen[:10]} to {item.last_seen[:10]}, {item.captures} {'capture' if item.captures == 1 else 'captures'}"


def module(item: Promotion) -> str:
    """The heading of its block as ` in 'Heading'`, or nothing where it has none."""
    return f" in {one_line(item.module, 40)!r}" if item.module else ""
