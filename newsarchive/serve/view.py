"""What a page is: a function that reads the archive into a dataclass, shown by a template, as JSON and as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from newsarchive.archive.reader import Archive
from newsarchive.serve.asked import Asked

Page = TypeVar("Page")

FORMATS = ("json", "csv")
"""What a page can be had as, at its own address with this ending."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a page for a spreadsheet."""

    names: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Generic[Page]):
    """One page of the web page."""

    name: str
    """`html/NAME.html` is its template; it gets `page` (what `read` returned) and `asked`."""
    route: str
    """Its path, with `{part}` for what varies: `/site/{name}`. JSON and CSV are at the same path with `.json` and `.csv`."""
    read: Callable[[Archive, Asked], Page]
    """Reads the archive, in a thread of its own, and returns a dataclass. Raises the errors of errors.py: NotInArchive becomes
    404, ConfigurationError 400, SearchTooSlow 503. May return a `Download` or an `Elsewhere` instead."""
    table: Callable[[Page], Table] | None = None
    """The rows behind the page; None: it has no CSV."""

    def pattern(self) -> str:
        """The regular expression of the paths (as sent, still encoded)."""
        if self.route == "/":
            return rf"^/(?:home(?:\.(?P<format>{'|'.join(FORMATS)}))?)?$"
        return "^" + re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(self.route)) + rf"(?:\.(?P<format>{'|'.join(FORMATS)}))?/?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Bytes to be saved, never shown: the browser gets them as an attachment."""

    body: bytes
    name: str
    """File name, of letters, digits, dots and dashes."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The page is at another address of this server."""

    address: str
    """Path, from the root."""
