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


@dataclass(frozen=True, slots=True)
class _Address:
    """The parts of an address that the rules look at."""

    url: str
    path: str
    """Percent-decoded, lower case."""
    segments: Sequence[str]
    """Of the path, without empty ones."""
    query: Sequence[tuple[str, str]]
    """Names in lower case."""

    @property
    def last(self) -> str:
        """The last segment without its file extension, or an empty string."""
        return words.PAGE_EXTENSION.sub("", self.segments[-1]) if self.segments else ""

    @property
    def names(self) -> frozenset[str]:
        """Names of the query's parameters."""
        return frozenset(name for name, _ in self.query)


@lru_cache(maxsize=65536)
def classify(url: str) -> Verdict:
    """Judge one normalised address. Pure and total: every string gets a verdict; what fits no rule is `other`, `no-rule`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Verdict("other", "not-a-url")
    path = (unquote(parts.path) if "%" in parts.path else parts.path).lower()
    query = [(name.lower(), value) for name, value in parse_qsl(parts.query, keep_blank_values=True)] if parts.query else ()
    address = _Address(url, path, tuple(segment for segment in path.split("/") if segment), query)
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
    if words.SITEMAP_FILE.search(last):
        return Verdict("sitemap", "sitemap-name")
    if last in words.SITEMAP_PAGES:
        return Verdict("listing", "sitemap-page")
    named = any(name == "feed" or (name in words.FORMAT_NAMES and value.lower() in words.FEED_SEGMENTS) for name, value in address.query)
    in_folder = last.endswith((".xml", ".json")) and any(segment in words.FEED_FOLDERS for segment in address.segments[:-1])
    is_feed = named or in_folder or last in words.FEED_SEGMENTS or words.FEED_FILE.search(last) is not None
    if not is_feed:
        return None
    if "comments" in address.segments:
        return Verdict("other", "comment-feed")
    return Verdict("feed", "feed-name")


def _action(address: _Address) -> Verdict | None:
    """Forms, logins, shares and the pages every site has: nothing to read there."""
    if address.names & words.ACTION_NAMES or any(segment in words.ACTION_SEGMENTS for segment in address.segments[:2]):
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
    if any(name in words.PAGE_NAMES and value.isdigit() for name, value in address.query) or words.PAGE_TAIL.search(address.path):
        return Verdict("listing", "pagination")
    if words.SEARCH_SEGMENTS & set(segments[:2]):
        return Verdict("listing", "search")
    if words.DATE_ARCHIVE.fullmatch(address.path.rstrip("/")):
        return Verdict("listing", "date-archive")
    where = next((at for at, segment in enumerate(segments) if segment in words.LISTING_SEGMENTS), None)
    if where is not None and len(segments) - where <= words.MAX_BEHIND_LISTING and not _article_id(address):
        return Verdict("listing", "listing-word")
    if is_navigation_page(address.url) and not _looks_like_article(address):
        return Verdict("listing", "navigation")
    return None


def _has_query_id(address: _Address) -> bool:
    return any(name in words.ID_NAMES and any(char.isdigit() for char in value) for name, value in address.query)


def _article_id(address: _Address) -> bool:
    """An id in the last segment: a long number or a hexadecimal string, as content systems give them to articles."""
    return bool(words.NUMBER_ID.search(address.last) or words.HEX_ID.search(address.last))


def slug_words(segment: str) -> int:
    """Words of a hyphenated or underscored slug; a run of non-ASCII letters counts by its length (CJK has no hyphens)."""
    plain = sum(1 for word in words.SLUG_SPLIT.split(segment) if len(word) > 1 and word.isalpha())
    if segment.isascii():
        return plain
    foreign = sum(1 for char in segment if ord(char) > words.FIRST_CJK)
    return plain + foreign // words.CJK_CHARS_A_WORD


def _name_words(segment: str) -> int:
    return sum(1 for word in words.SLUG_SPLIT.split(segment) if word and word not in words.JOINING_WORDS)


def _looks_like_article(address: _Address) -> bool:
    return bool(words.DATE_PATH.search(address.path)) or slug_words(address.last) >= words.MIN_SLUG_WORDS


def _article(address: _Address) -> Verdict | None:
    count = slug_words(address.last)
    if words.DATE_PATH.search(address.path):
        return Verdict("article", "date-path")
    if count >= words.MIN_SLUG_WORDS:
        return Verdict("article", "slug")
    if _article_id(address):
        return Verdict("article", "id")
    if _has_query_id(address):
        return Verdict("article", "query-id")
    if len(address.segments) > 1 and any(segment in words.ARTICLE_SEGMENTS for segment in address.segments[:-1]):
        return Verdict("article", "article-word")
    before_last = address.segments[-2] if len(address.segments) > 1 else ""
    if count >= words.MIN_POST_SLUG_WORDS and any(segment in words.POST_SEGMENTS for segment in address.segments[:-1]):
        return Verdict("article", "post")
    if slug_words(before_last) >= words.MIN_SLUG_WORDS and (not address.last.isalpha() or address.last in words.ARTICLE_ENDINGS):
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
