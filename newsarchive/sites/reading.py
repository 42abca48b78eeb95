"""The part of a profile that says how pages are read: a value that travels to the worker processes as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from newsarchive.sites.profile import SiteProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """How one site's pages are read, as it held on the day a page was fetched."""

    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field of the article -> CSS selectors, tried in order."""
    drop: tuple[str, ...] = ()
    """CSS selectors of what is never part of an article or its teasers."""
    timezone: str | None = None
    """IANA name for dates without a zone; None leaves them without."""

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that change with the rules: an extraction carries them, so that readings can be compared."""
        return hashlib.sha256(json.dumps(self.as_record(), sort_keys=True).encode()).hexdigest()[:8]

    def as_record(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        selectors = {name: list(values) for name, values in self.selectors.items()}
        return {"selectors": selectors, "drop": list(self.drop), "timezone": self.timezone}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> ReadingRules:
        """The inverse of `as_record`. Raises KeyError for a record that is none of ours."""
        selectors = {name: tuple(values) for name, values in record["selectors"].items()}
        return cls(selectors=selectors, drop=tuple(record["drop"]), timezone=record["timezone"])


def reading_rules(profile: SiteProfile | ReadingRules | None, fetched_on: date | None) -> ReadingRules | None:
    """What a profile says about reading a page fetched on a day; None where it says nothing.

    Without a day the profile holds as it is now. Rules that were made before are handed through.
    """
    if profile is None or isinstance(profile, ReadingRules):
        return profile
    held = profile if fetched_on is None else profile.at(fetched_on)
    if not (held.selectors or held.drop or held.timezone):
        return None
    return ReadingRules(selectors=held.selectors, drop=held.drop, timezone=held.timezone)
