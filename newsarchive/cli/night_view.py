"""A night for the terminal and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from newsarchive.cli.progress import duration
from newsarchive.cli.sizes import size_text
from newsarchive.cli.terminal import one_line

if TYPE_CHECKING:
    from newsarchive.archive.nights import SiteTally, Step
    from newsarchive.nightly.night import NightResult


def night_lines(result: NightResult) -> list[str]:
    """The night, a line for each site and each step."""
    lines = []
    if result.run_id is not None and result.finished_at is not None:
        seconds = (result.finished_at - result.started_at).total_seconds()
        lines.append(f"Run {result.run_id} ({duration(seconds)}): newsarchive runs show {result.run_id}")
    lines += [site_line(tally) for tally in result.sites]
    lines += [f"  left out    {one_line(item.site, 28):<28} {one_line(item.sentence)}" for item in result.decisions if item.why == "broken"]
    lines += [f"  note        {one_line(note)}" for note in [*(result.report or {}).get("notes", ()), *result.notes]]
    lines += [step_line(step) for step in result.steps if step.name != "crawl"]
    return lines


def site_line(tally: SiteTally) -> str:
    """One site of a run."""
    counts = tally.outcomes
    words = ", ".join(f"{number} {name}" for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:5])
    return f"  {tally.status:<11} {one_line(tally.site, 28):<28} {words or 'nothing'} ({tally.requests} requests, {size_text(tally.bytes)})"


def step_line(step: Step) -> str:
    """One step of a night."""
    shown = step.detail.get("error") or ", ".join(f"{name} {value}" for name, value in step.detail.items() if _is_plain(value))
    return f"  {step.status:<11} {step.name:<28} {one_line(shown, 120)}"


def _is_plain(value: Any) -> bool:  # noqa: ANN401 - a value of JSON
    return isinstance(value, int | float | str) and value != ""


def night_record(result: NightResult) -> dict[str, Any]:
    """The night for `--json`."""
    return {
        "exit_code": int(result.exit_code),
        "meaning": result.exit_code.meaning,
        "run": result.run_id,
        "reasons": [{"code": int(reason.code), "sentence": reason.sentence} for reason in result.reasons],
        "sites": [asdict(tally) for tally in result.sites],
        "decisions": [{"site": item.site, "why": item.why, "sentence": item.sentence} for item in result.decisions],
        "steps": [asdict(step) for step in result.steps],
        "health": result.health,
        "notes": [*(result.report or {}).get("notes", ()), *result.notes],
    }
