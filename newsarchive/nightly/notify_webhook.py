"""A message to a web address: Slack's text, or everything there is to tell as JSON, signed if a secret is given."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import asdict
from typing import Any

from newsarchive.nightly.notice import MAX_EXAMPLES, AlarmLine, Notice
from newsarchive.nightly.notify_http import post
from newsarchive.nightly.notify_secrets import Opened
from newsarchive.nightly.wording import body, headline, plain

SCHEMA = "newsarchive.notice/1"
"""Name and version of the JSON; the number changes when a key changes its meaning or goes away. New keys may come at any time."""
MAX_SITES = 1000
"""Sites in one message: about 300 KB. A machine has at most 400 a night."""
MAX_SLACK_CHARS = 3500
"""Characters of a text; Slack cuts at 4,000, and escapes count."""


def send(opened: Opened, notice: Notice) -> str:
    """Post the message; raises NotTold."""
    values = record(notice) if opened.text("format") == "json" else {"text": slack_text(notice)}
    data = json.dumps(values, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")
    headers = {"Content-Type": "application/json", **dict(opened.values.get("headers") or {})}
    secret = opened.text("secret")
    if secret:
        moment = str(int(time.time()))
        headers |= {"X-Newsarchive-Timestamp": moment, "X-Newsarchive-Signature": f"sha256={signature(secret, moment, data)}"}
    return post(opened, opened.text("url"), data, headers)


def signature(secret: str, timestamp: str, data: bytes) -> str:
    """HMAC-SHA256, hexadecimal, of `TIMESTAMP.BODY`: a receiver that also looks at the time cannot be shown an old message again."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + data, hashlib.sha256).hexdigest()


def record(notice: Notice) -> dict[str, Any]:
    """Everything there is to tell, in plain values; docs/guide/nightly.md describes the keys."""
    return {
        "schema": SCHEMA,
        "event": notice.event,
        "headline": headline(notice),
        "text": body(notice),
        "run": {
            "id": notice.run,
            "uuid": notice.uuid,
            "command": plain(notice.command, 1000),
            "host": notice.host,
            "archive": notice.archive,
            "started_at": _moment(notice.started_at),
            "finished_at": _moment(notice.finished_at),
            "seconds": notice.seconds,
            "exit_code": notice.exit_code,
            "exit_meaning": notice.meaning,
            "failed": notice.failed,
            "error": plain(notice.error, 1000),
        },
        "totals": {
            name: notice.total(name) for name in ("found", "stored", "updated", "unchanged", "rejected", "failed", "received_bytes")
        },
        "articles_in_archive": notice.articles_in_archive,
        "archive_bytes": notice.archive_bytes,
        "sites": [_finite(asdict(site)) for site in notice.sites[:MAX_SITES]],
        "alarms": [_alarm(alarm) for alarm in notice.alarms[:MAX_SITES]],
        "recovered": [_alarm(alarm) for alarm in notice.recovered[:MAX_SITES]],
        "notes": [plain(note) for note in notice.notes],
    }


def slack_text(notice: Notice) -> str:
    """Headline and text for Slack, Mattermost, Rocket.Chat: `&`, `<` and `>` escaped, so that no page can call a channel or hide a link."""
    text = body(notice)
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    title = headline(notice).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*", "")
    whole = f"*{title}*\n{safe}"
    return whole if len(whole) <= MAX_SLACK_CHARS else whole[:MAX_SLACK_CHARS].rpartition("\n")[0] + "\n..."


def _alarm(alarm: AlarmLine) -> dict[str, Any]:
    return _finite({**asdict(alarm), "examples": list(alarm.examples[:MAX_EXAMPLES])})


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    """Figures that JSON cannot hold (infinity, not a number) as null."""
    return {
        name: _finite(value) if isinstance(value, dict) else None if isinstance(value, float) and value - value != 0 else value
        for name, value in values.items()
    }


def _moment(moment: Any) -> str | None:  # noqa: ANN401 - a datetime or None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment is not None else None
