"""A page of the browser, and what the browser noticed while it was open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 360, "height": 740}


@dataclass
class Seen:
    """What a browser noticed."""

    hosts: set[str] = field(default_factory=set)
    """Hosts of all requests."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the console, faults of scripts, dialogs."""

    def watch(self, context: Any) -> None:
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or request.url[:40]))
        context.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def watched(browser: Any, **options: Any) -> Iterator[tuple[Any, Seen]]:
    """A page of a new context; what it noticed."""
    context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
    context.set_default_timeout(10_000)
    seen = Seen()
    seen.watch(context)
    try:
        yield context.new_page(), seen
    finally:
        context.close()


def follow(page: Any, action: Callable[[], Any]) -> None:
    """Do what leads to another page, and wait until that is there."""
    with page.expect_navigation():
        action()
