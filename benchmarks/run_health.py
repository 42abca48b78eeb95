"""Measure how soon breakages are noticed, and how often an alarm is raised for nothing, on simulated nights.

    python benchmarks/run_health.py [--seeds 21-40] [--show]

Thresholds were set on seeds 1 to 20 and 41 to 60; docs/decisions/0017-health.md says in which order. A breakage counts as
found on the night when any alarm of its site is raised on its first night. An alarm is false when nothing is broken on
its site that night; nights after a breakage are judged like any other, with what the breakage left in the history.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from simulated_nights import KINDS, World, simulate

from newsarchive.model.site_night import SiteNight
from newsarchive.nightly.judging import (
    MIN_FOR_HOLIDAY,
    Finding,
    PastAlarm,
    SiteHistory,
    Verdict,
    expected_articles,
    judge_site,
    quiet_factor,
)

PER = 1200
"""Site-nights to which false alarms are related: sixty nights of twenty sites."""


@dataclass
class Tally:
    """Counts over all seeds."""

    planted: Counter[str] = field(default_factory=Counter)
    on_the_night: Counter[str] = field(default_factory=Counter)
    within_two: Counter[str] = field(default_factory=Counter)
    ever: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    """Breakages after which all alarms of the site were over within three nights of the end."""
    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Kind -> field -> how often it was in alarm on the first night."""
    sound: int = 0
    """Site-nights judged on which nothing was broken."""
    false: list[str] = field(default_factory=list)
    false_nights: int = 0


def verdicts(world: World) -> Iterator[tuple[int, str, Verdict, int]]:
    """Night, site, verdict and number of open alarms after it: what the nightly run does, in memory."""
    nights: dict[str, list[SiteNight]] = defaultdict(list)
    alarms: dict[str, list[PastAlarm]] = defaultdict(list)
    for number, tonight in enumerate(world.nights):
        histories = {night.site: SiteHistory(nights[night.site], alarms[night.site]) for night in tonight}
        ratios = {}
        for night in tonight:
            expected = expected_articles(histories[night.site], night)
            if expected is not None and expected.mean >= MIN_FOR_HOLIDAY:
                ratios[night.site] = night.found / expected.mean
        for night in tonight:
            verdict = judge_site(histories[night.site], night, quiet=quiet_factor(ratios, night.site))
            alarms[night.site] = remembered(alarms[night.site], verdict, night.started_at)
            nights[night.site].append(night)
            yield number, night.site, verdict, sum(alarm.until is None for alarm in alarms[night.site])


def remembered(alarms: list[PastAlarm], verdict: Verdict, moment: datetime) -> list[PastAlarm]:
    """The alarms after a night."""
    kept = [replace(alarm, until=moment) if alarm.until is None and alarm.field in verdict.over else alarm for alarm in alarms]
    return [*kept, *(PastAlarm(field=finding.field, since=moment) for finding in verdict.found)]


def described(item: Finding) -> str:
    """A finding in a few words."""
    return f"{item.field} {item.usual:.3g} -> {item.value:.3g} (1e{item.log_p / math.log(10):.1f})"


def count(world: World, tally: Tally, learning: int = 15) -> None:
    """Add one seed."""
    raised: dict[str, set[int]] = defaultdict(set)
    open_after: dict[tuple[str, int], int] = {}
    for number, site, verdict, still_open in verdicts(world):
        open_after[site, number] = still_open
        broken = world.broken(site, number)
        if verdict.found:
            raised[site].add(number)
        if broken is not None and broken.start == number:
            tally.fields[broken.kind].update(finding.field for finding in verdict.found)
        if broken is None and verdict.nights >= learning - 1:
            tally.sound += 1
            if verdict.found:
                tally.false_nights += 1
                what = ", ".join(
                    f"{item.field} {item.usual:.3g} -> {item.value:.3g} (1e{item.log_p / 2.302585:.1f})" for item in verdict.found
                )
                after = [item for item in world.breakages if item.site == site and item.start + item.nights <= number]
                tally.false.append(f"seed {world.seed} night {number} {site}: {what}" + (f"; after {after[0].kind}" if after else ""))
    for item in world.breakages:
        tally.planted[item.kind] += 1
        tally.on_the_night[item.kind] += item.start in raised[item.site]
        nights = sorted(raised[item.site] & set(range(item.start, item.start + item.nights)))
        tally.within_two[item.kind] += bool(nights) and nights[0] <= item.start + 1
        tally.ever[item.kind] += bool(nights)
        end = item.start + item.nights
        left = [open_after.get((item.site, night)) for night in range(end, end + 3)]
        tally.ended[item.kind] += not nights or 0 in left or all(number is None for number in left)


def table(tally: Tally) -> Iterator[str]:
    """The figures, a kind a line."""
    yield f"{'kind':<27}{'planted':>8}{'on the night':>14}{'within two':>12}{'ever':>6}{'over in time':>14}  fields in alarm on the night"
    for kind in KINDS:
        often = ", ".join(f"{name} {times}" for name, times in tally.fields[kind].most_common(4))
        numbers = (tally.planted[kind], tally.on_the_night[kind], tally.within_two[kind], tally.ever[kind], tally.ended[kind])
        yield f"{kind:<27}{numbers[0]:>8}{numbers[1]:>14}{numbers[2]:>12}{numbers[3]:>6}{numbers[4]:>14}  {often}"
    planted, found = sum(tally.planted.values()), sum(tally.on_the_night.values())
    yield (
        f"{'all':<27}{planted:>8}{found:>14}{sum(tally.within_two.values()):>12}{sum(tally.ever.values()):>6}{sum(tally.ended.values()):>14}"
    )
    yield f"found on the night: {12 * found / planted:.2f} of 12 ({found / planted:.1%})"
    rate = tally.false_nights / tally.sound * PER
    yield f"false alarms: {tally.false_nights} on {tally.sound} sound site-nights, {rate:.2f} in {PER}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="21-40")
    parser.add_argument("--show", action="store_true", help="print the false alarms")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    first, _, last = arguments.seeds.partition("-")
    tally = Tally()
    for seed in range(int(first), int(last or first) + 1):
        count(simulate(seed), tally)
    print("\n".join(table(tally)))
    if arguments.show:
        print("\n".join(tally.false))
    if arguments.json:
        figures = {"planted": tally.planted, "on_the_night": tally.on_the_night, "false": tally.false_nights, "sound": tally.sound}
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
