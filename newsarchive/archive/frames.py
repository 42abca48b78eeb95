"""Rows for notebooks: to be looped over, and as frames of pandas, polars or Arrow where those are installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar

from newsarchive.model.article import Article

Row = TypeVar("Row")


class Frames(Generic[Row]):
    """What a collection of rows can become. The libraries are imported when they are asked for."""

    def __iter__(self) -> Iterator[Row]:
        raise TypeError("rows are made by an archive's methods")

    def records(self) -> Iterator[dict[str, Any]]:
        """Each row as a dictionary, an article's own fields beside those of the archive."""
        return (record_of(row) for row in self)

    def to_pandas(self) -> Any:  # noqa: ANN401 - a pandas.DataFrame; pandas need not be installed
        """A pandas.DataFrame. Raises ModuleNotFoundError where pandas is missing."""
        return _library("pandas").DataFrame(list(self.records()))

    def to_polars(self) -> Any:  # noqa: ANN401 - a polars.DataFrame
        """A polars.DataFrame. Raises ModuleNotFoundError where polars is missing."""
        return _library("polars").DataFrame(list(self.records()), infer_schema_length=None)

    def to_arrow(self) -> Any:  # noqa: ANN401 - a pyarrow.Table
        """A pyarrow.Table. Raises ModuleNotFoundError where pyarrow is missing."""
        return _library("pyarrow").Table.from_pylist(list(self.records()))


class RowList(list[Row], Frames[Row]):
    """A list of rows."""

    __iter__ = list.__iter__


class Rows(Frames[Row]):
    """Rows that are read from the archive while they are looped over; every loop reads anew."""

    def __init__(self, make: Callable[[], Iterator[Row]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Row]:
        return self._make()


def record_of(row: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """A row as a dictionary of plain values; the fields of an article stand among the others, nested records become dictionaries."""
    record: dict[str, Any] = {}
    for item in fields(row):
        value = getattr(row, item.name)
        if isinstance(value, Article):
            record |= value.as_record()
        else:
            record[item.name] = _plain(value)
    return record


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value
    if is_dataclass(value) and not isinstance(value, type):
        return record_of(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _library(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ModuleNotFoundError(f"{name} is not installed; install it with: pip install {name}", name=name) from None
