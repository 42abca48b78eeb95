"""Whether a regular expression can take exponential time: a repeat around a repeat that can share the same text in many ways.

Python's own parser of regular expressions reads the pattern; a repeat is harmless when each round has to begin or end
with something the inner repeat cannot match (`(?:/\\w+)+`), and costly otherwise (`(\\w+)*`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

Parsed = tuple[Any, Any]
"""An operation and its argument, as Python's parser gives them."""

MANY = 8
"""Rounds from which a repeat counts as unbounded. Of 100,000 random patterns that passed, tried on texts made to be hard for
them, none took 0.4 s; with 16 one in 20,000 did (an ambiguous choice nine times over, before `.*`)."""

MAX_OPEN_REPEATS = 4
"""Repeats without end (`.*`) in a pattern. With n of them a search can look at length**n places; addresses have 700 characters at most."""

_PROBES = [chr(code) for code in range(33, 127)]
_SINGLE = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def costly_repeat(pattern: str) -> str | None:
    """What makes the pattern costly, in words; None where nothing does. The pattern must compile."""
    parsed = list(re._parser.parse(pattern))  # type: ignore[attr-defined]  # there is no public one
    if _has_nested(parsed, 1):
        return "a repeat inside a repeat, such as (a+)+, can fit one text in endless ways"
    if _open_repeats(parsed, 1) > MAX_OPEN_REPEATS:
        return f"more than {MAX_OPEN_REPEATS} repeats without end (.* or +)"
    return None


def _name(item: Parsed) -> str:
    return str(item[0])


def _rounds(item: Parsed) -> int:
    """How often the item's body can be gone through; 1 for what is no repeat."""
    return min(int(item[1][1]), MANY) if _name(item) in _REPEATS else 1


def _bodies(item: Parsed) -> Iterator[list[Parsed]]:
    """The sequences inside of one parsed item."""
    name, argument = _name(item), item[1]
    if name in _REPEATS:
        yield list(argument[2])
    elif name == "SUBPATTERN":
        yield list(argument[3])
    elif name == "BRANCH":
        yield from (list(branch) for branch in argument[1])
    elif name in ("ASSERT", "ASSERT_NOT"):
        yield list(argument[1])
    elif name == "ATOMIC_GROUP":
        yield list(argument)
    elif name == "GROUPREF_EXISTS":
        yield from (list(branch) for branch in argument[1:] if branch is not None)


def _open_repeats(items: Sequence[Parsed], rounds: int) -> int:
    """Repeats without end, each counted as often as the repeats around it go through it."""
    count = 0
    for item in items:
        count += rounds * (_rounds(item) >= MANY)
        count += sum(_open_repeats(body, rounds * (_rounds(item) if _rounds(item) < MANY else 1)) for body in _bodies(item))
    return count


def _has_nested(items: Sequence[Parsed], rounds: int) -> bool:
    """Whether something that is gone through MANY times can share its text in different ways with its next round."""
    for item in items:
        own = _rounds(item)
        within = rounds * own
        for body in _bodies(item) if own > 1 else ():
            if within * _deepest_rounds(body) >= MANY and _is_ambiguous(body):
                return True
        if any(_has_nested(body, within) for body in _bodies(item)):
            return True
    return False


def _deepest_rounds(items: Sequence[Parsed]) -> int:
    """The most often that anything inside is gone through in one round."""
    return max((_rounds(item) * max((_deepest_rounds(body) for body in _bodies(item)), default=1) for item in items), default=1)


def _is_ambiguous(body: Sequence[Parsed]) -> bool:
    """Whether rounds of a repeat with this body can begin at many places of one text."""
    if any(_branches_overlap(branch) for branch in _branches(body)):
        return True
    if any(_is_twice_empty(item) for item in _variable(body)):
        return True
    flat = list(_flat(body))
    variable = [_chars(list(_bodies_of([item]))) for item in flat if any(True for _ in _variable([item]))]
    if any(variable[a] & variable[b] for a in range(len(variable)) for b in range(a)):
        return True
    eaten = frozenset[str]().union(*variable)
    edges = [_chars([item]) for item in (flat[0], flat[-1]) if _is_fixed(item)] if flat else []
    return bool(variable) and not any(chars and not (chars & eaten) for chars in edges)


def _is_twice_empty(item: Parsed) -> bool:
    """Whether the item can match nothing in two ways: not at all, and with an empty round."""
    return _name(item) in _REPEATS and item[1][0] == 0 and any(_can_be_empty(body) for body in _bodies(item))


def _can_be_empty(items: Sequence[Parsed]) -> bool:
    for item in items:
        is_optional = _name(item) in _REPEATS and item[1][0] == 0
        if _name(item) in _SINGLE or not (is_optional or any(_can_be_empty(body) for body in _bodies(item)) or not list(_bodies(item))):
            return False
    return True


def _branches(items: Sequence[Parsed]) -> Iterator[Parsed]:
    """All alternations, at any depth."""
    for item in items:
        if _name(item) == "BRANCH":
            yield item
        for body in _bodies(item):
            yield from _branches(body)


def _flat(body: Sequence[Parsed]) -> Iterator[Parsed]:
    """The items of a sequence, plain groups opened."""
    for item in body:
        if _name(item) == "SUBPATTERN":
            yield from _flat(list(item[1][3]))
        else:
            yield item


def _variable(items: Sequence[Parsed]) -> Iterator[Parsed]:
    """The items that can take more or less text: repeats and choices with an empty way, at any depth."""
    for item in items:
        is_optional = _name(item) == "BRANCH" and any(not branch for branch in _bodies(item))
        if is_optional or (_name(item) in _REPEATS and item[1][0] != item[1][1]):
            yield item
        for body in _bodies(item):
            yield from _variable(body)


def _is_fixed(item: Parsed) -> bool:
    """Whether the item takes the same number of characters every time, at least one."""
    if _name(item) in _REPEATS:
        return bool(item[1][0] == item[1][1] > 0) and all(len(body) == 1 and _is_fixed(body[0]) for body in _bodies(item))
    return _name(item) in _SINGLE


def _bodies_of(items: Sequence[Parsed]) -> Iterator[Parsed]:
    """The items inside of these items."""
    for item in items:
        for body in _bodies(item):
            yield from body


def _branches_overlap(item: Parsed) -> bool:
    """Whether two ways of an alternation can begin with the same character, or are both empty."""
    firsts = [_chars(list(_flat(branch))[:1]) for branch in item[1][1] if len(list(branch))]
    return len(firsts) < len(item[1][1]) - 1 or any(firsts[a] & firsts[b] for a in range(len(firsts)) for b in range(a))


def _chars(items: Sequence[Parsed]) -> frozenset[str]:
    """The printable ASCII characters that a sequence of single items can match anywhere in it."""
    found: set[str] = set()
    for item in items:
        if _name(item) in _SINGLE:
            found |= {char for char in _PROBES if _matches(item, ord(char))}
        for body in _bodies(item):
            found |= _chars(body)
    return frozenset(found)


def _matches(item: Parsed, code: int) -> bool:
    name, argument = _name(item), item[1]
    if name == "LITERAL":
        return bool(argument == code)
    if name == "NOT_LITERAL":
        return bool(argument != code)
    if name == "ANY":
        return True
    negated = bool(argument) and _name(argument[0]) == "NEGATE"
    return any(_in_set(part, code) for part in argument) != negated


def _in_set(part: Parsed, code: int) -> bool:
    name, argument = _name(part), part[1]
    if name == "LITERAL":
        return bool(argument == code)
    if name == "RANGE":
        return bool(argument[0] <= code <= argument[1])
    if name == "CATEGORY":
        return _in_category(str(argument), chr(code))
    return False


def _in_category(category: str, char: str) -> bool:
    kind = category.rsplit("_", 1)[-1]
    inside = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}.get(kind, True)
    return inside != ("_NOT_" in category)
