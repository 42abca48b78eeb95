"""`newsarchive crawl`: crawl sites into the archive."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.log_output import log_option, start_log
from newsarchive.cli.parameters import table_options
from newsarchive.cli.terminal import say, say_json
from newsarchive.options import CRAWL_OPTIONS

if TYPE_CHECKING:
    from newsarchive.logs import LogFormat
    from newsarchive.model.run import CrawlPlan


@click.command(
    "crawl",
    short_help="Crawl news sites into the archive.",
    epilog="The same command after a crash, a kill or Ctrl-C goes on where it stopped. Exit codes: docs/reference/exit-codes.md.",
)
@click.argument("urls", nargs=-1, metavar="URL...")
@click.option("--demo", is_flag=True, help="Crawl the demo newspaper that comes with the program, served on this machine.")
@click.option(
    "--urls",
    "url_file",
    metavar="FILE",
    help="Fetch the URLs of this file (-: standard input), one a line, nothing else.",
)
@table_options(*(option.name for option in CRAWL_OPTIONS))
@click.option("--no-raw", is_flag=True, help="Keep no raw pages, only their digests: a third of the size, but nothing can be read again.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress, only the summary.")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens to each address on the error stream.")
@log_option
def command(
    urls: tuple[str, ...],
    url_file: str | None,
    demo: bool,
    no_raw: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    log_format: LogFormat,
    **options: Any,  # noqa: ANN401
) -> int:
    """Crawl news sites into one SQLite archive.

    URL is a site, a section, a feed, a sitemap or an article. Its feeds, sitemaps and links are followed
    on that site, articles are stored with their teasers, and articles known already are fetched again when they are due.

    \b
    Examples:
      newsarchive crawl --demo
      newsarchive crawl https://example.com --contact you@example.org
      newsarchive crawl https://example.com/politics --since 2026-03-01 --max 200
      newsarchive crawl --urls addresses.txt --contact you@example.org
      newsarchive crawl http://intranet.local:8080 --allow-address intranet.local:8080
    """
    if demo and urls:
        raise click.UsageError("--demo crawls the demo newspaper; leave out the URL, or leave out --demo")
    if url_file and (demo or urls):
        raise click.UsageError("--urls takes the place of URL and --demo; leave them out")
    if not demo and not urls and not url_file:
        raise click.UsageError("name at least one URL, such as https://example.com, or try --demo")
    log_level = start_log(verbose=verbose, log_format=log_format)
    options["keep_raw"] = not no_raw
    if demo:
        from newsarchive.cli.demo_run import demo_plan

        with demo_plan(options, _command_line()) as plan:
            return _crawl(plan, as_json=as_json, quiet=quiet, log_level=log_level)
    return _crawl(_plan(urls, url_file, options), as_json=as_json, quiet=quiet, log_level=log_level)


def _plan(urls: tuple[str, ...], url_file: str | None, options: Mapping[str, Any]) -> CrawlPlan:
    """The plan of a crawl of real sites; asks for the contact where one is needed."""
    from dataclasses import replace

    from newsarchive.cli.contact import contact_for
    from newsarchive.cli.seeds import checked_seeds, listed_seeds

    seeds = listed_seeds(url_file) if url_file else checked_seeds(urls)
    plan = build_plan(options, seeds=seeds, follow=not url_file, command=_command_line())
    return replace(plan, contact=contact_for(plan))


def build_plan(options: Mapping[str, Any], **fixed: Any) -> CrawlPlan:  # noqa: ANN401 - fields of the plan
    """A plan from the options table's values; what was not given keeps the default of the plan."""
    from newsarchive.locations import default_archive
    from newsarchive.model.run import CrawlPlan

    values = {name: value for name, value in options.items() if value is not None and value != ()}
    return CrawlPlan(**{"archive": default_archive(), **values, **fixed})


def _crawl(plan: CrawlPlan, *, as_json: bool, quiet: bool, log_level: str) -> int:
    """Run the crawl with its display; print the summary; return the exit code."""
    from newsarchive.cli.next_steps import next_steps
    from newsarchive.cli.progress import progress_display
    from newsarchive.cli.summary import exit_code_of, report_record, summary_lines
    from newsarchive.crawl.run import run_crawl
    from newsarchive.logs import is_json

    if not quiet and not is_json():
        say(f"Crawling {_seeds_in_words(plan)} into {plan.archive}; Ctrl-C stops, the same command goes on.", error=True)
    with _archive_folder(plan.archive), progress_display(quiet=quiet) as show:
        report = run_crawl(plan, show, log_level=log_level)
    if as_json:
        say_json(report_record(report))
    else:
        for line in [*summary_lines(report), *next_steps(report)]:
            say(line)
    return exit_code_of(report)


def _seeds_in_words(plan: CrawlPlan) -> str:
    """The addresses a crawl starts from, as many as fit a line."""
    shown = ", ".join(plan.seeds[:3])
    return shown if len(plan.seeds) <= 3 else f"{shown} and {len(plan.seeds) - 3} more addresses"


@contextmanager
def _archive_folder(archive: Path) -> Iterator[None]:
    """Make the folder of the archive; a folder that was made here and stayed empty is taken away again."""
    missing = [folder for folder in archive.parents if not folder.exists()]
    archive.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for folder in missing:
            try:
                folder.rmdir()
            except OSError:
                break


def _command_line() -> str:
    """What was typed, for the run record."""
    return " ".join(["newsarchive", *(shlex.quote(argument) for argument in sys.argv[1:])])
