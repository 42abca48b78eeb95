"""Elements whose markup says what they hold: microdata properties, bylines, datelines, found in one pass over the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from newsarchive.extractors.jsonld import ARTICLE_TYPES
from newsarchive.pages.tree import Element, Tree
from newsarchive.text import fold

MAX_MARKED = 400
"""Elements of one kind that are kept; an article has a handful, a listing a hundred."""

_BYLINE = (
    "byline", "by-line", "by_line", "author", "writer", "reporter", "contributor", "autor", "auteur", "verfasser", "redakteur",
    "redactor", "journalist", "signature", "firma", "byname", "writtenby", "written-by", "postedby", "posted-by", "created-by",
    "profile-name", "credit", "editor-name", "skribent", "forfatter", "autore", "penulis", "yazar",
)  # fmt: skip
_ASIDE = (
    "related", "recommend", "teaser", "sidebar", "side-bar", "comment", "footer", "widget", "more-", "most-", "popular",
    "trending", "latest", "promo", "carousel", "newsletter", "readnext", "read-next", "see-also", "cookie", "sponsor", "outbrain",
    "taboola", "menu", "breadcrumb", "copyright", "card", "reply", "replies", "navigation", "navbar", "advert",
)  # fmt: skip
"""Parts of class and id names, lower case."""

_BYLINE_WORDS = re.compile("|".join(_BYLINE))
_ASIDE_WORDS = re.compile("|".join(_ASIDE))
"""One pattern without flags takes half the time of a test for each word; one that ignores case takes ten times as long."""

MAX_NAME_CHARS = 200
"""Characters of an element's names that are looked at; a generated list of utility classes goes on for a thousand."""


@dataclass(slots=True)
class Landmarks:
    """What one pass over a tree found."""

    properties: dict[str, list[Element]] = field(default_factory=dict)
    """Microdata property (lower case) -> elements, of the page's main item or of no item."""
    author_links: list[Element] = field(default_factory=list)
    """Links with `rel=author`."""
    item_types: list[str] = field(default_factory=list)
    """Types of the page's microdata items, lower case."""


@lru_cache(maxsize=16384)
def says_byline(names: str) -> bool:
    """Whether class and id names speak of a byline."""
    return _BYLINE_WORDS.search(names[:MAX_NAME_CHARS].lower()) is not None


@lru_cache(maxsize=16384)
def says_aside(names: str) -> bool:
    """Whether class and id names speak of something beside the article. Elementor calls every part of a page a widget."""
    return _ASIDE_WORDS.search(names[:MAX_NAME_CHARS].lower().replace("elementor-widget", "")) is not None


def names_of(element: Element) -> str:
    """What its class, id and test id call an element."""
    attrs = element.attrs
    names = attrs.get("class", "")
    if names and len(attrs) == 1:
        return names
    for key in ("id", "data-testid", "data-qa", "data-component"):
        if key in attrs:
            names = f"{names} {attrs[key]}"
    return names


def is_aside(element: Element, headline: Element | None = None) -> bool:
    """Whether it stands in something that its markup says is not the article: related links, side bars, comments, footers.

    What holds the headline too is the article, whatever it is called; so are containers of nearly the whole page, which
    carry names like `with-sidebar`.
    """
    node: Element | None = element
    while node is not None and node.tag not in ("body", "html", "main"):
        if headline is not None and node.index <= headline.index < node.end:
            return False
        if node.tag == "nav" or (node.tag == "aside" and len(node.text) > MAX_NOTE_CHARS):
            return True
        if node.tag == "footer" and not (node.within("article") and len(node.text) <= MAX_FOOTER_CHARS):
            return True
        names = names_of(node)
        if names and says_aside(names) and not _is_page_wide(node):
            return True
        node = node.parent
    return False


MAX_NOTE_CHARS = 60
"""Characters of an `aside` that is a note to the article (its date, its author) rather than something beside it."""


MAX_FOOTER_CHARS = 200
"""Characters of a `footer` inside an `article` that is its byline: Drupal's templates put author and date into one, above the text."""


def _is_page_wide(element: Element) -> bool:
    root = element
    while root.parent is not None:
        root = root.parent
    if element.tag == "article" and element.parent is not None and sum(child.tag == "article" for child in element.parent.children) > 1:
        return False
    share = ARTICLE_SHARE if element.tag == "article" else PAGE_WIDE_SHARE
    return element.end - element.index > share * root.end


PAGE_WIDE_SHARE = 0.4
"""Share of the page's elements from which a container is the page itself rather than something in it."""

ARTICLE_SHARE = 0.1
"""The same for `article` elements: smaller ones, and those in a row, are cards."""


def find_landmarks(tree: Tree) -> Landmarks:
    """One pass over the elements with microdata, one over the links for `rel=author`."""
    found = Landmarks()
    scopes: list[Element] = []
    marked: list[Element] = []
    for element in tree.marked:
        attrs = element.attrs
        if "itemtype" in attrs and len(found.item_types) < MAX_MARKED:
            found.item_types.append(_item_type(element))
            if found.item_types[-1] in ARTICLE_TYPES:
                scopes.append(element)
        if "itemprop" in attrs:
            marked.append(element)
    for element in marked[: 4 * MAX_MARKED]:
        _note_property(element, scopes, found)
    found.author_links = [link for link in tree.by_tag("a") if "rel" in link.attrs and "author" in link.attrs["rel"].lower().split()][
        :MAX_MARKED
    ]
    return found


def bylines(tree: Tree, start: int, stop: int) -> list[Element]:
    """The elements between two indexes whose class, id or test id says byline, in page order."""
    found = []
    for element in tree.elements[max(0, start) : stop]:
        attrs = element.attrs
        if not attrs or element.tag in _NO_TEXT:
            continue
        names = attrs["class"] if len(attrs) == 1 and "class" in attrs else names_of(element)
        if names and says_byline(names):
            found.append(element)
    return found[:MAX_MARKED]


_NO_TEXT = frozenset(("html", "head", "body", "script", "style", "link", "meta", "svg", "img", "path", "input", "button"))


def _item_type(element: Element) -> str:
    return element.attrs.get("itemtype", "").strip().rstrip("/").rsplit("/", 1)[-1].lower()


def _scope_of(element: Element) -> Element | None:
    """The item an element is a property of."""
    return next((ancestor for ancestor in element.ancestors() if "itemscope" in ancestor.attrs), None)


def _note_property(element: Element, scopes: list[Element], found: Landmarks) -> None:
    scope = _scope_of(element)
    if scopes and scope is not None and scope is not scopes[0] and _item_type(scope) not in ("webpage", "webpageelement", ""):
        return
    for name in element.attrs["itemprop"].lower().split()[:5]:
        kept = found.properties.setdefault(name, [])
        if len(kept) < MAX_MARKED:
            kept.append(element)


def marked_value(element: Element) -> str:
    """The value of a microdata property: `content`, `datetime`, `title` of `abbr`, else its text."""
    for key in ("content", "datetime"):
        if element.attrs.get(key):
            return fold(element.attrs[key])
    if element.tag in ("link", "a") and not element.content:
        return element.attrs.get("href", "")
    return element.text


def inner_names(element: Element, tree: Tree) -> Iterator[str]:
    """The `name` properties inside an item such as a Person; nothing where there are none."""
    for inner in tree.elements[element.index + 1 : min(element.end, element.index + 60)]:
        if "name" in inner.attrs.get("itemprop", "").lower().split():
            value = marked_value(inner)
            if value:
                yield value
