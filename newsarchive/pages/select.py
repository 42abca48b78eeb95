"""CSS selectors on a page's tree, for what a site profile names. parsel evaluates them on an lxml copy of the flat tree.

The copy is made only for sites with selectors (1 ms for 1,000 elements); what it finds is given as elements of our own tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from lxml import etree
from parsel import Selector

from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element, Tree
from newsarchive.text import fold

_NAME = re.compile(r"[a-z_][a-z0-9_.-]*", re.IGNORECASE)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MAX_FOUND = 2000
"""Elements or values of one selector that are taken; a selector that finds more names no part of an article."""


class TreeSelector:
    """Evaluates CSS selectors on one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._copies: list[etree._Element] = []
        self._selector: Selector | None = None
        self._places: dict[etree._Element, int] = {}

    def elements(self, css: str) -> list[Element]:
        """The elements a selector names, in page order. Empty for a selector of texts or attributes."""
        found = [self._places[root] for root in self._roots(css) if root in self._places]
        return [self._tree.elements[place] for place in sorted(found)]

    def values(self, css: str, attribute: str | None = None) -> list[str]:
        """The texts a selector names, folded, without empty ones: of `::text` and `::attr()` these, of elements what they say.

        An element says its `content`, `datetime` or `attribute` where it has that attribute, else its text.
        """
        found = []
        for root in self._roots(css):
            text = root if isinstance(root, str) else self._said(self._tree.elements[self._places[root]], attribute)
            if folded := fold(text):
                found.append(folded)
        return found

    @staticmethod
    def _said(element: Element, attribute: str | None) -> str:
        names = [name for name in (attribute, "content", "datetime") if name]
        return next((element.attrs[name] for name in names if element.attrs.get(name)), element.text)

    def _roots(self, css: str) -> list[etree._Element | str]:
        if self._selector is None:
            self._selector = Selector(root=self._copy(), type="html")
        return [item.root for item in self._selector.css(css)[:MAX_FOUND]]

    def _copy(self) -> etree._Element:
        """The lxml copy; `_copies` keeps its elements alive, so that they can be told by identity."""
        for element in self._tree.elements:
            tag = element.tag if _NAME.fullmatch(element.tag) else "unknown"
            attributes = {name: _NO_XML.sub("", value) for name, value in element.attrs.items() if _NAME.fullmatch(name)}
            copy = etree.Element(tag, attributes)
            if element.parent is not None:
                self._copies[element.parent.index].append(copy)
            self._copies.append(copy)
            self._places[copy] = element.index
        for element, copy in zip(self._tree.elements, self._copies, strict=True):
            _fill(element, copy, self._copies)
        return self._copies[0]


def _fill(element: Element, copy: etree._Element, copies: list[etree._Element]) -> None:
    """Set the text pieces of one element, before and behind its children."""
    last: etree._Element | None = None
    for piece in element.content:
        if not isinstance(piece, str):
            last = copies[piece.index]
        elif last is None:
            copy.text = (copy.text or "") + _NO_XML.sub("", piece)
        else:
            last.tail = (last.tail or "") + _NO_XML.sub("", piece)


def without(document: Document, parts: Collection[Element]) -> Document:
    """The document without these elements and all that is in them. The given document must not be used any more.

    The elements that stay are the same objects under new indexes.
    """
    gone = {element.index for element in parts if element.parent is not None}
    if not gone:
        return document
    kept: list[Element] = []
    parents: dict[int, Element] = {}
    skip_until = 0
    moved = [0] * (len(document.tree.elements) + 1)  # old index -> how many elements before it stay
    for element in document.tree.elements:
        old = element.index
        moved[old] = len(kept)
        if old < skip_until:
            continue
        if old in gone:
            skip_until = element.end
            assert element.parent is not None, "the root is never taken out"
            parents[element.parent.index] = element.parent
            continue
        kept.append(element)
    moved[-1] = len(kept)
    for parent in parents.values():
        parent.content = [piece for piece in parent.content if isinstance(piece, str) or piece.index not in gone]
    for element in kept:
        element.index, element.end = moved[element.index], moved[element.end]
        element._text = None
    return replace(document, tree=Tree(kept))
