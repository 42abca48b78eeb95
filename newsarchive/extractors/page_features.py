"""What tells an article from a listing, a shop, a forum or a service page: some hundred measures of a page.

They come from the blocks, the tags, the names of classes, the address and the structured data, all read before; nothing
here looks at a site's name or at a word of the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import numpy as np

from newsarchive.extractors.jsonld import ARTICLE_TYPES
from newsarchive.extractors.metadata import Metadata
from newsarchive.extractors.word_index import WordIndex
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Tree
from newsarchive.text import reading_length

GOOD_CHARS = 80
"""Characters from which an unlinked block counts as running text, as in the block model."""

GOOD_LINK_SHARE = 0.3

CARD_CHARS = 35
CARD_LINK_SHARE = 0.8
"""A block with more characters and a larger share of them linked is the headline of a card."""

FIRST_DENSE, LAST_DENSE = 0x3040, 0xFAFF
"""Code points between which all characters stand that `reading_length` counts for more than one."""

_TAGS = (
    "h1", "h2", "h3", "h4", "p", "li", "img", "article", "section", "time", "pre", "code", "table", "form", "input", "button", "textarea",
    "select", "iframe", "video", "figure", "blockquote", "nav", "aside", "main", "details", "svg", "dl", "a", "label",
)  # fmt: skip


def _groups(table: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words.split()) for name, words in (line.split(": ", 1) for line in table.strip().splitlines())}


_CLASS_WORDS = _groups("""
product: product price cart sku swatch variant add-to wishlist quantity checkout
review: rating star review
forum: forum thread topic reply replies avatar vote username answer question post-body postbody signature member
listing: card grid listing result filter pagination pager facet teaser tile archive loop load-more
service: hero cta pricing testimonial feature client solution service faq accordion logo partner contact
docs: docs toc highlight api version on-this-page on_this_page breadcrumb codehilite language- anchor sphinx admonition
article: article entry post blog story byline share headline caption author published read-time reading-time
related: related recommend newsletter comment tags bio
""")
"""Groups of parts of class names, counted over the page's distinct class attributes."""

_PATH_WORDS = _groups("""
article: blog blogs news article articles post posts story stories insights magazine press opinion resources learn
listing: category categories tag tags topic topics archive page search all section author best top list directory
shop: product products shop store item p dp pd collections collection c buy catalog sale
docs: docs doc documentation reference manual api wiki en latest stable tutorial tutorials guide guides develop
help: help support faq kb knowledge hc
forum: forum forums thread threads t questions community discussion discussions comments r viewtopic showthread d
service: about contact services service pricing features solutions company careers home platform industries
""")
"""Segments of addresses and labels of hosts, by what they announce."""

_TYPE_GROUPS = {
    "article": ARTICLE_TYPES,
    "product": frozenset({"product", "offer", "aggregateoffer", "productgroup", "individualproduct"}),
    "listing": frozenset({"itemlist", "collectionpage", "searchresultspage", "offercatalog", "collection"}),
    "faq": frozenset({"faqpage", "question"}),
    "forum": frozenset({"qapage", "discussionforumposting", "answer", "comment"}),
    "service": frozenset(
        {"service", "localbusiness", "professionalservice", "softwareapplication", "webapplication", "aggregaterating", "place"}
    ),
    "guide": frozenset({"howto", "recipe", "course", "event", "videoobject", "podcastepisode"}),
    "webpage": frozenset({"webpage", "aboutpage", "contactpage", "itempage"}),
    "organization": frozenset({"organization", "corporation", "newsmediaorganization"}),
    "person": frozenset({"person"}),
}
_MONEY = ("$", "€", "£", "₹", "¥")
_ASKS = (
    "add to cart", "add to bag", "add to basket", "buy now", "in stock", "free shipping", "free trial", "get started",
    "book a demo", "request a", "contact us", "sign up", "log in", "login", "pricing", "learn more", "shop now", "read more",
    "view all", "load more", "show more", "subscribe", "download", "schedule", "call us", "get a quote", "try free", "sort by",
    "filter",
)  # fmt: skip
"""What sites ask their visitors to do."""

_FORUM = (
    "reply", "replies", "posts:", "joined", "upvot", "views", "solved", "answers", "quote", "likes", "thread", "posted by", "member",
    "asked", "answered",
)  # fmt: skip
_PRONOUNS = {"first_person": ("i", "my", "me", "i'm", "i’m"), "we": ("we", "our", "us"), "you": ("you", "your")}
_PERSON_INDEX = WordIndex((f" {word} ", number) for number, pronouns in enumerate(_PRONOUNS.values()) for word in pronouns)
_CLASS_INDEX = WordIndex((word, number) for number, words in enumerate(_CLASS_WORDS.values()) for word in words)
_PHRASE_INDEX = WordIndex((phrase, number) for number, phrases in enumerate((_ASKS, _FORUM)) for phrase in phrases)
_BODY_CLASSES = (
    "single-post",
    "single",
    "page-template",
    "archive",
    "category",
    "product",
    "home",
    "post-template",
    "blog",
    "article",
    "page-id",
    "search",
    "forum",
    "tag",
)

MAX_CLASS_CHARS = 20_000
"""Characters of distinct class names, in page order, in which words are counted."""

SAMPLE_CHARS = 20_000
"""Characters of running text in which words of address are counted."""


def page_features(document: Document, metadata: Metadata) -> dict[str, float]:
    """The measures by name, always the same names in the same order."""
    found: dict[str, float] = {}
    _block_features(document.blocks, found)
    _tag_features(document.tree, found)
    _structured_features(document, metadata, found)
    _address_features(document.url or "", found)
    return found


_Good = tuple[Block, str, int]
"""A block of running text, its text, and its length as read."""


@dataclass(slots=True)
class _Sums:
    """What one look at each block gives; the lists that are looked at again are short."""

    good: list[_Good] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    headings: list[tuple[str, bool]] = field(default_factory=list)
    """The text of each heading, and whether most of it is a link."""
    chars: int = 0
    short_chars: int = 0
    short_items: int = 0
    links: int = 0
    linked_chars: float = 0.0
    cards: int = 0


def _sums(blocks: list[Block]) -> _Sums:
    sums = _Sums()
    good, short, headings = sums.good, sums.short, sums.headings
    is_dense = _has_dense(blocks)
    for block in blocks:
        text, linked, kind = block.text, block.link_chars, block.kind
        size = len(text)
        length = reading_length(text) if is_dense else size
        sums.chars += length
        if linked:
            sums.linked_chars += linked * length / size
            sums.links += len(block.links)
            sums.cards += size > CARD_CHARS and linked > CARD_LINK_SHARE * size
        if length < GOOD_CHARS:
            short.append(text)
            sums.short_chars += length
            sums.short_items += kind == "list_item"
        elif linked < GOOD_LINK_SHARE * size:
            good.append((block, text, length))
        if kind == "heading":
            headings.append((text, linked > 0.5 * size))
    return sums


def _block_features(blocks: list[Block], found: dict[str, float]) -> None:
    sums = _sums(blocks)
    good, headings = sums.good, sums.headings
    lengths = [length for _, _, length in good]
    good_chars, goods = sum(lengths), max(1, len(good))
    chars = sums.chars or 1
    found["blocks"] = len(blocks)
    found["chars"] = chars
    found["good"] = len(good)
    found["good_chars"] = good_chars
    found["good_share"] = good_chars / chars
    found["good_mean"] = good_chars / goods
    found["good_longest"] = max(lengths, default=0)
    found["good_p"] = sum([block.tag == "p" for block, _, _ in good]) / goods
    found["good_li"] = sum([block.kind == "list_item" for block, _, _ in good]) / goods
    found["top_parent"] = _most_under_one_parent(good) / max(1, good_chars)
    found["link_share"] = sums.linked_chars / chars
    found["links"] = sums.links
    found["good_links"] = sum([len(block.links) for block, _, _ in good]) / goods
    found["short_share"] = sums.short_chars / chars
    found["short_li"] = sums.short_items
    found["headings"] = len(headings)
    found["headings_linked"] = sum([is_linked for _, is_linked in headings]) / max(1, len(headings))
    found["headings_asking"] = sum([text.endswith("?") for text, _ in headings]) / max(1, len(headings))
    found["linked_cards"] = sums.cards
    found["stops"] = sum([text.rstrip('"”»').endswith((".", "。", "!", "?", "।")) for _, text, _ in good]) / goods
    _word_features([text for _, text, _ in good], sums.short, found)


def _has_dense(blocks: list[Block]) -> bool:
    """Whether a block may hold Han, kana or Hangul: elsewhere the length as read is the number of characters."""
    beyond = "".join([block.text for block in blocks if not block.text.isascii()])
    codes = np.frombuffer(beyond.encode("utf-32-le", "replace"), np.uint32)
    return bool(((codes >= FIRST_DENSE) & (codes <= LAST_DENSE)).any())


def _most_under_one_parent(good: list[_Good]) -> int:
    """The most running text that stands right below one element, or one step deeper."""
    parents: dict[int, int] = {}
    for block, _, length in good:
        parent = block.element.parent
        if parent is not None:
            parents[parent.index] = parents.get(parent.index, 0) + length
            if parent.parent is not None:
                parents[parent.parent.index] = parents.get(parent.parent.index, 0) + length
    return max(parents.values(), default=0)


def _word_features(good: list[str], short: list[str], found: dict[str, float]) -> None:
    text = " ".join(good)[:SAMPLE_CHARS]
    # Text of blocks is folded: one space between two words, and no other white space.
    hundreds = max(20, text.count(" ") + (not text.endswith(" "))) / 100
    brief = " | ".join(short)[:SAMPLE_CHARS].lower()
    found["prices"] = sum([brief.count(sign) + text.count(sign) for sign in _MONEY])
    found["asks"], found["forum_words"] = _PHRASE_INDEX.counts(brief, 2)
    found["years"] = brief.count("202") + brief.count("201")
    for name, count in zip(_PRONOUNS, _PERSON_INDEX.counts(f" {text} ".lower(), len(_PRONOUNS)), strict=True):
        found[name] = count / hundreds
    found["questions"] = text.count("?") / hundreds
    found["quotes"] = sum([text.count(mark) for mark in '“"„«']) / hundreds
    found["commas"] = text.count(",") / hundreds


def _tag_features(tree: Tree, found: dict[str, float]) -> None:
    for tag in _TAGS:
        found[f"tag_{tag}"] = len(tree.by_tag(tag))
    names = " ".join(tree.class_names)[:MAX_CLASS_CHARS].lower()
    for group, count in zip(_CLASS_WORDS, _CLASS_INDEX.counts(names, len(_CLASS_WORDS)), strict=True):
        found[f"class_{group}"] = count
    body = tree.body
    own = f" {body.attrs.get('class', '')} {body.attrs.get('id', '')} ".lower() if body is not None else ""
    for word in _BODY_CLASSES:
        found[f"body_{word}"] = float(word in own)


def _structured_features(document: Document, metadata: Metadata, found: dict[str, float]) -> None:
    structured = metadata.structured
    types = structured.types | frozenset(structured.landmarks.item_types)
    for group, members in _TYPE_GROUPS.items():
        found[f"type_{group}"] = float(bool(types & members))
    found["type_any"] = float(bool(types))
    kind = (document.meta("og:type") or "").lower()
    for name in ("article", "website", "product"):
        found[f"og_{name}"] = float(name in kind)
    found["og_none"] = float(not kind)
    rules = metadata.rules
    published = rules.get("date_published", "")
    found["dated_machine"] = float(published.startswith(("jsonld-date", "meta-", "microdata")))
    found["dated_visible"] = float(published in ("visible-date", "time-element", "relative-date"))
    found["dated_url"] = float(published == "url-date")
    found["dated_article_meta"] = float(document.meta("article:published_time") is not None)
    found["modified"] = float("date_modified" in rules)
    found["signed_machine"] = float(rules.get("authors", "").startswith(("jsonld", "meta", "microdata", "twitter-data")))
    found["signed_visible"] = float(rules.get("authors", "") in ("byline", "by-text", "rel-author"))
    found["sectioned"] = float("section" in rules)
    found["tagged"] = float(rules.get("tags", "").startswith(("meta-article", "jsonld")))
    found["described"] = float("description" in rules)
    found["author_links"] = len(structured.landmarks.author_links)
    title = metadata.fields.get("title") or ""
    found["title_words"] = len(title.split())
    found["title_chars"] = len(title)
    found["title_asking"] = float(title.endswith("?"))
    found["title_h1"] = float(metadata.headline is not None)
    found["title_named"] = float(bool(document.head_title) and len(document.head_title or "") > len(title) + 2)


def _address_features(url: str, found: dict[str, float]) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    segments = [segment.lower() for segment in parts.path.split("/") if segment]
    last = segments[-1] if segments else ""
    words = set(segments[:-1]) | set(host.split(".")[:-2])
    found["path_depth"] = len(segments)
    found["path_root"] = float(not segments)
    found["slug_hyphens"] = last.count("-") + last.count("_")
    found["slug_chars"] = len(last)
    found["slug_digits"] = sum(char.isdigit() for char in last)
    found["slug_html"] = float(last.endswith((".html", ".htm", ".php", ".aspx", ".shtml")))
    found["path_query"] = float(bool(parts.query))
    found["path_dated"] = float(bool(re.search(r"/(?:19|20)\d\d/\d", parts.path)))
    found["path_slash"] = float(parts.path.endswith("/"))
    for group, members in _PATH_WORDS.items():
        found[f"path_{group}"] = float(bool(words.intersection(members)))
        found[f"last_{group}"] = float(last in members)
