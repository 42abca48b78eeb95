"""SQL for rows given as dictionaries. Names come from this package alone, never from a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


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
