"""`newsarchive extract`: read one page and print the article."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.parameters import json_option, table_options
from newsarchive.cli.terminal import say_json
from newsarchive.errors import ExitCode, NoSuchFile

if TYPE_CHECKING:
    from newsarchive.model.extraction import Extraction
    from newsarchive.model.page import Page
    from newsarchive.sites.profile import SiteProfile


@click.command("extract", short_help="Read one page and print the article.")
@click.argument("source", metavar="FILE_OR_URL")
@click.option("--url", metavar="URL", help="The address a saved page came from; links are made absolute with it.")
@json_option
@click.option("--explain", is_flag=True, help="Show which rule won for each field, and what was dropped by which rule.")
@click.option(
    "--profile", type=click.Path(path_type=Path), metavar="FILE", help="Read the page with this site profile, whatever its address."
)
@table_options("sites", "contact", "allow_addresses", "connect_to")
def command(source: str, url: str | None, as_json: bool, explain: bool, **options: Any) -> int:  # noqa: ANN401 - the options table's values
    """Read one page, from a file (- is the standard input) or from the network, and print the article.

    \b
    Examples:
      newsarchive extract page.html --url https://example.com/2026/a-story
      newsarchive extract https://example.com/2026/a-story --json
      newsarchive extract page.html --explain
      newsarchive extract page.html --profile data/sites/example.com.toml
    """
    from newsarchive.errors import NotAnArticle
    from newsarchive.extractors.api import explain as explain_page

    rules = _profile(options.pop("profile"), options.pop("sites"), source if "://" in source else url)
    extraction = explain_page(_page(source, url, options), url, profile=rules)
    if as_json:
        say_json(extraction.as_record() if explain else extraction.article.as_record())
    else:
        _print(extraction, explain=explain)
    if not extraction.is_article:
        if explain:
            return ExitCode.NOT_AN_ARTICLE
        raise NotAnArticle(f"{source} is no article: {extraction.reason or extraction.page_type}; --explain shows what was read")
    return ExitCode.OK


def _profile(file: Path | None, folder: Path | None, url: str | None) -> SiteProfile | None:
    """The named profile, else the one of the address's site; its faults stop the command before anything is fetched."""
    from newsarchive.locations import default_sites
    from newsarchive.sites.load import load_default_profiles, load_files, load_profiles

    if file is not None:
        if folder is not None:
            raise click.UsageError("give --profile or --sites, not both")
        named: SiteProfile = load_files([file])[0]
        return named
    profiles = load_profiles(folder) if folder else load_default_profiles(default_sites())
    return profiles.for_url(url) if url is not None else None


def _page(source: str, url: str | None, options: dict[str, Any]) -> Page | bytes:
    """The page from the network, or the bytes of the standard input or a file."""
    if "://" in source:
        if url is not None:
            raise click.UsageError("--url is for saved pages; a page from the network has its own address")
        return _fetched(source, options)
    if url is not None:
        from newsarchive.urls import normalise

        normalise(url)  # raises for what is no address; the page keeps it as written
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except FileNotFoundError:
        raise NoSuchFile(f"there is no file {source!r}; an address starts with https://") from None
    except IsADirectoryError:
        raise NoSuchFile(f"{source!r} is a folder; name one saved page in it") from None


def _fetched(url: str, options: dict[str, Any]) -> Page:
    """The page from the network, with the guards of a crawl."""
    from newsarchive.cli.contact import contact_for
    from newsarchive.cli.seeds import checked_seeds
    from newsarchive.crawl.fetch_one import fetch_page
    from newsarchive.model.run import CrawlPlan

    (seed,) = checked_seeds([url])
    plan = CrawlPlan(seeds=[seed], archive=Path(), **options)
    return fetch_page(seed, contact=contact_for(plan), allow_addresses=plan.allow_addresses, connect_to=plan.connect_to)


def _print(extraction: Extraction, *, explain: bool) -> None:
    from newsarchive.cli.article_view import article_lines, explanation_lines

    if not explain and not extraction.is_article:
        return
    for line in explanation_lines(extraction) if explain else article_lines(extraction.article):
        click.echo(line)
