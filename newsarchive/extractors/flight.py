"""Flight data: the rows that Next.js pages of the newer kind push from script to script, read as JSON values.

A row is `id:` and JSON, or `id:T` with the length of a text in bytes and the text itself; `"$id"` in JSON means that row.
Seen on 3 % of the bench pages, some of which have no other copy of their text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

MAX_FLIGHT_CHARS = 3_000_000
"""Characters of all rows together."""

MAX_ROWS = 20_000

_PUSH = re.compile(r'self\.__next_f\.push\(\[1,\s?("(?:[^"\\]|\\.)*")\]\)')
_ROW = re.compile(r"([0-9a-f]{1,6}):(?:T([0-9a-f]{1,6}),|(?=[\[{\"]))")
_DECODER = json.JSONDecoder(strict=False)


def read_flight(scripts: Iterable[str]) -> list[Any]:
    """The values of all rows, references to texts filled in; an empty list for pages without such data."""
    stream = "".join(_pushed(scripts))[:MAX_FLIGHT_CHARS]
    texts: dict[str, str] = {}
    values: list[Any] = []
    position = 0
    for _ in range(MAX_ROWS):
        row = _ROW.search(stream, position)
        if row is None:
            break
        if row.group(2):
            text, position = _text_at(stream, row.end(), int(row.group(2), 16))
            texts["$" + row.group(1)] = text
            continue
        try:
            value, position = _DECODER.raw_decode(stream, row.end())
        except (ValueError, RecursionError):
            position = row.end()
            continue
        if isinstance(value, dict | list):
            values.append(value)
    return _filled(values, texts) if texts else values


def _pushed(scripts: Iterable[str]) -> Iterable[str]:
    for script in scripts:
        if "__next_f" not in script[:200]:
            continue
        for match in _PUSH.finditer(script):
            try:
                yield json.loads(match.group(1), strict=False)
            except ValueError:
                continue


def _text_at(stream: str, start: int, size: int) -> tuple[str, int]:
    """The text of so many bytes of UTF-8, and where it ends. Most texts are counted once; others are measured."""
    text = stream[start : start + size]
    if not text.isascii():
        text = text.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore")
    return text, start + len(text)


def _filled(values: list[Any], texts: dict[str, str]) -> list[Any]:
    """The values with `"$id"` replaced by the text of that row, in place."""
    stack: list[Any] = list(values)
    while stack:
        item = stack.pop()
        members = item.items() if isinstance(item, dict) else enumerate(item)
        for key, value in list(members):
            if isinstance(value, str) and value in texts:
                item[key] = texts[value]
            elif isinstance(value, dict | list):
                stack.append(value)
    return values
