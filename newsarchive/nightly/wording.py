"""What a message says: one line for a subject, and the lines of a text that a person reads on a telephone.

Names of sites, addresses and error texts come from the web: they are put on one line, controls and bidirectional overrides escaped.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.logs import escaped
from newsarchive.nightly.notice import MAX_EXAMPLES, AlarmLine, Notice, SiteLine

MAX_LINES_SHOWN = 12
"""Alarms, failed sites or notes named in a text; the rest is counted. A telephone shows about so many."""
MAX_LINE_CHARS = 300


def plain(text: object, limit: int = MAX_LINE_CHARS) -> str:
    """Foreign text on one line, escaped and cut."""
    line = escaped(" ".join(str(text).split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def headline(notice: Notice) -> str:
    """One line: what happened, to how many sites."""
    if notice.event == "test":
        return "newsarchive: this is a test message"
    if notice.event == "start":
        return "newsarchive: the run has begun"
    stored = f"{many(notice.total('stored'), 'new article')} of {many(len(notice.sites), 'site')}"
    if notice.event == "failure":
        broken = [site.site for site in notice.sites if site.status == "failed"]
        if broken and not notice.error:
            return f"newsarchive failed: {_named(broken)} ({stored})"
        return f"newsarchive failed: {plain(notice.error or notice.meaning, 150)}"
    if notice.event == "alarm":
        places = list(dict.fromkeys(alarm.site for alarm in notice.alarms))
        return f"newsarchive: {many(len(notice.alarms), 'alarm')} at {_named(places)} ({stored})"
    if notice.event == "recovery":
        return f"newsarchive is well again: {stored}"
    return f"newsarchive: {stored}"


def body(notice: Notice) -> str:
    """The whole text, without the headline."""
    return "\n".join(_lines(notice))


def many(number: int, one: str, several: str | None = None) -> str:
    """`1 alarm`, `2 alarms`."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def duration(seconds: float) -> str:
    """A time span for people: `3 s`, `4 min`, `2 h 03 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def size(number: float) -> str:
    """Bytes for people: `900 bytes`, `1.4 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def _named(names: list[str]) -> str:
    shown = ", ".join(plain(name, 60) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _lines(notice: Notice) -> Iterator[str]:
    if notice.event == "test":
        yield f"Sent by `newsarchive notify test` on {plain(notice.host)}. If you read this, the channel works."
        return
    if notice.error:
        yield plain(notice.error)
    if notice.finished_at is not None:
        yield f"Ended with exit code {notice.exit_code}: {notice.meaning}"
        yield _figures(notice)
    yield from _section("Alarms", [line for alarm in notice.alarms[:MAX_LINES_SHOWN] for line in _alarm(alarm)], len(notice.alarms))
    failed = [site for site in notice.sites if site.status == "failed"]
    yield from _section("Failed sites", [f"- {_site(site)}" for site in failed[:MAX_LINES_SHOWN]], len(failed))
    over = [f"- {plain(alarm.site)}: {plain(alarm.field)} is as usual again" for alarm in notice.recovered[:MAX_LINES_SHOWN]]
    yield from _section("Over", over, len(notice.recovered))
    yield from _section("Notes", [f"- {plain(note)}" for note in notice.notes[:MAX_LINES_SHOWN]], len(notice.notes))
    yield ""
    yield f"Run {notice.run if notice.run is not None else '-'} on {plain(notice.host)}, archive {plain(notice.archive)}"
    if notice.run is not None:
        yield f"To look at it: newsarchive runs show {notice.run}"


def _figures(notice: Notice) -> str:
    parts = [
        many(notice.total("stored"), "new article"),
        many(notice.total("updated"), "changed article"),
        f"{many(notice.total('failed'), 'address', 'addresses')} failed of {notice.total('found'):,}",
        f"{many(len(notice.sites), 'site')}",
    ]
    if notice.seconds is not None:
        parts.append(duration(notice.seconds))
    return ", ".join(parts) + "."


def _alarm(alarm: AlarmLine) -> Iterator[str]:
    since = f" (since {plain(alarm.since, 40)})" if alarm.since else ""
    yield f"- {plain(alarm.site, 100)}: {plain(alarm.sentence)}{since}"
    yield from (f"  {plain(url)}" for url in alarm.examples[:MAX_EXAMPLES])
    if alarm.command:
        yield f"  To look at one: {plain(alarm.command)}"


def _site(site: SiteLine) -> str:
    return f"{plain(site.site, 100)}: {plain(site.note) or many(site.failed, 'address', 'addresses') + ' failed'}"


def _section(title: str, lines: list[str], number: int) -> Iterator[str]:
    if not number:
        return
    yield ""
    yield f"{title} ({number:,}):"
    yield from lines
    if number > MAX_LINES_SHOWN:
        yield f"- and {number - MAX_LINES_SHOWN:,} more"
