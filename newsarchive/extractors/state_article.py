"""The article that embedded state carries, for pages whose markup is empty until their scripts run.

Content systems name things alike: an object with a headline and a body beside it. The body is HTML, plain text, or a list
of typed pieces (paragraphs, headings, lists, pictures, promos), and rich text nests its words in children.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from newsarchive.dates import parse_date, parse_machine
from newsarchive.extractors.body import Body, drop_rule, kind_in_body
from newsarchive.extractors.jsonld import plain, strings
from newsarchive.extractors.names import names_in
from newsarchive.extractors.state import walk_values
from newsarchive.extractors.structured import Structured, squeeze
from newsarchive.model.article import BodyBlock
from newsarchive.pages.read import read_page

MIN_STATE_BODY_CHARS = 200
"""Characters. State holds many short texts beside a title (menus, teasers with standfirst, of up to some 150); an article's are longer."""

MAX_PIECES = 2000
"""Pieces of one body that are read; live blogs with years of entries have more."""

MAX_NESTING = 12
"""Levels of a body's pieces: rich text of lists in quotes has 8."""

_TITLE_KEYS = ("headline", "title", "heading", "headlines", "name")
_BODY_KEYS = frozenset(
    {
        "body", "articlebody", "bodyhtml", "body_html", "bodycontent", "bodytext", "content", "contents", "contenthtml", "content_html",
        "content_elements", "contentelements", "html", "text", "fulltext", "story", "story_html", "storybody", "main_content",
        "maincontent", "paragraphs", "blocks", "components", "richtext", "articlecontent", "article_body", "copy", "elements", "sections",
    }
)  # fmt: skip
"""Keys under which a state's article has its body, in lower case."""

_INNER_KEYS = (
    "html", "text", "value", "content", "children", "items", "paragraphs", "blocks", "body", "content_elements", "data", "model",
    "attributes", "attrs", "fields", "list_items", "listitems", "document",
)  # fmt: skip
"""Keys under which a piece has its words, the closest first."""

_TYPE_KEYS = ("type", "_type", "__typename", "nodetype", "kind", "blocktype", "tagname", "tag", "component", "name")
_SKIPPED = re.compile(
    r"image|picture|photo|gallery|slideshow|video|audio|player|embed|iframe|oembed|tweet|instagram|facebook|youtube|social|script|style|"
    r"(?:^|[_-])ads?(?:[_-]|$)|advert|sponsor|promo|related|readmore|read_more|teaser|recirc|newsletter|subscri|paywall|poll|quiz|chart|"
    r"infobox|interstitial|link_list|linklist|button|divider|correction_form|comment|author|byline|breadcrumb",
    re.I,
)
_HEADING = re.compile(r"^(?:heading|header|subhead|subheading|subheadline|crosshead|intertitle|title|h[1-6])\b", re.I)
_ITEM = re.compile(r"^(?:list[_-]?item|li)$", re.I)
_QUOTE = re.compile(r"quote", re.I)
_PARAGRAPH = re.compile(r"^(?:p|para|paragraph)\b", re.I)
_LEAF = re.compile(r"^(?:text|span|link|hyperlink|a|mark|strong|em|bold|italic|emphasis|inline)$", re.I)
_MARKUP = re.compile(r"<(?:p|br|h[1-6]|ul|ol|li|div|blockquote|section|figure)\b", re.I)
_ANY_TAG = re.compile(r"<[a-z/!][^<>]{0,400}>", re.I)

_PUBLISHED = (
    "datepublished", "publishedat", "published_at", "publisheddate", "publish_date", "publishdate", "published", "firstpublished",
    "firstpublishedat", "first_publish_date", "publicationdate", "publication_date", "display_date", "pubdate", "publishedtime",
    "deploydt", "regdt", "reg_dt", "regdate", "reg_date", "servicedt", "publishdt",
)  # fmt: skip
_MODIFIED = (
    "datemodified", "updatedat", "updated_at", "modifieddate", "modifiedat", "modified_at", "lastmodified", "lastupdated",
    "last_updated_date", "updateddate", "updated", "modified",
)  # fmt: skip
_AUTHORS = ("authors", "author", "byline", "bylines", "credits", "creators", "creator")
_SECTIONS = ("articlesection", "sectionname", "section", "primarysection", "primary_section", "category", "channel")
_TAGS = ("tags", "keywords", "topics")


@dataclass(frozen=True, slots=True)
class StateArticle:
    """What the state says of the page's article."""

    html: str
    """The body as a fragment of paragraphs, headings, list items and quotes."""
    chars: int
    """Characters of its text."""
    fields: dict[str, Any] = field(default_factory=dict)
    """`date_published`, `date_published_raw`, `date_modified`, `authors`, `section`, `tags`, as far as it states them."""


def read_state_article(structured: Structured, title: str | None) -> StateArticle | None:
    """The article of the page's embedded state, or None.

    An object counts when a body of MIN_STATE_BODY_CHARS stands beside a headline; one whose headline is the page's `title`
    wins over a longer one, and where the title is known, no other is taken. Never raises.
    """
    key = squeeze(title) if title else ""
    best: tuple[bool, int, dict[str, Any], str] | None = None
    for _, value, owner in walk_values(structured.states, keys=_BODY_KEYS):
        headline = _headline(owner)
        if headline is None or not isinstance(value, str | list | dict):
            continue
        html = "\n".join(_pieces(value))
        chars = len(plain(html))
        fits = bool(key) and squeeze(headline) == key
        if chars >= MIN_STATE_BODY_CHARS and (best is None or (fits, chars) > best[:2]):
            best = (fits, chars, owner, html)
    if best is None or (key and not best[0]):
        return None
    return StateArticle(best[3], best[1], _fields(best[2]))


def state_blocks(found: StateArticle, url: str | None) -> list[BodyBlock]:
    """The body of a state's article as blocks, without promo lines and other boilerplate."""
    fragment = read_page(f"<html><body>{found.html}</body></html>", url)
    return [BodyBlock(kind_in_body(block), block.text) for block in fragment.blocks if drop_rule(block) is None]


def with_state(body: Body, found: StateArticle, url: str | None) -> Body:
    """The body out of the state's article where that has no less text than `body`: it keeps order and kinds of all pieces."""
    blocks = state_blocks(found, url)
    if sum(len(block.text) for block in blocks) < sum(len(block.text) for block in body.blocks):
        return body
    return replace(body, blocks=blocks, indexes=[], rule="embedded-state")


def _headline(owner: dict[str, Any]) -> str | None:
    lowered = {name.lower(): value for name, value in owner.items()}
    for name in _TITLE_KEYS:
        value = lowered.get(name)
        if isinstance(value, dict):
            value = value.get("basic") or value.get("rendered") or value.get("text") or value.get("default")
        if isinstance(value, str) and value.strip():
            return plain(value)
    return None


def _pieces(value: Any, nesting: int = 0) -> Iterator[str]:  # noqa: ANN401 - JSON
    """The HTML of a body's pieces in order."""
    if nesting > MAX_NESTING:
        return
    if isinstance(value, str):
        yield from _from_text(value)
    elif isinstance(value, list):
        for item in value[:MAX_PIECES]:
            yield from _pieces(item, nesting + 1)
    elif isinstance(value, dict):
        yield from _from_object(value, nesting)


def _from_text(text: str) -> Iterator[str]:
    if _MARKUP.search(text):
        yield text
        return
    for paragraph in re.split(r"\n\s*\n|\r\n|\n", text):
        if paragraph.strip():
            yield f"<p>{paragraph.strip() if _ANY_TAG.search(paragraph) else escape(paragraph.strip(), quote=False)}</p>"


def _from_object(piece: dict[str, Any], nesting: int) -> Iterator[str]:
    lowered = {name.lower(): value for name, value in piece.items()}
    kind = next((lowered[name] for name in _TYPE_KEYS if isinstance(lowered.get(name), str)), "")
    if _SKIPPED.search(kind) and not _QUOTE.search(kind):
        return
    for pattern, tag in ((_HEADING, "h2"), (_ITEM, "li"), (_PARAGRAPH, "p")):
        if pattern.search(kind):
            words = _inline(lowered, nesting)
            yield words if _MARKUP.search(words) else f"<{tag}>{words}</{tag}>"
            return
    inner = next((lowered[name] for name in _INNER_KEYS if lowered.get(name)), None)
    if inner is None:
        return
    found = _pieces(inner, nesting + 1)
    if _LEAF.search(kind) and isinstance(inner, list):
        yield f"<p>{_inline(lowered, nesting)}</p>"
    elif _QUOTE.search(kind):
        yield f"<blockquote>{''.join(found)}</blockquote>"
    else:
        yield from found


def _inline(piece: dict[str, Any], nesting: int) -> str:
    """The words of one paragraph: its own text, or its leaves joined without spaces."""
    inner = next((piece[name] for name in _INNER_KEYS if piece.get(name)), "")
    if isinstance(inner, str):
        return inner if _ANY_TAG.search(inner) else escape(inner, quote=False)
    if nesting > MAX_NESTING:
        return ""
    leaves = inner if isinstance(inner, list) else [inner]
    return "".join(_leaf(leaf, nesting + 1) for leaf in leaves[:MAX_PIECES])


def _leaf(leaf: Any, nesting: int) -> str:  # noqa: ANN401 - JSON
    if isinstance(leaf, str):
        return leaf if _ANY_TAG.search(leaf) else escape(leaf, quote=False)
    return _inline({name.lower(): value for name, value in leaf.items()}, nesting) if isinstance(leaf, dict) else ""


def _fields(owner: dict[str, Any]) -> dict[str, Any]:
    lowered = {name.lower(): value for name, value in owner.items()}
    found: dict[str, Any] = {}
    for name, keys in (("date_published", _PUBLISHED), ("date_modified", _MODIFIED)):
        for raw in (str(lowered[key]) for key in keys if isinstance(lowered.get(key), str | int)):
            date = parse_machine(raw) or parse_date(raw)
            if date is not None:
                found[name] = date.iso
                if name == "date_published":
                    found["date_published_raw"] = raw
                break
    people = next((list(strings(lowered[key])) for key in _AUTHORS if lowered.get(key)), [])
    authors = list(dict.fromkeys(name for text in people for name in names_in(text)))
    tags = list(dict.fromkeys(next((list(strings(lowered[key])) for key in _TAGS if isinstance(lowered.get(key), list)), [])))
    section = next((text for key in _SECTIONS for text in strings(lowered.get(key))), None)
    found |= {name: value for name, value in (("authors", authors), ("tags", tags), ("section", section)) if value}
    return found
