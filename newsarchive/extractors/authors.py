"""Who wrote the article: structured statements, meta elements and bylines, cleaned to names, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsarchive.extractors.jsonld import plain
from newsarchive.extractors.landmarks import bylines, inner_names, is_aside, marked_value, names_of
from newsarchive.extractors.names import is_person, names_in
from newsarchive.extractors.site_name import Names, site_names
from newsarchive.extractors.structured import Choice, Structured, squeeze
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element

_META = (
    "author", "byl", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "article:author_name", "citation_author",
    "cxenseparse:author", "article.author", "authors", "article_author", "dc.contributor", "rnews:author", "creator", "bt:author",
    "og:article:author", "article:author", "shareaholic:article_author_name",
)  # fmt: skip
"""Meta names that hold authors, in order of trust."""

NEAR_ELEMENTS_BEFORE = 120
"""Elements before the headline in which a byline may stand."""

NEAR_ELEMENTS_AFTER = 400
"""Elements after the headline: pictures, share buttons and menus of actions stand between."""

MAX_BYLINE_TEXT = 200
"""Characters of a byline element; a longer one is a box about the author."""


@dataclass(frozen=True, slots=True)
class AuthorCandidate:
    """The names one source gives."""

    source: str
    names: tuple[str, ...]
    trust: float


def choose_authors(document: Document, structured: Structured, names: Names | None = None, headline: Element | None = None) -> Choice:
    """The authors in the order the page names them; an empty list where it names none.

    A statement that only repeats the site's own name gives way to a byline that names a person.
    """
    names = names or site_names(structured)
    found = list(_stated(document, structured))
    if not any(candidate.trust + _quality(candidate, names) >= ENOUGH for candidate in found):
        found += _bylines(document, structured, headline)
        found += _handle(document)
    if not found:
        return Choice([], None, [])
    best = max(found, key=lambda candidate: candidate.trust + _quality(candidate, names))
    shown = [FieldCandidate("authors", "; ".join(c.names), c.source, c is best, f"trust {c.trust + _quality(c, names):.2f}") for c in found]
    return Choice(list(best.names), best.source, shown)


ENOUGH = 0.7
"""Trust of a stated author from which bylines are not looked for."""


def _quality(candidate: AuthorCandidate, names: Names) -> float:
    """What the look of the names adds or takes: persons are better than the site's own name, full names than handles."""
    first = candidate.names[0]
    if squeeze(first) in names.keys:
        return -0.5
    if is_person(first):
        return 0.0
    return -0.35 if " " not in first and first.isascii() and (first.islower() or any(char.isdigit() for char in first)) else -0.2


def _stated(document: Document, structured: Structured) -> Iterator[AuthorCandidate]:
    """What the page says to machines."""
    for owner, prefix, trust in ((structured.article, "jsonld", 1.0), (structured.webpage, "jsonld-webpage", 0.8)):
        for key in ("author", "creator", "contributor"):
            if owner and (found := _from_jsonld(owner.get(key), structured)):
                yield AuthorCandidate(f"{prefix}-{key}", tuple(found), trust if key != "contributor" else trust - 0.3)
    for key in _META:
        values = [
            content
            for name, content in document.metas
            if name == key and content and not content.startswith(("http:", "https:", "//", "/"))
        ]
        found = _unique(
            name for value in values for name in names_in(plain(value), split_commas=len(value.split(",")) != 2 or value.count(" ") > 2)
        )
        if found:
            yield AuthorCandidate(f"meta-{key}", tuple(found), 0.85 if key != "creator" else 0.6)
    if found := _labelled_cards(document):
        yield AuthorCandidate("twitter-data", tuple(found), 0.84)
    if found := _from_microdata(structured):
        yield AuthorCandidate("microdata-author", tuple(found), 0.82)


def _handle(document: Document) -> Iterator[AuthorCandidate]:
    """The author's account, where nothing better is known."""
    handle = (document.meta("twitter:creator") or "").lstrip("@")
    if handle and " " not in handle and "/" not in handle:
        yield AuthorCandidate("twitter-creator", (handle,), 0.2)


def _unique(names: Iterator[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())


def _from_jsonld(value: Any, structured: Structured) -> list[str]:  # noqa: ANN401 - JSON
    """Names of persons and organisations of an `author` value, each object one name."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        resolved = structured.jsonld.resolve(item)
        if isinstance(resolved, dict):
            for text in _texts(resolved.get("name")):
                found += names_in(plain(text), split_commas=False)
        elif isinstance(resolved, str) and not resolved.startswith(("http:", "https:")):
            found += names_in(plain(resolved), split_commas=True)
    return _unique(iter(found))


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - JSON
    return [item for item in (value if isinstance(value, list) else [value])[:30] if isinstance(item, str)]


def _labelled_cards(document: Document) -> list[str]:
    """`twitter:label1` = `Written by`, `twitter:data1` = the name."""
    for number in ("1", "2"):
        label = (document.meta(f"twitter:label{number}") or "").casefold()
        if label in _CARD_LABELS:
            return names_in(document.meta(f"twitter:data{number}") or "")
    return []


_CARD_LABELS = frozenset(
    (
        "written by", "author", "by", "verfasst von", "geschrieben von", "écrit par", "escrito por", "scritto da", "geschreven door",
        "skrevet av", "skrevet af", "skriven av", "napisane przez", "написано автором", "автор", "yazan", "ditulis oleh", "kirjoittanut",
        "执笔者", "作者", "執筆者", "글쓴이", "كُتب بواسطة", "compuesto por", "publicado por", "napsal(a)", "Συντάχθηκε από",
    )
)  # fmt: skip
"""What WordPress and others label the author with."""


def _from_microdata(structured: Structured) -> list[str]:
    found: list[str] = []
    for element in structured.landmarks.properties.get("author", [])[:10]:
        if is_aside(element):
            continue
        inner = list(inner_names(element, structured.document.tree))
        for text in inner or [marked_value(element)]:
            if len(text) <= MAX_BYLINE_TEXT and not text.startswith(("http:", "https:", "/")):
                found += names_in(text)
    return _unique(iter(found))


# --- bylines ------------------------------------------------------------------------------------------------------------

_BY = re.compile(
    r"^(?:by|written by|posted by|words by|story by|reported by|von|par|por|di|door|av|af|oleh|text|texte|autor|autorin|author|"
    r"автор|текст|作者|記者|文)\b\s?[:：]?\s?\S",
    re.I,
)
_WRONG = re.compile(
    r"photo|credit|image|caption|bio|social|avatar|share|comment|reply|count|desc|about|footer|related|follow|icon|job|role|"
    r"title(?!s)|date|time",
    re.I,
)


def _bylines(document: Document, structured: Structured, headline: Element | None) -> Iterator[AuthorCandidate]:
    """Elements marked as bylines near the headline, then texts that begin like one."""
    anchor = headline.index if headline is not None else 0
    first, last = anchor - NEAR_ELEMENTS_BEFORE, anchor + NEAR_ELEMENTS_AFTER
    best: dict[str, list[str]] = {}
    marked = [(element, False) for element in bylines(document.tree, first, last)]
    for element, is_link in [*((link, True) for link in structured.landmarks.author_links), *marked]:
        if len(element.text) > MAX_BYLINE_TEXT or _WRONG.search(names_of(element)) or is_aside(element):
            continue
        near = first <= element.index <= last
        kind = "byline" if not is_link else "rel-author" if near else "rel-author-far"
        if kind != "rel-author" and kind in best:
            continue
        found = _byline_names(element, document)
        if found and len(found) <= MAX_BYLINE_NAMES:
            best[kind] = _unique(iter([*best.get(kind, []), *found]))
    for kind, trust in (("rel-author", 0.78), ("byline", 0.75), ("rel-author-far", 0.5)):
        if best.get(kind):
            yield AuthorCandidate(kind, tuple(best[kind]), trust)
    for block in document.blocks:
        if (
            anchor - NEAR_ELEMENTS_BEFORE <= block.first <= anchor + NEAR_ELEMENTS_AFTER
            and len(block.text) <= MAX_BY_TEXT
            and _BY.match(block.text)
        ):
            found = names_in(_before_date(block.text))
            if found and is_person(found[0]) and not is_aside(block.element):
                yield AuthorCandidate("by-text", tuple(found), 0.7)
                break


MAX_BYLINE_NAMES = 6
"""Names in one byline element; more are a list of links."""

MAX_BY_TEXT = 140
"""Characters of a block that begins with `By`; a longer one is a sentence."""


def _byline_names(element: Element, document: Document) -> list[str]:
    """The names in a byline element: of its links where it has some, else of its text."""
    links = [link.text for link in document.tree.below(element, "a") if link.text and len(link.text) <= 60]
    named = [name for text in links for name in names_in(text)]
    persons = [name for name in named if is_person(name)]
    if persons:
        return _unique(iter(persons))
    return [name for name in names_in(_before_date(element.text)) if is_person(name) or len(name.split()) <= 3]


_DATE_START = re.compile(
    r"\s*(?:[|•·,–—-]\s*)?(?:\b(?:published|posted|updated|last updated|on|am|le|el|il|veröffentlicht|publié|publicado|"
    r"aktualisiert)\b.*|\d{1,4}[./ -]\d.*|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d.*|\d+ min.*)$",
    re.I,
)


def _before_date(text: str) -> str:
    return _DATE_START.sub("", text[:MAX_BYLINE_TEXT])
