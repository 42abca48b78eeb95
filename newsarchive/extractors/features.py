"""The features of each text block that the block model reads: one row a block, 444 numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from newsarchive.extractors.block_arrays import (
    ANCESTORS,
    SHORT,
    STOP,
    Array,
    Columns,
    Evidence,
    Ints,
    PageArrays,
    cumulated,
)
from newsarchive.extractors.boilerplate import END_MARK
from newsarchive.extractors.hints import HINT_NAMES, hint_masks
from newsarchive.extractors.line_features import add_claims, add_lines, add_text, title_block, title_likeness
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element

LEVELS = 6
"""Ancestors (with different blocks each) that are described for a block."""

_LEVEL_PARTS = ("good", "quality", "linked", "text", "goods", "blocks", "place", "title", "direct")
_LEVEL_NAMES = tuple(f"l{level}_{part}" for level in range(LEVELS) for part in _LEVEL_PARTS)

_TAGS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "figcaption", "article", "section", "header",
         "footer", "aside", "dd", "dt", "pre", "body", "main", "figure", "address", "summary")  # fmt: skip
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE = ("a", "strong", "b", "em", "i", "time", "span", "small", "cite", "font")
_INLINE_BITS = {tag: 1 << bit for bit, tag in enumerate(_INLINE)}
_SINGLE_BIT = 1 << len(_INLINE)
_TAG_NAMES = tuple(f"tag_{tag}" for tag in _TAGS)
_INLINE_NAMES = tuple(f"inline_{name}" for name in (*_INLINE, "single"))
_NEAR_NAMES, _MID_NAMES, _FAR_NAMES = (tuple(f"{place}_{name}" for name in HINT_NAMES) for place in ("near", "mid", "far"))
_IN_NAMES = tuple(f"in_{name}" for name in (*ANCESTORS, "hidden", "aria_hidden"))


def block_features(document: Document, evidence: Evidence) -> tuple[Array, list[str]]:
    """One row a block, and the names of the columns. The page must have at least one block."""
    page = PageArrays(document.layout)
    columns = Columns(len(page.blocks))
    likeness = title_likeness(page.strings, evidence.title)
    page.title = title_block(page.blocks, likeness)
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
    masks: list[int] = []
    inner: list[Element] = []
    inside: list[int] = []
    one_link: list[bool] = []
    for number, block in enumerate(blocks):
        bits = _SINGLE_BIT if block.first == block.last else 0
        node, around, steps = elements[block.first], block.element, 0
        while node is not around and node.parent is not None and steps < 8:
            bits |= _INLINE_BITS.get(node.tag, 0)
            if node.attrs:
                inner.append(node)
                inside.append(number)
            node = node.parent
            steps += 1
        masks.append(bits)
        links = block.links
        one_link.append(bool(links) and links[0].end - links[0].start == len(block.text))
    hints = [0] * len(blocks)
    for number, mask in zip(inside, hint_masks(inner), strict=True):
        hints[number] |= mask
    tags = np.zeros((len(_TAGS) + 1, len(blocks)), np.float32)
    tags[[_TAG_NUMBER.get(block.tag, -1) for block in blocks], page.order] = 1
    columns.add_rows(_TAG_NAMES, tags[:-1])
    near = containers.near[page.own] | containers.near[page.places] | np.array(hints, dtype=np.int64)
    columns.add_bits(_INLINE_NAMES, np.array(masks, dtype=np.int64))
    columns.add_bits(_NEAR_NAMES, near)
    columns.add_bits(_MID_NAMES, containers.near[page.up])
    columns.add_bits(_FAR_NAMES, containers.far[page.up])
    columns.add_bits(_IN_NAMES, containers.tags[page.own])
    columns.add("one_link", np.array(one_link))
    columns.add("depth", np.array([block.element.depth for block in blocks]))


def _add_levels(columns: Columns, page: PageArrays) -> None:
    """Each of the nearest ancestors: how much of the page's text it holds, and of what quality."""
    containers, order = page.containers, page.order
    good, text, link, goods = page.good_sum, page.text_sum, page.link_sum, cumulated(page.texts.good)
    total_good, total_text = max(1.0, good[-1]), max(1.0, text[-1])
    direct = np.bincount(page.up, weights=page.good_size, minlength=len(containers.first)) / total_good
    nodes = np.empty((LEVELS, len(order)), np.int64)
    nodes[0], nodes[1] = page.own, page.up
    for level in range(2, LEVELS):
        nodes[level] = containers.up[nodes[level - 1]]
    first, last = containers.first[nodes], containers.last[nodes]
    size = np.maximum(1.0, text[last] - text[first])
    good_inside = good[last] - good[first]
    rows = np.empty((LEVELS, len(_LEVEL_PARTS), len(order)), np.float32)
    rows[:, 0] = 4 * good_inside / total_good
    rows[:, 1] = 4 * good_inside / size
    rows[:, 2] = 4 * (link[last] - link[first]) / size
    rows[:, 3] = 4 * size / total_text
    rows[:, 4] = goods[last] - goods[first]
    rows[:, 5] = last - first
    rows[:, 6] = 2 * (order - first) / np.maximum(1, last - first)
    rows[:, 7] = (first <= page.title) & (page.title < last)
    rows[:, 8] = 4 * direct[nodes]
    columns.add_rows(_LEVEL_NAMES, rows.reshape(-1, len(order)))


def _add_regions(columns: Columns, page: PageArrays) -> None:
    """Where the block stands to the smallest containers that hold most of the good text, and to the best parent of paragraphs."""
    containers, good, order = page.containers, page.good_sum, page.order
    total = max(1.0, good[-1])
    share = (good[containers.last] - good[containers.first]) / total
    width = containers.last - containers.first
    for percent in (40, 70, 90):
        fits = np.flatnonzero(share >= percent / 100 - 1e-9)
        best = int(fits[np.argmin(width[fits] * 1000.0 - fits)]) if len(fits) else 0
        _add_region(columns, f"r{percent}", page, order, int(containers.first[best]), int(containers.last[best]), percent == 70)
    direct = np.bincount(page.up, weights=page.good_size, minlength=len(width))
    best = int(np.argmax(direct))
    columns.add_page(("parent_share",), (4 * direct[best] / total,))
    columns.add("parent_is_best", page.up == best)
    columns.add("parent_of_best", containers.up[page.up] == best)
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
        columns.add_page((f"{name}_width",), (last - first,))


def _add_signatures(columns: Columns, page: PageArrays) -> None:
    """Blocks of the same make (tag, class, parent's tag): what they hold together."""
    texts, linked = page.texts, page.texts.size * page.texts.linked
    total = max(1.0, float(page.good_size.sum()))
    for names, signatures in zip(_MAKE_NAMES, _signatures(page), strict=True):
        numbers = np.array(signatures, dtype=np.int64)
        count = np.bincount(numbers)
        good = np.bincount(numbers, weights=page.good_size)
        size = np.bincount(numbers, weights=texts.size)
        link = np.bincount(numbers, weights=linked)
        least = np.maximum(1, size)
        columns.add_rows(names, np.stack((count, 4 * good / total, 4 * good / least, size / count, 4 * link / least))[:, numbers])
    texts_seen: dict[str, int] = {}
    keys = np.array([texts_seen.setdefault(text, len(texts_seen)) for text in page.strings], dtype=np.int64)
    columns.add("copies", np.bincount(keys)[keys])
    # Texts are numbered as they come: one that is no larger than those before it was there already.
    columns.add("is_copy", np.concatenate(([False], keys[1:] <= np.maximum.accumulate(keys)[:-1])))


_MAKE_NAMES = tuple(tuple(f"{make}_{part}" for part in ("count", "good", "quality", "size", "linked")) for make in ("sig", "chain"))


def _signatures(page: PageArrays) -> tuple[list[int], list[int]]:
    """The number of each block's make with the tag of its parent, and of that with the tags of its four nearest ancestors."""
    above: dict[int, tuple[str, tuple[str, ...]]] = {-1: ("", ())}
    seen_near: dict[tuple[int, str], int] = {}
    seen_far: dict[tuple[int, tuple[str, ...]], int] = {}
    near, far = [], []
    for block, make in zip(page.blocks, page.makes, strict=True):
        parent = block.element.parent
        place = -1 if parent is None else parent.index
        if parent is not None and place not in above:
            above[place] = (parent.tag, _tags_from(parent))
        tag, tags = above[place]
        near.append(seen_near.setdefault((make, tag), len(seen_near)))
        far.append(seen_far.setdefault((make, tags), len(seen_far)))
    return near, far


def _tags_from(element: Element) -> tuple[str, ...]:
    parts, node = [element.tag], element.parent
    while node is not None and len(parts) < 4:
        parts.append(node.tag)
        node = node.parent
    return tuple(parts)


_NEIGHBOURS = (1, 2, 3, -1, -2, -3)
"""Blocks before (and after, below zero) that are described for a block."""

_NEIGHBOUR_PARTS = ("size", "linked", "good", "stops", "heading", "promo", "same", "alike")
_NEIGHBOUR_NAMES = tuple(f"{'prev' if by > 0 else 'next'}{abs(by)}_{part}" for by in _NEIGHBOURS for part in _NEIGHBOUR_PARTS)


def _add_context(columns: Columns, page: PageArrays) -> None:
    """The neighbours, and the nearest good blocks and headings on either side."""
    texts, count = page.texts, len(page.blocks)
    heading = np.array([block.tag in _HEADING_TAGS for block in page.blocks])
    promo = page.promo & (texts.size <= SHORT)
    kinds = np.array((page.up, page.makes))
    facts = np.empty((6, count), np.float32)
    for row, values in enumerate((texts.size, texts.linked, texts.good, texts.counts[:, STOP], heading, promo)):
        facts[row] = values
    rows = np.zeros((len(_NEIGHBOURS), len(_NEIGHBOUR_PARTS), count), np.float32)
    for side, by in zip(rows, _NEIGHBOURS, strict=True):
        if abs(by) < count:
            here, there = (slice(by, None), slice(None, -by)) if by > 0 else (slice(None, by), slice(-by, None))
            side[:6, here] = facts[:, there]
            side[6:, here] = kinds[:, there] == kinds[:, here]
    columns.add_rows(_NEIGHBOUR_NAMES, rows.reshape(-1, count))
    _add_nearest(columns, page, heading, promo)


def _add_nearest(columns: Columns, page: PageArrays, heading: npt.NDArray[np.bool_], promo: npt.NDArray[np.bool_]) -> None:
    """The nearest good blocks and headings on either side."""
    texts, up, order, count = page.texts, page.up, page.order, len(page.blocks)
    before = np.maximum.accumulate(np.where(texts.good, order, -1))
    before = np.concatenate(([-1], before[:-1]))
    after = np.minimum.accumulate(np.where(texts.good, order, count)[::-1])[::-1]
    after = np.concatenate((after[1:], [count]))
    columns.add("since_good", order - before)
    columns.add("until_good", after - order)
    text = page.text_sum
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
    order, good = page.order, page.good_sum
    short = marks & (texts.size < SHORT) & (order > page.title)
    last = np.maximum.accumulate(np.where(short, order, -1))
    columns.add("end_mark", marks)
    columns.add("since_end_mark", np.where(last >= 0, order - last, 300))
    columns.add("end_mark_place", np.where(last >= 0, 4 * good[np.maximum(0, last)] / max(1.0, good[-1]), 0))
    until = np.cumsum(short)
    columns.add("end_marks", until)
    columns.add("end_marks_after", until[-1] - until)


def _add_page(columns: Columns, page: PageArrays) -> None:
    """Where on the page, and what page it is."""
    texts, order, count = page.texts, page.order, len(page.blocks)
    text, good = page.text_sum, page.good_sum
    columns.add("place", 4 * order / count)
    columns.add("place_text", 4 * text[order] / text[-1])
    columns.add("place_good", 4 * good[order] / max(1.0, good[-1]))
    columns.add("from_start", order)
    columns.add("from_end", count - order)
    columns.add_page(
        ("page_blocks", "page_text", "page_good", "page_goods", "page_quality", "page_linked", "page_paragraphs"),
        (
            count,
            text[-1],
            good[-1],
            int(np.count_nonzero(texts.good)),
            4 * good[-1] / text[-1],
            4 * float((texts.size * texts.linked).sum()) / text[-1],
            sum([block.tag == "p" for block in page.blocks]),
        ),
    )
