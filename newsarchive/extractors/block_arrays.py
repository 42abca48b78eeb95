"""A page as arrays: what the block features are computed from.

Containers stand in pre-order with the interval of their blocks, so that every share of an ancestor is a difference of one
cumulative sum. Containers that hold the same blocks count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from newsarchive.extractors.hints import hint_masks
from newsarchive.pages.blocks import Layout
from newsarchive.pages.tree import Element

Array = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SHORT = 160
"""Characters. Only shorter blocks are compared with the title and asked for bylines and dates."""

ALL_LINK = 0.9
"""Link share of a block from which it is a link and no line of its own; most blocks of a page are."""

GOOD_CHARS = 80
GOOD_LINK_SHARE = 0.3
"""A block of good text has more characters (Han and kana count twice), a smaller share of them linked, and a comma or stop."""

ANCESTORS = ("article", "main", "section", "aside", "nav", "header", "footer", "figure", "table", "ul", "ol", "form", "blockquote", "li",
             "details", "dl", "dialog", "address")  # fmt: skip
_ANCESTOR_BITS = {tag: 1 << bit for bit, tag in enumerate(ANCESTORS)}
HIDDEN_BIT = 1 << len(ANCESTORS)
ARIA_BIT = HIDDEN_BIT << 1
# One class a character; sums of each class over each block are features.
CLASSES = ("letter", "upper", "digit", "space", "comma", "stop", "quote", "mark", "cjk", "bar", "other")
LETTER, UPPER, DIGIT, SPACE, COMMA, STOP, QUOTE, MARK, CJK, BAR, OTHER = range(len(CLASSES))


def _class_table() -> npt.NDArray[np.uint8]:
    table = np.full(0x110000, LETTER, dtype=np.uint8)
    for code in range(0x2100):
        char = chr(code)
        if char.isupper():
            table[code] = UPPER
        elif char.isdigit():
            table[code] = DIGIT
        elif char.isspace():
            table[code] = SPACE
        elif not char.isalpha():
            table[code] = OTHER
    for low, high in ((0x2E80, 0x3000), (0x3040, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00), (0x20000, 0x32000)):
        table[low:high] = CJK
    for chars, number in (
        (",;、，；،؛", COMMA),
        (".!?…。！？।؟．", STOP),
        ("\"'“”„«»‘’「」『』‹›", QUOTE),
        ("()[]:-–—", MARK),
        ("|/•·›»>→▸", BAR),
    ):
        for char in chars:
            table[ord(char)] = number
    table[0x3000] = SPACE
    return table


_TABLE = _class_table()


class Columns:
    """Named feature columns of the blocks of a page; what is not set is 0."""

    __slots__ = ("_count", "_parts", "names")

    def __init__(self, count: int) -> None:
        self.names: list[str] = []
        self._count = count
        self._parts: list[tuple[int | slice | list[int], npt.NDArray[Any]]] = []

    def add(self, name: str, array: npt.NDArray[Any]) -> None:
        """One column."""
        self._parts.append((len(self.names), array))
        self.names.append(name)

    def add_rows(self, names: Sequence[str], rows: npt.NDArray[Any]) -> None:
        """Several columns, a row of the array each."""
        start = len(self.names)
        self._parts.append((slice(start, start + len(names)), rows))
        self.names.extend(names)

    def add_bits(self, names: Sequence[str], masks: Ints) -> None:
        """One column a bit. Most bits are set nowhere on a page, and are not looked for."""
        start = len(self.names)
        everywhere = int(np.bitwise_or.reduce(masks))
        bits = [bit for bit in range(len(names)) if everywhere >> bit & 1]
        self._parts.append(([start + bit for bit in bits], masks >> np.array(bits, np.int64)[:, None] & 1))
        self.names.extend(names)

    def add_page(self, names: Sequence[str], values: Sequence[float]) -> None:
        """Several columns, of one value each."""
        self.add_rows(names, np.array(values, np.float64)[:, None])

    def matrix(self) -> Array:
        """All columns side by side; filled row by row, which is faster, and turned."""
        result = np.zeros((len(self.names), self._count), np.float32)
        for rows, array in self._parts:
            result[rows] = array
        return result.T


@dataclass(slots=True)
class Containers:
    """Containers as arrays; `top` joins those that hold the same blocks."""

    first: Ints
    last: Ints
    top: Ints
    up: Ints
    """Container one level further out, of the containers with more blocks; the body is its own."""
    near: Ints
    far: Ints
    tags: Ints
    article: Ints
    """The nearest container that is an `article`, or the body."""


def container_arrays(layout: Layout) -> Containers:
    """The containers of a page as arrays."""
    containers = layout.containers
    count = len(containers)
    own = _own_hints(layout)
    top, up, near, far, tags, article = ([0] * count for _ in range(6))
    near[0] = far[0] = own[0]
    tags[0] = _tag_bits(containers[0].element)
    for number, container in enumerate(containers):
        first, last = container.first, container.last
        if first == last or not number:
            continue
        element, parent, hints = container.element, container.parent, own[number]
        outer = containers[parent]
        if outer.first == first and outer.last == last:
            top[number] = up_from = top[parent]
            near[number] = hints | near[parent]
            up[number] = max(0, containers[up_from].parent)
        else:
            top[number] = number
            near[number] = hints
            up[number] = parent
        far[number] = hints | far[parent]
        tags[number] = _tag_bits(element) | tags[parent]
        article[number] = number if element.tag == "article" else article[parent]
    firsts, lasts = [container.first for container in containers], [container.last for container in containers]
    return Containers(*np.array((firsts, lasts, top, up, near, far, tags, article), dtype=np.int64))


def _own_hints(layout: Layout) -> list[int]:
    """The hints of each container with blocks and of the elements between it and the next container outwards."""
    containers = layout.containers
    elements, numbers = [containers[0].element], [0]
    for number, container in enumerate(containers):
        if container.first == container.last or not number:
            continue
        node: Element | None = container.element
        stop = containers[container.parent].element
        while node is not stop and node is not None:
            elements.append(node)
            numbers.append(number)
            node = node.parent
    own = [0] * len(containers)
    for number, mask in zip(numbers, hint_masks(elements), strict=True):
        own[number] |= mask
    return own


def _tag_bits(element: Element) -> int:
    bits = _ANCESTOR_BITS.get(element.tag, 0)
    if element.hidden:
        bits |= HIDDEN_BIT
    if "aria-hidden" in element.attrs and element.attrs["aria-hidden"] == "true":
        bits |= ARIA_BIT
    return bits


@dataclass(slots=True)
class Texts:
    """Sums over the characters of each block."""

    size: Array
    """Characters, Han, kana and hangul counted twice."""
    counts: Array
    """Blocks x character classes."""
    linked: Array
    words: Array
    good: npt.NDArray[np.bool_]


def text_arrays(strings: Sequence[str], link_chars: Sequence[int]) -> Texts:
    """The sums over the characters of each block, from the texts of the blocks and their linked characters."""
    codes = _TABLE[np.frombuffer("".join(strings).encode("utf-32-le", "replace"), dtype=np.uint32)]
    lengths = np.array([len(text) for text in strings], dtype=np.int64)
    cells = np.repeat(np.arange(0, len(strings) * len(CLASSES), len(CLASSES)), lengths)
    cells += codes
    flat = np.bincount(cells, minlength=len(strings) * len(CLASSES))
    counts = flat.reshape(len(strings), len(CLASSES)).astype(np.float32)
    size = lengths + counts[:, CJK]
    linked = np.array(link_chars, dtype=np.float32) / np.maximum(1, lengths)
    good = (size > GOOD_CHARS) & (linked < GOOD_LINK_SHARE) & (counts[:, COMMA] + counts[:, STOP] > 0)
    words = counts[:, SPACE] + 1 + counts[:, CJK] / 2
    return Texts(size.astype(np.float32), counts, linked.astype(np.float32), words.astype(np.float32), good)


def cumulated(values: npt.NDArray[Any]) -> Floats:
    """Sums from the start: entry n is the sum of the first n values."""
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


@dataclass(slots=True)
class Evidence:
    """What is known of the article from elsewhere on the page."""

    title: str | None = None
    description: str | None = None
    article_body: str | None = None
    """The text that JSON-LD or embedded state gives as the body."""


class PageArrays:
    """The arrays that the groups of features share."""

    __slots__ = ("blocks", "containers", "good_size", "good_sum", "lines", "link_sum", "makes", "order", "own", "places", "promo",
                 "strings", "text_sum", "texts", "title", "up")  # fmt: skip

    def __init__(self, layout: Layout) -> None:
        self.blocks = layout.blocks
        self.strings = [block.text for block in layout.blocks]
        """The text of each block."""
        linked = [block.link_chars for block in layout.blocks]
        self.lines = [
            text[:SHORT].lower() if chars < ALL_LINK * len(text) else None for text, chars in zip(self.strings, linked, strict=True)
        ]
        """How each block begins, in lower case; None for blocks that are a link and no line of their own."""
        makes: dict[tuple[str, str], int] = {}
        self.makes = [makes.setdefault((block.tag, block.element.attrs.get("class", "")), len(makes)) for block in layout.blocks]
        """Number of each block's tag and class."""
        self.order = np.arange(len(self.blocks))
        self.containers = container_arrays(layout)
        self.places = np.array([block.container for block in layout.blocks], dtype=np.int64)
        """Container of each block."""
        self.own = self.containers.top[self.places]
        """Container of each block, joined with those that hold the same blocks."""
        self.up = self.containers.up[self.own]
        """The container round that one."""
        self.texts = text_arrays(self.strings, linked)
        self.good_size = np.where(self.texts.good, self.texts.size, 0.0)
        self.good_sum = cumulated(self.good_size)
        self.text_sum = cumulated(self.texts.size)
        self.link_sum = cumulated(self.texts.size * self.texts.linked)
        self.title = -1
        """Block of the headline; -1 without one."""
        self.promo = np.zeros(len(self.blocks), np.bool_)
        """Lines that begin as pointers to other articles do."""
