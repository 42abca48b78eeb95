"""Headings that no heading tag marks: bold lines between paragraphs, lines of a make of their own, and datelines.

Old table layouts set a heading as a bold line, generated markup as a `div` whose class is noise. What is left is form: a
short line without a full stop, unlike the paragraph that follows it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from newsarchive.dates import find_dates
from newsarchive.extractors.boilerplate import line_rule
from newsarchive.extractors.teaser_parts import date_line
from newsarchive.extractors.teaser_words import LIST_HEADINGS, RELATED_HEADINGS, Phrases
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.text import fold, reading_length

MAX_HEADING_CHARS = 110
"""Characters. Longer lines in bold are standfirsts."""
MAX_HEADING_WORDS = 14
MIN_FOLLOWING_CHARS = 120
"""Characters of the paragraph under a heading that only its form tells: shorter ones are lists, verses and dialogue."""
MAX_BETWEEN = 5
"""Blocks between two kept ones, ad labels among them, among which a heading is looked for."""
MIN_UNDER_CHARS = 80
MIN_PROBABILITY = 0.1
"""A heading's probability of being body from which its place decides; the model's threshold lies near 0.6 on clear pages."""
MAX_BARE_WORDS = 10
MIN_BARE_FOLLOWING_CHARS = 200
"""A line among the `<br><br>` paragraphs of one element is a heading where it is this short and its paragraph this long."""
MAX_DATELINE_REST = 60
"""Characters that may follow the headline in one block that is dropped with it: a dateline."""

_MODULE = Phrases(RELATED_HEADINGS, LIST_HEADINGS)
_NO_HEADINGS = frozenset(("promo", "teaser"))
_BOLD = frozenset(("b", "strong", "big"))
_OPEN_ENDS = frozenset('.,;:…!"”»)')


def untagged_headings(document: Document, kept: Sequence[Block]) -> set[int]:
    """Indexes of the kept blocks that are headings though no tag says so."""
    found = set()
    for at, block in enumerate(kept):
        if block.kind != "paragraph" or not _is_short_line(block.text) or at + 1 >= len(kept):
            continue
        following = kept[at + 1]
        if following.kind == "heading" or (following.kind == "paragraph" and _is_short_line(following.text)):
            continue
        if _is_bold(document, block) or (reading_length(following.text) >= MIN_FOLLOWING_CHARS and _is_set_apart(block, following, kept)):
            found.add(block.index)
    return found


def headings_between(
    document: Document, kept: Sequence[int], probabilities: Sequence[float], taken: Collection[int], names: Sequence[str] = ()
) -> list[int]:
    """Blocks between two kept paragraphs that the model was unsure of and that are headings by tag or form, right above the second.

    `kept` are indexes in page order; `taken` are blocks that other things occupy; `names` is what the model takes each block
    for, where it was asked: a heading of promotion or teasers is none of the article's. A short line's label is the least sure of
    all, and a heading right over a paragraph of the body is part of it.
    """
    blocks = document.blocks
    occupied = frozenset(kept) | frozenset(taken) | {index for index, name in enumerate(names) if name in _NO_HEADINGS}
    paragraphs = [blocks[index] for index in kept]
    found = []
    for before, after in itertools.pairwise(kept):
        following = blocks[after]
        if after - before > MAX_BETWEEN or following.kind == "heading" or reading_length(following.text) < MIN_UNDER_CHARS:
            continue
        for index in range(after - 1, before, -1):
            block = blocks[index]
            if index in occupied or line_rule(block.text) is not None:
                continue
            if reading_length(block.text) >= MIN_UNDER_CHARS:
                break
            if probabilities[index] >= MIN_PROBABILITY and not block.link_chars and _heads(document, block, following, paragraphs):
                found.append(index)
                break
    return found


def _heads(document: Document, block: Block, following: Block, paragraphs: Sequence[Block]) -> bool:
    if not _is_short_line(block.text) and not (block.kind == "heading" and len(block.text) <= MAX_HEADING_CHARS):
        return False
    if _MODULE.match(block.text):
        return False
    if block.kind == "heading":
        return True
    return block.kind == "paragraph" and (_is_bold(document, block) or _is_set_apart(block, following, paragraphs))


def _is_short_line(text: str) -> bool:
    return len(text) <= MAX_HEADING_CHARS and len(text.split()) <= MAX_HEADING_WORDS and text[-1] not in _OPEN_ENDS


def _is_bold(document: Document, block: Block) -> bool:
    """Whether one bold element (or a `font` of a larger size) holds the whole line."""
    node: Element | None = document.tree.elements[block.first]
    while node is not None and node is not block.element:
        style = node.attrs.get("style", "").replace(" ", "").lower()
        large = node.tag == "font" and node.attrs.get("size", "") in ("4", "5", "6", "+1", "+2", "+3")
        if (node.tag in _BOLD or large or "font-weight:bold" in style or "font-weight:700" in style) and fold(node.text) == block.text:
            return True
        node = node.parent
    return False


def _is_set_apart(block: Block, following: Block, kept: Sequence[Block]) -> bool:
    """Whether the line's element is of another make than the paragraphs, and not linked."""
    if block.link_chars or block.element.tag in ("th", "li") or not block.text[0].isupper():
        return False
    own, other = _make(block.element), _make(following.element)
    if own == other:
        return (
            block.element is following.element
            and len(block.text.split()) <= MAX_BARE_WORDS
            and reading_length(following.text) >= MIN_BARE_FOLLOWING_CHARS
        )
    paragraphs = {_make(item.element) for item in kept if reading_length(item.text) >= MIN_FOLLOWING_CHARS}
    return own not in paragraphs and bool(block.element.classes)


def _make(element: Element) -> tuple[str, str]:
    return element.tag, element.attrs.get("class", "")


def is_title_line(text: str, title: str | None, language: str | None) -> bool:
    """Whether a block is the headline, alone or with its dateline in the same block."""
    if not title or len(text) > 3 * len(title) + MAX_DATELINE_REST:
        # Folding makes three letters of one at most.
        return False
    wanted = title.casefold()
    if text[:1].casefold()[:1] != wanted[:1]:
        return False
    folded = text.casefold()
    if folded == wanted:
        return True
    if not folded.startswith(wanted) or len(text) > len(title) + MAX_DATELINE_REST:
        return False
    return date_line(text[len(title) :].strip(" |·•–—-"), language)


def is_dateline(text: str, language: str | None) -> bool:
    """Whether a block says nothing but when the article appeared."""
    return (
        len(text) <= MAX_DATELINE_REST
        and any(char.isdigit() for char in text)
        and bool(list(find_dates(text, language=language)))
        and date_line(text, language)
        and text[-1] != "."
    )
