"""A page as it was fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The answer to one request. Nothing in it has been interpreted."""

    url: str
    """The address asked for."""
    body: bytes
    """As received, content codings removed."""
    final_url: str | None = None
    """The address that answered; None means `url`."""
    status: int = 200
    """HTTP status."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """The headers that matter, names in lower case."""
    fetched_at: datetime | None = None
    """UTC; None where it is not known."""
    elapsed_ms: int | None = None
    """Milliseconds from request to answer."""

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as received."""
        return self.headers.get("content-type")

    @property
    def address(self) -> str:
        """The address the bytes came from."""
        return self.final_url or self.url
