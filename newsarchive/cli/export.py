"""`newsarchive export`: take articles, teasers, revisions or placements away."""

from __future__ import annotations

import codecs
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from newsarchive.cli.filter_options import filter_options, filters_in
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.progress_bar import counted
from newsarchive.cli.terminal import printable, say, say_json
from newsarchive.text import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsarchive.archive.snapshot import Question

FORMATS = ("csv", "jsonl", "parquet", "markdown", "bibtex", "ris", "csl-json")
WHAT = ("articles", "teasers", "revisions", "placements")


@click.command("export", short_help="Take articles away: CSV, JSONL, Parquet, Markdown, citations.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="[default: what the end of OUT says, CSV for -]")
@click.option("--what", type=click.Choice(WHAT), default="articles", show_default=True, help="Rows to take: of the articles that fit.")
@filter_options
@click.option("--no-body", is_flag=True, help="Leave the texts out; title, description and all facts stay.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N rows.")
@click.option("--force", is_flag=True, help="Replace OUT if it is there.")
@archive_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def command(
    out: Path,
    words: tuple[str, ...],
    kind: str | None,
    no_body: bool,
    force: bool,
    archive: Path | None,
    as_json: bool,
    quiet: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Write the articles that hold all the words (as in search) and fit the filters to OUT; without words and filters, all.

    OUT is a file whose end says the format: .csv, .jsonl, .parquet, .bib, .ris, .json (CSL-JSON); or a folder that ends with
    .md, or any folder with --format markdown. `-` is standard output. OUT is there when all of it is there, never half. A
    codebook beside it, OUT.codebook.md, explains every column.

    \b
    Examples:
      newsarchive export harbour.csv harbour --no-body
      newsarchive export may.parquet --since 2026-05 --until 2026-05 --site example.com
      newsarchive export reading-list.bib '"city council"' --section politics
      newsarchive export teasers.csv --what placements --site example.com
      newsarchive export - ferry --format jsonl | wc -l
    """
    from newsarchive.export.takeaway import export, export_to_stream, format_of
    from newsarchive.locations import default_archive

    chosen = format_of(out, kind)
    question = question_of(words, options, with_body=not no_body)
    place = archive or default_archive()
    is_shown = str(out) == "-" and sys.stdout.isatty()
    with counted(question.what, quiet=quiet or as_json or is_shown) as show:
        on_row: Callable[[int, int | None], None] = lambda done, total: show(done, total, "")  # noqa: E731
        if str(out) == "-":
            export_to_stream(place, question, _output(), chosen, on_row=on_row)
            return
        done = export(place, question, out, chosen, force=force, on_row=on_row)
    if as_json:
        say_json({"path": str(done.path), "format": done.format, "rows": done.rows, "codebook": str(done.codebook)})
        return
    say(f"Wrote {amount(done.rows, question.what.removesuffix('s'), question.what)} to {done.path}; {done.codebook} explains the columns.")
    if not done.rows:
        say("Nothing fits. Fewer words and filters find more.")


def question_of(words: tuple[str, ...], options: dict[str, Any], *, with_body: bool = True) -> Question:
    """What a command's words, filters and limit ask of an archive."""
    from newsarchive.archive.filters import filters_of
    from newsarchive.archive.snapshot import Question

    return Question(
        what=options.get("what", "articles"),
        words=" ".join(words),
        filters=filters_of(**filters_in(options)),
        limit=options.get("limit"),
        with_body=with_body,
    )


def _output() -> BinaryIO:
    """Standard output: as it is for programs, without what a terminal would obey for people."""
    sys.stdout.flush()
    return cast("BinaryIO", _Terminal()) if sys.stdout.isatty() else sys.stdout.buffer


class _Terminal(io.RawIOBase):
    """What is written, made printable."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        click.echo(printable(self._decoder.decode(bytes(data))), nl=False)
        return len(data)
