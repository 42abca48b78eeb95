"""A file of metrics for the textfile collector of Prometheus' node exporter, replaced in one step."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from newsarchive.nightly.notice import Notice
from newsarchive.nightly.notify_http import NotTold
from newsarchive.nightly.notify_secrets import Opened

FILE_MODE = 0o644
"""The node exporter runs as another user."""
_LAST_SUCCESS = re.compile(r"^newsarchive_last_success_timestamp_seconds ([0-9.]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its samples."""

    name: str
    help: str
    samples: list[tuple[dict[str, str], float]] = field(default_factory=list)
    """Labels and value of each."""


def send(opened: Opened, notice: Notice) -> str:
    """Write the file; raises NotTold where its folder cannot be written. A test writes nothing of the sort, only tries the folder."""
    path = Path(opened.text("path")).expanduser()
    try:
        if notice.event == "test":
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
                return f"{path.parent} can be written"
        _replace(path, exposition(notice, _last_success(path)))
    except OSError as error:
        raise NotTold(f"{path} cannot be written: {error.strerror or type(error).__name__}") from None
    return "written"


def exposition(notice: Notice, last_success: float | None) -> str:
    """The metrics in Prometheus' text format 0.0.4. `last_success` is that of the file before, kept while runs fail."""
    lines: list[str] = []
    for metric in _metrics(notice, last_success):
        if not metric.samples:
            continue
        lines += [f"# HELP {metric.name} {_escape_help(metric.help)}", f"# TYPE {metric.name} gauge"]
        lines += [f"{metric.name}{_labels(labels)} {_number(value)}" for labels, value in metric.samples]
    return "\n".join(lines) + "\n"


def _metrics(notice: Notice, last_success: float | None) -> Iterator[Metric]:
    """The run's own metrics, then those of its sites."""
    ended = notice.finished_at or notice.started_at
    success = last_success if notice.failed else ended.timestamp()
    plain: list[tuple[str, str, float | None]] = [
        ("last_run_timestamp_seconds", "When the last run ended.", ended.timestamp()),
        ("last_success_timestamp_seconds", "When the last run ended that did not fail.", success),
        ("run_duration_seconds", "How long the last run took.", notice.seconds),
        ("run_exit_code", "Exit code of the last run.", float(notice.exit_code)),
        ("run_failed", "1 if the last run failed.", float(notice.failed)),
        ("alarms", "Sites and fields that do not look as usual.", float(len(notice.alarms))),
        ("archive_articles", "Articles in the archive.", notice.articles_in_archive),
        ("archive_bytes", "Size of the archive's file.", notice.archive_bytes),
    ]
    for name, words, value in plain:
        yield Metric(f"newsarchive_{name}", words, [({}, float(value))] if value is not None else [])
    yield from _site_metrics(notice)


def _site_metrics(notice: Notice) -> Iterator[Metric]:
    """Labelled by site; the number of labels is the number of sites times that of the fields, which is fixed."""
    articles = Metric("newsarchive_site_articles", "Articles of the last run by what came of them.")
    addresses = Metric("newsarchive_site_addresses", "Addresses of the last run by outcome.")
    failed = Metric("newsarchive_site_failed", "1 if the site failed in the last run.")
    received = Metric("newsarchive_site_received_bytes", "Bytes received in the last run.")
    seconds = Metric("newsarchive_site_seconds", "Duration of the site's part of the last run.")
    coverage = Metric("newsarchive_site_coverage_ratio", "Share of the last run's articles that have the field.")
    alarms = Metric("newsarchive_site_alarm", "1 for a field that does not look as usual.")
    for site in notice.sites:
        own = {"site": site.site}
        for result, count in (("stored", site.stored), ("updated", site.updated), ("unchanged", site.unchanged)):
            articles.samples.append(({**own, "result": result}, float(count)))
        addresses.samples.extend(({**own, "outcome": str(name)}, float(count)) for name, count in site.outcomes.items())
        failed.samples.append((own, float(site.status == "failed")))
        received.samples.append((own, float(site.received_bytes)))
        if site.seconds is not None:
            seconds.samples.append((own, site.seconds))
        coverage.samples.extend(({**own, "field": name}, share) for name, share in site.coverage.items() if share is not None)
    seen = {(alarm.site, alarm.field) for alarm in notice.alarms}
    alarms.samples.extend(({"site": site, "field": name}, 1.0) for site, name in sorted(seen))
    yield from (articles, addresses, failed, received, seconds, coverage, alarms)


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape_label(value)}"' for name, value in labels.items()) + "}"


def _escape_label(value: str) -> str:
    """As the format wants it; other control characters, which no name of a site holds, become spaces."""
    text = value.encode("utf-8", "replace").decode()
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return "".join(char if char.isprintable() else " " for char in text)


def _escape_help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    return f"{value:.0f}" if value == int(value) else repr(value)


def _last_success(path: Path) -> float | None:
    """From the file that is there; None where it holds none."""
    try:
        found = _LAST_SUCCESS.search(path.read_text(encoding="utf-8", errors="replace"))
        return float(found[1]) if found else None
    except (OSError, ValueError):
        return None


def _replace(path: Path, text: str) -> None:
    """Write beside the file under a name the collector does not read, then rename: nobody ever reads half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, FILE_MODE)  # noqa: PTH101 - of the temporary file
        os.replace(name, path)  # noqa: PTH105 - the same
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
