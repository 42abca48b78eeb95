"""What a site's own article addresses look like, learned from the addresses its feeds and sitemaps list.

A shape is an address with everything variable taken out: numbers, dates, ids and slugs become letters, words that name a
place of the site stay. Nothing here is specific to a site; the patterns are data, and can be stored with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from newsarchive.discovery import url_words as words
from newsarchive.discovery.classify import Verdict, classify, slug_words

MIN_SUPPORT = 3
"""Addresses of a shape before it counts as the site's: one may be an advertisement, two a coincidence."""

MIN_TO_EXCLUDE = 30
"""Addresses learned before an address of another shape is called unlike the site's articles: a full feed has 20 to 50."""

MAX_SHAPES = 500
"""Shapes remembered of one site; rare ones beyond that are noise."""

_SLUG_WORDS = 3
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-_.]?[01][0-9][-_.]?[0-3][0-9]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_TAIL_ID = re.compile(r"[-_,.][a-z]{0,3}[0-9]{4,}$|[-_,.](?=[a-f]*[0-9])[0-9a-f]{8,}$")
_KNOWN_WORDS = words.LISTING_SEGMENTS | words.ARTICLE_SEGMENTS | words.CALENDAR_SEGMENTS | words.POST_SEGMENTS | words.SEARCH_SEGMENTS
_STRONG = frozenset("YDNTSIX")
"""Letters for what varies; a shape without one is a place of the site, not a kind of page."""


@lru_cache(maxsize=65536)
def shape(url: str) -> str:
    """The shape of an address: host, path with letters for what varies, names of the parameters.

    `Y` year, `D` one or two digits, `N` number, `T` date, `S` slug, `I` slug with an id, `X` word with digits, `w` word.
    The first segment stays as written where it is a word.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    letters = [_letter(segment, is_first=at == 0) for at, segment in enumerate(segments)]
    names = sorted({name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}) if parts.query else []
    return f"{parts.netloc}/{'/'.join(letters)}" + (f"?{'&'.join(names)}" if names else "")


def _letter(segment: str, *, is_first: bool) -> str:
    extension = words.PAGE_EXTENSION.search(segment)
    stem, end = (segment[: extension.start()], extension.group()) if extension else (segment, "")
    return _stem_letter(stem, is_first=is_first) + end


def _stem_letter(stem: str, *, is_first: bool) -> str:
    if stem.isdigit():
        if _YEAR.fullmatch(stem):
            return "Y"
        return "D" if len(stem) <= 2 else "T" if _DATE.fullmatch(stem) else "N"
    if _DATE.fullmatch(stem):
        return "T"
    if slug_words(stem) >= _SLUG_WORDS:
        return "I" if _TAIL_ID.search(stem) else "S"
    if any(char.isdigit() for char in stem):
        return "X"
    return stem if is_first or stem in _KNOWN_WORDS else "w"


def _without_first(form: str) -> tuple[str, str]:
    """A shape with its first segment made general, and that segment."""
    host, _, path = form.partition("/")
    first, slash, rest = path.partition("/")
    if not slash or first in _STRONG:
        return form, ""
    return f"{host}/w/{rest}", first


def _is_strong(form: str) -> bool:
    path, _, query = form.partition("/")[2].partition("?")
    stems = (words.PAGE_EXTENSION.sub("", letter) for letter in path.split("/"))
    return any(stem in _STRONG for stem in stems) or not words.ID_NAMES.isdisjoint(query.split("&"))


class SitePatterns:
    """The shapes of one site's article addresses, with how often each was seen."""

    def __init__(self, shapes: Mapping[str, int] | None = None) -> None:
        """`shapes` is what `as_record` gave, or None to begin with nothing."""
        self._shapes: Counter[str] = Counter(shapes or {})
        self._general: dict[str, set[str]] = {}
        for form in self._shapes:
            self._note_general(form)

    def learn(self, urls: Iterable[str]) -> None:
        """Take in addresses that the site itself lists as articles (of feeds and news sitemaps)."""
        for url in urls:
            if _is_settled(classify(url)):
                continue
            form = shape(url)
            if _is_strong(form) and (form in self._shapes or len(self._shapes) < MAX_SHAPES):
                self._shapes[form] += 1
                self._note_general(form)

    def _note_general(self, form: str) -> None:
        general, first = _without_first(form)
        if first:
            self._general.setdefault(general, set()).add(first)

    @property
    def support(self) -> int:
        """Addresses learned from."""
        return self._shapes.total()

    def knows(self, url: str) -> bool:
        """Whether the address has the shape of the site's articles: its own, or one that several sections share."""
        form = shape(url)
        if self._shapes[form] >= MIN_SUPPORT:
            return True
        return len(self._general.get(_without_first(form)[0], ())) >= MIN_SUPPORT

    def judge(self, url: str) -> Verdict:
        """`classify`, with what the site has taught: `learned-pattern` and `unlike-the-sites-articles` are its reasons.

        Traps, media, feeds and sitemaps stay what they are, and listings by a word of their path too.
        """
        verdict = classify(url)
        if _is_settled(verdict):
            return verdict
        if self.knows(url):
            return Verdict("article", "learned-pattern")
        if verdict.kind == "article" and self.support >= MIN_TO_EXCLUDE:
            return Verdict("other", "unlike-the-sites-articles")
        return verdict

    def as_record(self) -> dict[str, int]:
        """Shape -> number of addresses, most frequent first; ready for JSON."""
        return dict(self._shapes.most_common())


_SURE_REASONS = frozenset({"home", "pagination", "listing-word", "search", "navigation", "action", "static-page", "date-archive"})


def _is_settled(verdict: Verdict) -> bool:
    """Whether no pattern of the site can change this verdict."""
    return verdict.kind not in {"article", "other", "listing"} or verdict.reason in _SURE_REASONS
