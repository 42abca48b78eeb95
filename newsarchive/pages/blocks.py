"""The page as a sequence of text blocks: the one walk that body, teasers, bylines and page type share.

A block is a run of text that browsers set as one paragraph: block elements, table cells and two `<br>` in a row end it.
Inline elements join without a space that is not there, as CJK text needs; one `<br>` is a space.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from newsarchive.pages.tree import BLOCK_TAGS, Element
from newsarchive.text import clean, fold

Kind = Literal["paragraph", "heading", "list_item", "quote", "caption", "preformatted", "table_row"]

_SKIPPED = (
    "script style noscript template svg math head iframe select option button textarea input canvas object datalist audio video map "
    "rt rp rtc"
)
SKIPPED = frozenset(_SKIPPED.split())
"""Elements without text of the page. Hidden text is not skipped: being hidden is a property of the block."""


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

    __slots__ = ("container", "element", "first", "index", "kind", "last", "link_chars", "links", "tag", "text")

    def __init__(self, index: int, container: int, element: Element, text: str, first: int, last: int) -> None:
        self.index = index
        self.container = container
        """Index of its container in `Layout.containers`."""
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
        self.kind = kind_of(element)

    @property
    def hidden(self) -> bool:
        """Whether markup hides it."""
        return self.element.hidden

    def __repr__(self) -> str:
        return f"<Block {self.index} {self.tag} {self.text[:40]!r}>"


_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "list_item",
    "figcaption": "caption",
    "caption": "caption",
    "blockquote": "quote",
    "pre": "preformatted",
    **dict.fromkeys(("article", "main", "body", "section", "td"), "paragraph"),
}
"""Tag -> kind of the blocks in it. The last are parts of pages, which end the search."""

_KIND_STEPS = 6
"""Elements from a block outwards that are asked for its kind."""


def kind_of(element: Element) -> Kind:
    """What a block in this element is, by the tags round it."""
    node: Element | None = element
    for _ in range(_KIND_STEPS):
        if node is None:
            break
        attrs = node.attrs
        if "role" in attrs and attrs["role"] == "heading":
            return "heading"
        kind = _KINDS.get(node.tag)
        if kind is not None:
            return kind
        node = node.parent
    return "paragraph"


class Container:
    """An element that groups blocks. `Layout.containers` holds them in pre-order, the body first."""

    __slots__ = ("element", "first", "last", "parent")

    def __init__(self, element: Element, parent: int, first: int) -> None:
        self.element = element
        self.parent = parent
        """Index of the container round it; -1 for the body."""
        self.first = first
        """Index of its first block; `layout.blocks[first:last]` are its blocks."""
        self.last = first

    def __repr__(self) -> str:
        return f"<Container {self.element.tag} {self.first}:{self.last}>"


class Layout:
    """The blocks of a page and the containers that group them."""

    __slots__ = ("blocks", "containers")

    def __init__(self, blocks: list[Block], containers: list[Container]) -> None:
        self.blocks = blocks
        self.containers = containers


class _Walk:
    """The state of the one walk: the block being collected."""

    __slots__ = ("blocks", "breaks", "containers", "first", "last", "length", "links", "open_links", "parts", "pending")

    def __init__(self, body: Element) -> None:
        self.blocks: list[Block] = []
        self.containers = [Container(body, -1, 0)]
        self.parts: list[str] = []
        self.length = 0
        self.pending = False
        self.breaks = 0
        self.first = -1
        self.last = -1
        self.links: list[Link] = []
        self.open_links: list[Element] = []

    def add(self, text: str, holder: Element) -> None:
        """Append a text piece that is not white space alone, folding white space across pieces."""
        folded = fold(text)
        if not folded:
            # An invisible character alone is no space; white space is.
            self.pending = self.pending or text[0].isspace() or text[-1].isspace()
            return
        length, parts = self.length, self.parts
        if not length:
            self.first = holder.index
        elif self.pending or text[0].isspace():
            parts.append(" ")
            length += 1
        self.length = end = length + len(folded)
        if self.open_links:
            links = self.links
            for element in self.open_links:
                if not links or links[-1].element is not element:
                    links.append(Link(element, length))
            links[-1].end = end
        parts.append(folded)
        self.last = holder.index
        self.breaks = 0
        self.pending = text[-1].isspace()

    def flush(self, container: int) -> None:
        """End the block that has begun; `length` says whether one has."""
        self.breaks = 0
        self.pending = False
        parts = self.parts
        text = "".join(parts) if len(parts) > 1 else parts[0]
        if not text.isascii():
            # Pieces are clean, but an accent may have come behind its letter.
            text = clean(text)
        block = Block(len(self.blocks), container, self.containers[container].element, text, self.first, self.last)
        if self.links:
            for link in self.links:
                link.text = text[link.start : link.end]
                block.link_chars += link.end - link.start
            block.links = self.links
            self.links = []
        self.blocks.append(block)
        self.parts = []
        self.length = 0

    def line_break(self, container: int) -> None:
        """Note a `<br>`: the second in a row ends the block."""
        self.breaks += 1
        self.pending = True
        if self.breaks > 1 and self.length:
            self.flush(container)


_Frame = tuple[Iterator[str | Element], Element, int, int]
"""Pieces still to come, the element they are of, the container for text, and the container to close at the end (-1: none)."""


def find_layout(body: Element) -> Layout:
    """The blocks below `body` in page order, with their containers. Iterative: nesting has no limit."""
    walk = _Walk(body)
    blocks, containers, add, flush = walk.blocks, walk.containers, walk.add, walk.flush
    stack: list[_Frame] = [(iter(body.content), body, 0, 0)]
    while stack:
        pieces, holder, container, closes = stack[-1]
        for piece in pieces:
            if isinstance(piece, str):
                if piece.isspace():
                    walk.pending = True
                else:
                    add(piece, holder)
                continue
            tag = piece.tag
            if tag in BLOCK_TAGS:
                if walk.length:
                    flush(container)
                if content := piece.content:
                    own = len(containers)
                    containers.append(Container(piece, container, len(blocks)))
                    stack.append((iter(content), piece, own, own))
                    break
            elif tag == "br":
                walk.line_break(container)
            elif tag not in SKIPPED and (content := piece.content):
                if tag == "a":
                    walk.open_links.append(piece)
                stack.append((iter(content), piece, container, -1))
                break
        else:
            stack.pop()
            if closes >= 0:
                if walk.length:
                    flush(container)
                containers[closes].last = len(blocks)
            elif holder.tag == "a" and walk.open_links:
                walk.open_links.pop()
    return Layout(blocks, containers)
