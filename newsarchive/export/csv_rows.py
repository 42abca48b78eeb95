"""Rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from newsarchive.archive.record_fields import Column
from newsarchive.archive.snapshot import Row
from newsarchive.export.cells import formula_safe, list_cell

CHUNK_ROWS = 200
"""Rows between two writes: a megabyte with bodies."""
_BOOLEANS = {0: "false", 1: "true"}


def write_csv(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write a line of names and one line a row. None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    convert = [_CELLS.get(column.kind) for column in columns]
    for number, row in enumerate(rows, start=1):
        writer.writerow([value if make is None or value is None else make(value) for make, value in zip(convert, row, strict=True)])
        if number % CHUNK_ROWS == 0:
            _empty(text, file)
    _empty(text, file)


def _empty(text: io.StringIO, file: BinaryIO) -> None:
    file.write(text.getvalue().encode("utf-8", "replace"))
    text.seek(0)
    text.truncate()


def _list(value: str) -> str:
    return "" if value == "[]" else list_cell(value)


_CELLS: dict[str, Callable[[Any], Any]] = {"text": formula_safe, "list": _list, "boolean": _BOOLEANS.__getitem__}
"""How a value of a kind becomes a cell; numbers and moments are written as they are."""
