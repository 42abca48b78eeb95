"""`newsarchive warc`: write stored pages to a WARC file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from newsarchive.cli.moments import MomentType
from newsarchive.cli.parameters import archive_option, json_option
from newsarchive.cli.progress_bar import counted
from newsarchive.cli.terminal import say, say_json
from newsarchive.text import amount


@click.command("warc", short_help="Write stored pages to a WARC file.")
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.warc.gz")
@click.option("--site", metavar="DOMAIN", help="Only pages of a site (registrable domain or host).")
@click.option("--since", type=MomentType(), metavar="DATE", help="Only pages captured since then (UTC).")
@click.option("--where", "condition", metavar="CONDITION", help="Only articles for which this SQL condition on the view `articles` holds.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@archive_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def command(
    output: Path,
    site: str | None,
    since: str | None,
    condition: str | None,
    force: bool,
    archive: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write the pages as they were received to a WARC 1.1 file that other programs read, pywb and `newsarchive import` among them.

    Pages whose publisher wants no copies shown (noarchive) are left out and counted. The same pages give the same file.

    \b
    Examples:
      newsarchive warc pages.warc.gz
      newsarchive warc harbour.warc.gz --where "title LIKE '%harbour%'"
    """
    from newsarchive.archive.kept_pages import PageSelection
    from newsarchive.export.places import refuse_existing
    from newsarchive.export.warc import export_warc
    from newsarchive.locations import default_archive

    refuse_existing(output, force=force)
    selection = PageSelection(site=site.lower() if site else None, since=since, condition=condition)
    with counted("pages", quiet=quiet or as_json) as show:
        done = export_warc(archive or default_archive(), output, selection, lambda number, total: show(number, total, ""))
    if as_json:
        say_json(asdict(done))
        return
    say(f"Wrote {amount(done.records, 'page')} to {done.path} ({done.size / 1e6:.1f} MB).")
    if done.reserved:
        say(f"{amount(done.reserved, 'was', 'were')} left out: their publishers want no copies shown (noarchive).")
