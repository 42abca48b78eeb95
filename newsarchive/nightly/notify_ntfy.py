"""A message to a topic of an ntfy server, which shows it on telephones."""

from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit, urlunsplit

from newsarchive.nightly.notice import Notice
from newsarchive.nightly.notify_http import NotTold, post
from newsarchive.nightly.notify_secrets import Opened
from newsarchive.nightly.wording import body, headline

PRIORITIES = {"failure": 4, "alarm": 4, "recovery": 3, "ok": 2, "test": 3, "start": 1}
"""Event -> ntfy's priority: 4 is high (a sound), 3 the default, 2 low (no sound)."""
TAGS = {
    "failure": "rotating_light",
    "alarm": "warning",
    "recovery": "white_check_mark",
    "ok": "newspaper",
    "test": "bell",
    "start": "newspaper",
}
"""Event -> ntfy's short code of a picture beside the title."""
MAX_TEXT_BYTES = 3800
"""Bytes; an ntfy server takes 4,096 for a message and turns longer ones into attachments."""


def send(opened: Opened, notice: Notice) -> str:
    """Publish as JSON at the server's root, since a header could not hold every title; raises NotTold."""
    parts = urlsplit(opened.text("url"))
    folder, _, topic = parts.path.rstrip("/").rpartition("/")
    if not topic:
        raise NotTold("the topic is missing; the address is written like https://ntfy.example.org/my-topic")
    message = {
        "topic": unquote(topic),
        "title": headline(notice),
        "message": body(notice).encode()[:MAX_TEXT_BYTES].decode("utf-8", "ignore"),
        "priority": PRIORITIES[notice.event],
        "tags": [TAGS[notice.event]],
    }
    token = opened.text("token")
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    root = urlunsplit((parts.scheme, parts.netloc, f"{folder}/", "", ""))
    return post(opened, root, json.dumps(message).encode(), headers)
