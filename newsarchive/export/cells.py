"""Values as cells of a spreadsheet: what it would take for a formula is made harmless, in a way that can be undone."""

from __future__ import annotations

import json
import re
from typing import Any

_RISKY = frozenset("=+-@\t\r\n＝＋－＠'")
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""Beginnings that spreadsheets run (OWASP, CSV injection), full-width forms included, after any number of apostrophes."""

SEPARATOR = "; "
"""Between the items of a list in a cell. A semicolon within an item becomes a comma."""

UNDO = r"^'(?='*[=+\-@\t\r\n＝＋－＠])"
"""Regular expression of the apostrophe that `formula_safe` put in front: replaced by nothing, every cell is as it was."""


def formula_safe(text: str) -> str:
    """The text as no spreadsheet runs it: one that begins like a formula, perhaps after apostrophes, gets one more apostrophe."""
    return "'" + text if text and text[0] in _RISKY and _FORMULA.match(text) else text


def as_it_was(cell: str) -> str:
    """The text that `formula_safe` made a cell of."""
    return re.sub(UNDO, "", cell)


def list_cell(value: str | list[Any]) -> str:
    """A list, or the JSON of one, as one cell: its items with semicolons between."""
    items = json.loads(value) if isinstance(value, str) else value
    return formula_safe(SEPARATOR.join(str(item).replace(";", ",") for item in items))
