"""Sizes for people: `3.2 GB`, and what a person types for one."""

from __future__ import annotations

import re

import click

_UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?B?)", re.IGNORECASE)


def size_text(size: float) -> str:
    """Bytes as a person reads them (1 KB is 1000 bytes, as disks are sold)."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


class SizeType(click.ParamType):  # type: ignore[type-arg]  # generic only in newer releases of click
    """A size such as `500MB` or `2.5 GB`, as bytes."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The bytes."""
        if isinstance(value, int):
            return value
        found = _SIZE.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no size; write it like 500MB or 2.5GB", param, ctx)
        unit = found.group(2).upper()
        return int(float(found.group(1)) * _UNITS[unit if unit in _UNITS else unit + "B"])
