"""The lines of a card: what a reader sees one below the other, with the elements they came from.

Block elements and `<br>` end a line. Inside a line the runs stay apart, so that a label or a credit in an element of
its own can be told from the text round it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from newsarchive.extractors.teaser_cards import Card, Piece
from newsarchive.pages.tree import BLOCK_TAGS, RUBY_AIDS, UNREAD, Element
from newsarchive.text import fold

_SKIPPED = UNREAD | frozenset(
    ("svg", "button", "select", "textarea", "input", "iframe", "video", "audio", "object", "canvas", "math", "form")
)
_FORMATTING = frozenset(
    [
        "em",
        "i",
        "b",
        "strong",
        "u",
        "mark",
        "q",
        "abbr",
        "sup",
        "sub",
        "wbr",
        "code",
        "kbd",
        "cite",
        "font",
        "ruby",
        "rb",
        "bdi",
        "bdo",
        "span",
        "data",
        "var",
        "s",
        "del",
        "ins",
        "tt",
        "big",
        "small",
    ]
)
"""Inline elements that may stand inside a sentence: alone they part no text."""


MAX_RUNS = 300
"""Pieces of text of one card that are read; a true card has a dozen."""


class Run:
    """A piece of a line with the innermost element that holds it."""

    __slots__ = ("element", "holder", "text")

    def __init__(self, text: str, element: Element, holder: Element) -> None:
        self.text = text
        """As parsed; fold it."""
        self.element = element
        self.holder = holder
        """The element whose content the card is a slice of."""

    @property
    def apart(self) -> bool:
        """Whether markup sets it apart from what stands beside it (an element of its own among elements)."""
        return _is_apart(self.element, self.holder)


class Line:
    """One line of a card."""

    __slots__ = ("element", "runs", "text")

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs
        self.text = fold("".join([run.text for run in runs]) if len(runs) > 1 else runs[0].text)
        node, last = runs[0].element, runs[-1].element
        while not node.index <= last.index < node.end and node.parent is not None:
            node = node.parent
        self.element = node
        """The innermost element that holds all of it."""

    def within(self, holder: Element) -> bool:
        """Whether all of it stands inside an element."""
        return all(holder.index <= run.element.index < holder.end for run in self.runs)

    def in_tag(self, card: Card, *tags: str) -> Element | None:
        """The innermost element of one of these tags round it, inside the card."""
        node: Element | None = self.element
        while node is not None and node.index >= card.first:
            if node.tag in tags or ("h" in tags and node.attrs.get("role") == "heading"):
                return node
            node = node.parent
        return None

    def __repr__(self) -> str:
        return f"<Line {self.text!r}>"


def lines_of(pieces: list[Piece], holder: Element) -> list[Line]:
    """The lines of a slice of an element's content."""
    lines: list[Line] = []
    runs: list[Run] = []

    def close() -> None:
        if runs:
            line = Line(runs[:])
            if line.text:
                lines.append(line)
            runs.clear()

    stack: list[tuple[Iterator[Piece], Element, bool]] = [(iter(pieces), holder, False)]
    while stack:
        content, element, is_block = stack[-1]
        piece = next(content, None)
        if len(lines) + len(runs) > MAX_RUNS:
            break
        if piece is None:
            stack.pop()
            if is_block:
                close()
        elif isinstance(piece, str):
            if piece.strip():
                runs.append(Run(piece, element, holder))
            elif runs:
                runs[-1].text += " "
        elif piece.tag == "br":
            close()
        elif piece.tag in _SKIPPED or piece.tag in RUBY_AIDS:
            continue
        else:
            block = piece.tag in BLOCK_TAGS
            if block:
                close()
            if piece.content:
                stack.append((iter(piece.content), piece, block))
    close()
    return lines


def _is_apart(element: Element, holder: Element) -> bool:
    """Whether an inline element's text is set apart: no bare text stands beside the element or its inline parents."""
    node = element
    while node is not holder and node.tag not in BLOCK_TAGS:
        parent = node.parent
        if parent is None:
            break
        if any(isinstance(piece, str) and any(char.isalnum() for char in piece) for piece in parent.content):
            return node.tag not in _FORMATTING
        if _has_two(parent):
            return True
        node = parent
    return False


def _has_two(parent: Element) -> bool:
    """Whether two children have text."""
    found = 0
    for piece in parent.content:
        if not isinstance(piece, str) and piece.text:
            found += 1
            if found == 2:
                return True
    return False


def split_apart(line: Line) -> list[Line]:
    """A line cut where markup sets runs apart: a kicker and a headline in two spans are two lines."""
    if len(line.runs) == 1:
        return [line]
    parts: list[list[Run]] = []
    for run in line.runs:
        last = parts[-1][-1] if parts else None
        if last is None or _is_marked(run) or _is_marked(last) or ((run.apart or last.apart) and not _same_part(last, run)):
            parts.append([run])
        else:
            parts[-1].append(run)
    return [found for found in (Line(part) for part in parts) if found.text]


_MARKED = re.compile(
    r"kicker|topline|eyebrow|overline|dachzeile|spitzmarke|(?:^|[\s_-])(?:category|section|rubric|rubrik|ressort|label|flag|prefix|date|datum|time|"
    r"timestamp|published)(?:$|[\s_-]|\d)",
    re.I,
)


def _is_marked(run: Run) -> bool:
    """Whether a run's own element names itself a label or a date: it is no part of the sentence it stands in."""
    element = run.element
    if element.tag == "time":
        return True
    return element.tag not in BLOCK_TAGS and bool(element.attrs) and bool(element.classes) and _names_mark(" ".join(element.classes))


@lru_cache(maxsize=4096)
def _names_mark(names: str) -> bool:
    return bool(_MARKED.search(names))


def _same_part(a: Run, b: Run) -> bool:
    """Whether two runs stand in one inline element that mixes text and elements."""
    node: Element | None = b.element
    while node is not None and node.tag not in BLOCK_TAGS:
        has_text = any(isinstance(piece, str) and any(char.isalnum() for char in piece) for piece in node.content)
        if has_text and node.index <= a.element.index < node.end:
            return True
        node = node.parent
    return False
