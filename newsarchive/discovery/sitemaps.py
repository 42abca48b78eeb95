"""Sitemaps: index, urlset with lastmod, news sitemaps with title and publication date, plain lists; gzipped, nested, broken.

The reader goes through the text once, looking for the few tags that matter, and never builds a tree: a sitemap of
50,000 addresses that is not well-formed in one place still yields every other entry. Entities are never expanded.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsarchive.discovery.classify import candidate_kind
from newsarchive.discovery.source import SourceReading, clean_title, decode_xml, source_url, unique
from newsarchive.discovery.stamps import iso_date
from newsarchive.model.candidate import Candidate, UrlKind

MAX_SITEMAP_URLS = 50_000
"""Entries; the limit of the sitemap protocol (sitemaps.org). What stands behind it is not read."""

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""Bytes, uncompressed; the limit of the sitemap protocol."""

MAX_GZIP_LAYERS = 3
"""Gzip inside gzip: a .xml.gz file served with a content coding has two layers."""

MAX_VALUE_CHARS = 4096
"""Characters looked at between an opening tag and the next tag; an address has 2048 at most."""

_SNIFF_CHARS = 8192
_GZIP_MAGIC = b"\x1f\x8b"
_NEWS = "sitemap-news"
_FOREIGN = ("sitemap-image", "sitemap-video", "sitemap-mobile", "xhtml", "sitemap-pagemap")
_PREFIX = re.compile(r"""xmlns:([\w.-]{1,40})\s*=\s*["']([^"'<>]{1,200})["']""")
_ROOT = re.compile(r"<(?:([\w.-]{1,40}):)?(urlset|sitemapindex)\b", re.IGNORECASE)
_TAGS = re.compile(
    r"<!--|<!\[CDATA\[|<(/?)(?:([\w.-]{1,40}):)?(urlset|sitemapindex|url|sitemap|loc|lastmod|publication_date|title)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_DOCTYPE_SUBSET = re.compile(r"<!DOCTYPE[^\[>]{0,500}\[", re.IGNORECASE)
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][\w.-]{0,40});")
_XML_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LINE_ADDRESS = re.compile(r"^\s*(https?://\S+)\s*$", re.IGNORECASE | re.MULTILINE)


def looks_like_sitemap(text: str) -> bool:
    """Whether the beginning of a decoded document is a sitemap's or a sitemap index's."""
    return bool(_ROOT.search(text, 0, _SNIFF_CHARS))


def gunzip(body: bytes, *, limit: int = MAX_SITEMAP_BYTES) -> tuple[bytes, list[str]]:
    """Take off up to MAX_GZIP_LAYERS layers of gzip, never giving more than `limit` bytes.

    Returns the bytes and flags: `cut` when the limit was reached, `broken` when a stream ended early or was damaged
    (what came before the damage is returned).
    """
    flags: list[str] = []
    for _ in range(MAX_GZIP_LAYERS):
        if not body.startswith(_GZIP_MAGIC):
            break
        body, flag = _one_layer(body, limit)
        if flag and flag not in flags:
            flags.append(flag)
    return body, flags


def _one_layer(body: bytes, limit: int) -> tuple[bytes, str | None]:
    pieces: list[bytes] = []
    room, rest = limit, body
    while rest.startswith(_GZIP_MAGIC):
        stream = zlib.decompressobj(wbits=31)
        try:
            piece = stream.decompress(rest, room)
        except zlib.error:
            return b"".join(pieces) + _until_damage(rest, room), "broken"
        pieces.append(piece)
        room -= len(piece)
        if not stream.eof:
            return b"".join(pieces), "cut" if room <= 0 else "broken"
        rest = stream.unused_data.lstrip(b"\0")
        if room <= 0:
            return b"".join(pieces), "cut" if rest else None
    return b"".join(pieces), None


def _until_damage(data: bytes, limit: int) -> bytes:
    """What a damaged stream gives before the fault: the same bytes again, in small steps."""
    stream, pieces, room = zlib.decompressobj(wbits=31), [], limit
    for start in range(0, len(data), 1024):
        try:
            piece = stream.decompress(data[start : start + 1024], room)
        except zlib.error:
            break
        pieces.append(piece)
        room -= len(piece)
        if room <= 0 or stream.eof:
            break
    return b"".join(pieces)


@dataclass(slots=True)
class _Entry:
    """One <url> or <sitemap>, while its tags are read."""

    loc: str | None = None
    lastmod: str | None = None
    published: str | None = None
    title: str | None = None
    is_news: bool = False


@dataclass(slots=True)
class _Scan:
    """The state of one walk over a sitemap's text."""

    roles: dict[str, str]
    entries: list[_Entry] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    open_entry: _Entry | None = None
    closed: bool = False
    """The root's end tag was seen."""
    unclosed: set[str] = field(default_factory=set)
    """Openings (of comments, CDATA) for which no end follows any more: looking again at each of them would be quadratic."""

    def flag(self, name: str) -> None:
        if name not in self.flags:
            self.flags.append(name)


def read_sitemap(body: bytes, url: str, *, depth: int = 0) -> SourceReading:
    """The addresses of a sitemap, or of the sitemaps of an index, with the dates and titles it gives.

    `url` is the address the bytes came from; `depth` the links followed to it. Never raises: what is no sitemap gives a
    reading of form `unknown`. Publication dates come from news tags only; `lastmod` is never taken for one.
    """
    body, flags = gunzip(body)
    if len(body) > MAX_SITEMAP_BYTES:
        body = body[:MAX_SITEMAP_BYTES]
        flags.append("cut")
    text = decode_xml(body)
    root = _ROOT.search(text, 0, _SNIFF_CHARS) or _ROOT.search(text)
    if root is None:
        return _read_lines(text, url, depth, flags)
    scan = _Scan(roles=_roles(text, root), flags=flags)
    _walk(_without_subset(text, scan), scan)
    is_index = root.group(2).lower() == "sitemapindex"
    return _as_reading(scan, url, depth, is_index=is_index)


def _roles(text: str, root: re.Match[str]) -> dict[str, str]:
    """Namespace prefix -> `main`, `news` or `foreign`. Undeclared prefixes go by their usual names."""
    roles = {"": "main", "news": "news", "n": "news", "image": "foreign", "video": "foreign", "xhtml": "foreign", "mobile": "foreign"}
    if root.group(1):
        roles[root.group(1).lower()] = "main"
    for prefix, name in _PREFIX.findall(text, root.start(), root.start() + _SNIFF_CHARS):
        if _NEWS in name:
            roles[prefix.lower()] = "news"
        elif "schemas/sitemap/" in name:
            roles[prefix.lower()] = "main"
        elif any(word in name for word in _FOREIGN):
            roles[prefix.lower()] = "foreign"
    return roles


def _without_subset(text: str, scan: _Scan) -> str:
    """The text without the internal subset of its document type, where entities would be declared."""
    found = _DOCTYPE_SUBSET.search(text, 0, _SNIFF_CHARS)
    if found is None:
        return text
    scan.flag("entities_refused")
    root = _ROOT.search(text, found.end())
    return text[root.start() :] if root else ""


def _walk(text: str, scan: _Scan) -> None:
    at = 0
    search = _TAGS.search
    while (tag := search(text, at)) is not None:
        at = tag.end()
        name = tag.group(3)
        if name is None:
            at = _skip(text, tag, scan)
            continue
        name, closing = name.lower(), tag.group(1) == "/"
        role = scan.roles.get((tag.group(2) or "").lower(), "foreign")
        if name in {"url", "sitemap"} and role == "main":
            _begin_or_end(scan, closing)
            if len(scan.entries) > MAX_SITEMAP_URLS:
                return
        elif closing:
            scan.closed = scan.closed or name in {"urlset", "sitemapindex"}
        elif scan.open_entry is not None and not tag.group().endswith("/>"):
            at = _value(text, at, scan, name, role)
    _begin_or_end(scan, True)


def _skip(text: str, tag: re.Match[str], scan: _Scan) -> int:
    """Position behind a comment or a CDATA section that stands between tags; an unclosed one hides nothing."""
    opening = tag.group()
    if opening in scan.unclosed:
        return tag.end()
    end = text.find("-->" if opening == "<!--" else "]]>", tag.end())
    if end == -1:
        scan.unclosed.add(opening)
        scan.flag("broken")
        return tag.end()
    return end + 3


def _begin_or_end(scan: _Scan, closing: bool) -> None:
    """An entry ends at its end tag, at the next entry's start, or with the text."""
    if scan.open_entry is not None:
        if not closing:
            scan.flag("broken")
        if scan.open_entry.loc is not None:
            scan.entries.append(scan.open_entry)
        else:
            scan.flag("bad_urls")
    scan.open_entry = None if closing else _Entry()


def _value(text: str, at: int, scan: _Scan, name: str, role: str) -> int:
    """Read the value that begins at `at` into the open entry; returns the position to go on from."""
    entry = scan.open_entry
    value, end = _content(text, at)
    if entry is None or value is None:
        scan.flag("broken" if value is None else "entities_refused")
        return end
    if name == "loc" and role == "main" and entry.loc is None:
        entry.loc = value
    elif name == "lastmod" and role == "main":
        entry.lastmod = value
    elif role == "news" and name == "publication_date":
        entry.published, entry.is_news = value, True
    elif role == "news" and name == "title":
        entry.title, entry.is_news = value, True
    return end


def _content(text: str, at: int) -> tuple[str | None, int]:
    """Character data up to the next tag, CDATA sections unwrapped; None where a reference is not one of XML's own five."""
    pieces: list[str] = []
    limit = at + MAX_VALUE_CHARS
    while at < limit:
        mark = text.find("<", at, limit)
        if mark == -1:
            return None, limit
        plain = _unescaped(text[at:mark])
        if plain is None:
            return None, mark
        pieces.append(plain)
        if not text.startswith("<![CDATA[", mark):
            return "".join(pieces).strip(), mark
        end = text.find("]]>", mark, mark + MAX_VALUE_CHARS)
        if end == -1:
            return None, mark + 9
        pieces.append(text[mark + 9 : end])
        at = end + 3
    return None, limit


def _unescaped(text: str) -> str | None:
    if "&" not in text:
        return text
    for reference in _REFERENCE.finditer(text):
        name = reference.group(1)
        if name[0] != "#" and name not in _XML_ENTITIES and html.unescape(reference.group()) == reference.group():
            return None
    # HTML's names (&eacute;) are no XML, but sitemaps use them and they cannot recurse.
    return _REFERENCE.sub(lambda found: html.unescape(found.group()), text)


def _as_reading(scan: _Scan, url: str, depth: int, *, is_index: bool) -> SourceReading:
    if not scan.closed:
        scan.flag("broken")
    if len(scan.entries) > MAX_SITEMAP_URLS:
        scan.flag("cut")
    found = list(_candidates(scan, url, depth, is_index))
    if not found:
        scan.flag("empty")
    return SourceReading(form="sitemap-index" if is_index else "sitemap", candidates=unique(found), flags=scan.flags)


def _candidates(scan: _Scan, url: str, depth: int, is_index: bool) -> Iterator[Candidate]:
    for entry in scan.entries[:MAX_SITEMAP_URLS]:
        address = source_url(entry.loc, url)
        if address is None or address == url:
            scan.flag("bad_urls")
            continue
        kind: UrlKind = "sitemap" if is_index else candidate_kind(address)
        yield Candidate(
            url=address,
            kind=kind,
            found_on=url,
            found_by="news-sitemap" if entry.is_news else "sitemap",
            depth=depth + 1,
            title=clean_title(entry.title),
            date_published=iso_date(entry.published),
            date_modified=iso_date(entry.lastmod),
        )


def _read_lines(text: str, url: str, depth: int, flags: list[str]) -> SourceReading:
    """A text sitemap: one address a line. Lines that are none are passed over, but most must be."""
    lines = sum(1 for line in text[: 64 * _SNIFF_CHARS].splitlines() if line.strip())
    in_sample = sum(1 for _ in _LINE_ADDRESS.finditer(text[: 64 * _SNIFF_CHARS]))
    if not in_sample or in_sample * 2 < lines:
        return SourceReading(form="unknown", flags=[*flags, "empty"])
    found: list[Candidate] = []
    for line in _LINE_ADDRESS.finditer(text):
        if len(found) >= MAX_SITEMAP_URLS:
            flags.append("cut")
            break
        address = source_url(line.group(1), url)
        if address is not None:
            found.append(Candidate(url=address, kind=candidate_kind(address), found_on=url, found_by="sitemap", depth=depth + 1))
    return SourceReading(form="sitemap-text", candidates=unique(found), flags=flags)
