"""What a source (feed, sitemap, robots.txt) says: the candidates it names, and what was wrong with it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

from newsarchive.errors import InvalidUrl
from newsarchive.model.candidate import Candidate
from newsarchive.urls import absolute, normalise

MAX_URL_CHARS = 2048
"""Characters. The sitemap protocol's limit for <loc>; browsers and servers stop at about the same length."""

MAX_TITLE_CHARS = 500
"""Characters of a title kept from a source; the longest headlines of real feeds stay under 300."""

_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?:/(?!\.)[A-Za-z0-9_~.-]*)+")
"""An absolute address that is its own normal form, as nine of ten in a sitemap are: no port, query or escape."""

_PLAIN_PATH = re.compile(r"(?!//)(?:/(?!\.)[A-Za-z0-9_~.-]*)+")
"""The same for a path from the root, as most links of a page are."""

_SPACES = re.compile(r"\s+")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """The content of one source. A broken source is read as far as it goes; `flags` tells what was wrong."""

    form: str
    """`rss`, `atom`, `json-feed`, `sitemap`, `sitemap-index`, `sitemap-text`, `robots` or `unknown`."""
    candidates: list[Candidate] = field(default_factory=list)
    """In the order of the source, each address once."""
    title: str | None = None
    """The feed's own title; None where it has none."""
    next_url: str | None = None
    """Address of the next page of a paged feed (RFC 5005), or None."""
    flags: list[str] = field(default_factory=list)
    """`broken` (not well-formed), `cut` (a limit was reached), `entities_refused`, `empty`, `bad_urls` (entries without
    a usable address)."""


def source_url(href: str | None, base: str) -> str | None:
    """The normalised address of a source's entry; None for what is missing, too long, or no http(s) URL."""
    if not href or len(href) > MAX_URL_CHARS:
        return None
    if _PLAIN_ADDRESS.fullmatch(href):
        return href
    if _PLAIN_PATH.fullmatch(href):
        origin = _origin(base)
        if origin is not None:
            return origin + href
    found = absolute(href, base)
    if found is None:
        return None
    try:
        return normalise(found)
    except InvalidUrl:
        return None


@lru_cache(maxsize=256)
def _origin(base: str) -> str | None:
    try:
        return normalise(urljoin(base, "/")).removesuffix("/")
    except (InvalidUrl, ValueError):
        return None


def clean_title(text: str | None) -> str | None:
    """A title on one line, cut at MAX_TITLE_CHARS; None when nothing is left."""
    folded = _SPACES.sub(" ", text or "").strip()
    return folded[:MAX_TITLE_CHARS] or None


def unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each address once, the first mention kept."""
    seen: dict[str, Candidate] = {}
    for candidate in candidates:
        seen.setdefault(candidate.url, candidate)
    return list(seen.values())


def decode_xml(body: bytes) -> str:
    """The text of an XML or plain text source: byte order mark, then XML declaration, then UTF-8; bad bytes become U+FFFD."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if body[:2] == b"<\0":
        return body.decode("utf-16-le", "replace")
    if body[:2] == b"\0<":
        return body.decode("utf-16-be", "replace")
    declared = _DECLARED.match(body[:400])
    name = declared.group(1).decode("ascii") if declared else "utf-8"
    try:
        info = codecs.lookup(name)
    except LookupError:
        info = codecs.lookup("utf-8")
    if not getattr(info, "_is_text_encoding", True) or info.name.startswith("utf-16") or info.name in {"utf-7", "idna", "punycode"}:
        info = codecs.lookup("utf-8")
    return body.decode(info.name, "replace")
