"""From Scrapy's responses to the words of the archive: pages, and the times servers ask us to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response

from newsarchive.model.page import Page
from newsarchive.pages.headers import KEPT_HEADERS, kept_headers


def page_of(response: Response) -> Page:
    """The response as a Page, stamped with the time its headers' request meta recorded, else now (UTC)."""
    headers = kept_headers((name, value.decode("latin-1")) for name in KEPT_HEADERS for value in response.headers.getlist(name))
    meta = response.request.meta if response.request is not None else {}
    latency = meta.get("download_latency")
    return Page(
        url=response.request.url if response.request is not None else response.url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=datetime.now(UTC).replace(microsecond=0),
        elapsed_ms=None if latency is None else round(latency * 1000),
    )


def parse_retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 section 10.2.3: seconds or a date), or None."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(min(int(value), 10**7))
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
