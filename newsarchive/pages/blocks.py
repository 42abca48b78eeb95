"""The page as a sequence of text blocks: the one walk that body, teasers, bylines and page type share.

A block is a run of text that browsers set as one paragraph: block elements, table cells and two `<br>` in a row end it.
Inline elements join without a space that is not there, as CJK text needs; one `<br>` is a space.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from newsarchive.pages.tree import BLOCK_TAGS, RUBY_AIDS, Element
from newsarchive.text import clean, fold

Kind = Literal["paragraph", "heading", "list_item", "quote", "caption", "preformatted", "table_row"]

_SKIPPED = (
    "script style noscript template svg math head iframe select option button textarea input canvas object datalist audio video map "
    "rt rp rtc"
)
SKIPPED = frozenset(_SKIPPED.split())
"""Elements without text of the page. Hidden text is not skipped: being hidden is a property of the block."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Link:
    """A link inside a block."""

    __slots__ = ("element", "end", "href", "start", "text")

    def __init__(self, element: Element, start: int) -> None:
        self.element = element
        self.href = element.attrs.get("href", "")
        """As written; resolve it with `Document.resolve`."""
        self.start = start
        self.end = start
        self.text = ""
        """The part of the block's text that is linked."""

    def __repr__(self) -> str:
        return f"<Link {self.text!r} {self.href!r}>"


class Block:
    """One text block."""

    __slots__ = ("element", "first", "index", "kind", "last", "link_chars", "links", "tag", "text")

    def __init__(self, index: int, element: Element, text: str, first: int, last: int) -> None:
        self.index = index
        self.element = element
        """The nearest block-level element round the text."""
        self.tag = element.tag
        self.text = text
        self.first = first
        """Index of the innermost element that holds its first text."""
        self.last = last
        """Index of the innermost element that holds its last text."""
        self.links: list[Link] = []
        self.link_chars = 0
        """How many of its characters are linked."""
        self.kind: Kind = kind_of(element)

    @property
    def hidden(self) -> bool:
        """Whether markup hides it."""
        return self.element.hidden

    def __repr__(self) -> str:
        return f"<Block {self.index} {self.tag} {self.text[:40]!r}>"


def kind_of(element: Element) -> Kind:
    """What a block in this element is, by the tags round it."""
    node: Element | None = element
    steps = 0
    while node is not None and steps < 6:
        tag = node.tag
        if tag in _HEADINGS:
            return "heading"
        if tag == "li":
            return "list_item"
        if tag in ("figcaption", "caption"):
            return "caption"
        if tag == "blockquote":
            return "quote"
        if tag == "pre":
            return "preformatted"
        if tag in ("article", "main", "body", "section", "td"):
            break
        node = node.parent
        steps += 1
    return "paragraph"


class _Walk:
    """The state of the one walk: the block being collected."""

    __slots__ = ("blocks", "breaks", "first", "last", "length", "links", "open_links", "parts", "pending")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.length = 0
        self.pending = False
        self.breaks = 0
        self.first = -1
        self.last = -1
        self.links: list[Link] = []
        self.open_links: list[Element] = []

    def add(self, text: str, holder: Element) -> None:
        """Append a text piece, folding white space across pieces."""
        folded = fold(text)
        if not folded:
            # An invisible character alone is no space; white space is.
            self.pending = self.pending or text[0].isspace() or text[-1].isspace()
            return
        if self.length and (self.pending or text[0].isspace()):
            self.parts.append(" ")
            self.length += 1
        elif not self.length:
            self.first = holder.index
        if self.open_links:
            for element in self.open_links:
                if not self.links or self.links[-1].element is not element:
                    self.links.append(Link(element, self.length))
        self.parts.append(folded)
        self.length += len(folded)
        if self.open_links:
            self.links[-1].end = self.length
        self.last = holder.index
        self.breaks = 0
        self.pending = text[-1].isspace()

    def flush(self, element: Element) -> None:
        """End the block."""
        self.breaks = 0
        self.pending = False
        if not self.length:
            return
        text = clean("".join(self.parts))
        block = Block(len(self.blocks), element, text, self.first, self.last)
        for link in self.links:
            link.text = text[link.start : link.end]
            block.link_chars += link.end - link.start
        block.links = self.links
        self.blocks.append(block)
        self.parts = []
        self.length = 0
        self.links = []


def find_blocks(body: Element) -> list[Block]:
    """The blocks below `body` in page order. Iterative: nesting has no limit."""
    walk = _Walk()
    stack: list[tuple[Iterator[str | Element], Element, Element]] = [(iter(body.content), body, body)]
    while stack:
        pieces, holder, container = stack[-1]
        piece = next(pieces, None)
        if piece is None:
            stack.pop()
            if holder is container:
                walk.flush(container)
            elif holder.tag == "a" and walk.open_links:
                walk.open_links.pop()
        elif isinstance(piece, str):
            walk.add(piece, holder)
        else:
            _enter(piece, container, walk, stack)
    return walk.blocks


def _enter(element: Element, container: Element, walk: _Walk, stack: list[tuple[Iterator[str | Element], Element, Element]]) -> None:
    """Go into an element, or pass it by."""
    tag = element.tag
    if tag == "br":
        walk.breaks += 1
        walk.pending = True
        if walk.breaks > 1:
            walk.flush(container)
    elif tag in SKIPPED:
        return
    elif tag in BLOCK_TAGS:
        walk.flush(container)
        stack.append((iter(element.content), element, element))
    else:
        if tag == "a":
            walk.open_links.append(element)
        stack.append((iter(element.content), element, container))


__all__ = ["RUBY_AIDS", "Block", "Kind", "Link", "find_blocks", "kind_of"]
