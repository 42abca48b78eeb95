"""SQL for rows given as dictionaries, and texts that SQLite can take. Names come from this package alone, never from a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def _insert(table: str, names: tuple[str, ...]) -> str:
    marks = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table}({', '.join(names)}) VALUES({marks})"


def insert_into(table: str, names: Iterable[str]) -> str:
    """`INSERT INTO table(a, b) VALUES(:a, :b)`; a conflict clause or RETURNING is appended by the caller."""
    return _insert(table, tuple(names))


@lru_cache(maxsize=64)
def _assign(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}=:{name}" for name in names)


def assign(names: Iterable[str]) -> str:
    """`a=:a, b=:b`, for UPDATE ... SET."""
    return _assign(tuple(names))


def storable(values: dict[str, Any]) -> dict[str, Any]:
    """The values with every text one that SQLite takes: no NUL, no half of a surrogate pair (pages hold both)."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def clean(text: str) -> str:
    """The text as SQLite can store it and other programs can read it."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
