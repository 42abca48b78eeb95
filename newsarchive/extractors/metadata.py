"""All fields beside body and teasers, read in one call: title, dates, authors, description, section, tags, language, image,
site name, canonical address, paywall, opt-outs. `read_metadata` is what the engine calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from newsarchive.dates import is_future, parse_machine
from newsarchive.extractors.authors import choose_authors
from newsarchive.extractors.canonical import choose_canonical
from newsarchive.extractors.jsonld import plain, strings
from newsarchive.extractors.language import choose_language
from newsarchive.extractors.opt_outs import opt_outs
from newsarchive.extractors.published import choose_dates
from newsarchive.extractors.site_name import Names, choose_site_name, site_names
from newsarchive.extractors.structured import Choice, Structured, read_structured, squeeze
from newsarchive.extractors.tags import choose_tags
from newsarchive.extractors.title import choose_title, headline_element
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element


@dataclass(slots=True)
class Metadata:
    """The fields by their names in Article, with the rule that gave each and all candidates."""

    structured: Structured
    headline: Element | None
    """The element that shows the headline; None where none does."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Keyword arguments for Article; a field that nothing states is left out. `language` comes from `language_of`."""
    rules: dict[str, str] = field(default_factory=dict)
    candidates: list[FieldCandidate] = field(default_factory=list)
    opt_outs: list[str] = field(default_factory=list)

    def take(self, name: str, choice: Choice) -> None:
        """Note a field's choice."""
        self.candidates += choice.candidates
        if choice.value is not None and choice.value != []:
            self.fields[name] = choice.value
            if choice.rule:
                self.rules[name] = choice.rule

    def fill(self, values: Mapping[str, Any], rule: str, *, fetched_at: datetime | None = None) -> None:
        """Take values for fields that nothing else gave. A publish date after `fetched_at` (aware) is left out with its raw form."""
        given = dict(values)
        date = parse_machine(given["date_published"]) if "date_published" in given else None
        if date is not None and fetched_at is not None and is_future(date, fetched_at):
            del given["date_published"]
        if "date_published" not in given or "date_published" in self.fields:
            given = {name: value for name, value in given.items() if name not in ("date_published", "date_published_raw")}
        for name, value in given.items():
            if name not in self.fields:
                candidate = FieldCandidate(name, ", ".join(value) if isinstance(value, list) else str(value), rule, won=True)
                self.take(name, Choice(value, rule, [candidate]))


def read_metadata(document: Document, *, fetched_at: datetime | None = None) -> Metadata:
    """Every field that does not need the body. `fetched_at` (aware) resolves relative dates and refuses those of the future."""
    structured = read_structured(document)
    names = site_names(structured)
    stated = [text for text in (document.meta("og:title"), structured.ld_string("headline"), document.head_title) if text]
    headline = headline_element(document, [plain(text) for text in stated], names)
    found = Metadata(structured, headline)
    title = choose_title(document, structured, names, headline)
    found.take("title", title)
    found.take("site_name", choose_site_name(structured, names, heading=headline.text if headline is not None else title.value))
    dates = choose_dates(document, structured, fetched_at=fetched_at, headline=headline)
    found.candidates += dates.candidates
    found.rules |= dates.rules
    given = {"date_published": dates.published, "date_published_raw": dates.published_raw, "date_modified": dates.modified}
    found.fields |= {name: value for name, value in given.items() if value is not None}
    found.take("authors", choose_authors(document, structured, names, headline))
    found.take("description", choose_description(structured))
    shown = headline.text if headline is not None else ""
    found.take("section", choose_section(structured, names, shown))
    found.take("tags", choose_tags(structured, names, headline))
    found.take("image_url", choose_image(structured))
    found.take("canonical_url", choose_canonical(document))
    found.take("is_paywalled", choose_paywall(structured))
    found.opt_outs = opt_outs(document)
    return found


def language_of(metadata: Metadata, text: str) -> Choice:
    """The language of the page whose body (or, failing that, any visible text) is `text`."""
    return choose_language(metadata.structured.document, metadata.structured, text)


def _first(name: str, offers: Iterable[tuple[str, str | None]]) -> Choice:
    """The first offer that says something; all are kept as candidates."""
    found = [(source, plain(value)) for source, value in offers if value and plain(value)]
    shown = [FieldCandidate(name, value, source, index == 0) for index, (source, value) in enumerate(found)]
    return Choice(found[0][1], found[0][0], shown) if found else Choice(None, None, [])


def choose_description(structured: Structured) -> Choice:
    """The page's own summary: what it gives to social networks, to search engines, or in JSON-LD."""
    document = structured.document
    return _first(
        "description",
        [
            ("og-description", document.meta("og:description")),
            ("meta-description", document.meta("description", "dc.description", "sailthru.description")),
            ("jsonld-description", structured.ld_string("description")),
            ("twitter-description", document.meta("twitter:description")),
        ],
    )


MAX_SECTION_CHARS = 60
"""Characters. A longer `section` is a list of keywords."""


def choose_section(structured: Structured, names: Names, headline: str = "") -> Choice:
    """The section the publisher files the article under; of a path of sections the innermost that JSON-LD or the breadcrumb names.

    Of a list of categories the first; a step of the breadcrumb that is the `headline` is the article itself.
    """
    document = structured.document
    offers: list[tuple[str, str | None]] = [
        ("meta-article:section", document.meta("article:section", "og:article:section")),
        ("jsonld-articlesection", structured.ld_string("articleSection")),
        ("meta-section", document.meta("section", "parsely-section", "sailthru.section", "cxenseparse:section", "dc.subject.section")),
        ("breadcrumb", _breadcrumb_section(structured, headline)),
        ("microdata-articlesection", _property(structured, "articlesection")),
    ]
    said = [(source, value.split(",")[0].strip() if value.count(",") >= MIN_LIST_COMMAS else value) for source, value in offers if value]
    usable = [
        (source, value)
        for source, value in said
        if len(value) <= MAX_SECTION_CHARS and squeeze(value) not in names.keys and squeeze(value) not in _NO_SECTIONS
    ]
    return _first("section", usable)


MIN_LIST_COMMAS = 2
"""Commas from which a section is a list of categories: one stands in names such as `Behavioral, Social and Health Sciences`."""

_NO_SECTIONS = frozenset(
    ("uncategorized", "uncategorised", "tags", "tag", "posts", "post", "article", "articles", "home", "homepage", "none", "null")
)
"""What systems say where nobody chose a section."""


def _property(structured: Structured, name: str) -> str | None:
    elements = structured.landmarks.properties.get(name, [])
    return (elements[0].attrs.get("content") or elements[0].text) if elements else None


def _breadcrumb_section(structured: Structured, headline: str) -> str | None:
    """The last step of the JSON-LD breadcrumb before the article itself, the home page not being one."""
    for node in structured.jsonld.nodes:
        items = node.data.get("itemListElement") if "breadcrumblist" in node.types else None
        if not isinstance(items, list) or len(items) < 2:
            continue
        steps = [
            next(strings(item.get("name")), None) or next(strings(item.get("item")), None) for item in items[:10] if isinstance(item, dict)
        ]
        title = squeeze(structured.ld_string("headline") or structured.document.meta("og:title") or structured.document.head_title or "")
        inner = [step for step in steps[1:] if step and squeeze(step) and squeeze(step) not in title and squeeze(step) != squeeze(headline)]
        if inner:
            return inner[-1]
    return None


def choose_image(structured: Structured) -> Choice:
    """The address of the article's main picture, absolute; placeholders and logos that data URLs hold are no pictures."""
    document = structured.document
    offers: list[tuple[str, str | None]] = [
        ("og-image", document.meta("og:image", "og:image:url", "og:image:secure_url")),
        ("twitter-image", document.meta("twitter:image", "twitter:image:src")),
        ("jsonld-image", _image_address(structured.ld("image"), structured)),
        ("jsonld-thumbnail", _image_address(structured.ld("thumbnailUrl"), structured)),
        ("image-src", next((link.attrs.get("href") for link in document.link_rel("image_src")), None)),
        ("microdata-image", _microdata_image(structured)),
    ]
    found = [(source, address) for source, value in offers if value and (address := document.resolve(value))]
    shown = [FieldCandidate("image_url", value, source, index == 0) for index, (source, value) in enumerate(found)]
    return Choice(found[0][1], found[0][0], shown) if found else Choice(None, None, [])


def _image_address(value: Any, structured: Structured) -> str | None:  # noqa: ANN401 - JSON
    for _ in range(4):
        value = structured.jsonld.resolve(value)
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
        else:
            break
    return value if isinstance(value, str) else None


def _microdata_image(structured: Structured) -> str | None:
    for element in structured.landmarks.properties.get("image", [])[:3]:
        value = element.attrs.get("content") or element.attrs.get("src") or element.attrs.get("href")
        if value:
            return value
    return None


_PAYWALL_METAS = (
    "article:content_tier", "og:article:content_tier", "content_tier", "cxenseparse:paywall", "paywall", "is_paid", "ispremium",
    "subscription",
)  # fmt: skip
"""Meta names that say whether the article is for subscribers."""

_PAYWALLED = frozenset(("locked", "metered", "true", "1", "premium", "paid", "yes"))
_FREE = frozenset(("free", "false", "0", "no"))


def choose_paywall(structured: Structured) -> Choice:
    """Whether the page says that its text is for subscribers; None where it does not say."""
    value = structured.ld("isAccessibleForFree")
    if value is None and structured.webpage:
        value = structured.webpage.get("isAccessibleForFree")
    text = str(value[0] if isinstance(value, list) and value else value).strip().lower().rsplit("/", 1)[-1]
    if text in ("false", "no", "0"):
        return _paywall(True, "jsonld-isaccessibleforfree", text)
    if text in ("true", "yes", "1"):
        return _paywall(False, "jsonld-isaccessibleforfree", text)
    for name in _PAYWALL_METAS:
        said = (structured.document.meta(name) or "").lower()
        if said in _PAYWALLED or said in _FREE:
            return _paywall(said in _PAYWALLED, f"meta-{name}", said)
    return Choice(None, None, [])


def _paywall(is_paywalled: bool, source: str, raw: str) -> Choice:
    return Choice(is_paywalled, source, [FieldCandidate("is_paywalled", raw, source, won=True)])


def path_depth(url: str | None) -> int:
    """Segments of an address's path."""
    return len([part for part in urlsplit(url or "").path.split("/") if part])
