"""Every key of a TOML text is found on the line where a person sees it."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.sites.lines import key_lines

EXAMPLE = '''# a comment with [brackets] and "quotes"
domains = ["a.example", # one
  "b.example"]
"quoted.key" = 1
'literal key' = 'a # no comment'
dotted . name = """first
second = "not a key"
"""
long = \'\'\'
[not a table]
\'\'\'

[selectors]
title = "h1 # no comment"
inline = { a = 1, b = [1, 2], c = { d = "}" } }

[[eras]]
valid_until = 2025-01-01
[eras.selectors]
title = "h2"
[[eras]]
valid_until = 2025-02-01 10:00:00
empty = """"""
quotes = """"two"" """""
'''


def test_keys_are_found_on_their_lines():
    lines = key_lines(EXAMPLE)
    assert lines[("domains",)] == 2
    assert lines[("domains", 1)] == 3
    assert lines[("quoted.key",)] == 4
    assert lines[("literal key",)] == 5
    assert lines[("dotted", "name")] == 6
    assert lines[("long",)] == 9
    assert lines[("selectors", "title")] == 14
    assert lines[("selectors", "inline", "c", "d")] == 15
    assert lines[("eras", 0)] == 17
    assert lines[("eras", 0, "selectors", "title")] == 20
    assert lines[("eras", 1, "valid_until")] == 22
    assert lines[("eras", 1, "quotes")] == 24


def places(value: object, at: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every key and list position of parsed TOML."""
    inner = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return {(*at, key) for key, _ in inner}.union(*(places(entry, (*at, key)) for key, entry in inner))


def test_exactly_the_keys_that_the_parser_reads_are_found():
    assert set(key_lines(EXAMPLE)) == places(tomllib.loads(EXAMPLE))


def written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_of(key)} = {written(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ",  # ]\n".join(written(entry) for entry in value) + "\n]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return key_of(value, always=True)
    return value.isoformat() if isinstance(value, date) else repr(value)


def key_of(text: str, *, always: bool = False) -> str:
    if not always and text.isascii() and text.isalnum():
        return text
    return '"' + "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or char in '"\\\x7f' else char for char in text) + '"'


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
entries = st.recursive(
    st.one_of(texts, st.booleans(), st.integers(-99, 99), st.dates()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(texts, entries, max_size=4), st.dictionaries(texts, st.dictionaries(texts, entries, max_size=3), max_size=3))
def test_any_document_is_scanned_as_the_parser_reads_it(pairs, tables):
    text = "".join(f"{key_of(key)} = {written(entry)}  # {key!r}\n".replace("\\r", "") for key, entry in pairs.items())
    for name, table in tables.items():
        if name not in pairs:
            text += f"[[{key_of(name)}]]\n" + "".join(f"{key_of(key)}={written(entry)}\n" for key, entry in table.items())
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        pytest.fail(f"the test writes no TOML: {text!r}")
    assert set(key_lines(text)) == places(parsed)
