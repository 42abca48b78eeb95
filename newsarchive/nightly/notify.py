"""Tell people how a night went. Never raises, ends in bounded time: a failure to tell is recorded and fails nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsarchive.errors import ConfigurationError
from newsarchive.logs import escaped
from newsarchive.nightly.channels import Channel
from newsarchive.nightly.notice import Event, Notice
from newsarchive.nightly.notify_email import send as send_email
from newsarchive.nightly.notify_http import NotTold
from newsarchive.nightly.notify_ntfy import send as send_ntfy
from newsarchive.nightly.notify_ping import send as send_ping
from newsarchive.nightly.notify_prometheus import send as send_prometheus
from newsarchive.nightly.notify_secrets import Opened, open_channel
from newsarchive.nightly.notify_webhook import send as send_webhook

PAUSES_SECONDS = (1.0, 4.0, 8.0, 8.0)
"""Seconds before the second and the further tries: a service that restarts is back within ten."""
MAX_TELL_SECONDS = 90.0
"""Seconds after which all channels together are given up, whatever their own time-outs say. They are told side by side."""
MAX_DETAIL_CHARS = 300
"""Characters of a delivery's account in the run record."""

Send = Callable[[Opened, Notice], str]
"""Sends one message; returns what to note of it, raises NotTold."""

SENDERS: Mapping[str, Send] = {
    "email": send_email,
    "webhook": send_webhook,
    "ntfy": send_ntfy,
    "ping": send_ping,
    "prometheus": send_prometheus,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of one message, for the run record. Holds no secret."""

    name: str
    """The channel."""
    kind: str
    event: Event
    """What the message was about."""
    ok: bool
    attempts: int = 0
    """Tries that were made."""
    seconds: float = 0.0
    detail: str = ""
    """What the other side said, or what went wrong."""


def tell(
    notice: Notice,
    channels: Iterable[Channel],
    *,
    environment: Mapping[str, str] | None = None,
    budget_seconds: float = MAX_TELL_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Delivery]:
    """Tell every channel that wants to hear of this, side by side; one Delivery for each, in their order."""
    wanted = [channel for channel in channels if wants(channel, notice)]
    known = os.environ if environment is None else environment
    found: dict[int, Delivery] = {}

    def work(place: int, channel: Channel) -> None:
        found[place] = _deliver(channel, notice, known, sleep)

    began = time.monotonic()
    threads = [
        threading.Thread(target=work, args=(place, channel), name=f"tell-{channel.name}", daemon=True)  # daemon: a hanging one must not
        for place, channel in enumerate(wanted)  # keep the process
    ]
    for thread in threads:
        thread.start()
    deliveries = []
    for place, (thread, channel) in enumerate(zip(threads, wanted, strict=True)):
        thread.join(max(0.0, min(budget_seconds, _budget(channel)) - (time.monotonic() - began)))
        given_up = Delivery(
            name=channel.name,
            kind=channel.kind,
            event=notice.event,
            ok=False,
            attempts=1,
            seconds=round(time.monotonic() - began, 3),
            detail="no end within the time for telling; given up",
        )
        deliveries.append(found.get(place, given_up))
    return deliveries


def tell_start(notice: Notice, channels: Iterable[Channel], **options: object) -> list[Delivery]:
    """Tell the channels that want to hear of a start (pings); the notice has no `finished_at`."""
    return tell(notice, channels, **options)  # type: ignore[arg-type]  # the options of `tell`


def wants(channel: Channel, notice: Notice) -> bool:
    """Whether the channel is to hear of this."""
    event = notice.event
    if event == "test":
        return True
    if event == "start":
        return channel.kind == "ping" and bool(channel.values.get("start"))
    reasons = {"always"}
    reasons |= {"failure"} if notice.failed else set()
    reasons |= {"alarm"} if notice.alarms else set()
    reasons |= {"recovery"} if event == "recovery" else set()
    return bool(reasons & channel.when)


def failures(deliveries: Sequence[Delivery]) -> list[str]:
    """A sentence for each message that did not arrive, for the summary."""
    return [f"{item.name} ({item.kind}) was not told: {item.detail}" for item in deliveries if not item.ok]


def _budget(channel: Channel) -> float:
    """Seconds for all tries of one channel: connecting, sending and the answer may each take the time of a try."""
    return channel.tries * (channel.timeout_seconds * 2 + 1) + sum(PAUSES_SECONDS[: channel.tries - 1])


def _deliver(channel: Channel, notice: Notice, environment: Mapping[str, str], sleep: Callable[[float], None]) -> Delivery:
    """All tries of one channel."""
    began = time.monotonic()
    attempts, ok, detail = 0, False, ""
    try:
        opened = open_channel(channel, environment)
    except ConfigurationError as error:
        return _delivery(channel, notice, began, 0, False, str(error))
    while attempts < channel.tries:
        attempts += 1
        try:
            ok, detail = True, SENDERS[channel.kind](opened, notice)
        except NotTold as error:
            detail = opened.redactor(str(error))
            if error.is_temporary and attempts < channel.tries:
                sleep(error.wait_seconds or PAUSES_SECONDS[attempts - 1])
                continue
        except Exception as error:  # noqa: BLE001 - stage boundary: telling must never fail a crawl
            detail = opened.redactor(f"{type(error).__name__}: {error}")
        break
    return _delivery(channel, notice, began, attempts, ok, detail)


def _delivery(channel: Channel, notice: Notice, began: float, attempts: int, ok: bool, detail: str) -> Delivery:
    return Delivery(
        name=channel.name,
        kind=channel.kind,
        event=notice.event,
        ok=ok,
        attempts=attempts,
        seconds=round(time.monotonic() - began, 3),
        detail=escaped(" ".join(detail.split()))[:MAX_DETAIL_CHARS],
    )
