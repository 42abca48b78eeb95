"""`newsarchive status`: how the unattended crawl is, for people and for monitoring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.parameters import archive_option, config_option, json_option, table_options
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import one_line, say, say_json

if TYPE_CHECKING:
    from newsarchive.nightly.status import Status


@click.command("status", short_help="How the unattended crawl is.")
@archive_option
@table_options("sites")
@config_option
@json_option
def command(archive: Path | None, sites: Path | None, config: Path | None, as_json: bool) -> int:
    """Tell each site's last success and next moment, open alarms, the disk, the archive's size, and who writes to it.

    Ends with 0 where nothing has to be looked at, otherwise with the code of what has: a monitoring system needs no more.

    \b
    Examples:
      newsarchive status
      newsarchive status --json
    """
    from newsarchive.locations import default_archive, default_sites
    from newsarchive.nightly.config import read_config
    from newsarchive.nightly.status import status_of

    now = datetime.now(UTC)
    found = status_of(archive or default_archive(), sites or default_sites(), read_config(config), os.environ, now)
    if as_json:
        say_json(_record(found, now))
    else:
        for line in _lines(found, now):
            say(line)
    return found.exit_code


def _lines(status: Status, now: datetime) -> Iterator[str]:
    size = "none yet" if status.archive_bytes is None else size_text(status.archive_bytes)
    yield f"archive    {one_line(status.archive)} ({size}), {size_text(status.free_bytes)} free"
    if status.last_run is not None:
        code = "" if status.last_run["exit_code"] is None else f", exit {status.last_run['exit_code']}"
        yield f"last run   {status.last_run['id']}, {status.last_run['started_at']}, {status.last_run['status']}{code}"
    if status.night is not None:
        yield f"under way  a night: {one_line(status.night)}"
    yield f"writer     {one_line(status.writer.sentence(now)) if status.writer else 'none'}"
    for site in status.sites:
        last = f"last success {_moment(site.last_success)}" if site.last_success else "never crawled"
        following = f", next {_moment(site.next_at)}" if site.next_at else ""
        note = f" ({one_line(site.note)})" if site.note else ""
        yield f"site       {one_line(site.site, 30):<30} {site.state:<11} {last}{following}{note}"
    for alarm in status.alarms:
        figures = f"{alarm['value']:g}, usually {alarm['usual']:g}"
        yield f"alarm      {one_line(alarm['site'], 30):<30} {alarm['field']} since {alarm['since']}: {figures}"
    for reason in status.reasons:
        yield f"look at    {one_line(reason.sentence)}"
    yield f"exit code  {int(status.exit_code)}: {status.exit_code.meaning}" if status.reasons else "Nothing has to be looked at."


def _record(status: Status, now: datetime) -> dict[str, Any]:
    writer = status.writer
    return {
        "exit_code": int(status.exit_code),
        "archive": str(status.archive),
        "archive_bytes": status.archive_bytes,
        "free_bytes": status.free_bytes,
        "reasons": [{"code": int(reason.code), "sentence": reason.sentence} for reason in status.reasons],
        "last_run": status.last_run,
        "night": None if status.night is None else {"pid": status.night.pid, "since": status.night.started_at},
        "writer": None
        if writer is None
        else {
            "pid": writer.holder.pid,
            "host": writer.holder.host,
            "since": writer.holder.started_at,
            "run": writer.run_id,
            "heartbeat_at": _text(writer.heartbeat_at),
            "progress_at": _text(writer.progress_at),
            "trouble": writer.trouble(now),
        },
        "sites": [
            {
                "site": item.site,
                "state": item.state,
                "last_success": _text(item.last_success),
                "next_at": _text(item.next_at),
                "note": item.note,
            }
            for item in status.sites
        ],
        "alarms": list(status.alarms),
    }


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M UTC}"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
