"""The log of commands that run for long: `--log-format`, and what the error stream shows in each format."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsarchive.logs import LogFormat, set_up_log

if TYPE_CHECKING:
    from newsarchive.model.run import Progress

Command = TypeVar("Command", bound=Callable[..., Any])

LOGGED_SECONDS = 30.0
"""Seconds between two lines of progress in a JSON log: a night of six hours then has 720 of them."""

logger = logging.getLogger("newsarchive.progress")


def log_option(command: Command) -> Command:
    """`--log-format`."""
    decorated: Command = click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Error stream: text, or one JSON object a line for everything that happens, progress included.",
    )(command)
    return decorated


def start_log(*, verbose: bool, log_format: LogFormat) -> str:
    """Send the log to the error stream; returns its level. A JSON log is for programs that choose: it has everything."""
    level = "INFO" if verbose or log_format == "json" else "ERROR"
    set_up_log(level, log_format)
    return level


class LoggedProgress:
    """Progress as lines of the JSON log: the first state at once, then one every `LOGGED_SECONDS`."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        """Log the state when it is time for it."""
        if progress.seconds < self._next:
            return
        self._next = progress.seconds + LOGGED_SECONDS
        values = asdict(progress) | {"hosts": list(progress.hosts), "seconds": round(progress.seconds, 1)}
        values["pages_per_second"] = round(progress.pages_per_second, 2)
        logger.info("progress", extra=values)
