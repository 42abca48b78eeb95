"""Taking rows of an archive away: to a file, a folder or a stream, with a codebook beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from newsarchive.archive.record_fields import Column
from newsarchive.archive.snapshot import Question, Row, Snapshot, Stream
from newsarchive.errors import ConfigurationError
from newsarchive.export.citations import write_bibtex, write_csl_json, write_ris
from newsarchive.export.codebook import FIRST_LINE, codebook
from newsarchive.export.csv_rows import write_csv
from newsarchive.export.json_lines import write_jsonl
from newsarchive.export.markdown import write_markdown
from newsarchive.export.parquet import require_pyarrow, write_parquet
from newsarchive.export.places import refuse_existing, whole_file, whole_folder

Writer = Callable[[BinaryIO, Sequence[Column], Iterable[Row]], None]
OnRow = Callable[[int, int | None], None]
"""Called with the rows written so far and how many there will be (None: not known)."""

WRITERS: dict[str, Writer] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "bibtex": write_bibtex,
    "ris": write_ris,
    "csl-json": write_csl_json,
}
FORMATS = ("csv", "jsonl", "parquet", "markdown", "bibtex", "ris", "csl-json")
SUFFIXES = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".md": "markdown",
    ".markdown": "markdown",
    ".bib": "bibtex",
    ".ris": "ris",
    ".json": "csl-json",
}
"""End of a name -> format."""

_OF_ARTICLES = frozenset({"markdown", "bibtex", "ris", "csl-json"})
STEP = 100
"""Rows between two calls of OnRow: a call takes as long as ten cells."""
CODEBOOK_IN_FOLDER = "codebook.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What was written."""

    path: Path
    format: str
    rows: int
    codebook: Path


def format_of(path: Path, named: str | None) -> str:
    """The format that was named, or that the name of the file says. Raises ConfigurationError where neither does."""
    if named is not None:
        return named
    if str(path) == "-":
        return "csv"
    found = SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise ConfigurationError(f"the name {path} says no format ({', '.join(SUFFIXES)}); name one with --format: {', '.join(FORMATS)}")
    return found


def asked(question: Question, kind: str) -> Question:
    """The question as a format needs it. Raises ConfigurationError for rows that the format cannot hold."""
    if kind in _OF_ARTICLES and question.what != "articles":
        raise ConfigurationError(f"{kind} holds articles only; take csv, jsonl or parquet for {question.what}")
    if kind == "parquet":
        require_pyarrow()
    is_cited = kind in _OF_ARTICLES and kind != "markdown"
    with_blocks = kind in ("jsonl", "markdown") and question.what == "articles" and question.with_body
    return replace(question, with_body=question.with_body and not is_cited, with_blocks=with_blocks)


def export(
    archive: Path, question: Question, out: Path, kind: str, *, force: bool = False, on_row: OnRow = lambda done, total: None
) -> Export:
    """Write the rows for a question to `out` in a format of FORMATS, and a codebook beside: all of it, or there is no `out`.

    Markdown is a folder, which holds its codebook. Raises ConfigurationError where `out` is there (unless `force`), the
    archive's errors, ArchiveReadOnly where the place cannot be written.
    """
    refuse_existing(out, force=force)
    wanted = asked(question, kind)
    with Snapshot(archive) as snapshot:
        stream = snapshot.stream(wanted)
        rows = _Counted(stream, on_row)
        if kind == "markdown":
            with whole_folder(out, is_ours=_is_export) as folder:
                write_markdown(folder, stream.columns, rows)
                beside = folder / CODEBOOK_IN_FOLDER
                beside.write_text(codebook(wanted, kind, stream.columns, rows.number), encoding="utf-8", errors="replace")
            return Export(path=out, format=kind, rows=rows.number, codebook=out / CODEBOOK_IN_FOLDER)
        if out.is_dir():
            raise ConfigurationError(f"{out} is a folder; give the name of a file, or --format markdown.")
        beside = out.with_name(out.name + ".codebook.md")
        with whole_file(out) as file:
            WRITERS[kind](file, stream.columns, rows)
            with whole_file(beside) as book:
                book.write(codebook(wanted, kind, stream.columns, rows.number).encode("utf-8", "replace"))
    return Export(path=out, format=kind, rows=rows.number, codebook=beside)


def export_to_stream(archive: Path, question: Question, file: BinaryIO, kind: str, *, on_row: OnRow = lambda done, total: None) -> int:
    """Write the rows for a question to an open stream, without a codebook; returns their number. Raises as `export`."""
    if kind not in ("csv", "jsonl", "bibtex", "ris", "csl-json"):
        raise ConfigurationError(f"{kind} cannot be written to standard output; give the name of a file or folder.")
    with Snapshot(archive) as snapshot:
        stream = snapshot.stream(asked(question, kind))
        rows = _Counted(stream, on_row)
        WRITERS[kind](file, stream.columns, rows)
        return rows.number


class _Counted:
    """Rows that are counted while they are looped over."""

    def __init__(self, stream: Stream, on_row: OnRow) -> None:
        self._stream, self._on_row = stream, on_row
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        total = self._stream.total
        for number, row in enumerate(self._stream, start=1):
            self.number = number
            if number % STEP == 0:
                self._on_row(number, total)
            yield row
        self._on_row(self.number, total)


def _is_export(folder: Path) -> bool:
    book = folder / CODEBOOK_IN_FOLDER
    return book.is_file() and book.read_text(encoding="utf-8", errors="replace").startswith(FIRST_LINE)
