"""The report of a run: one HTML page that holds everything, without scripts and without the network.

Whatever comes from the web is escaped; a policy in the page forbids scripts, frames, forms and every request all the same.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from newsarchive.nightly.notice import MAX_EXAMPLES, AlarmLine, NightLine, Notice
from newsarchive.nightly.report_plots import plots
from newsarchive.nightly.wording import duration, headline, many, plain, size
from newsarchive.serve.plot_svg import element, safe

FILE_MODE = 0o644
"""Readable for a web server that shows the folder."""
MAX_ROWS = 2000
"""Sites in a table; a machine crawls at most 400 a night."""
LOW_SHARE, MIDDLE_SHARE = 0.5, 0.9
"""Shares of a field under which its cell is marked: most articles lack it, and some do. For the eye alone; alarms judge by history."""

_COLUMNS = ("found", "new", "changed", "unchanged", "rejected", "failed", "time", "received")
_LEFT = frozenset({"site", "step", "outcome", "ended", "detail"})
"""Heads of columns that hold words."""
_STATUS = {"ok": "well", "failure": "failed", "alarm": "alarm", "recovery": "well again", "start": "running", "test": "test"}


def write_report(notice: Notice, history: Sequence[NightLine], path: Path) -> None:
    """Write the page in one step; the folder is made where it is missing. Raises OSError where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(report_page(notice, history))
        Path(name).chmod(FILE_MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def report_page(notice: Notice, history: Sequence[NightLine]) -> str:
    """The page. `history` holds this run and those before, the oldest first; fewer than two give no plots."""
    style = files("newsarchive.nightly").joinpath("report.css").read_text(encoding="utf-8")
    style += files("newsarchive.serve").joinpath("files", "plots.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = safe(plain(headline(notice)))
    parts = [part for part in _parts(notice, history) if part]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def _parts(notice: Notice, history: Sequence[NightLine]) -> Iterator[str]:
    event = notice.event
    badge = element("span", {"class": f"badge {event}"}, _STATUS[event])
    yield element("header", {}, element("h1", {}, f"Run {notice.run if notice.run is not None else ''} {badge}"), _opening(notice))
    yield _figures(notice)
    yield _section("Alarms", "".join(map(_alarm, notice.alarms[:MAX_ROWS])))
    over = [f"{plain(item.site)}: {plain(item.field)} is as usual again" for item in notice.recovered]
    yield _section("Over", _list(over))
    yield _section("Notes", _list(plain(note) for note in notice.notes))
    yield _section("Sites", _sites(notice))
    yield _section("Fields", _coverage(notice))
    yield _section("Outcomes", _outcomes(notice))
    drawn = plots(history)
    yield _section("The last nights", element("div", {"class": "plots"}, *(plot.__html__() for plot in drawn)) if drawn else "")
    yield _section("Steps", _steps(notice))
    yield element("footer", {}, element("p", {}, f"Command: {_code(notice.command)}"), element("p", {}, f"Run {_code(notice.uuid)}"))


def _opening(notice: Notice) -> str:
    lines = [f"Ended with exit code {notice.exit_code}: {notice.meaning}"] if notice.finished_at else ["Still running."]
    lines += [plain(notice.error)] if notice.error else []
    moment = f"{notice.started_at:%Y-%m-%d %H:%M} UTC"
    took = f", {duration(notice.seconds)}" if notice.seconds is not None else ""
    lines.append(f"{moment}{took}, on {plain(notice.host, 100)}, archive {plain(notice.archive)}")
    return "".join(element("p", {}, safe(line)) for line in lines)


def _figures(notice: Notice) -> str:
    figures = [
        ("new articles", f"{notice.total('stored'):,}"),
        ("changed", f"{notice.total('updated'):,}"),
        ("unchanged", f"{notice.total('unchanged'):,}"),
        ("rejected", f"{notice.total('rejected'):,}"),
        ("failed addresses", f"{notice.total('failed'):,}"),
        ("sites", f"{len(notice.sites):,}"),
        ("received", size(notice.total("received_bytes"))),
    ]
    if notice.articles_in_archive is not None:
        figures.append(("articles in all", f"{notice.articles_in_archive:,}"))
    if notice.archive_bytes is not None:
        figures.append(("archive", size(notice.archive_bytes)))
    boxes = [element("div", {}, element("dt", {}, safe(name)), element("dd", {}, safe(value))) for name, value in figures]
    return element("dl", {"class": "figures"}, *boxes)


def _alarm(alarm: AlarmLine) -> str:
    since = f" since {plain(alarm.since, 40)}" if alarm.since else ""
    head = element("h3", {}, safe(f"{plain(alarm.site, 100)}: {plain(alarm.field, 60)}{since}"))
    figures = ""
    if alarm.value is not None and alarm.usual is not None:
        figures = element("p", {"class": "quiet"}, safe(f"{alarm.value:.3g} instead of about {alarm.usual:.3g}"))
    examples = element("ul", {}, *(element("li", {}, _link(url)) for url in alarm.examples[:MAX_EXAMPLES])) if alarm.examples else ""
    command = element("p", {}, f"To look at one: {_code(alarm.command)}") if alarm.command else ""
    return element("article", {"class": "alarm-box"}, head, element("p", {}, safe(plain(alarm.sentence))), figures, examples, command)


def _link(url: str) -> str:
    """A link to a page of the web, for http and https alone; everything else stays text."""
    shown = safe(plain(url))
    if not url.startswith(("http://", "https://")) or any(char.isspace() or not char.isprintable() for char in url):
        return shown
    return element("a", {"href": url, "rel": "noopener noreferrer nofollow"}, shown)


def _code(text: str) -> str:
    return element("code", {}, safe(plain(text, 1000)))


def _list(lines: Iterable[str]) -> str:
    items = [element("li", {}, safe(line)) for line in lines]
    return element("ul", {}, *items) if items else ""


def _section(title: str, content: str) -> str:
    return element("section", {}, element("h2", {}, safe(title)), content) if content else ""


def _sites(notice: Notice) -> str:
    rows = []
    for site in notice.sites[:MAX_ROWS]:
        note = element("div", {"class": "quiet"}, safe(plain(site.note))) if site.note else ""
        status = (
            ""
            if site.status in ("ok", "finished")
            else element("span", {"class": f"badge {_kind(site.status)}"}, safe(plain(site.status, 30)))
        )
        numbers = (site.found, site.stored, site.updated, site.unchanged, site.rejected, site.failed)
        time = "" if site.seconds is None else duration(site.seconds)
        cells = [f"{number:,}" for number in numbers] + [time, size(site.received_bytes)]
        rows.append([element("th", {"scope": "row"}, f"{safe(plain(site.site, 100))} {status}{note}"), *map(_number, cells)])
    return _table("Sites", ("site", *_COLUMNS), rows)


def _kind(status: str) -> str:
    return {"failed": "failure"}.get(status, "alarm")


def _coverage(notice: Notice) -> str:
    names = list(dict.fromkeys(name for site in notice.sites for name in site.coverage))
    if not names:
        return ""
    rows = []
    for site in notice.sites[:MAX_ROWS]:
        cells = [_share(site.coverage.get(name)) for name in names]
        rows.append([element("th", {"scope": "row"}, safe(plain(site.site, 100))), *cells])
    intro = element("p", {"class": "quiet"}, "Share of this night's new and changed articles that have the field.")
    return intro + _table("Fields", ("site", *(plain(name, 40) for name in names)), rows)


def _share(share: float | None) -> str:
    if share is None or share != share:
        return element("td", {"class": "number quiet"}, "-")
    kind = "low" if share < LOW_SHARE else "middle" if share < MIDDLE_SHARE else "high"
    return element("td", {"class": f"number {kind}"}, f"{share * 100:.0f} %")


def _outcomes(notice: Notice) -> str:
    totals: dict[str, int] = {}
    for site in notice.sites:
        for name, count in site.outcomes.items():
            totals[str(name)] = totals.get(str(name), 0) + count
    rows = [
        [element("th", {"scope": "row"}, safe(plain(name, 60))), _number(f"{count:,}")]
        for name, count in sorted(totals.items(), key=lambda item: -item[1])
    ]
    return _table("Outcomes", ("outcome", "addresses"), rows) if rows else ""


def _steps(notice: Notice) -> str:
    rows = []
    for step in notice.steps:
        took = "" if step.seconds is None else duration(step.seconds)
        status = element("td", {"class": "" if step.status == "done" else "middle"}, safe(plain(step.status, 40)))
        head = element("th", {"scope": "row"}, safe(plain(step.name, 60)))
        rows.append([head, status, _number(took), element("td", {}, safe(plain(step.detail)))])
    return _table("Steps", ("step", "ended", "time", "detail"), rows) if rows else ""


def _number(text: str) -> str:
    return element("td", {"class": "number"}, safe(text))


def _table(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that scrolls inside its box where it is wider than the screen; the box can be reached with the keyboard."""
    if not rows:
        return element("p", {"class": "quiet"}, "None.")
    kinds: list[dict[str, str | float]] = [{"scope": "col", **({} if text in _LEFT else {"class": "number"})} for text in heads]
    head = element("tr", {}, *(element("th", kind, safe(text)) for kind, text in zip(kinds, heads, strict=True)))
    body = "\n".join(element("tr", {}, *cells) for cells in rows)
    table = element("table", {}, element("thead", {}, head), element("tbody", {}, body))
    return element("div", {"class": "scroll", "role": "region", "aria-label": name, "tabindex": 0}, table) + _rest(len(rows))


def _rest(number: int) -> str:
    return element("p", {"class": "quiet"}, f"Only the first {many(number, 'row')} are shown.") if number >= MAX_ROWS else ""
