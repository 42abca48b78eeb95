"""One thing that is wrong in a site profile, with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault that a person has to put right."""

    file: str
    """Path of the profile as it was named."""
    line: int
    """1 is the first; where the key is missing, the line of what it is missing in."""
    key: str
    """As in `selectors.title` or `article_patterns[2]`; empty where the file as a whole is meant."""
    message: str
    """What is wrong, and how it is written right."""
    suggestion: str | None = None
    """The nearest valid name or value; None where none is near."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " + (f"{self.key}: " if self.key else "")
        return place + self.message + (f", did you mean {self.suggestion!r}?" if self.suggestion else "")
