"""Who wrote the article: structured statements, meta elements and bylines, cleaned to names, and the choice among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsarchive.extractors.bylines import MAX_BYLINE_CHARS, line_bylines, marked_bylines
from newsarchive.extractors.jsonld import plain
from newsarchive.extractors.landmarks import inner_names, is_aside, marked_value
from newsarchive.extractors.language import declared_language
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

_META_KEYS = frozenset(_META)


MAX_VALUES = 30
"""Values of one field that are read; papers with more authors are no journalism."""


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
    best = _fuller(max(found, key=lambda candidate: candidate.trust + _quality(candidate, names), default=None), found)
    if best is None or best.trust + _quality(best, names) <= 0:
        return Choice(
            [], None, [FieldCandidate("authors", "; ".join(c.names), c.source, won=False, note="the site's own account") for c in found]
        )
    shown = [FieldCandidate("authors", "; ".join(c.names), c.source, c is best, f"trust {c.trust + _quality(c, names):.2f}") for c in found]
    return Choice(_without_site(best, names), best.source, shown)


def _fuller(best: AuthorCandidate | None, found: list[AuthorCandidate]) -> AuthorCandidate | None:
    """The source that names all authors of the best one and more, where one does.

    Agencies and stations are left out of JSON-LD, and a line is read up to its first doubtful name.
    """
    others = _FULLER.get(best.source, ()) if best else ()
    named = {name.casefold() for name in best.names} if best else set()
    return next((c for c in found if c.source in others and named < {name.casefold() for name in c.names}), best)


_FULLER = {"jsonld-author": ("meta-author", "meta-article:author"), "by-text": ("byline", "rel-author")}


def _without_site(best: AuthorCandidate, names: Names) -> list[str]:
    """The names, without the site's own where a meta element puts it beside a person's: it says whose page it is, not who wrote it."""
    others = [name for name in best.names if squeeze(name) not in names.keys]
    return others if best.source.startswith("meta-") and any(is_person(name) for name in others) else list(best.names)


ENOUGH = 0.78
"""Trust of a stated author from which bylines are not looked for."""


def _quality(candidate: AuthorCandidate, names: Names) -> float:
    """What the look of the names adds or takes: persons are better than the site's own name, full names than handles."""
    others = [name for name in candidate.names if squeeze(name) not in names.keys]
    if not others:
        return -0.5
    if any(is_person(name) for name in others):
        return 0.0
    if candidate.source in ("byline", "rel-author", "rel-author-far"):
        return -0.3
    first = others[0]
    if " " not in first and len(others) == 1 and candidate.source.startswith(("jsonld", "meta", "twitter")):
        return -0.35 if first.isascii() and (first.islower() or any(char.isdigit() for char in first)) else -0.25
    return -0.35 if " " not in first and first.isascii() and (first.islower() or any(char.isdigit() for char in first)) else -0.2


def _bylines(document: Document, structured: Structured, headline: Element | None) -> Iterator[AuthorCandidate]:
    """What readers see."""
    declared = declared_language(document, structured)
    language = declared[0] if declared else None
    for kind, found in (*marked_bylines(document, structured.landmarks, headline, language), *line_bylines(document, headline, language)):
        yield AuthorCandidate(kind, tuple(found), _BYLINE_TRUST[kind])


_BYLINE_TRUST = {
    "rel-author": 0.78,
    "byline": 0.75,
    "by-text": 0.76,
    "written-by": 0.55,
    "name-again": 0.55,
    "name-line": 0.5,
    "rel-author-far": 0.5,
}
"""By how often each kind is right on the pages that were looked at."""


def _stated(document: Document, structured: Structured) -> Iterator[AuthorCandidate]:
    """What the page says to machines."""
    for owner, prefix, trust in ((structured.article, "jsonld", 1.0), (structured.webpage, "jsonld-webpage", 0.8)):
        for key in ("author", "creator", "contributor"):
            if owner and (found := _from_jsonld(owner.get(key), structured)):
                yield AuthorCandidate(f"{prefix}-{key}", tuple(found), trust if key != "contributor" else trust - 0.3)
    said: dict[str, list[str]] = {}
    for key, content in document.metas:
        if key in _META_KEYS and content and not content.startswith(("http:", "https:", "//", "/")):
            said.setdefault(key, []).append(content)
    for key in sorted(said, key=_META.index):
        values = said[key]
        found = _unique(
            name for value in values[:MAX_VALUES] for name in names_in(plain(value[:MAX_BYLINE_CHARS]), split_commas=not _is_turned(value))
        )
        if found:
            yield AuthorCandidate(f"meta-{key}", tuple(found), 0.85 if key != "creator" else 0.6)
    if found := _labelled_cards(document):
        yield AuthorCandidate("twitter-data", tuple(found), 0.84)
    if found := _from_microdata(structured):
        yield AuthorCandidate("microdata-author", tuple(found), 0.82)


def _is_turned(value: str) -> bool:
    """Whether a value is one name with the family name first: `Doe, Jane`."""
    parts = value.split(",")
    return len(parts) == 2 and " " not in parts[0].strip()


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
    for item in value[:MAX_VALUES] if isinstance(value, list) else [value]:
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
            if len(text) <= MAX_BYLINE_CHARS and not text.startswith(("http:", "https:", "/")):
                found += names_in(text)
    return _unique(iter(found))
