"""The features of each text block that the block model reads: one row a block, 444 numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from newsarchive.extractors.block_arrays import (
    ANCESTORS,
    STOP,
    Array,
    Columns,
    Evidence,
    Ints,
    PageArrays,
    container_arrays,
    cumulated,
    text_arrays,
)
from newsarchive.extractors.boilerplate import END_MARK
from newsarchive.extractors.hints import HINT_NAMES, hint_mask
from newsarchive.extractors.line_features import ALL_LINK, SHORT, add_claims, add_lines, add_text, title_block, title_likeness
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element

LEVELS = 6
"""Ancestors (with different blocks each) that are described for a block."""

_LEVEL_NAMES = ("good", "quality", "linked", "text", "goods", "blocks", "place", "title", "direct")

_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "figcaption", "article", "section", "header",
         "footer", "aside", "dd", "dt", "pre", "body", "main", "figure", "address", "summary")  # fmt: skip
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE = ("a", "strong", "b", "em", "i", "time", "span", "small", "cite", "font")
_INLINE_BITS = {tag: 1 << bit for bit, tag in enumerate(_INLINE)}
_SINGLE_BIT = 1 << len(_INLINE)


def block_features(document: Document, evidence: Evidence) -> tuple[Array, list[str]]:
    """One row a block, and the names of the columns. The page must have at least one block."""
    layout = document.layout
    texts = text_arrays(layout.blocks)
    containers = container_arrays(layout)
    places = np.array([block.container for block in layout.blocks], dtype=np.int64)
    own = containers.top[places]
    columns = Columns()
    likeness = title_likeness(layout.blocks, evidence.title)
    page = PageArrays(
        layout.blocks,
        places,
        own,
        containers,
        texts,
        np.where(texts.good, texts.size, 0.0),
        title_block(layout.blocks, likeness),
        np.zeros(0, np.bool_),
        [block.text[:SHORT].lower() if block.link_chars < ALL_LINK * len(block.text) else None for block in layout.blocks],
    )
    add_text(columns, page)
    add_lines(columns, page, likeness)
    add_claims(columns, page, evidence)
    _add_markup(columns, page, document)
    _add_levels(columns, page)
    _add_regions(columns, page)
    _add_signatures(columns, page)
    _add_context(columns, page)
    _add_ends(columns, page)
    _add_page(columns, page)
    return columns.matrix(), columns.names


def _add_markup(columns: Columns, page: PageArrays, document: Document) -> None:
    blocks, containers, elements = page.blocks, page.containers, document.tree.elements
    tags = np.zeros((len(_TAGS), len(blocks)), dtype=np.float32)
    masks: list[int] = []
    inner: list[int] = []
    pictures: list[bool] = []
    for number, block in enumerate(blocks):
        known = _TAG_NUMBER.get(block.tag)
        if known is not None:
            tags[known, number] = 1
        node, bits, hints = elements[block.first], 0, 0
        if node is not block.element:
            steps = 0
            while node is not block.element and node.parent is not None and steps < 8:
                bits |= _INLINE_BITS.get(node.tag, 0)
                if node.attrs:
                    hints |= hint_mask(node)
                node = node.parent
                steps += 1
        masks.append(bits | _SINGLE_BIT if block.first == block.last else bits)
        inner.append(hints)
        links = block.links
        pictures.append(bool(links) and links[0].end - links[0].start == len(block.text))
    columns.add_rows([f"tag_{tag}" for tag in _TAGS], tags)
    near = containers.near[page.own] | containers.near[page.places] | np.array(inner, dtype=np.int64)
    columns.add_bits("inline", (*_INLINE, "single"), np.array(masks, dtype=np.int64))
    columns.add_bits("near", HINT_NAMES, near)
    columns.add_bits("mid", HINT_NAMES, containers.near[containers.up[page.own]])
    columns.add_bits("far", HINT_NAMES, containers.far[containers.up[page.own]])
    columns.add_bits("in", (*ANCESTORS, "hidden", "aria_hidden"), containers.tags[page.own])
    columns.add("one_link", np.array(pictures))
    columns.add("depth", np.array([block.element.depth for block in blocks]))


def _add_levels(columns: Columns, page: PageArrays) -> None:
    """Each of the nearest ancestors: how much of the page's text it holds, and of what quality."""
    containers, texts = page.containers, page.texts
    good, text, link, goods = (cumulated(values) for values in (page.good_size, texts.size, texts.size * texts.linked, texts.good))
    order = np.arange(len(page.blocks))
    total_good, total_text = max(1.0, good[-1]), max(1.0, text[-1])
    direct = np.bincount(containers.up[page.own], weights=page.good_size, minlength=len(containers.first)) / total_good
    nodes = np.empty((LEVELS, len(order)), np.int64)
    nodes[0] = page.own
    for level in range(1, LEVELS):
        nodes[level] = containers.up[nodes[level - 1]]
    first, last = containers.first[nodes], containers.last[nodes]
    size = np.maximum(1.0, text[last] - text[first])
    good_inside = good[last] - good[first]
    rows = np.empty((LEVELS, len(_LEVEL_NAMES), len(order)), np.float32)
    rows[:, 0] = 4 * good_inside / total_good
    rows[:, 1] = 4 * good_inside / size
    rows[:, 2] = 4 * (link[last] - link[first]) / size
    rows[:, 3] = 4 * size / total_text
    rows[:, 4] = goods[last] - goods[first]
    rows[:, 5] = last - first
    rows[:, 6] = 2 * (order - first) / np.maximum(1, last - first)
    rows[:, 7] = (first <= page.title) & (page.title < last)
    rows[:, 8] = 4 * direct[nodes]
    columns.add_rows([f"l{level}_{name}" for level in range(LEVELS) for name in _LEVEL_NAMES], rows.reshape(-1, len(order)))


def _add_regions(columns: Columns, page: PageArrays) -> None:
    """Where the block stands to the smallest containers that hold most of the good text, and to the best parent of paragraphs."""
    containers = page.containers
    good = cumulated(page.good_size)
    total = max(1.0, good[-1])
    order = np.arange(len(page.blocks))
    share = (good[containers.last] - good[containers.first]) / total
    width = containers.last - containers.first
    for percent in (40, 70, 90):
        fits = np.flatnonzero(share >= percent / 100 - 1e-9)
        best = int(fits[np.argmin(width[fits] * 1000.0 - fits)]) if len(fits) else 0
        _add_region(columns, f"r{percent}", page, order, int(containers.first[best]), int(containers.last[best]), percent == 70)
    direct = np.bincount(containers.up[page.own], weights=page.good_size, minlength=len(width))
    best = int(np.argmax(direct))
    columns.add("parent_share", np.full(len(order), 4 * direct[best] / total))
    columns.add("parent_is_best", containers.up[page.own] == best)
    columns.add("parent_of_best", containers.up[containers.up[page.own]] == best)
    _add_region(columns, "rp", page, order, int(containers.first[best]), int(containers.last[best]), True)
    articles = containers.article[page.own]
    title_article = int(articles[page.title]) if page.title >= 0 else -1
    columns.add("article_of_title", articles == title_article)
    columns.add("article_of_best", articles == int(containers.article[best]))
    columns.add("article_share", 4 * share[articles])


def _add_region(columns: Columns, name: str, page: PageArrays, order: Ints, first: int, last: int, distances: bool) -> None:
    inside = (order >= first) & (order < last)
    columns.add(f"{name}_inside", inside)
    if distances:
        goods = np.flatnonzero(page.texts.good[first:last])
        start, end = (first + int(goods[0]), first + int(goods[-1])) if len(goods) else (first, last)
        columns.add(f"{name}_before", np.maximum(0, first - order))
        columns.add(f"{name}_after", np.maximum(0, order - last + 1))
        columns.add(f"{name}_place", np.where(inside, (order - first) / max(1, last - first), 0))
        columns.add(f"{name}_before_good", np.maximum(0, start - order))
        columns.add(f"{name}_after_good", np.maximum(0, order - end))
        columns.add(f"{name}_width", np.full(len(order), last - first))


def _add_signatures(columns: Columns, page: PageArrays) -> None:
    """Blocks of the same make (tag, class, parent's tag): what they hold together."""
    texts = page.texts
    chains = _signatures(page.blocks)
    for name, signatures in (("sig", [chain[:3] for chain in chains]), ("chain", chains)):
        seen: dict[tuple[str, ...], int] = {}
        numbers = np.array([seen.setdefault(signature, len(seen)) for signature in signatures], dtype=np.int64)
        count = np.bincount(numbers)
        good = np.bincount(numbers, weights=page.good_size)
        size = np.bincount(numbers, weights=texts.size)
        link = np.bincount(numbers, weights=texts.size * texts.linked)
        columns.add(f"{name}_count", count[numbers])
        columns.add(f"{name}_good", 4 * good[numbers] / max(1.0, float(page.good_size.sum())))
        columns.add(f"{name}_quality", 4 * good[numbers] / np.maximum(1, size[numbers]))
        columns.add(f"{name}_size", size[numbers] / count[numbers])
        columns.add(f"{name}_linked", 4 * link[numbers] / np.maximum(1, size[numbers]))
    texts_seen: dict[str, int] = {}
    keys = np.array([texts_seen.setdefault(block.text, len(texts_seen)) for block in page.blocks], dtype=np.int64)
    _, firsts = np.unique(keys, return_index=True)
    columns.add("copies", np.bincount(keys)[keys])
    columns.add("is_copy", ~np.isin(np.arange(len(keys)), firsts))


def _signatures(blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Tag and class of each block's element, and the tags of its four nearest ancestors."""
    above: dict[int, tuple[str, ...]] = {}
    found = []
    for block in blocks:
        element = block.element
        parent = element.parent
        if parent is None:
            tags: tuple[str, ...] = ()
        else:
            known = above.get(parent.index)
            tags = above[parent.index] = _tags_from(parent) if known is None else known
        found.append((element.tag, element.attrs.get("class", ""), *tags))
    return found


def _tags_from(element: Element) -> tuple[str, ...]:
    parts, node = [element.tag], element.parent
    while node is not None and len(parts) < 4:
        parts.append(node.tag)
        node = node.parent
    return tuple(parts)


_NEIGHBOUR_NAMES = ("size", "linked", "good", "stops", "heading", "promo", "same", "alike")


def _add_context(columns: Columns, page: PageArrays) -> None:
    """The neighbours, and the nearest good blocks and headings on either side."""
    texts, own, containers = page.texts, page.own, page.containers
    count = len(page.blocks)
    heading = np.array([block.tag in _HEADING_TAGS for block in page.blocks])
    promo = page.promo & (texts.size <= SHORT)
    up = containers.up[own]
    sign = np.array([hash((block.tag, block.element.attrs.get("class", ""))) for block in page.blocks], dtype=np.int64)
    facts = np.stack([texts.size, texts.linked, texts.good, texts.counts[:, STOP], heading, promo]).astype(np.float32)
    kinds = np.stack([up, sign])
    for by in (1, 2, 3, -1, -2, -3):
        rows = np.zeros((len(_NEIGHBOUR_NAMES), count), np.float32)
        if abs(by) < count:
            here, there = (slice(by, None), slice(None, -by)) if by > 0 else (slice(None, by), slice(-by, None))
            rows[:6, here] = facts[:, there]
            rows[6:, here] = kinds[:, there] == kinds[:, here]
        side = f"{'prev' if by > 0 else 'next'}{abs(by)}"
        columns.add_rows([f"{side}_{name}" for name in _NEIGHBOUR_NAMES], rows)
    _add_nearest(columns, page, heading, promo)


def _add_nearest(columns: Columns, page: PageArrays, heading: npt.NDArray[np.bool_], promo: npt.NDArray[np.bool_]) -> None:
    """The nearest good blocks and headings on either side."""
    texts, up, count = page.texts, page.containers.up[page.own], len(page.blocks)
    order = np.arange(count)
    before = np.maximum.accumulate(np.where(texts.good, order, -1))
    before = np.concatenate(([-1], before[:-1]))
    after = np.minimum.accumulate(np.where(texts.good, order, count)[::-1])[::-1]
    after = np.concatenate((after[1:], [count]))
    columns.add("since_good", order - before)
    columns.add("until_good", after - order)
    text = cumulated(texts.size)
    columns.add("since_good_chars", text[order] - text[np.maximum(0, before + 1)])
    columns.add("until_good_chars", text[np.minimum(count, after)] - text[order + 1])
    safe_before, safe_after = np.maximum(0, before), np.minimum(count - 1, after)
    columns.add("good_before_same", (before >= 0) & (up[safe_before] == up))
    columns.add("good_after_same", (after < count) & (up[safe_after] == up))
    head = np.maximum.accumulate(np.where(heading, order, -1))
    safe = np.maximum(0, head)
    goods = cumulated(texts.good)
    columns.add("since_heading", order - head)
    columns.add("heading_promo", (head >= 0) & promo[safe])
    columns.add("heading_linked", np.where(head >= 0, texts.linked[safe], 0))
    columns.add("heading_same", (head >= 0) & (up[safe] == up))
    columns.add("heading_goods", np.where(head >= 0, goods[order] - goods[safe], 0))
    last_promo = np.maximum.accumulate(np.where(promo & (texts.size < 80), order, -1))
    columns.add("since_promo", np.where(last_promo >= 0, order - last_promo, 200))


def _add_ends(columns: Columns, page: PageArrays) -> None:
    """Marks of the article's end at or before a block."""
    texts, count = page.texts, len(page.blocks)
    marks = np.zeros(count, np.bool_)
    for number, line in enumerate(page.lines):
        if line is not None and END_MARK.match(line):
            marks[number] = True
    order = np.arange(count)
    short = marks & (texts.size < SHORT) & (order > page.title)
    last = np.maximum.accumulate(np.where(short, order, -1))
    columns.add("end_mark", marks)
    columns.add("since_end_mark", np.where(last >= 0, order - last, 300))
    good = cumulated(page.good_size)
    columns.add("end_mark_place", np.where(last >= 0, 4 * good[np.maximum(0, last)] / max(1.0, good[-1]), 0))
    columns.add("end_marks", np.cumsum(short))
    columns.add("end_marks_after", short.sum() - np.cumsum(short))


def _add_page(columns: Columns, page: PageArrays) -> None:
    """Where on the page, and what page it is."""
    texts, count = page.texts, len(page.blocks)
    order = np.arange(count)
    text, good = cumulated(texts.size), cumulated(page.good_size)
    columns.add("place", 4 * order / count)
    columns.add("place_text", 4 * text[order] / text[-1])
    columns.add("place_good", 4 * good[order] / max(1.0, good[-1]))
    columns.add("from_start", order)
    columns.add("from_end", count - order)
    for name, value in (
        ("page_blocks", count),
        ("page_text", text[-1]),
        ("page_good", good[-1]),
        ("page_goods", int(texts.good.sum())),
        ("page_quality", 4 * good[-1] / text[-1]),
        ("page_linked", 4 * float((texts.size * texts.linked).sum()) / text[-1]),
        ("page_paragraphs", sum(block.tag == "p" for block in page.blocks)),
    ):
        columns.add(name, np.full(count, value))
