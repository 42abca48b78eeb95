"""`newsarchive dataset`: freeze a question as a data set to cite."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from newsarchive.cli.export import question_of
from newsarchive.cli.filter_options import filter_options
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.progress_bar import counted
from newsarchive.cli.terminal import say, say_json
from newsarchive.text import amount


@click.command("dataset", short_help="Freeze a question as a data set to cite.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@filter_options
@click.option("--parquet", is_flag=True, help="Write the articles as Parquet, too (needs pyarrow).")
@click.option("--force", is_flag=True, help="Replace OUT if it is a data set.")
@archive_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def command(
    out: Path,
    words: tuple[str, ...],
    parquet: bool,
    force: bool,
    archive: Path | None,
    as_json: bool,
    quiet: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Write the articles that hold all the words (as in search) and fit the filters to the folder OUT, with all that a reader of a
    study needs: the data (CSV and JSONL), days.csv with what was collected when, a codebook, METHODS.md (the question, sites, period,
    gaps, versions, what became of every address, opt-outs, what was not collected), and checksums.

    The same question to the same archive gives the same bytes.

    \b
    Examples:
      newsarchive dataset harbour-2026 harbour --since 2026 --until 2026
      newsarchive dataset council '"city council"' --site example.com --time-zone Europe/Berlin --parquet
    """
    from newsarchive.export.dataset import make_dataset
    from newsarchive.locations import default_archive

    question = question_of(words, options)
    with counted("records", quiet=quiet or as_json) as show:
        done = make_dataset(
            archive or default_archive(), question, out, parquet=parquet, force=force, on_row=lambda number, total: show(number, total, "")
        )
    if as_json:
        say_json(asdict(done) | {"path": str(done.path)})
        return
    say(f"Wrote {amount(done.articles, 'article')} to {done.path}: {', '.join(done.files)}.")
    say(f"It is named by its contents: newsarchive data set {done.name}. METHODS.md says how to cite it.")
