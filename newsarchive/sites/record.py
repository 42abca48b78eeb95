"""A profile in plain values, for JSON, run records and reports. Secrets stay `${NAME}`."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from newsarchive.sites.profile import Era, Login, SiteProfile


def profile_record(profile: SiteProfile) -> dict[str, Any]:
    """Every field as JSON can hold it, named as in the file: intervals as `6h`, days as `2025-06-30`, an empty plan as `off`."""
    record: dict[str, Any] = {item.name: _plain(getattr(profile, item.name)) for item in fields(profile)}
    if profile.revisit == ():
        record["revisit"] = "off"
    return record


def interval_text(length: timedelta) -> str:
    """The interval as it is written in a profile: `6h`."""
    minutes = int(length.total_seconds()) // 60
    for unit, size in (("d", 24 * 60), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a profile holds
    if isinstance(value, timedelta):
        return interval_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, Era | Login):
        found = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {key: entry for key, entry in found.items() if entry is not None}
    return value
