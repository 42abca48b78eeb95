"""`newsarchive count`: how many articles, by time, site, section, author or language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.filter_options import filter_options, filters_in
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json

if TYPE_CHECKING:
    from newsarchive.archive.counting import Count

BY = ("day", "month", "year", "site", "section", "author", "language")
NAME_WIDTH = 40
MIN_BAR = 10
MAX_BAR = 60
"""Characters of the longest bar: it ends before the eye loses the line."""
GAP = "·"
"""Stands in the place of a bar where nobody looked."""


@click.command("count", short_help="Count articles by month, site, section, ...")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--by", type=click.Choice(BY), default="month", show_default=True, help="What to count by.")
@filter_options
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the N most frequent (sites, sections, authors, languages).")
@click.option("--plot", is_flag=True, help="Draw bars.")
@archive_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def command(
    words: tuple[str, ...],
    by: str,
    top: int | None,
    plot: bool,
    archive: Path | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Count articles, all or those that hold the words (as in search), by the time they were published or by a name.

    Days are UTC unless --time-zone names another zone. Days and months without articles between the first and the last are shown;
    `not collected` says that nothing was asked of the sites then, so that the zero means nothing.

    \b
    Examples:
      newsarchive count
      newsarchive count ferry --by day --since 2026-05-01 --until 2026-05-31 --plot
      newsarchive count --by site --top 20 --csv
      newsarchive count '"climate change"' --by section --site example.com --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    if sum((as_json, as_csv, plot)) > 1:
        raise click.UsageError("--json, --csv and --plot are forms of the same answer; take one")
    with open_archive(archive or default_archive()) as opened:
        rows = opened.counts(by, " ".join(words), **filters_in(options))  # type: ignore[arg-type]
    is_time = any(row.days is not None for row in rows) or by in ("day", "month", "year")
    shown = rows if top is None or is_time else rows[:top]
    if as_json:
        say_json({"by": by, "time_zone": options["time_zone"], "counts": [_record(row, is_time=is_time) for row in shown]})
    elif as_csv:
        from newsarchive.cli.tables import csv_text

        names = [by, "articles", *(("days", "days_collected") if is_time else ())]
        click.echo(csv_text(names, (list(_record(row, is_time=is_time).values()) for row in shown)), nl=False)
    else:
        total = sum(row.articles for row in rows)
        for line in _lines(shown, by, options["time_zone"], total, is_time=is_time, plot=plot):
            say(line)
        if len(shown) < len(rows):
            say(f"and {len(rows) - len(shown)} more rows")


def _record(row: Count, *, is_time: bool) -> dict[str, Any]:
    record = asdict(row)
    return record if is_time else {"key": record["key"], "articles": record["articles"]}


def _lines(rows: Sequence[Count], by: str, zone: str, total: int, *, is_time: bool, plot: bool) -> Iterator[str]:
    if not rows:
        yield "No article fits. Fewer words and filters find more; begin* finds all words that begin so."
        return
    width = max(len(by), *(len(_name(row, by)) for row in rows))
    room = min(MAX_BAR, max(MIN_BAR, shutil.get_terminal_size().columns - width - 34))
    most = max(row.articles for row in rows) or 1
    note = f"  ({zone})" if is_time else ""
    yield f"{by:<{width}}  {'articles':>8}{note}"
    for row in rows:
        bar = ""
        if plot:
            bar = "  " + (GAP if _is_gap(row) and not row.articles else "█" * round(room * row.articles / most))
        yield f"{_name(row, by):<{width}}  {row.articles:>8}{bar}{_collected(row)}".rstrip()
    note = "  an article counts once for each of its authors" if by == "author" else ""
    yield f"{'all':<{width}}  {total:>8}{note}"


def _name(row: Count, by: str) -> str:
    return one_line(row.key or f"(no {by})", NAME_WIDTH)


def _is_gap(row: Count) -> bool:
    return bool(row.days) and row.days_collected == 0


def _collected(row: Count) -> str:
    """What to know before a low number is believed; nothing where every day was looked at, or articles were found later."""
    if row.days is None or row.days_collected is None or row.days_collected == row.days:
        return ""
    if row.days_collected == 0:
        return "" if row.articles else "  not collected"
    return f"  collected on {row.days_collected} of {row.days} days"
