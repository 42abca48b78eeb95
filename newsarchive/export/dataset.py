"""A question frozen as a data set to cite: data, codebook, methods, checksums. The same archive gives the same bytes.

No clock is read: every moment in the files is one of the archive. Numbers of rows that are the archive's own (they change
when archives are merged) do not leave it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from newsarchive.archive.counting import Count
from newsarchive.archive.record_fields import columns_of
from newsarchive.archive.snapshot import Question, Row, Snapshot, Stream
from newsarchive.archive.study import Study, study_of
from newsarchive.export.codebook import FIRST_LINE, column_table
from newsarchive.export.csv_rows import write_csv
from newsarchive.export.json_lines import write_jsonl
from newsarchive.export.methods import methods
from newsarchive.export.parquet import require_pyarrow, write_parquet
from newsarchive.export.places import refuse_existing, whole_folder
from newsarchive.export.takeaway import STEP, OnRow, Writer
from newsarchive.text import amount
from newsarchive.version import __version__

SUMS = "SHA256SUMS"
_BLOCK = 1 << 20

_DAYS = (
    "`days.csv`: articles by day of publication, in the time zone asked for.\n\n"
    "| column | type | meaning | unit | missing |\n| --- | --- | --- | --- | --- |\n"
    "| `day` | text | Day; empty for the articles without a date or with less than a day. | YYYY-MM-DD | empty |\n"
    "| `articles` | whole number | Articles of that day. | articles | never |\n"
    "| `collected` | true, false | Whether a request was sent to the sites on that day or the day after. |  | empty |"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What was written."""

    path: Path
    articles: int
    name: str
    """Beginning of the SHA-256 of the records, by which the data set is cited."""
    files: list[str]


def make_dataset(
    archive: Path, question: Question, out: Path, *, parquet: bool = False, force: bool = False, on_row: OnRow = lambda done, total: None
) -> Dataset:
    """Freeze the articles for a question in the folder `out`: all of it, or there is no `out`.

    Raises ConfigurationError where `out` is there (unless `force`, and then where it is no data set), or where `parquet` is
    wanted without pyarrow; the archive's errors; ArchiveReadOnly where the place cannot be written.
    """
    refuse_existing(out, force=force)
    if parquet:
        require_pyarrow()
    with Snapshot(archive) as snapshot, whole_folder(out, is_ours=_is_dataset) as folder:
        study = study_of(snapshot.connection, question.words, question.filters)
        _write_data(snapshot, question, folder, on_row, parquet=parquet)
        digest = _sha256(folder / "articles.jsonl")
        _write_text(folder / "days.csv", _days(study.days))
        _write_text(folder / "query.json", _query(question))
        _write_text(folder / "codebook.md", _codebook(study, parquet=parquet))
        _write_text(folder / "METHODS.md", methods(question, study, digest))
        files = sorted(path.name for path in folder.iterdir())
        _write_text(folder / SUMS, "".join(f"{_sha256(folder / name)}  {name}\n" for name in files))
    return Dataset(path=out, articles=study.articles, name=digest[:16], files=[*files, SUMS])


def _write_data(snapshot: Snapshot, question: Question, folder: Path, on_row: OnRow, *, parquet: bool) -> None:
    plain, full = replace(question, what="articles"), replace(question, what="articles", with_blocks=True)
    wanted: list[tuple[str, Writer, Question]] = [("articles.csv", write_csv, plain), ("articles.jsonl", write_jsonl, full)]
    wanted += [("articles.parquet", write_parquet, plain)] if parquet else []
    done = 0
    for name, write, asked in wanted:
        stream = snapshot.stream(asked)
        with (folder / name).open("wb") as file:
            write(file, stream.columns, _counted(stream, on_row, done, len(wanted)))
        done += stream.total or 0


def _counted(stream: Stream, on_row: OnRow, before: int, files: int) -> Iterator[Row]:
    """The rows, each counted: every article is written once a file."""
    total = (stream.total or 0) * files
    for number, row in enumerate(stream, start=before + 1):
        if number % STEP == 0:
            on_row(number, total)
        yield row


def _days(days: list[Count]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["day", "articles", "collected"])
    for day in days:
        writer.writerow([day.key or "", day.articles, "" if day.days is None else str(bool(day.days_collected)).lower()])
    return text.getvalue()


def _query(question: Question) -> str:
    """The question for programs."""
    filters = {name: value for name, value in asdict(question.filters).items() if value not in ((), None, False)}
    return json.dumps({"words": question.words, "filters": filters, "newsarchive": __version__}, ensure_ascii=False, indent=2) + "\n"


def _codebook(study: Study, *, parquet: bool) -> str:
    columns, full = columns_of("articles"), columns_of("articles", blocks=True)
    parts = [
        FIRST_LINE,
        f"{amount(study.articles, 'article')}, one row or record each, in the order the archive found them; the same in every file.",
        "## articles.csv",
        column_table("csv", columns),
        "A text in the CSV that a spreadsheet would run as a formula has one more apostrophe in front; the other files hold it as it is.",
        "## articles.jsonl",
        column_table("jsonl", full),
        *(["## articles.parquet", column_table("parquet", columns)] if parquet else []),
        "## days.csv",
        _DAYS,
    ]
    return "\n\n".join(parts) + "\n"


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _is_dataset(folder: Path) -> bool:
    return (folder / SUMS).is_file() and (folder / "METHODS.md").is_file()
