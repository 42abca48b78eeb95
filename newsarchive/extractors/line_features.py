"""The features of a block's own words: what the text is made of, what the line says it is, what the page's data say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from newsarchive.extractors.block_arrays import CJK, CLASSES, COMMA, SPACE, STOP, Columns, Evidence, Floats, PageArrays
from newsarchive.extractors.boilerplate import CREDIT, READ_ALSO
from newsarchive.pages.blocks import Block

_BY = re.compile(
    r"\W*(?:by|von|par|por|di|door|av|af|od|text|texte|autor|author|words|story|oleh|автор|取材|文|記者|记者|本报|작성)[\s:：]"
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d{1,2}|\b\d{1,2}(?:st|nd|rd|th)?\s\w{3,9}\b|\bago\b|\b(?:am|pm|uhr|gmt|utc|est|edt)\b")
_WORD = re.compile(r"\w+")
_SQUEEZE = re.compile(r"\W+")

ALL_LINK = 0.9
"""Link share of a block from which it is a link and no line of its own; most blocks of a page are."""

SHORT = 160
"""Characters. Only shorter blocks are compared with the title and asked for bylines and dates."""


def add_text(columns: Columns, page: PageArrays) -> None:
    """The block's own text: length, characters, links, how it begins and ends."""
    texts = page.texts
    columns.add("size", texts.size)
    columns.add("words", texts.words)
    columns.add("linked", texts.linked)
    columns.add("links", np.array([len(block.links) for block in page.blocks]))
    columns.add("good", texts.good)
    length = np.maximum(1.0, texts.counts.sum(axis=1))
    for number, name in enumerate(CLASSES):
        if number != SPACE:
            columns.add(f"share_{name}", 10 * texts.counts[:, number] / length)
    columns.add("commas", texts.counts[:, COMMA])
    columns.add("stops", texts.counts[:, STOP])
    columns.add("cjk", texts.counts[:, CJK])
    columns.add("word_size", texts.size / texts.words)
    columns.add("sentence_size", texts.size / (1 + texts.counts[:, STOP]))
    endings = [block.text[-1] for block in page.blocks]
    columns.add("ends_stop", np.array([end in '.!?。！？।؟"”»' for end in endings]))
    columns.add("ends_colon", np.array([end in ":：" for end in endings]))
    columns.add("ends_dots", np.array([block.text.endswith(("…", "...", "[...]", "[…]")) for block in page.blocks]))
    columns.add("starts_lower", np.array([block.text[0].islower() for block in page.blocks]))
    columns.add("starts_digit", np.array([block.text[0].isdigit() for block in page.blocks]))
    columns.add("starts_dash", np.array([block.text[0] in "-–—•*·>→»©|/#@([" for block in page.blocks]))


def _tokens(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def title_likeness(blocks: Sequence[Block], title: str | None) -> Floats:
    """Share of common words of each short block and the title (0 for long blocks)."""
    likeness = np.zeros(len(blocks))
    if not title:
        return likeness
    wanted = _tokens(title)
    squeezed = _SQUEEZE.sub("", title.lower())
    low, high = len(title) // 4, 3 * len(title) + 20
    for number, block in enumerate(blocks):
        if low <= len(block.text) <= high:
            lowered = block.text.lower()
            if not any(word in lowered for word in wanted):
                continue
            have = set(_WORD.findall(lowered))
            common = len(wanted & have)
            if common:
                likeness[number] = common / (len(wanted) + len(have) - common)
                if likeness[number] > 0.5 and _SQUEEZE.sub("", lowered) == squeezed:
                    likeness[number] = 1.2
    return likeness


def title_block(blocks: Sequence[Block], likeness: Floats) -> int:
    """The block that shows the headline; -1 where none is like the title and none is an h1."""
    weight = likeness + np.array([0.35 if block.tag == "h1" else 0.1 if block.tag == "h2" else 0.0 for block in blocks])
    best = int(np.argmax(weight))
    return best if weight[best] >= 0.35 else -1


def add_lines(columns: Columns, page: PageArrays, likeness: Floats) -> None:
    """What the line says it is: a pointer, a credit, a byline, a date, the title."""
    blocks, count = page.blocks, len(page.blocks)
    promo, credit, by, date = (np.zeros(count, np.int64) for _ in range(4))
    for number, text in enumerate(page.lines):
        if text is None:
            continue
        size = len(blocks[number].text)
        if size <= 2 * SHORT:
            if READ_ALSO.match(text if size <= SHORT else blocks[number].text.lower()):
                promo[number] = 1
            if size <= SHORT:
                if CREDIT.match(text):
                    credit[number] = 1
                if _BY.match(text):
                    by[number] = 1
                if _DATE.search(text):
                    date[number] = 1
    page.promo = promo.astype(np.bool_)
    columns.add("promo", promo)
    columns.add("credit", credit)
    columns.add("by", by)
    columns.add("date", date)
    columns.add("title_likeness", likeness)
    offset = np.arange(count) - page.title
    columns.add("after_title", np.where(page.title >= 0, offset, 0))
    columns.add("has_title", np.full(count, page.title >= 0))
    columns.add("is_title", (offset == 0) & (page.title >= 0))


def add_claims(columns: Columns, page: PageArrays, evidence: Evidence) -> None:
    """Whether a block stands in what the page's data give as description and as body."""
    blocks, count = page.blocks, len(page.blocks)
    described, claimed = np.zeros(count), np.zeros(count)
    description = _SQUEEZE.sub("", (evidence.description or "").lower())
    body = _SQUEEZE.sub("", (evidence.article_body or "").lower())
    if len(description) > 20 or len(body) > 200:
        for number, line in enumerate(page.lines):
            text = blocks[number].text
            if line is not None and len(text) >= 20:
                if len(body) <= 200 and line[0].isalnum() and line[0] != description[0]:
                    continue
                start = _SQUEEZE.sub("", text[:100].lower())
                if len(description) > 20 and (start.startswith(description[:60]) or description.startswith(start[:60])):
                    described[number] = 1
                if len(body) > 200 and start:
                    end = start if len(text) <= 100 else _SQUEEZE.sub("", text[-100:].lower())
                    claimed[number] = ((start[:40] in body) + (end[-40:] in body)) / 2
    columns.add("described", described)
    columns.add("claimed", claimed)
    columns.add("has_claim", np.full(count, len(body) > 200))
