"""What a site's profile says of its pages, put in the engine's place: selectors, parts to drop, the zone of dates.

A selector that finds nothing leaves the field to the engine and the flag `profile_missed:FIELD` on the extraction, so that a
redesign shows. What a selector gave has the rule `profile-selector`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsarchive.dates import is_future, parse_date, parse_machine, resolve_relative
from newsarchive.extractors.body import SNIPPET, Body, Labels, choose_blocks
from newsarchive.extractors.metadata import Metadata
from newsarchive.extractors.names import names_in
from newsarchive.extractors.tags import MAX_TAG_CHARS, MAX_TAGS
from newsarchive.model.article import Article
from newsarchive.model.extraction import Dropped, FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.select import TreeSelector, without
from newsarchive.pages.tree import Element
from newsarchive.sites.profile import SiteProfile
from newsarchive.sites.reading import ReadingRules, reading_rules
from newsarchive.text import shorten

RULE = "profile-selector"
"""Id of the rule for whatever a selector gave."""

DROP_RULE = "profile-drop"
"""Id of the rule for what `drop` took out."""

MAX_VALUE_CHARS = 2000
"""Characters of a title, description or section that a selector gave; a selector that gives more names a container."""

_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(slots=True)
class ProfileReading:
    """One page under the rules of its site. Without rules every method hands back what it is given."""

    document: Document
    """The page without the parts that the profile drops."""
    rules: ReadingRules
    fetched_at: datetime | None
    flags: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    has_body: bool = False
    """Whether a selector named the body: nothing else is asked for one."""
    _selector: TreeSelector | None = None

    def _found(self) -> TreeSelector:
        if self._selector is None:
            self._selector = TreeSelector(self.document.tree)
        return self._selector

    def fields(self, metadata: Metadata) -> Metadata:
        """The metadata with what the selectors give, which wins over everything the engine found."""
        for name in self.rules.selectors:
            if name in ("body", "teasers"):
                continue
            value, raw = self._value(name)
            if not value:
                self._missed(name)
                continue
            note = "the site's profile names another"
            metadata.candidates = [replace(c, won=False, note=note) if c.field == name and c.won else c for c in metadata.candidates]
            shown = "; ".join(value) if isinstance(value, list) else value
            metadata.candidates.append(FieldCandidate(name, shown, RULE, won=True))
            metadata.fields[name] = value
            metadata.rules[name] = RULE
            if name == "date_published":
                metadata.fields["date_published_raw"] = raw
        return metadata

    def _missed(self, name: str) -> None:
        self.flags.append(f"profile_missed:{name}")

    def _value(self, name: str) -> tuple[str | list[str] | None, str | None]:
        """The field by its first selector that gives one, and how the page wrote it."""
        attribute = "src" if name == "image_url" else None
        for css in self.rules.selectors[name]:
            texts = self._found().values(css, attribute)
            if name == "authors":
                value: str | list[str] | None = list(dict.fromkeys(one for text in texts for one in names_in(text)))
            elif name == "tags":
                value = list(dict.fromkeys(text for text in texts if len(text) <= MAX_TAG_CHARS))[:MAX_TAGS]
            else:
                value = next(filter(None, (self._scalar(name, text) for text in texts)), None)
            if value:
                return value, texts[0]
        return None, None

    def _scalar(self, name: str, text: str) -> str | None:
        if name in ("date_published", "date_modified"):
            return self._date(text)
        if name == "image_url":
            return self.document.resolve(text)
        if name == "language":
            return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else None
        return text if len(text) <= MAX_VALUE_CHARS else None

    def _date(self, text: str) -> str | None:
        date = parse_machine(text) or parse_date(text, language=self.document.language)
        if date is None and self.fetched_at is not None:
            date = resolve_relative(text, self.fetched_at)
        if date is None or (self.fetched_at is not None and is_future(date, self.fetched_at)):
            return None
        return date.iso

    def body(self, labels: Labels) -> Labels:
        """The blocks of the containers that the profile names, all of them text; else the engine's labels."""
        if "body" not in self.rules.selectors:
            return labels
        places = self._containers("body")
        blocks = self.document.blocks
        inside = [float(not block.hidden and any(place.index <= block.first < place.end for place in places)) for block in blocks]
        kept = choose_blocks([block.text for block in blocks], inside) if any(inside) else []
        if not kept:
            self._missed("body")
            return labels
        self.has_body = True
        return Labels(inside, RULE, kept)

    def teaser_places(self) -> list[Element] | None:
        """The elements whose links are the teasers; None where the engine is to find them."""
        if "teasers" not in self.rules.selectors:
            return None
        places = self._containers("teasers")
        if not places:
            self._missed("teasers")
            return None
        return places

    def _containers(self, name: str) -> list[Element]:
        found = (self._found().elements(css) for css in self.rules.selectors[name])
        return next((elements for elements in found if elements), [])

    def cleaned(self, body: Body) -> Body:
        """The body without texts that `drop` took out of the page and the page's own data brought back."""
        if not self.dropped or "body_from_data" not in body.flags:
            return body
        gone = {item.snippet for item in self.dropped}
        kept = [block for block in body.blocks if shorten(block.text, SNIPPET) not in gone]
        return body if len(kept) == len(body.blocks) else replace(body, blocks=kept)

    def zoned(self, article: Article) -> Article:
        """The article with the site's zone on times that its pages write without one."""
        if self.rules.timezone is None:
            return article
        zone = ZoneInfo(self.rules.timezone)
        teasers = [replace(item, date_published=_with_zone(item.date_published, zone)) for item in article.teasers]
        published, modified = _with_zone(article.date_published, zone), _with_zone(article.date_modified, zone)
        if (published, modified) != (article.date_published, article.date_modified):
            self.flags.append("profile_timezone")
        return replace(article, date_published=published, date_modified=modified, teasers=teasers)


def under_profile(document: Document, profile: SiteProfile | ReadingRules | None, fetched_at: datetime | None) -> ProfileReading:
    """The page under its site's profile, as that held when the page was fetched. `document` must not be used any more."""
    rules = reading_rules(profile, fetched_at.date() if fetched_at is not None else None)
    if rules is None:
        return ProfileReading(document, ReadingRules(), fetched_at)
    reading = ProfileReading(document, rules, fetched_at, flags=[f"profile:{rules.digest}"])
    parts = [element for css in rules.drop for element in reading._found().elements(css)]
    if parts:
        reading.dropped = _account(document, parts)
        reading.document = without(document, parts)
        reading._selector = None
    return reading


def _account(document: Document, parts: Sequence[Element]) -> list[Dropped]:
    """The blocks of the parts that go, in page order."""
    gone = [block for block in document.blocks if any(part.index <= block.first < part.end for part in parts)]
    return [Dropped(DROP_RULE, shorten(block.text, SNIPPET), block.element.path()) for block in gone]


def _with_zone(text: str | None, zone: ZoneInfo) -> str | None:
    """An ISO time without a zone with the offset that held there then (the earlier of two where clocks are set back)."""
    if text is None or not _NAIVE.fullmatch(text):
        return text
    offset = datetime.fromisoformat(text).replace(tzinfo=zone).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
