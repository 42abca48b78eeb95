"""Rows as Parquet with typed columns, their meanings in the file. Needs pyarrow (the extra `export`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from newsarchive.archive.record_fields import Column
from newsarchive.archive.snapshot import Row
from newsarchive.errors import ConfigurationError

GROUP_ROWS = 5_000
"""Rows of a row group: 30 MB of bodies in memory at a time, and groups large enough for readers that skip by statistics."""
COMPRESSION = "zstd"
"""Half the size of snappy for text; every reader of the last years knows it."""


def require_pyarrow() -> None:
    """Raise ConfigurationError where pyarrow is missing, with what to type."""
    _pyarrow()


def write_parquet(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the rows. Raises ConfigurationError where pyarrow is missing."""
    arrow = _pyarrow()
    schema = arrow.schema([_field(arrow, column) for column in columns])
    with arrow.parquet.ParquetWriter(file, schema, compression=COMPRESSION) as writer:
        for group in _groups(rows):
            values = list(zip(*group, strict=True))
            arrays = [_array(arrow, column, values[place], schema.types[place]) for place, column in enumerate(columns)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while group := list(islice(left, GROUP_ROWS)):
        yield group


def _field(arrow: Any, column: Column) -> Any:  # noqa: ANN401 - pyarrow need not be installed
    kinds = {
        "moment": arrow.timestamp("ms", tz="UTC"),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "list": arrow.list_(arrow.string()),
    }
    about = {"description": column.meaning, **({"unit": column.unit} if column.unit else {})}
    return arrow.field(column.name, kinds.get(column.kind, arrow.string()), nullable=not column.is_always_set, metadata=about)


def _array(arrow: Any, column: Column, values: Sequence[Any], kind: Any) -> Any:  # noqa: ANN401 - pyarrow need not be installed
    if column.kind == "moment":
        return arrow.array(values, arrow.string()).cast(kind)
    if column.kind == "list":
        return arrow.array([None if value is None else [str(item) for item in json.loads(value)] for value in values], kind)
    if column.kind == "boolean":
        return arrow.array([None if value is None else bool(value) for value in values], kind)
    return arrow.array(values, kind)


def _pyarrow() -> Any:  # noqa: ANN401 - a module
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise ConfigurationError(
            "Parquet needs pyarrow, which is not installed; install it with: pip install 'newsarchive[export]'"
        ) from None
    return pyarrow
