"""`newsarchive discover`: which feeds, sitemaps and sections a site has, and how they were found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.log_output import start_log
from newsarchive.cli.parameters import json_option, table_options
from newsarchive.cli.terminal import one_line, say_json, typed_command
from newsarchive.errors import ExitCode
from newsarchive.text import amount

if TYPE_CHECKING:
    from newsarchive.crawl.probe import ProbePlan
    from newsarchive.model.discovered import FoundSource, SiteDiscovery

SECTIONS_SHOWN = 12
"""Sections printed; --json has all."""


@click.command("discover", short_help="Show the feeds, sitemaps and sections of a site.")
@click.argument("site", metavar="DOMAIN")
@click.option("--thorough", is_flag=True, help="Try common paths even where the site names feeds and sitemaps itself.")
@click.option(
    "--max-requests", type=click.IntRange(1, 1000), default=40, show_default=True, metavar="N", help="Send at most this many requests."
)
@table_options("contact", "sites", "delay_seconds", "allow_addresses", "connect_to")
@json_option
def command(
    site: str,
    thorough: bool,
    max_requests: int,
    sites: Path | None,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the options table's values
) -> int:
    """Look at a site and show where its articles are listed: robots.txt, sitemaps, feeds, section pages, and why each is believed.

    Nothing is stored. robots.txt is obeyed and the site is asked no faster than in a crawl. What its profile names is looked at, too.

    \b
    Examples:
      newsarchive discover example.com
      newsarchive discover https://example.com/ --thorough --json
    """
    from newsarchive.crawl.probe import probe_site

    plan = replace(_plan(site, sites, options), thorough=thorough, max_requests=max_requests)
    start_log(verbose=False, log_format="text")
    found = probe_site(plan)
    if as_json:
        say_json(asdict(found))
    else:
        for line in _lines(found):
            click.echo(line)
    return ExitCode.OK if found.home or found.sources else ExitCode.UNREACHABLE


def _plan(site: str, folder: Path | None, options: Mapping[str, Any]) -> ProbePlan:
    """What is typed, over what the site's profile says."""
    from newsarchive.cli.contact import contact_for
    from newsarchive.cli.seeds import checked_seeds
    from newsarchive.crawl.probe import ProbePlan
    from newsarchive.crawl.profiles import profiles_of
    from newsarchive.locations import default_archive
    from newsarchive.model.run import CrawlPlan

    url = checked_seeds([site])[0]
    profiles = profiles_of(folder)
    profile = profiles.for_url(url)
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    known = CrawlPlan(seeds=[url], archive=default_archive(), **({"contact": profile.contact if profile else None} | given))
    return ProbePlan(url=url, profiles=profiles, **(given | {"contact": contact_for(known)}))


def why(source: FoundSource) -> str:
    """In words, how a source was found."""
    if source.found_by == "common-path":
        return f"tried a common path ({source.origin})"
    words = {
        "seed": "asked for",
        "profile": "named in the site profile",
        "robots": "Sitemap line of robots.txt",
        "link": "linked from the home page",
        "sitemap": "named in a sitemap index",
    }
    return words[source.found_by]


def _lines(found: SiteDiscovery) -> Iterator[str]:
    yield click.style(one_line(found.home or found.url), bold=True)
    sections = [source for source in found.sources if source.kind == "section"]
    for source in found.sources:
        if source.kind == "home":
            yield f"  home page with {source.entries} links, {source.articles} of them look like articles"
        elif source.kind != "section":
            yield from _source_lines(source)
    if sections:
        shown = "  ".join(one_line(source.url.split("/", 3)[-1], 40) for source in sections[:SECTIONS_SHOWN])
        rest = f"  and {len(sections) - SECTIONS_SHOWN} more" if len(sections) > SECTIONS_SHOWN else ""
        yield f"  {len(sections)} section pages linked from the home page: {shown}{rest}"
    named = [source for source in found.failed if source.found_by != "common-path"]
    if named:
        yield "Named, but not usable:"
        yield from (f"  {one_line(source.url)}: {one_line(source.problem)} ({why(source)})" for source in named)
    tried = len(found.failed) - len(named)
    if tried:
        yield f"{tried} common paths were tried without result; --json lists them."
    yield from (f"Note: {one_line(note)}." for note in found.notes)
    if found.is_cut:
        yield "The limit of requests was reached before everything was looked at; --max-requests raises it."
    if any(source.kind not in ("home", "section") for source in found.sources) or found.home:
        yield f"Next: {typed_command('crawl', found.home or found.url)}"


def _source_lines(source: FoundSource) -> Iterator[str]:
    newest = f"newest {source.newest}" if source.newest else "no dates"
    unit = "sitemaps" if source.kind == "sitemap-index" else "entries"
    unread = f", {source.unread} of them not read" if source.unread else ""
    articles = "" if source.kind == "sitemap-index" or source.articles is None else f", {amount(source.articles, 'article')}"
    yield f"  {click.style(f'{source.kind:<13}', fg='green')} {one_line(source.url)}"
    yield f"  {'':<13} {source.entries} {unit}{articles}{unread}; {one_line(newest)}; {why(source)}"
    if source.newest_title:
        yield f"  {'':<13} {one_line(source.newest_title, 90)}"
