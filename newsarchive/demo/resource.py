"""What the demo server answers to one address."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One answer: status, body and headers, the same bytes every time."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    modified: str | None = None
    """ISO 8601 moment behind Last-Modified; None leaves the header out."""
    compressible: bool = True
    """Whether gzip may be applied on the way (not for what is gzip or a picture already)."""

    @property
    def etag(self) -> str:
        """The strong validator: a digest of the body."""
        return '"' + hashlib.sha256(self.body).hexdigest()[:20] + '"'

    @property
    def last_modified(self) -> str | None:
        """The HTTP date of `modified`."""
        if self.modified is None:
            return None
        return format_datetime(datetime.fromisoformat(self.modified).astimezone(UTC), usegmt=True)


def redirect(location: str, status: int = 301) -> Resource:
    """An answer that sends the client on; `location` goes into the header as given."""
    return Resource(status=status, headers={"Location": location}, body=b"")


def page(html: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Resource:
    """An HTML answer in UTF-8."""
    return Resource(body=html.encode("utf-8"), status=status, headers=headers or {})
