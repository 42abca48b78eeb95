"""Pings of a dead man's switch as healthchecks.io has it: a service that tells people when nothing was heard of a night."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from newsarchive.nightly.notice import Notice
from newsarchive.nightly.notify_http import post
from newsarchive.nightly.notify_secrets import Opened
from newsarchive.nightly.wording import body, headline

MAX_TEXT_BYTES = 10_000
"""Bytes of the text that goes with a ping; healthchecks.io keeps 100 kB, its older versions 10 kB."""


def send(opened: Opened, notice: Notice) -> str:
    """Tell a start, a success (0) or a failure (the exit code); raises NotTold."""
    text = f"{headline(notice)}\n{body(notice)}".encode()[:MAX_TEXT_BYTES]
    return post(opened, address(opened, notice), text, {"Content-Type": "text/plain; charset=utf-8"})


def address(opened: Opened, notice: Notice) -> str:
    """The address of this ping: `/start`, `/0`, `/CODE`, or `/log` for a test; `rid` pairs start and end, as the service wants."""
    failed = notice.failed or (bool(notice.alarms) and bool(opened.values.get("alarm_is_failure")))
    code = notice.exit_code if 0 < notice.exit_code <= 255 else 1
    suffix = {"start": "start", "test": "log"}.get(notice.event, str(code) if failed else "0")
    parts = urlsplit(opened.text("url"))
    query = "&".join(piece for piece in (parts.query, f"rid={notice.uuid}" if notice.uuid else "") if piece)
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{suffix}", query, ""))
