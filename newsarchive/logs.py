"""What the log looks like: one line for every record, as text or as JSON, without secrets and without anything a terminal would obey.

Scrapy's, Twisted's and Python's own loggers pass through the same handler. A page decides over much of what is logged (addresses,
headers, error texts), so that line breaks, escape sequences and bidirectional overrides are written as escapes in both formats.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO
from urllib.parse import urlsplit

from newsarchive.redaction import Redactor, is_secret_name, secrets_of

LogFormat = Literal["text", "json"]

MAX_EVENT_CHARS = 4_000
"""Characters of a message that are kept. Log shippers cut lines at 8 to 16 KiB; Scrapy's longest message is the list of its settings."""
MAX_TRACEBACK_CHARS = 6_000
"""Characters of a traceback that are kept, its end: the last frames and the error."""
MAX_FIELD_CHARS = 2_100
"""Characters of another field: an address of the longest length that is crawled (2,083) is whole."""
LONGEST_READ_CHARS = 50_000
"""Characters of a text that are searched for secrets; what lies behind is cut off in any case."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""Attributes that every record has; all others were given by `extra`."""
_ESCAPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories that are written as escapes: controls, formats (bidi overrides), surrogates, private use, unassigned, separators."""


def set_up_log(level: str | int, log_format: LogFormat = "text", stream: TextIO | None = None) -> Redactor:
    """Send everything that is logged in this process to the error stream (or `stream`) in this format.

    Takes the place of all handlers that were there. Returns the redactor of the handler: what is learned there is left out of
    all later lines. The values of secret-looking environment variables are known from the start.
    """
    redactor = Redactor(secrets_of(os.environ))
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(redactor) if log_format == "json" else TextLines(redactor))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    handler.setLevel(level)  # Scrapy opens the root logger for everything
    return redactor


def bind(**fields: object) -> None:
    """Add these fields to every further line of the JSON log (`run`, ...); None takes a field away again."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, JsonLines):
            handler.formatter.bound.update(fields)


def is_json() -> bool:
    """Whether the log of this process is JSON: then nothing else may be written to the error stream."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers)


def escaped(text: str) -> str:
    r"""The text on one line: line breaks, controls, bidirectional overrides and the like as `\n`, `\x1b`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(char if unicodedata.category(char) not in _ESCAPED else _escape(char) for char in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


class _Lines(logging.Formatter):
    """What both formats share: the message and the traceback, redacted and cut."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.redactor = redactor

    def event(self, record: logging.LogRecord) -> str:
        """The message, without secrets, cut. A message whose arguments do not fit it is given as it was written."""
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001 - stage boundary: a broken log call, or a broken __str__, must not stop a crawl
            text = f"{record.msg!s} (its arguments do not fit)"
        return _cut(self.redactor(text[:LONGEST_READ_CHARS]), MAX_EVENT_CHARS)

    def trace(self, record: logging.LogRecord) -> str:
        """The traceback, without secrets, its end; empty where there is none."""
        parts = []
        if record.exc_info and record.exc_info[0] is not None:
            parts.append("".join(traceback.format_exception(*record.exc_info)))
        elif record.exc_text:
            parts.append(record.exc_text)
        if record.stack_info:
            parts.append(record.stack_info)
        text = self.redactor("\n".join(part.strip("\n") for part in parts)[-LONGEST_READ_CHARS:])
        return text if len(text) <= MAX_TRACEBACK_CHARS else "..." + text[-MAX_TRACEBACK_CHARS:]


class TextLines(_Lines):
    """`2026-05-01T02:00:00.123Z INFO newsarchive.crawl.session: Message`, one record one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without its end."""
        line = f"{_moment(record)} {record.levelname} {record.name}: {self.event(record)}"
        trace = self.trace(record)
        return escaped(f"{line}\n{trace}" if trace else line)


class JsonLines(_Lines):
    """One JSON object a line, ASCII: `time`, `level`, `logger`, `event`, then what is known of `run`, `site`, `url` and the rest."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(redactor)
        self.bound: dict[str, object] = {}

    def format(self, record: logging.LogRecord) -> str:
        """The object without the line's end."""
        entry: dict[str, Any] = {"time": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        entry["event"] = self.event(record)
        entry |= {name: value for name, value in self.bound.items() if value is not None}
        fields = _fields(record)
        if isinstance(fields.get("url"), str):
            fields.setdefault("site", _host(fields["url"]))
        entry |= {name: self._plain(name, value, 0) for name, value in fields.items() if name not in entry}
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
        trace = self.trace(record)
        if trace:
            entry["traceback"] = trace
        text = json.dumps(_whole(entry), ensure_ascii=True, default=str, separators=(", ", ": "), allow_nan=False)
        return text.replace("\x7f", "\\u007f")

    def _plain(self, name: str, value: object, depth: int) -> object:
        """A value as JSON can hold it: numbers as they are, everything else as text without secrets."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if value - value == 0 else str(value)  # JSON has neither infinity nor NaN
        if is_secret_name(name):
            return "[secret]"
        if isinstance(value, Mapping) and depth < 3:
            return {str(key): self._plain(str(key), item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset) and depth < 3:
            return [self._plain(name, item, depth + 1) for item in value]
        text = value if isinstance(value, str) else _text(value)
        return _cut(self.redactor(text[:LONGEST_READ_CHARS]), MAX_FIELD_CHARS)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller gave beside the message: `extra`, and of Scrapy's dictionary of arguments the address and the status."""
    given = {name: value for name, value in vars(record).items() if name not in _STANDARD and not name.startswith("_")}
    given.pop("crawler", None)  # an object of Scrapy, which says nothing
    spider = given.pop("spider", None)
    if spider is not None:
        given["spider"] = getattr(spider, "name", spider)
    arguments = record.args if isinstance(record.args, Mapping) else {}
    address = getattr(arguments.get("request"), "url", None)
    if address is not None:
        given.setdefault("url", address)
    if isinstance(arguments.get("status"), int):
        given.setdefault("status", arguments["status"])
    return given


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - stage boundary: an object without a text is no reason to lose the line
        return f"<{type(value).__name__}>"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text) - limit} more characters)"


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Lone surrogates, which strict readers of JSON refuse, as U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value
