"""When an article was published and modified: candidates weighed by what their source is worth, and the choice.

Machine-readable statements about the article go first, then what stands near the headline, then the address. A date keeps
the precision and zone it was given with. Dates of teasers, copyright lines and comments are never candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from newsarchive.dates import ParsedDate, is_future, parse_date, parse_machine, same_day
from newsarchive.extractors.jsonld import strings
from newsarchive.extractors.landmarks import marked_value
from newsarchive.extractors.language import declared_language
from newsarchive.extractors.structured import Structured
from newsarchive.extractors.visible_dates import DAY_OR_FINER, DateCandidate, address_dates, lone_dates, visible_dates
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element


@dataclass(frozen=True, slots=True)
class Dates:
    """What was chosen. A field that nothing states is None."""

    published: str | None = None
    published_raw: str | None = None
    modified: str | None = None
    rules: dict[str, str] = field(default_factory=dict)
    candidates: list[FieldCandidate] = field(default_factory=list)


_META_PUBLISHED = {
    "article:published_time": 0.95, "og:article:published_time": 0.93, "http://ogp.me/ns/article#published_time": 0.93,
    "datepublished": 0.9, "og:published_time": 0.9, "parsely-pub-date": 0.9, "sailthru.date": 0.88, "cxenseparse:recs:publishtime": 0.9,
    "cxenseparse:publishtime": 0.9, "publishdate": 0.85, "publish-date": 0.85, "publish_date": 0.85, "published-date": 0.85,
    "publisheddate": 0.85, "pubdate": 0.85, "pub_date": 0.85, "publication_date": 0.85, "publication-date": 0.85, "published": 0.85,
    "article.published": 0.85, "dc.date.issued": 0.85, "dcterms.issued": 0.85, "dcterms.created": 0.75, "dc.date.created": 0.75,
    "dc.date": 0.75, "dc.terms.date": 0.75, "dcterms.date": 0.75, "citation_publication_date": 0.8, "citation_date": 0.8,
    "citation_online_date": 0.82, "date.created": 0.8, "date.available": 0.7, "article_date_original": 0.85,
    "originalpublicationdate": 0.85, "release_date": 0.7, "og:release_date": 0.7, "date": 0.75, "rnews:datepublished": 0.9,
    "timestamp": 0.5, "datecreated": 0.6, "shareaholic:article_published_time": 0.9, "bt:pubdate": 0.88, "gooddate": 0.6,
    "weibo:article:create_at": 0.85, "video:release_date": 0.4,
}  # fmt: skip
"""Meta names that state the publish date -> trust."""

_META_MODIFIED = {
    "article:modified_time": 0.95, "og:article:modified_time": 0.93, "http://ogp.me/ns/article#modified_time": 0.93, "datemodified": 0.9,
    "og:updated_time": 0.8, "og:modified_time": 0.85, "lastmod": 0.8, "last-modified": 0.75, "last_modified": 0.75,
    "dcterms.modified": 0.85, "dc.date.modified": 0.85, "modified": 0.8, "updated": 0.8, "date.modified": 0.8, "date.updated": 0.8,
    "revised": 0.7, "modified-date": 0.8, "modified_date": 0.8, "lastupdate": 0.7, "moddate": 0.8, "cxenseparse:articlemodified": 0.8,
    "weibo:article:update_at": 0.85, "shareaholic:article_modified_time": 0.9,
}  # fmt: skip


def choose_dates(
    document: Document, structured: Structured, *, fetched_at: datetime | None = None, headline: Element | None = None
) -> Dates:
    """The publish and modification dates, each None where nothing on the page can be trusted.

    A date later than `fetched_at` (aware; None skips the check and leaves relative dates alone) plus 48 hours is refused.
    Of statements that name the same day the most precise is taken.
    """
    found = list(islice(_machine_candidates(structured), MAX_STATED))
    is_stated = any(candidate.kind == "published" and candidate.trust >= ENOUGH for candidate in found)
    found += visible_dates(document, _language(structured), headline, fetched_at, reach=SURE_BLOCKS if is_stated else None)
    if not is_stated:
        found += address_dates(document)
        if not any(candidate.kind == "published" for candidate in found):
            found += lone_dates(document, _language(structured), headline)
    usable = [candidate for candidate in found if fetched_at is None or not is_future(candidate.date, fetched_at)]
    modified = _best(usable, "modified")
    published = _set_by_hand(_best(usable, "published"), modified, usable)
    published = _overruled(published, modified, usable) if is_stated else published
    rules = {}
    if published:
        rules["date_published"] = published.source
    if modified:
        rules["date_modified"] = modified.source
    return Dates(
        published=published.date.iso if published else None,
        published_raw=published.date.raw if published else None,
        modified=modified.date.iso if modified else None,
        rules=rules,
        candidates=[_as_field(candidate, usable, (published, modified)) for candidate in found],
    )


def _set_by_hand(best: DateCandidate | None, modified: DateCandidate | None, found: list[DateCandidate]) -> DateCandidate | None:
    """The publish date to the minute, where the finer one is the moment of saving: equal to the modification to the second.

    Both bench pages on which the two differ inside one minute have the minute for an answer.
    """
    if best is None or modified is None or best.date.moment != modified.date.moment or not best.date.moment.second:
        return best
    minute = best.date.moment.replace(second=0, microsecond=0)
    zoned = minute.tzinfo is not None
    whole = [c for c in found if c.kind == "published" and c.trust >= ENOUGH and (c.date.moment.tzinfo is not None) == zoned]
    return next((candidate for candidate in whole if candidate.date.moment == minute), best)


MAX_STATED = 40
"""Machine-readable dates of one page that are weighed; the most on a bench page is 16."""

ENOUGH = 0.85
"""Trust from which visible dates are looked for right beside the headline alone: such a source is right on 95 % of the pages."""

SURE_BLOCKS = 5
"""Blocks between the headline and a visible date that may overrule what the page says to machines."""

SURE_TRUST = 0.7
"""Trust of such a date: near the headline, a day or finer, and nearly all of its block."""

MIN_DIFFERENCE = timedelta(hours=36)
"""Two dates closer than this are one moment in two time zones."""


def _overruled(best: DateCandidate | None, modified: DateCandidate | None, found: list[DateCandidate]) -> DateCandidate | None:
    """The date shown beside the headline, where it is neither the stated publish date nor the stated modification.

    Systems state when a record was made; what the page shows its readers as the date of the article is then another day.
    """
    shown = [
        c for c in found if c.kind == "published" and c.source in _SHOWN and c.trust >= SURE_TRUST and c.date.precision in DAY_OR_FINER
    ]
    if best is None or not shown or any(_is_near(c, best) or (modified and _is_near(c, modified)) for c in shown):
        return best
    return max(shown, key=lambda candidate: (candidate.date.has_time, candidate.trust))


_SHOWN = ("visible-date", "time-element")


def _is_near(a: DateCandidate, b: DateCandidate) -> bool:
    one, other = (c.date.moment.replace(tzinfo=None) for c in (a, b))
    return same_day(a.date, b.date) or abs(one - other) < MIN_DIFFERENCE


def _as_field(
    candidate: DateCandidate, usable: list[DateCandidate], winners: tuple[DateCandidate | None, DateCandidate | None]
) -> FieldCandidate:
    note = f"trust {candidate.trust:.2f}" if candidate in usable else "later than the fetch"
    return FieldCandidate(f"date_{candidate.kind}", candidate.date.iso, candidate.source, candidate in winners, note)


def _best(found: list[DateCandidate], kind: str) -> DateCandidate | None:
    """The most trusted candidate, or one of the same day that is more precise and nearly as much trusted."""
    of_kind = [candidate for candidate in found if candidate.kind == kind]
    if not of_kind:
        return None
    supported = {id(c): c.trust + sum(AGREEMENT for o in of_kind if o.source != c.source and same_day(o.date, c.date)) for c in of_kind}
    best = max(of_kind, key=lambda candidate: supported[id(candidate)])
    finer = [c for c in of_kind if c.source not in _SHOWN or _fineness(best.date) == 0]
    same = [c for c in finer if same_day(c.date, best.date) and c.trust >= best.trust - FINER_TRUST and c.date.precision in DAY_OR_FINER]
    return max(same, key=lambda candidate: (_fineness(candidate.date), candidate.trust), default=best)


AGREEMENT = 0.04
"""Trust that another source naming the same day adds."""

FINER_TRUST = 0.3
"""How much less a source may be trusted whose date of the same day carries a time or zone that the best one lacks."""


def _fineness(date: ParsedDate) -> int:
    """0 day, 1 time without zone, 2 time with zone; midnight without anything finer counts as a day."""
    if not date.has_time:
        return 0
    midnight = date.moment.hour == date.moment.minute == date.moment.second == 0
    return (0 if midnight else 1) + (1 if date.moment.tzinfo else 0)


# --- machine-readable ---------------------------------------------------------------------------------------------------


def _machine_candidates(structured: Structured) -> Iterator[DateCandidate]:
    if structured.article:
        yield from _from_object(structured.article, "jsonld", (("published", "datePublished", 0.95), ("published", "dateCreated", 0.7)))
        yield from _from_object(structured.article, "jsonld", (("modified", "dateModified", 0.95), ("published", "uploadDate", 0.7)))
    if structured.webpage:
        yield from _from_object(
            structured.webpage, "jsonld-webpage", (("published", "datePublished", 0.88), ("modified", "dateModified", 0.85))
        )
    for name, content in structured.document.metas:
        for kind, table in (("published", _META_PUBLISHED), ("modified", _META_MODIFIED)):
            if name in table and (date := parse_machine(content) or parse_date(content, language="en")):
                yield DateCandidate(kind, f"meta-{name}", date, table[name])
    for kind, name in (("published", "datepublished"), ("modified", "datemodified"), ("published", "datecreated")):
        for element in structured.landmarks.properties.get(name, [])[:1]:
            value = marked_value(element)
            if element.tag != "meta" and (date := parse_machine(value) or parse_date(value, language=_language(structured))):
                yield DateCandidate(kind, f"microdata-{name}", date, 0.7 if name == "datecreated" else 0.9)


def _from_object(data: dict[str, Any], prefix: str, keys: tuple[tuple[str, str, float], ...]) -> Iterator[DateCandidate]:
    for kind, key, trust in keys:
        for text in strings(data.get(key)):
            if date := parse_machine(text) or parse_date(text, language="en"):
                yield DateCandidate(kind, f"{prefix}-{key.lower()}", date, trust)
                break


def _language(structured: Structured) -> str | None:
    declared = declared_language(structured.document, structured)
    return declared[0] if declared else None
