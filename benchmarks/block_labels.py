"""What each block of a bench page is, for training: kinds of body text by tag, the rest by markup where that is certain.

The answers say which blocks are body. What the others are is read from tags, class names and line rules; where nothing says
it, every label that no body text has is possible, and the model finds its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newsarchive.extractors.block_arrays import Array
from newsarchive.extractors.block_model import BODY_LABELS, LABELS
from newsarchive.extractors.body import drop_rule, kind_in_body
from newsarchive.pages.blocks import Block

_PROMO_RULES = frozenset(("ad-label", "ad-continues", "newsletter", "consent", "follow-us", "continue-reading", "share-bar"))
LINKED = 0.6
"""Link share from which a block is a link to elsewhere and no line of its own."""
TEASER_WORDS = 4
"""Words from which a line that is a link is a headline; shorter ones are names of sections."""
TEASER_CHARS = 12
"""The same for scripts without spaces, in characters."""
TITLE_LIKENESS = 1.19
"""Likeness of a block that is the title but for case and punctuation (`line_features.title_likeness` gives 1.2)."""
BYLINE_CHARS = 100
_COLUMNS = ("linked", "title_likeness", "by", "date", "in_nav", "in_footer", "near_nav", "near_ad", "near_comment", "far_comment",
            "near_footer", "near_bio", "near_about", "near_note", "near_byline", "near_date")  # fmt: skip


def possible_labels(blocks: Sequence[Block], body: Array, features: Array, names: Sequence[str]) -> Array:
    """Blocks x LABELS: 1 for each label the block can have."""
    columns = {name: features[:, names.index(name)] for name in _COLUMNS}
    result = np.zeros((len(blocks), len(LABELS)), np.float32)
    for number, block in enumerate(blocks):
        row = {name: values[number] for name, values in columns.items()}
        for label in (_body_kind(block),) if body[number] else _other_kinds(block, row):
            result[number, LABELS.index(label)] = 1
    return result


def _body_kind(block: Block) -> str:
    if block.tag in ("td", "th") or block.kind in ("preformatted", "table_row"):
        return "table_or_code"
    return block.kind


def _other_kinds(block: Block, row: dict[str, float]) -> Sequence[str]:
    linked = row["linked"] > LINKED
    rule = drop_rule(block)
    footer = row["in_footer"] or row["near_footer"] or row["near_bio"] or row["near_about"] or row["near_note"]
    byline = row["near_byline"] or row["near_date"] or row["by"]
    for holds, label in (
        (row["title_likeness"] >= TITLE_LIKENESS, "headline"),
        (rule in _PROMO_RULES or row["near_ad"], "promo"),
        (block.kind == "caption" or kind_in_body(block) == "caption", "picture_caption"),
        (linked and (row["in_nav"] or row["near_nav"]), "navigation"),
        (not linked and (row["near_comment"] or row["far_comment"]), "comment"),
        (linked and not footer and _is_headline(block.text), "teaser"),
        (linked, "navigation"),
        (rule == "copyright" or footer, "tail"),
        (byline and row["date"] and len(block.text) < BYLINE_CHARS, "byline_or_date"),
    ):
        if holds:
            return (label,)
    return LABELS[BODY_LABELS:]


def _is_headline(text: str) -> bool:
    return len(text.split()) >= TEASER_WORDS or (not text.isascii() and len(text) >= TEASER_CHARS)
