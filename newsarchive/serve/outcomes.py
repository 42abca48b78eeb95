"""Outcomes as people read them: their words, and the few families that a plot can tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from newsarchive.model.outcome import ARTICLES, FAILED, LISTS, LOST, REJECTED, WORDS, Outcome

FAMILIES = ("articles", "led on", "rejected", "lost", "failed")
"""In the order in which they stand upon each other."""

_FAMILY_OF = {
    outcome.value: name for name, family in zip(FAMILIES, (ARTICLES, LISTS, REJECTED, LOST, FAILED), strict=True) for outcome in family
}
_ARTICLE_WORDS = {Outcome.STORED: "new article", Outcome.UPDATED: "updated article", Outcome.UNCHANGED: "unchanged article"}


def words_of(outcome: str) -> str:
    """What an outcome is called; its own name where a newer program wrote one that is not known here."""
    try:
        known = Outcome(outcome)
    except ValueError:
        return outcome
    return _ARTICLE_WORDS.get(known) or WORDS.get(known, outcome)


def families(outcomes: Mapping[str, int]) -> dict[str, int]:
    """Family -> number, in the order of FAMILIES, without those that are empty. Unknown outcomes count as failed."""
    found: Counter[str] = Counter()
    for outcome, number in outcomes.items():
        found[_FAMILY_OF.get(outcome, "failed")] += number
    return {name: found[name] for name in FAMILIES if found[name]}


def family_of(outcome: str) -> str:
    """The family of an outcome."""
    return _FAMILY_OF.get(outcome, "failed")


def duration(seconds: int | None) -> str:
    """How long something took, to two units: `4 s`, `12 min 5 s`, `3 h 20 min`, `2 days 4 h`; `not known` for None."""
    if seconds is None:
        return "not known"
    for unit, size, smaller, part in (("days", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if seconds >= size:
            rest = seconds % size // part
            name = "day" if unit == "days" and seconds < 2 * size else unit
            return f"{seconds // size} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{seconds} s"
