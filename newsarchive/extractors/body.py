"""The body: which blocks of the page are the article's text, and as what they are written down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from newsarchive.extractors.boilerplate import is_credit_line, is_promo_line, line_rule
from newsarchive.model.article import BodyBlock
from newsarchive.model.extraction import Dropped
from newsarchive.pages.blocks import Block, Kind
from newsarchive.pages.document import Document

SNIPPET = 120
"""Characters of a dropped block that are shown."""

GOOD_CHARS = 80
"""Characters of a block of good text (RECIPE: over 80 characters, link share under 0.3, with a comma or stop)."""

REGION_SHARE = 0.7
"""Share of the page's good text that the body's container holds at least."""


@dataclass
class Labels:
    """What the block model says of each block, in page order."""

    body: list[float]
    """Probability of being body text, 0 to 1."""
    kept: list[int] = field(default_factory=list)
    """Indexes of the blocks that are body, in page order. Teasers found later are taken out of it."""

    @property
    def first(self) -> int:
        """Index of the first body block; -1 where there is none."""
        return self.kept[0] if self.kept else -1

    @property
    def last(self) -> int:
        """Index of the last body block; -1 where there is none."""
        return self.kept[-1] if self.kept else -1


@dataclass
class Body:
    """The body as it will stand in the article, with the account of it."""

    blocks: list[BodyBlock]
    indexes: list[int]
    """The page's blocks it was made of."""
    rule: str
    """What decided: `block-model`, `second-opinion`, `jsonld-body`, `embedded-state`."""
    dropped: list[Dropped] = field(default_factory=list)
    confidence: float = 1.0
    flags: list[str] = field(default_factory=list)


def label_blocks(document: Document, title: str | None) -> Labels:
    """Decide for every block of the page whether it is body text."""
    blocks = document.blocks
    probabilities = _by_rules(blocks)
    kept = [block.index for block, q in zip(blocks, probabilities, strict=True) if q > 0.5 and not _is_title(block, title)]
    return Labels(probabilities, kept)


def _is_title(block: Block, title: str | None) -> bool:
    return title is not None and block.text.casefold() == title.casefold()


def _is_good(block: Block) -> bool:
    text = block.text
    size = len(text) if text.isascii() else len(text.encode("utf-8"))
    return size >= GOOD_CHARS and block.link_chars < 0.3 * len(text) and any(mark in text for mark in ".,。、!?।؟،")


def _by_rules(blocks: Sequence[Block]) -> list[float]:
    good = [len(block.text) if _is_good(block) and not block.hidden else 0 for block in blocks]
    total = sum(good)
    if not total:
        return [0.0] * len(blocks)
    sums: dict[int, int] = {}
    best = None
    for block, weight in zip(blocks, good, strict=True):
        if weight:
            for element in (block.element, *block.element.ancestors()):
                sums[element.index] = sums.get(element.index, 0) + weight
                if sums[element.index] >= REGION_SHARE * total and (best is None or element.end - element.index < best.end - best.index):
                    best = element
    if best is None:
        return [0.0] * len(blocks)
    inside = [block for block in blocks if best.index <= block.element.index < best.end]
    goods = [block.index for block in inside if good[block.index]]
    first, last = min(goods), max(goods)
    result = [0.0] * len(blocks)
    for block in inside:
        share = block.link_chars / len(block.text)
        if first <= block.index <= last and share < 0.5 and not block.hidden:
            result[block.index] = 0.9 if good[block.index] or block.kind != "paragraph" or block.tag == "p" else 0.4
        elif block.index == first - 1 and block.kind == "heading":
            result[block.index] = 0.6
    return result


def assemble(document: Document, labels: Labels, taken: Collection[int], *, title: str | None) -> Body:
    """The body from the labels, without what the rules drop and without the teasers' blocks."""
    kept: list[Block] = []
    dropped: list[Dropped] = []
    for index in labels.kept:
        block = document.blocks[index]
        rule = "teaser" if index in taken else drop_rule(block)
        if rule is None:
            kept.append(block)
        else:
            dropped.append(Dropped(rule, block.text[:SNIPPET], block.element.path()))
    kept = _without_dangling_headings(kept, dropped)
    blocks = [BodyBlock(_kind(block), block.text) for block in kept]
    return Body(blocks, [block.index for block in kept], "block-model", dropped)


def drop_rule(block: Block) -> str | None:
    """The id of the line rule that drops the block, or None."""
    rule = line_rule(block.text)
    if rule is None and is_promo_line(block.text, block.link_chars / len(block.text)):
        return "read-also"
    return rule


def _kind(block: Block) -> Kind:
    if block.kind == "paragraph" and is_credit_line(block.text):
        return "caption"
    return block.kind


def _without_dangling_headings(blocks: list[Block], dropped: list[Dropped]) -> list[Block]:
    """A heading at the end of the body heads something that is no body."""
    while blocks and blocks[-1].kind == "heading":
        block = blocks.pop()
        dropped.append(Dropped("heading-of-nothing", block.text[:SNIPPET], block.element.path()))
    return blocks
