"""Rows as JSON, one record a line (JSONL, UTF-8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from newsarchive.archive.record_fields import Column
from newsarchive.archive.snapshot import Row

_encode = json.JSONEncoder(ensure_ascii=False).encode
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Characters that some programs take for the end of a line."""


def write_jsonl(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write one line a row. Lists are lists, what is missing is null."""
    parts = [(f"{json.dumps(column.name)}: ", _MAKERS.get(column.kind, _encode)) for column in columns]
    for row in rows:
        line = ", ".join([name + ("null" if value is None else make(value)) for (name, make), value in zip(parts, row, strict=True)])
        if not line.isascii():
            line = line.translate(_LINE_ENDS)
        file.write(("{" + line + "}\n").encode("utf-8", "replace"))


def _as_stored(value: str) -> str:
    """JSON of the archive is JSON here."""
    return value


_MAKERS: dict[str, Callable[[Any], str]] = {"list": _as_stored, "blocks": _as_stored, "boolean": lambda value: "true" if value else "false"}
