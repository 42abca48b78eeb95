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

from newsarchive.extractors.hints import hint_mask
from newsarchive.pages.blocks import Block, Layout
from newsarchive.pages.tree import Element

Array = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

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
    """Named feature columns."""

    __slots__ = ("arrays", "names")

    def __init__(self) -> None:
        self.names: list[str] = []
        self.arrays: list[npt.NDArray[Any]] = []

    def add(self, name: str, array: npt.NDArray[Any]) -> None:
        """One column."""
        self.names.append(name)
        self.arrays.append(array)

    def add_rows(self, names: Sequence[str], rows: npt.NDArray[Any]) -> None:
        """Several columns, a row of the array each."""
        self.names.extend(names)
        self.arrays.append(rows)

    def add_bits(self, prefix: str, names: Sequence[str], masks: Ints) -> None:
        """One column a bit."""
        bits = (masks >> np.arange(len(names))[:, None]) & 1
        self.add_rows([f"{prefix}_{name}" for name in names], bits)

    def matrix(self) -> Array:
        """All columns side by side; filled row by row, which is faster, and turned."""
        result = np.empty((len(self.names), len(self.arrays[0])), np.float32)
        row = 0
        for array in self.arrays:
            if array.ndim == 2:
                result[row : row + len(array)] = array
                row += len(array)
            else:
                result[row] = array
                row += 1
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
    firsts, lasts = [container.first for container in containers], [container.last for container in containers]
    elements, parents = [container.element for container in containers], [container.parent for container in containers]
    count = len(containers)
    top, up, near, far, tags, article = ([0] * count for _ in range(6))
    near[0] = far[0] = hint_mask(elements[0])
    tags[0] = _tag_bits(elements[0])
    for number in range(1, count):
        if firsts[number] == lasts[number]:
            continue
        element, parent = elements[number], parents[number]
        own = hint_mask(element)
        stop, node = elements[parent], element.parent
        while node is not stop and node is not None:
            own |= hint_mask(node)
            node = node.parent
        if firsts[parent] == firsts[number] and lasts[parent] == lasts[number]:
            top[number] = up_from = top[parent]
            near[number] = own | near[parent]
        else:
            top[number] = up_from = number
            near[number] = own
        up[number] = max(0, parents[up_from])
        far[number] = own | far[parent]
        tags[number] = _tag_bits(element) | tags[parent]
        article[number] = number if element.tag == "article" else article[parent]
    arrays = (np.array(values, dtype=np.int64) for values in (firsts, lasts, top, up, near, far, tags, article))
    return Containers(*arrays)


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


def text_arrays(blocks: Sequence[Block]) -> Texts:
    """The sums over the characters of each block."""
    joined = "".join([block.text for block in blocks])
    codes = _TABLE[np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)]
    lengths = np.array([len(block.text) for block in blocks], dtype=np.int64)
    rows = np.repeat(np.arange(len(blocks)), lengths)
    flat = np.bincount(rows * len(CLASSES) + codes, minlength=len(blocks) * len(CLASSES))
    counts = flat.reshape(len(blocks), len(CLASSES)).astype(np.float32)
    size = lengths + counts[:, CJK]
    linked = np.array([block.link_chars for block in blocks], dtype=np.float32) / np.maximum(1, lengths)
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


@dataclass(slots=True)
class PageArrays:
    """The arrays that the groups of features share."""

    blocks: Sequence[Block]
    places: Ints
    """Container of each block."""
    own: Ints
    """Container of each block, joined with those that hold the same blocks."""
    containers: Containers
    texts: Texts
    good_size: Floats
    title: int
    """Block of the headline; -1 without one."""
    promo: npt.NDArray[np.bool_]
    """Lines that begin as pointers to other articles do."""
    lines: Sequence[str | None]
    """How each block begins, in lower case; None for blocks that are a link and no line of their own."""
