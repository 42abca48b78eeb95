"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, broken ones included, as candidates.

feedparser reads the XML forms, from bytes that we fetched (given an address or a path it would open it). A document type
declaration is cut out first, so that no entity is ever expanded.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import feedparser

from newsarchive.discovery.feed_salvage import count_entries, salvage
from newsarchive.discovery.source import SourceReading, clean_title, decode_xml, source_url, unique
from newsarchive.discovery.stamps import iso_date
from newsarchive.model.candidate import Candidate

MAX_FEED_BYTES = 8 * 1024 * 1024
"""Bytes; the crawl's download limit for anything but sitemaps. A longer feed is cut, and gives its first entries."""

MAX_FEED_ENTRIES = 5000
"""Entries; the fullest news feeds carry some hundreds, a whole-site export some thousands."""

MAX_JSON_DEPTH = 200
"""Brackets open at once; a JSON Feed needs five. Python's decoder fails with RecursionError far above this."""

_SNIFF_CHARS = 4096
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|RDF|channel|rdf)\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)\b", re.IGNORECASE)
_JSON_MARK = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')


def looks_like_feed(text: str) -> bool:
    """Whether the beginning of a decoded document is a feed's (RSS, RDF, Atom, JSON Feed)."""
    start = text[:_SNIFF_CHARS].lstrip("\ufeff \t\r\n")
    if start.startswith("{"):
        return bool(_JSON_MARK.search(text[: 4 * _SNIFF_CHARS])) or ('"items"' in start and '"version"' in start)
    root = _ROOT.search(start)
    if root is None:
        return False
    before = start[: root.start()].lower()
    return "<html" not in before and "<body" not in before and "<urlset" not in before


def read_feed(body: bytes, url: str, *, depth: int = 0) -> SourceReading:
    """The entries of a feed as candidates with title and date.

    `url` is the address the bytes came from; `depth` the links followed to it. Never raises: what is no feed gives a
    reading of form `unknown` without candidates, a broken feed the entries that can be read.
    """
    flags: list[str] = []
    if len(body) > MAX_FEED_BYTES:
        body = body[:MAX_FEED_BYTES]
        flags.append("cut")
    text = decode_xml(body)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _read_json(text, url, depth, flags)
    return _read_xml(_without_doctype(text, flags), url, depth, flags)


def _without_doctype(text: str, flags: list[str]) -> str:
    """Cut the document type declaration, with its internal subset, out of the text."""
    found = _DOCTYPE.search(text, 0, 16 * _SNIFF_CHARS)
    if found is None:
        return text
    bracket, close = text.find("[", found.end()), text.find(">", found.end())
    end = close
    if bracket != -1 and (close == -1 or bracket < close):
        subset_end = text.find("]", bracket)
        end = text.find(">", subset_end) if subset_end != -1 else -1
    if _ENTITY.search(text, found.start(), end if end != -1 else len(text)):
        flags.append("entities_refused")
    if end == -1:
        return text[: found.start()]
    return text[: found.start()] + text[end + 1 :]


def _read_xml(text: str, url: str, depth: int, flags: list[str]) -> SourceReading:
    beyond = next(islice(_ENTRY.finditer(text), MAX_FEED_ENTRIES, None), None)
    if beyond is not None:
        flags.append("cut")
        text = text[: beyond.start()]
    parsed = _parsed(text, url)
    if parsed.get("bozo"):
        flags.append("broken")
    version = str(parsed.get("version") or "")
    form = "atom" if version.startswith("atom") else "rss" if version else "unknown"
    entries = parsed.get("entries") or []
    if form == "unknown" and not entries and not looks_like_feed(text):
        return SourceReading(form=form, flags=[*flags, "empty"])
    feed = parsed.get("feed") or {}
    base = _feed_base(feed, url)
    found = [_entry_candidate(entry, base, url, depth, is_atom=form == "atom") for entry in entries]
    if parsed.get("bozo") and sum(1 for candidate in found if candidate is not None) < count_entries(text):
        found += salvage(text, url, depth)
    return _reading("rss" if form == "unknown" else form, found, clean_title(feed.get("title")), _rel(feed, "next", url), flags)


def _parsed(text: str, url: str) -> Mapping[str, Any]:
    data = _XML_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001 - a fault of the parser's own on a broken feed (KeyError: 'links'); patterns read what they can
        return {"bozo": True}
    return parsed


def _feed_base(feed: Mapping[str, Any], url: str) -> str:
    """What relative addresses are resolved against: the feed's xml:base (feedparser hands it on with the title), else its address."""
    detail = feed.get("title_detail")
    return str(detail.get("base") or url) if isinstance(detail, Mapping) else url


def _rel(entry: Mapping[str, Any], rel: str, base: str) -> str | None:
    for link in entry.get("links") or []:
        if link.get("rel") == rel and link.get("href"):
            return source_url(link["href"], base)
    return None


def _entry_addresses(entry: Mapping[str, Any]) -> Iterator[str | None]:
    """Where an entry's address can stand, best first: the original of a proxied link, the link, a permanent guid."""
    yield entry.get("feedburner_origlink")
    for link in entry.get("links") or []:
        if link.get("rel", "alternate") == "alternate" and "html" in str(link.get("type", "text/html")):
            yield link.get("href")
    yield entry.get("link")
    identifier = entry.get("id") or ""
    if identifier.startswith(("http://", "https://")):
        yield identifier


def _entry_candidate(entry: Mapping[str, Any], base: str, url: str, depth: int, *, is_atom: bool) -> Candidate | None:
    address = next((found for href in _entry_addresses(entry) if (found := source_url(href, base))), None)
    if address is None or address == url:
        return None
    published, updated = _stamp(entry, "published") or _stamp(entry, "created"), _stamp(entry, "updated")
    if published is None and not is_atom:
        # RSS has no date of change: its dc:date, which feedparser files under `updated`, is the day of the item.
        published, updated = updated, None
    return Candidate(
        url=address,
        found_on=url,
        found_by="feed",
        depth=depth + 1,
        title=_plain(entry.get("title")),
        date_published=published,
        date_modified=updated,
    )


def _stamp(entry: Mapping[str, Any], name: str) -> str | None:
    # Asked for `updated`, feedparser answers with the publish date where there is none: look only at what is really there.
    present = dict(entry.items())
    stamp = iso_date(present.get(name))
    parsed = present.get(f"{name}_parsed")
    if stamp is None and parsed is not None:
        year, month, day, hour, minute, second = parsed[:6]
        return iso_date(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    return stamp


_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def _plain(title: object) -> str | None:
    return clean_title(html.unescape(_TAG.sub("", title))) if isinstance(title, str) else None


def _read_json(text: str, url: str, depth: int, flags: list[str]) -> SourceReading:
    data = _load_json(text)
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(items, list):
        return SourceReading(form="unknown", flags=[*flags, "broken" if data is None else "empty"])
    if len(items) > MAX_FEED_ENTRIES:
        flags.append("cut")
    found = [_json_candidate(item, url, depth) for item in items[:MAX_FEED_ENTRIES] if isinstance(item, dict)]
    next_url = source_url(_text(data, "next_url"), url)
    return _reading("json-feed", found, clean_title(_text(data, "title")), next_url, flags)


def _load_json(text: str) -> object:
    """The decoded text; None for what is no JSON or is nested beyond MAX_JSON_DEPTH."""
    depth = 0
    for bracket in re.finditer(r"[\[{]|[\]}]", text):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > MAX_JSON_DEPTH:
            return None
    try:
        found: object = json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except ValueError:
        return None
    return found


def _text(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value if isinstance(value, str) else None


def _json_candidate(item: Mapping[str, Any], url: str, depth: int) -> Candidate | None:
    identifier = _text(item, "id") or ""
    offered = (_text(item, "url"), identifier if identifier.startswith("http") else None, _text(item, "external_url"))
    address = next((found for href in offered if (found := source_url(href, url))), None)
    if address is None:
        return None
    return Candidate(
        url=address,
        found_on=url,
        found_by="feed",
        depth=depth + 1,
        title=_plain(_text(item, "title")),
        date_published=iso_date(_text(item, "date_published")),
        date_modified=iso_date(_text(item, "date_modified")),
    )


def _reading(form: str, found: list[Candidate | None], title: str | None, next_url: str | None, flags: list[str]) -> SourceReading:
    candidates = unique(candidate for candidate in found if candidate is not None)
    if any(candidate is None for candidate in found):
        flags.append("bad_urls")
    if not candidates:
        flags.append("empty")
    return SourceReading(form=form, candidates=candidates, title=title, next_url=next_url, flags=flags)
