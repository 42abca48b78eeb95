"""CSV for spreadsheets: what they would take for a formula is made harmless, as in exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from newsarchive.cli.terminal import printable
from newsarchive.export.cells import formula_safe
from newsarchive.export.cells import list_cell as list_cell


def csv_text(names: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV (RFC 4180) with a line of names; None is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue()


def safe_cell(value: Any) -> Any:  # noqa: ANN401 - a cell
    """A cell that no spreadsheet runs: texts that begin like a formula get an apostrophe in front."""
    return formula_safe(printable(value)) if isinstance(value, str) else value
