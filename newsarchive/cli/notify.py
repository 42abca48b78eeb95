"""`newsarchive notify`: try the channels that tell people how a night went."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsarchive.cli.parameters import config_option, json_option
from newsarchive.cli.terminal import one_line, say, say_json
from newsarchive.errors import ConfigurationError, ExitCode, NotInArchive

if TYPE_CHECKING:
    from newsarchive.nightly.channels import Channel
    from newsarchive.nightly.notice import Notice
    from newsarchive.nightly.notify import Delivery


@click.group("notify", short_help="Try the channels that tell people how a night went.")
def command() -> None:
    """Telling people: mail, web hooks, ntfy, pings and metrics, as the night's configuration names them.

    \b
    Examples:
      newsarchive notify list
      newsarchive notify test
      newsarchive notify test editors
    """


@command.command("test", short_help="Send a test message.")
@click.argument("names", nargs=-1, metavar="[CHANNEL]...")
@config_option
@json_option
def test(names: tuple[str, ...], config: Path | None, as_json: bool) -> int:
    """Send a test message through every channel, or those named, whatever their `when` says.

    A ping is sent as a log entry that changes no check; for Prometheus the folder alone is tried.
    Ends with 0 when every message arrived, with 3 when some did not, with 4 when none did.
    """
    from newsarchive.nightly.notify import tell

    deliveries = tell(_test_notice(), _channels(config, names))
    if as_json:
        say_json([asdict(delivery) for delivery in deliveries])
    else:
        for delivery in deliveries:
            say(_line(delivery))
    failed = sum(not delivery.ok for delivery in deliveries)
    if failed:
        return ExitCode.UNREACHABLE if failed == len(deliveries) else ExitCode.PARTIAL
    return ExitCode.OK


@command.command("list", short_help="List the channels.")
@config_option
@json_option
def list_(config: Path | None, as_json: bool) -> int:
    """List the channels with what they want to hear of. Shows no address and no secret, and sends nothing."""
    channels = _channels(config, ())
    if as_json:
        say_json([{"name": item.name, "kind": item.kind, "when": sorted(item.when)} for item in channels])
    else:
        for item in channels:
            say(f"{one_line(item.name, 40):<20} {item.kind:<11} {', '.join(sorted(item.when))}")
    return ExitCode.OK


def _channels(config: Path | None, names: tuple[str, ...]) -> list[Channel]:
    """The channels of the configuration, or those named. Raises ConfigurationError where there is none, NotInArchive for a wrong name."""
    from newsarchive.nightly.config import read_config

    found = read_config(config)
    place = found.path or "the night's configuration"
    if not found.channels:
        raise ConfigurationError(f"{place} names no channel; write a table like [notify.editors] (docs/guide/nightly.md)")
    known = {channel.name: channel for channel in found.channels}
    for name in names:
        if name not in known:
            raise NotInArchive(f"{place} has no channel {name!r}; there are {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)] if names else list(found.channels)


def _test_notice() -> Notice:
    import socket
    import uuid
    from datetime import UTC, datetime

    from newsarchive.nightly.notice import Notice

    now = datetime.now(UTC)
    return Notice(
        uuid=str(uuid.uuid4()), command="newsarchive notify test", host=socket.gethostname(), started_at=now, finished_at=now, is_test=True
    )


def _line(delivery: Delivery) -> str:
    tries = f" after {delivery.attempts} tries" if delivery.attempts > 1 else ""
    word = "told" if delivery.ok else "FAILED"
    return f"{one_line(delivery.name, 40):<20} {delivery.kind:<11} {word}{tries}: {one_line(delivery.detail)}"
