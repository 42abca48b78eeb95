"""How the commands `teasers` and `promoted` say when a teaser was seen."""

from __future__ import annotations

from newsarchive.archive.promotion import Promotion
from newsarchive.cli.terminal import one_line


def seen(item: Promotion) -> str:
    """First and last day it was seen, and in how many captures of the page."""
    return f"{item.first_seen[:10]} to {item.last_seen[:10]}, {item.captures} {'capture' if item.captures == 1 else 'captures'}"


def module(item: Promotion) -> str:
    """The heading of its block as ` in 'Heading'`, or nothing where it has none."""
    return f" in {one_line(item.module, 40)!r}" if item.module else ""
