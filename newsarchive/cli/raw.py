"""`newsarchive raw`: the page as it was received."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.moments import MomentType
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json


@click.command("raw", short_help="Write out a page as it was received.")
@click.argument("address", metavar="URL_OR_ID")
@click.option(
    "--at",
    type=MomentType(is_end=True),
    metavar="MOMENT",
    help="The last capture before this moment in UTC (2026-05-01 or 2026-05-01T09:30:00Z).",
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to this file instead of the output."
)
@click.option("--list", "only_list", is_flag=True, help="List the captures.")
@archive_option
@json_option
def command(address: str, at: str | None, output: Path | None, only_list: bool, archive: Path | None, as_json: bool) -> None:
    """Write out a page as it was received, byte for byte, checked against its digest. The digest itself names a page as well.

    \b
    Examples:
      newsarchive raw https://example.com/2026/a-story > story.html
      newsarchive raw https://example.com/2026/a-story --list
    """
    from newsarchive.archive.reader import open_archive
    from newsarchive.export.places import whole_file
    from newsarchive.locations import default_archive

    with open_archive(archive or default_archive()) as opened:
        if only_list or as_json:
            captures = opened.captures(address)
            if as_json:
                say_json([asdict(capture) for capture in captures])
                return
            for capture in captures:
                kept = "kept" if capture.is_kept else "digest only" if capture.sha256 else "no page"
                say(f"{capture.fetched_at}  {capture.status or '---'}  {capture.outcome:<10} {kept:<12} {one_line(capture.sha256 or '')}")
            return
        body = opened.raw_page(address, at)
    if output is None:
        click.echo(body, nl=False)
    else:
        with whole_file(output) as file:
            file.write(body)
        say(f"Wrote {len(body)} bytes to {output}.")
