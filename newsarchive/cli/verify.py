"""`newsarchive verify`: look an archive over."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json
from newsarchive.errors import ExitCode
from newsarchive.text import amount


@click.command("verify", short_help="Check that the archive is whole.")
@click.option("--no-raw", is_flag=True, help="Leave out the raw pages (most of the time it takes).")
@click.option("--repair", is_flag=True, help="Build the search index anew first.")
@archive_option
@json_option
def command(no_raw: bool, repair: bool, archive: Path | None, as_json: bool) -> int:
    """Check that the archive is whole: the file, references, the search index against the articles, the digest of every raw page and
    text, rows without owner, leases, outcomes. Reads only, beside a crawl too; --repair writes.

    \b
    Examples:
      newsarchive verify
      newsarchive verify --no-raw --json
    """
    from newsarchive.archive.store import Store
    from newsarchive.archive.verify import repair_search_index, verify
    from newsarchive.locations import default_archive

    path = archive or default_archive()
    if repair:
        with Store(path, create=False) as store:
            repair_search_index(store)
    report = verify(path, raw=not no_raw)
    if as_json:
        say_json(asdict(report) | {"is_sound": report.is_sound})
    else:
        for problem in report.problems:
            say(f"{problem.check}: {one_line(problem.text)}")
        for note in report.notes:
            say(f"note: {one_line(note.text)}")
        verdict = "nothing wrong" if report.is_sound else amount(len(report.problems), "problem")
        counts = (amount(report.articles, "article"), amount(report.raw_pages, "raw page"), amount(len(report.checks), "check"))
        say(f"{path}: {', '.join(counts)}, {verdict}.")
    return ExitCode.OK if report.is_sound else ExitCode.ARCHIVE_CORRUPT
