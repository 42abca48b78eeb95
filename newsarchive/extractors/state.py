"""Embedded state: the data that JavaScript pages carry for themselves (`__NEXT_DATA__`, `window.__STATE__ = {...}`).

It is JSON or close to it. Only JSON is read: nothing is executed, and scripts that are programs are passed over after a
look at their start. Sizes and counts are bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from newsarchive.extractors.flight import read_flight
from newsarchive.extractors.jsonld import load_lenient

MAX_STATE_CHARS = 3_000_000
"""Characters of one script; the largest state on the bench pages that holds an article's text has 1.1 million."""

MAX_STATES = 12
"""Scripts of one page that are read as state."""

MAX_VALUES = 200_000
"""Values of one state that are looked at; a large one has 60,000."""

MAX_ASSIGNMENTS = 300
"""Assignments of one script that are looked at: programs have thousands, data scripts a handful."""

MAX_TRIES = 8
"""Assignments of one script that are parsed."""

_DATA_KINDS = ("application/json", "application/vnd.api+json", "text/json", "fusion-metadata", "application/x-json")
_ASSIGNMENT = re.compile(r"=\s{0,3}(?:JSON\.parse\(\s{0,3}(?=[\"'])|(?=[{\[]))")
_NAME = re.compile(r"([A-Za-z_$][\w$.]{1,60})[\"'\]]{0,2}\s{0,3}$")
_NAMES = re.compile(r"__|state|data|article|story|page|content|initial|preload|props|fusion|apollo|store|context|config", re.I)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'')
_DECODER = json.JSONDecoder(strict=False)


def read_states(scripts: Iterable[tuple[str, str]]) -> list[Any]:
    """The JSON values that scripts, given as (kind, text), hold or assign to a variable."""
    scripts = list(scripts)
    found: list[Any] = []
    for kind, text in scripts:
        if len(found) >= MAX_STATES:
            break
        if len(text) > MAX_STATE_CHARS or len(text) < 40 or kind == "application/ld+json":
            continue
        if kind in _DATA_KINDS:
            value = load_lenient(text)
            if isinstance(value, dict | list):
                found.append(value)
        elif kind in ("", "text/javascript", "application/javascript", "module"):
            found.extend(_assigned(text, MAX_STATES - len(found)))
    return found + read_flight(text for kind, text in scripts if kind == "")


def _assigned(text: str, limit: int) -> list[Any]:
    """The values of `name = {...}` and `name = JSON.parse("...")` in a script."""
    found: list[Any] = []
    position = tries = 0
    for _ in range(MAX_ASSIGNMENTS):
        match = _ASSIGNMENT.search(text, position)
        if match is None or len(found) >= limit or tries >= MAX_TRIES:
            break
        position = match.end()
        name = _NAME.search(text[max(0, match.start() - 70) : match.start()])
        if name is None or not _NAMES.search(name.group(1)):
            continue
        tries += 1
        if text[position : position + 1] in "\"'":
            value, position = _parsed_string(text, position)
        else:
            try:
                value, position = _DECODER.raw_decode(text, position)
            except (ValueError, RecursionError):
                continue
        if isinstance(value, dict | list) and value:
            found.append(value)
    return found


def _parsed_string(text: str, position: int) -> tuple[Any, int]:
    match = _STRING.match(text, position)
    if match is None:
        return None, position + 1
    body = match.group(1) if match.group(1) is not None else match.group(2).replace("\\'", "'").replace('"', '\\"')
    try:
        return json.loads(json.loads(f'"{body}"', strict=False), strict=False), match.end()
    except (ValueError, RecursionError):
        return None, match.end()


def walk_values(states: Iterable[Any], *, keys: frozenset[str] | None = None) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """(key, value, object) of every member of every object, breadth first; with `keys` (lower case) only of those keys."""
    queue: list[Any] = list(states)
    seen = 0
    position = 0
    while position < len(queue) and seen < MAX_VALUES:
        item = queue[position]
        position += 1
        if isinstance(item, list):
            seen += len(item)
            queue.extend(child for child in item if isinstance(child, dict | list))
        elif isinstance(item, dict):
            seen += len(item)
            for key, value in item.items():
                if keys is None or (isinstance(key, str) and key.lower() in keys):
                    yield key, value, item
                if isinstance(value, dict | list):
                    queue.append(value)
