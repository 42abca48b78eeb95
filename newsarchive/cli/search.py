"""`newsarchive search`: find articles by their words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.filter_options import filter_options, filters_in, is_filtered
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json

if TYPE_CHECKING:
    from newsarchive.archive.counting import Count, CountBy
    from newsarchive.archive.search import Hit

DEFAULT_HITS = 10
"""Hits shown unless --limit says otherwise: one screen."""
MAX_HITS = 1000
"""More than anybody reads; a whole result is an export's work."""
FACETS: tuple[CountBy, ...] = ("site", "month", "section")
FACET_ROWS = 10
"""Names shown of each facet; `newsarchive count` lists all."""


@click.command("search", short_help="Find articles by their words.")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@filter_options
@click.option("--sort", type=click.Choice(["relevance", "date"]), default=None, help="Best first, or newest first.  [default: relevance]")
@click.option("--limit", type=click.IntRange(1, MAX_HITS), default=DEFAULT_HITS, show_default=True, metavar="N", help="Hits to show.")
@click.option("--facets", is_flag=True, help="Say as well how the hits spread over sites, months and sections.")
@archive_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print the hits as CSV.")
def command(
    words: tuple[str, ...],
    sort: str | None,
    limit: int,
    facets: bool,
    archive: Path | None,
    as_json: bool,
    as_csv: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Find articles that hold all the words, best first; with filters alone, the newest.

    "A phrase", begin*, this OR that, -without, title:word, author:name and body:word work, and nothing you type is an error.
    Accents and capitals make no difference.

    \b
    Examples:
      newsarchive search harbour
      newsarchive search '"city council" budget -football' --since 2026-05 --site example.com
      newsarchive search title:ferry --sort date --facets
      newsarchive search --section politics --changed --json
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.locations import default_archive

    if as_json and as_csv:
        raise click.UsageError("--json and --csv are two forms of the same answer; take one")
    query = " ".join(words)
    if not query.strip() and not is_filtered(options):
        raise click.UsageError("name words to look for, or a filter such as --site or --since")
    filters = filters_in(options)
    with open_archive(archive or default_archive()) as opened:
        hits = opened.search(query, limit, sort="date" if sort == "date" else "relevance", **filters)
        total = opened.count_hits(query, **filters) if len(hits) == limit else len(hits)
        spread = opened.facets(query, FACETS, **filters) if facets else {}
    if as_json:
        _print_json(hits, total, spread)
    elif as_csv:
        _print_csv(hits)
    else:
        _print(query, hits, total, spread)


def _print_json(hits: list[Hit], total: int, spread: dict[str, list[Count]]) -> None:
    from newsarchive.cli.archived_view import hit_record

    facets = {name: {row.key or "": row.articles for row in rows} for name, rows in spread.items()}
    say_json({"total": total, "hits": [hit_record(hit) for hit in hits], **({"facets": facets} if facets else {})})


def _print_csv(hits: list[Hit]) -> None:
    from newsarchive.cli.tables import csv_text, list_cell

    names = ("article_id", "published_utc", "site", "title", "authors", "url", "snippet", "score")
    click.echo(
        csv_text(names, ([list_cell(hit.authors) if name == "authors" else getattr(hit, name) for name in names] for hit in hits)),
        nl=False,
    )


def _print(query: str, hits: list[Hit], total: int, spread: dict[str, list[Count]]) -> None:
    from newsarchive.cli.archived_view import hit_lines

    if not hits:
        what = f"holds {query!r}" if query.strip() else "fits these filters"
        say(f"No article {what}. Fewer words and filters find more; begin* finds all words that begin so, author:name parts of names.")
        return
    for number, hit in enumerate(hits, start=1):
        for line in hit_lines(number, hit):
            click.echo(line)
    say(
        f"{total} article{'s' if total != 1 else ''}"
        if total == len(hits)
        else f"{len(hits)} of {total} articles; --limit shows more, `newsarchive export` takes all"
    )
    for name, rows in spread.items():
        say()
        say(f"By {name}:")
        for row in rows[:FACET_ROWS]:
            say(f"  {row.articles:>8}  {one_line(row.key or '(none)', 60)}")
        if len(rows) > FACET_ROWS:
            say(f"            and {len(rows) - FACET_ROWS} more: newsarchive count --by {name}")
