"""What an address is likely to be, by its shape alone: article, listing, feed, sitemap, media, other or trap, and why.

The page type that extraction finds has the last word. This verdict decides what is fetched early, what is never
fetched (media) and what is fetched only within a budget (traps).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from courlan.filters import is_navigation_page, is_not_crawlable

from newsarchive.discovery import url_words as words
from newsarchive.model.candidate import UrlKind

Shape = Literal["article", "listing", "feed", "sitemap", "media", "other", "trap"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an address looks like, with the id of the rule that said so."""

    kind: Shape
    reason: str
    """Stable id: `date-path`, `slug`, `session-id`, ..."""


class _Address:
    """The parts of an address that the rules look at, each made once: a sitemap has 50,000 of them."""

    __slots__ = ("has_date", "last", "names", "path", "query", "segments", "slug", "url")

    def __init__(self, url: str, path: str, query: str) -> None:
        self.url = url
        self.path = (unquote(path) if "%" in path else path).lower()
        """Percent-decoded, lower case."""
        self.segments = tuple([segment for segment in self.path.split("/") if segment])
        """Of the path, without empty ones."""
        self.query = [(name.lower(), value) for name, value in parse_qsl(query, keep_blank_values=True)] if query else []
        self.names = frozenset([name for name, _ in self.query])
        self.last = words.PAGE_EXTENSION.sub("", self.segments[-1]) if self.segments else ""
        """The last segment without its file extension, or an empty string."""
        self.slug = slug_words(self.last)
        """Words of the last segment."""
        self.has_date = any(mark in self.path for mark in ("/19", "/20")) and words.DATE_PATH.search(self.path) is not None
        """Whether a date and a name behind it stand in the path."""


@lru_cache(maxsize=65536)
def classify(url: str) -> Verdict:
    """Judge one normalised address. Pure and total: every string gets a verdict; what fits no rule is `other`, `no-rule`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Verdict("other", "not-a-url")
    address = _Address(url, parts.path, parts.query)
    for rule in (_trap, _feed_or_sitemap, _file, _action, _listing, _article, _section):
        verdict = rule(address)
        if verdict is not None:
            return verdict
    return Verdict("other", "no-rule")


def candidate_kind(url: str) -> UrlKind:
    """The candidate's kind for an address: `listing`, `feed` or `sitemap` by its shape, else `page`."""
    kind = classify(url).kind
    return kind if kind in {"listing", "feed", "sitemap"} else "page"


def _trap(address: _Address) -> Verdict | None:
    if len(address.url) > words.MAX_SANE_URL_CHARS:
        return Verdict("trap", "endless-url")
    if (";" in address.path or "sid" in address.path or "(s(" in address.path) and words.SESSION_PATH.search(address.path):
        return Verdict("trap", "session-id")
    if any(name in words.SESSION_NAMES and value for name, value in address.query):
        return Verdict("trap", "session-id")
    if _is_endless(address.segments):
        return Verdict("trap", "endless-path")
    if _is_calendar(address):
        return Verdict("trap", "calendar")
    if not address.query:
        return None
    facets = sum(1 for name in address.names if name in words.FACET_NAMES or "[" in name)
    if facets >= words.MIN_FACETS or len(address.query) > words.MAX_QUERY_FIELDS:
        return Verdict("trap", "facets")
    return None


def _is_endless(segments: Sequence[str]) -> bool:
    """Relative links that grow: too many segments, or the same ones again and again (numbers may repeat: dates do)."""
    if len(segments) > words.MAX_SEGMENTS:
        return True
    if len(set(segments)) == len(segments):
        return False
    counts = Counter(segment for segment in segments if not segment.isdigit())
    most = max(counts.values(), default=0)
    pairs = Counter(pairwise(segments))
    return most >= words.MAX_SAME_SEGMENT or any(n > 1 and not (a.isdigit() and b.isdigit()) for (a, b), n in pairs.items())


def _is_calendar(address: _Address) -> bool:
    if words.CALENDAR_SEGMENTS.isdisjoint(address.segments):
        return bool(address.names & words.CALENDAR_NAMES)
    named = address.names & words.DATE_NAMES
    return bool(named) or bool(words.DATE_TAIL.search(address.path.rstrip("/")))


def _file(address: _Address) -> Verdict | None:
    extension = words.EXTENSION.search(address.segments[-1]) if address.segments else None
    if extension is None or extension.group(1) not in words.MEDIA_EXTENSIONS:
        return None
    return Verdict("media", "file-extension")


def _feed_or_sitemap(address: _Address) -> Verdict | None:
    last = address.segments[-1] if address.segments else ""
    if "sitemap" in last and words.SITEMAP_FILE.search(last):
        return Verdict("sitemap", "sitemap-name")
    if last in words.SITEMAP_PAGES:
        return Verdict("listing", "sitemap-page")
    named = any(name == "feed" or (name in words.FORMAT_NAMES and value.lower() in words.FEED_SEGMENTS) for name, value in address.query)
    in_folder = last.endswith((".xml", ".json")) and not words.FEED_FOLDERS.isdisjoint(address.segments[:-1])
    is_feed = named or in_folder or last in words.FEED_SEGMENTS or ("." in last and words.FEED_FILE.search(last) is not None)
    if not is_feed:
        return None
    if "comments" in address.segments:
        return Verdict("other", "comment-feed")
    return Verdict("feed", "feed-name")


def _action(address: _Address) -> Verdict | None:
    """Forms, logins, shares and the pages every site has: nothing to read there."""
    if not words.ACTION_NAMES.isdisjoint(address.names) or not words.ACTION_SEGMENTS.isdisjoint(address.segments[:2]):
        return Verdict("other", "action")
    if address.segments and len(address.segments) <= words.MAX_STATIC_DEPTH and address.last in words.STATIC_PAGES:
        return Verdict("other", "static-page")
    if is_not_crawlable(address.url):
        return Verdict("other", "not-crawlable")
    return None


def _listing(address: _Address) -> Verdict | None:
    segments = address.segments
    if not segments or (len(segments) == 1 and (words.LANGUAGE.fullmatch(segments[0]) or address.last in words.HOME_NAMES)):
        return Verdict("article", "query-id") if _has_query_id(address) else Verdict("listing", "home")
    ends_in_digit = segments[-1][-1].isdigit()
    if (ends_in_digit and words.PAGE_TAIL.search(address.path)) or any(n in words.PAGE_NAMES and v.isdigit() for n, v in address.query):
        return Verdict("listing", "pagination")
    if not words.SEARCH_SEGMENTS.isdisjoint(segments[:2]):
        return Verdict("listing", "search")
    if ends_in_digit and words.DATE_ARCHIVE.fullmatch(address.path.rstrip("/")):
        return Verdict("listing", "date-archive")
    if not words.LISTING_SEGMENTS.isdisjoint(segments):
        where = next(at for at, segment in enumerate(segments) if segment in words.LISTING_SEGMENTS)
        if len(segments) - where <= words.MAX_BEHIND_LISTING and not _article_id(address):
            return Verdict("listing", "listing-word")
    if not address.has_date and address.slug < words.MIN_SLUG_WORDS and is_navigation_page(address.url):
        return Verdict("listing", "navigation")
    return None


def _has_query_id(address: _Address) -> bool:
    return any(name in words.ID_NAMES and any(char.isdigit() for char in value) for name, value in address.query)


def _article_id(address: _Address) -> bool:
    """An id in the last segment: a long number or a hexadecimal string, as content systems give them to articles."""
    last = address.last
    return len(last) > 4 and bool(words.NUMBER_ID.search(last) or words.HEX_ID.search(last))


def slug_words(segment: str) -> int:
    """Words of a hyphenated or underscored slug; a run of non-ASCII letters counts by its length (CJK has no hyphens)."""
    plain = sum(1 for word in words.SLUG_SPLIT.split(segment) if len(word) > 1 and word.isalpha())
    if segment.isascii():
        return plain
    foreign = sum(1 for char in segment if ord(char) > words.FIRST_CJK)
    return plain + foreign // words.CJK_CHARS_A_WORD


def _name_words(segment: str) -> int:
    return sum(1 for word in words.SLUG_SPLIT.split(segment) if word and word not in words.JOINING_WORDS)


def _article(address: _Address) -> Verdict | None:
    count = address.slug
    if address.has_date:
        return Verdict("article", "date-path")
    if count >= words.MIN_SLUG_WORDS:
        return Verdict("article", "slug")
    if _article_id(address):
        return Verdict("article", "id")
    if _has_query_id(address):
        return Verdict("article", "query-id")
    above = address.segments[:-1]
    if not words.ARTICLE_SEGMENTS.isdisjoint(above):
        return Verdict("article", "article-word")
    if count >= words.MIN_POST_SLUG_WORDS and not words.POST_SEGMENTS.isdisjoint(above):
        return Verdict("article", "post")
    if above and slug_words(above[-1]) >= words.MIN_SLUG_WORDS and (not address.last.isalpha() or address.last in words.ARTICLE_ENDINGS):
        return Verdict("article", "slug-before-id")
    if count >= words.MIN_FILE_SLUG_WORDS and words.PAGE_EXTENSION.search(address.segments[-1]):
        return Verdict("article", "file-slug")
    return None


def _section(address: _Address) -> Verdict | None:
    """Few short words: /politics, /sport/football/, /us-news."""
    if len(address.segments) > words.MAX_SECTION_DEPTH or address.query:
        return None
    names = (*address.segments[:-1], address.last)
    if all(words.SECTION_SEGMENT.fullmatch(name) and _name_words(name) <= words.MAX_SECTION_WORDS for name in names):
        return Verdict("listing", "section")
    return None
