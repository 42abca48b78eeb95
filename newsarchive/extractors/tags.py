"""The article's tags: what the page says to machines, else its links to pages of tags; without what systems note for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from newsarchive.extractors.jsonld import plain, strings
from newsarchive.extractors.site_name import Names
from newsarchive.extractors.structured import Choice, Structured, squeeze
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.text import AnyCase

MAX_TAGS = 40
"""Tags of one article that are kept: the largest honest list on the bench pages has 34."""

MAX_TAG_CHARS = 80

MAX_KEYWORDS_CHARS = 4000
"""Characters of one list of keywords that are read."""

_NOTE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,30}|\d{5,}|"
    r"(?:nlp |iab )?(?:category|categories|entity tokens|section|source|author|type|id)\s?:.*|"
    r"[\w-]{2,40}(?:\.[\w-]{2,20}){0,2}\.(?:com|net|org|ca|uk|de|fr|it|es|jp)",
    re.I,
)
"""What systems note among the tags: numbers, other fields of the record, addresses."""

_COUNTER = re.compile(r"^\(\d{1,2}\)\s")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_TAG_PATHS = AnyCase(r"/(?:tags?|topics?|keywords?|schlagwort|schlagworte|themen?|etiquetas?|temas?|argomenti|mot-cle|mots-cles)/[^/?#]")
"""Parts of addresses that lead to a page of one tag."""

MAX_LINKS = 15
"""Links to pages of tags; more are a cloud of all that the site has."""

MAX_LINK_CHARS = 50


def choose_tags(structured: Structured, names: Names, headline: Element | None = None) -> Choice:
    """The article's tags, in the page's order, each once whatever its case; the site's own names are none."""
    document = structured.document
    offers = [
        ("meta-article:tag", [content for name, content in document.metas if name in ("article:tag", "og:article:tag")]),
        ("jsonld-keywords", list(strings(structured.ld("keywords")))),
        ("meta-news_keywords", [document.meta("news_keywords") or ""]),
        ("meta-keywords", [document.meta("keywords", "parsely-tags", "sailthru.tags") or ""]),
    ]
    candidates: list[FieldCandidate] = []
    chosen: list[str] = []
    rule: str | None = None
    for source, values in offers:
        tags = _tags(values, names)
        if tags:
            candidates.append(FieldCandidate("tags", "; ".join(tags), source, rule is None))
            if rule is None:
                chosen, rule = tags, source
    if rule is None and (linked := _linked(document, names, headline)):
        return Choice(linked, "tag-links", [FieldCandidate("tags", "; ".join(linked), "tag-links", won=True)])
    return Choice(chosen, rule, candidates)


def _tags(values: list[str], names: Names) -> list[str]:
    found: dict[str, str] = {}
    for value in values[: 5 * MAX_TAGS]:
        text = plain(value[:MAX_KEYWORDS_CHARS]).replace("،", ",").replace("、", ",").replace("，", ",")
        for tag in _parts(text):
            cleaned = _COUNTER.sub("", tag.strip().strip("\"'#"))
            if cleaned and len(cleaned) <= MAX_TAG_CHARS and not _NOTE.fullmatch(cleaned) and squeeze(cleaned) not in names.keys:
                found.setdefault(cleaned.casefold(), cleaned)
    return list(found.values())[:MAX_TAGS]


def _parts(text: str) -> list[str]:
    """The tags of one list: parted by commas, else by semicolons or bars, and where there are none of these in Chinese by spaces."""
    for separator in (",", ";", "|"):
        if separator in text:
            return text.split(separator)
    return text.split() if text.count(" ") >= MIN_WIDE_SPACES and _WIDE.match(text) else [text]


MIN_WIDE_SPACES = 2


def _linked(document: Document, names: Names, headline: Element | None) -> list[str]:
    """The texts of links to pages of tags below the headline, outside navigation; none where there are too many."""
    links = islice(_tag_links(document, headline), MAX_TAGS + 1)
    found = {link.text.casefold(): link.text.lstrip("#") for link in links}
    tags = [tag for tag in found.values() if squeeze(tag) and squeeze(tag) not in names.keys]
    return tags if len(tags) <= MAX_LINKS else []


def _tag_links(document: Document, headline: Element | None) -> Iterator[Element]:
    tried = 0
    for link in document.tree.by_tag("a"):
        if headline is not None and link.index < headline.index:
            continue
        attrs = link.attrs
        leads = ("rel" in attrs and "tag" in attrs["rel"].lower().split()) or _TAG_PATHS.search(attrs.get("href", "")[:300])
        if leads and 0 < len(link.text) <= MAX_LINK_CHARS:
            tried += 1
            if link.within("article", "main") and not link.within("nav", "footer", "aside"):
                yield link
        if tried >= MAX_TRIED:
            return


MAX_TRIED = 200
"""Links to pages of tags whose place is looked at."""
