"""The codebook beside every export: what a row is, and of each column the meaning, the unit and what stands for a missing value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsarchive.archive.filters import Filters
from newsarchive.archive.record_fields import ORDER_OF, ROW_OF, Column, Kind
from newsarchive.archive.snapshot import Question
from newsarchive.export.cells import UNDO
from newsarchive.export.citations import FIELDS
from newsarchive.text import amount
from newsarchive.version import __version__

FIRST_LINE = "# Codebook"
"""Of every codebook; a folder that holds a file beginning so is one that an export made."""

_TYPES: dict[str, dict[Kind, str]] = {
    "csv": {
        "text": "text",
        "moment": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true, false",
        "list": "text, items separated by semicolons (a semicolon in an item is written as a comma)",
    },
    "jsonl": {
        "text": "string",
        "moment": "string",
        "integer": "number",
        "number": "number",
        "boolean": "true, false",
        "list": "list of strings",
        "blocks": "list of {kind, text}",
    },
    "parquet": {
        "text": "string",
        "moment": "timestamp[ms, UTC]",
        "integer": "int64",
        "number": "double",
        "boolean": "bool",
        "list": "list<string>",
    },
}
_MISSING = {"csv": "empty", "jsonl": "null", "parquet": "null", "markdown": "left out"}
_NOTES = {
    "csv": (
        "UTF-8, RFC 4180: a line of names, commas, quotation marks around cells that need them, line breaks within texts kept. "
        "A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break, perhaps after "
        "apostrophes) has one more apostrophe in front. To undo it, replace the regular expression "
        f"`{UNDO}` by nothing (`\\r` and `\\n` are line breaks, `\\t` is a tab); JSONL and Parquet hold the texts as they are."
    ),
    "jsonl": "UTF-8, one JSON object a line, every column in every line.",
    "parquet": "Parquet, compressed with zstd; the meaning of each column stands in its metadata, too.",
    "markdown": (
        "One UTF-8 file an article in a folder of its site, named by day, title and `article_id`. The columns stand in the YAML front "
        "matter; the text follows, with Markdown's own characters escaped."
    ),
}


def codebook(question: Question, kind: str, columns: Sequence[Column], rows: int | None) -> str:
    """The codebook of an export of the format `kind`, as Markdown. `rows` is their number; None where it is told elsewhere."""
    return "\n\n".join(_parts(question, kind, columns, rows)) + "\n"


def _parts(question: Question, kind: str, columns: Sequence[Column], rows: int | None) -> Iterator[str]:
    yield FIRST_LINE
    order = ORDER_OF[question.what]
    number = "" if rows is None else f" {amount(rows, 'row')}."
    yield f"Made by newsarchive {__version__}. {ROW_OF[question.what]} The rows stand {order}.{number}"
    yield "Chosen: " + "; ".join(chosen(question)) + "."
    if kind in _NOTES:
        yield _NOTES[kind]
        yield column_table(kind, columns)
    else:
        yield "UTF-8. What is missing is left out. Each citation carries the `article_id`, which is the same in every archive."
        lines = [
            "| column of the archive | BibTeX (`@article`) | RIS (`NEWS`) | CSL-JSON (`article-newspaper`) |",
            "| --- | --- | --- | --- |",
        ]
        yield "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in FIELDS)])


def column_table(kind: str, columns: Sequence[Column]) -> str:
    """The columns as a table: name, type in the format `kind`, meaning, unit, what stands for a missing value."""
    types = _TYPES.get(kind, _TYPES["jsonl"])
    lines = ["| column | type | meaning | unit | missing |", "| --- | --- | --- | --- | --- |"]
    for column in columns:
        missing = "never" if column.is_always_set else _MISSING[kind]
        lines.append(f"| `{column.name}` | {types[column.kind]} | {column.meaning} | {column.unit or ''} | {missing} |")
    return "\n".join(lines)


def chosen(question: Question) -> Iterator[str]:
    """What the question asks, in words."""
    yield f"the words `{question.words.strip()}`" if question.words.strip() else "no words, so every text"
    yield from filters_in_words(question.filters)
    if question.limit is not None:
        yield f"the first {amount(question.limit, 'row')}"


def filters_in_words(filters: Filters) -> Iterator[str]:
    """Each filter that is set, in words."""
    for name, values in (
        ("site", filters.sites),
        ("language", filters.languages),
        ("section", filters.sections),
        ("author", filters.authors),
    ):
        if values:
            yield f"{name} {' or '.join(f'`{value}`' for value in values)}"
    if filters.since or filters.until:
        span = [f"{word} `{value}`" for word, value in (("since", filters.since), ("until", filters.until)) if value]
        yield f"published {' '.join(span)} (days of {filters.time_zone})"
    if filters.changed:
        yield "changed by the publisher"
    if filters.gone:
        yield "removed by the publisher"
