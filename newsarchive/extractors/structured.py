"""What a page says to machines: JSON-LD, microdata, meta elements and embedded state, read once for all fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from newsarchive.errors import InvalidUrl
from newsarchive.extractors.jsonld import ARTICLE_TYPES, JsonLd, Node, first_string, plain, read_jsonld, strings
from newsarchive.extractors.landmarks import Landmarks, find_landmarks
from newsarchive.extractors.state import read_states
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.urls import identity


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of a field, the rule that gave it, and everything that was considered."""

    value: Any
    """A string, a list of strings, a boolean, or None."""
    rule: str | None
    """Stable id of the source that won; None where nothing did."""
    candidates: list[FieldCandidate] = field(default_factory=list)


@dataclass(eq=False)
class Structured:
    """All machine-readable statements of one page. Made by `read_structured`."""

    document: Document
    jsonld: JsonLd
    article: dict[str, Any] | None
    """The JSON-LD object that describes the page's article; None without one."""
    webpage: dict[str, Any] | None
    """The JSON-LD object that describes the page itself; None without one."""
    landmarks: Landmarks

    @cached_property
    def states(self) -> list[Any]:
        """Embedded state, read when first asked for: it is the costly part."""
        return read_states((script.kind, script.text) for script in self.document.scripts)

    @property
    def types(self) -> frozenset[str]:
        """Lower-case types of the JSON-LD objects that speak of the page itself."""
        return frozenset(name for node in self.jsonld.nodes if not node.aside for name in node.types)

    def ld(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """The article object's value under a key, references resolved; None without."""
        return self.jsonld.resolve(self.article.get(key)) if self.article else None

    def ld_string(self, key: str) -> str | None:
        """The first text of the article object's value under a key."""
        return first_string(self.ld(key))

    def article_bodies(self) -> list[str]:
        """The `articleBody` texts of the article object (tags dropped, paragraphs folded into one line)."""
        return list(strings(self.article.get("articleBody"))) if self.article else []

    @cached_property
    def publisher_names(self) -> list[str]:
        """Names that JSON-LD gives the publisher or the web site."""
        found: list[str] = []
        values = [self.ld("publisher"), self.ld("sourceOrganization"), self.ld("provider")]
        for node in self.jsonld.nodes:
            if "website" in node.types or ("newsmediaorganization" in node.types and not node.aside):
                values += [node.data.get("name"), node.data.get("alternateName")]
        for value in values:
            found += [name for name in strings(self.jsonld.resolve(value)) if name not in found]
        return found


def read_structured(document: Document) -> Structured:
    """Read a document's JSON-LD and markup statements. Never raises on hostile input; broken data is passed over."""
    texts = [script.text for script in document.scripts if script.kind in ("application/ld+json", "application/json+ld")]
    texts += [content for name, content in document.metas if name == "script:ld+json"]
    jsonld = read_jsonld(texts)
    return Structured(
        document=document,
        jsonld=jsonld,
        article=_main_article(jsonld, document),
        webpage=_first_of(jsonld, frozenset({"webpage", "itempage", "collectionpage", "profilepage", "aboutpage", "faqpage"})),
        landmarks=find_landmarks(document.tree),
    )


def _first_of(jsonld: JsonLd, types: frozenset[str]) -> dict[str, Any] | None:
    return next((node.data for node in jsonld.nodes if node.types & types and not node.aside), None)


def _main_article(jsonld: JsonLd, document: Document) -> dict[str, Any] | None:
    """The article object that speaks of this page, of several the one whose address and headline fit best."""
    nodes = [node for node in jsonld.nodes if node.types & ARTICLE_TYPES]
    if len(nodes) < 2:
        return nodes[0].data if nodes else None
    titles = {squeeze(title) for title in (document.meta("og:title", "twitter:title"), document.head_title) if title}
    titles |= {squeeze(heading.text) for heading in document.tree.by_tag("h1")[:5]}
    own = _identities(document)
    best = max(nodes, key=lambda node: _fit(node, titles, own))
    if best.aside and len(nodes) > 2 and _fit(best, titles, own) < FIT_OF_ASIDE:
        return None
    return best.data


FIT_OF_ASIDE = 2.0
"""An article object inside a list is the page's only where its address or headline is the page's."""


def _fit(node: Node, titles: set[str], own: set[str]) -> float:
    """How well an article object fits the page: its place, address, headline, and how much it says."""
    data = node.data
    score = -2.0 if node.aside else 0.0
    addresses = {identity_of(value) for key in ("url", "mainEntityOfPage", "@id") for value in _addresses(data.get(key))} - {None}
    if addresses and own:
        score += 3.0 if addresses & own else -1.0
    headline = first_string(data.get("headline")) or first_string(data.get("name"))
    if headline:
        squeezed = squeeze(headline)
        score += 1.0
        if squeezed and any(squeezed in title or title in squeezed for title in titles if title):
            score += 3.0
    score += 0.5 * sum(key in data for key in ("datePublished", "author", "articleBody"))
    return score


def _addresses(value: Any) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        value = [value.get("@id"), value.get("url")]
    return [item for item in (value if isinstance(value, list) else [value])[:5] if isinstance(item, str)]


def _identities(document: Document) -> set[str]:
    """The page's own addresses as keys: requested, canonical, og:url."""
    values = [document.url, document.meta("og:url"), *(link.attrs.get("href") for link in document.link_rel("canonical"))]
    return {key for value in values if value and (key := identity_of(value))}


def identity_of(url: str) -> str | None:
    """`urls.identity` without query, or None for what is no http(s) address."""
    return _identity(url) if len(url) <= MAX_ADDRESS_CHARS else None


MAX_ADDRESS_CHARS = 2000
"""Characters of an address that is compared; a longer one is data."""


@lru_cache(maxsize=256)
def _identity(url: str) -> str | None:
    try:
        return identity(url.strip()).split("?")[0]
    except (InvalidUrl, ValueError):
        return None


_NOT_LETTERS = re.compile(r"[\W_]+")


def squeeze(text: str) -> str:
    """Letters and digits alone, case folded: for comparing what two sources call the same thing."""
    return _squeezed(text) if len(text) <= MAX_KEPT_CHARS else _NOT_LETTERS.sub("", text.casefold())


MAX_KEPT_CHARS = 400
"""Characters of a text whose squeezed form is remembered: titles and names are asked for again and again, pages of text are not."""


@lru_cache(maxsize=1024)
def _squeezed(text: str) -> str:
    return _NOT_LETTERS.sub("", text.casefold())


__all__ = ["Choice", "Structured", "identity_of", "plain", "read_structured", "squeeze"]
