"""What the teaser finder knows of a page before it looks at links: places by markup, the body's region, targets.

Places (menu, footer, ad, comments, ...) are read from tags, roles and class names, and inherited downwards in one pass.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import attrgetter

from newsarchive.extractors.teaser_address import Shape, host_of, shape_of, target_key
from newsarchive.extractors.teaser_places import Place, own_place
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import BLOCK_TAGS, Element
from newsarchive.text import reading_length

_index = attrgetter("index")
GOOD_CHARS = 80
"""Characters a block needs to count as text of an article: RECIPE's measure of good text."""
MIN_GOOD_LETTERS = 30
"""Characters under which no block has that reading length, in whatever script; shorter ones are not weighed."""
GOOD_LINK_SHARE = 0.3
"""Share of linked characters below which a block counts as text."""
MAX_BESIDE_EXCERPT = 400
"""Characters beside a long block in an element that can still be a card: its headline, label, date and credit."""
MAX_SIBLINGS = 2000
"""Pieces of one element beyond which nobody looks for what stands beside a link: looking costs that much for every link."""
REGION_SHARE = 0.7
"""The body's region is the smallest element that holds this share of the good text."""


class PageView:
    """One page as the teaser finder sees it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.elements = document.tree.elements
        self.blocks = document.blocks
        body = document.tree.body
        self.body = body if body is not None else document.tree.root
        self._resolved: dict[str, str | None] = {}
        self._origin = _origin(document.base_url)
        self.shape: Shape = shape_of(document.url or "")
        """What the page's own address looks like."""
        self.host = host_of(document.url or "")
        """The page's own host without `www.`."""
        self._block_starts = [block.first for block in self.blocks]
        self._chars = [0, *accumulate(len(block.text) for block in self.blocks)]
        self.base_key = target_key(document.url) if document.url else ""
        self.headings: list[Element] = []
        self.anchors: list[Element] = []
        """Elements that are links, or act as one through a script."""
        self._sort_elements()
        self._heading_starts = [e.index for e in self.headings]
        self.region = self.body
        """The smallest element that holds most of the article's text."""
        self.text_blocks: list[Block] = []
        """The paragraphs of the article, as far as the finder can tell."""
        self._text_starts: list[int] = []
        self._placed: dict[int, int] = {}
        self._own: dict[int, int] = {}
        self._commented: dict[int, bool] = {}
        self.menus: dict[int, bool] = {}
        """What was found of elements that only class names call menus, by index: whether they list stories (`teaser_cards`)."""
        self.headline: Element | None = None

    def _sort_elements(self) -> None:
        """Headings and links in page order, from the lists that were made while parsing."""
        by_tag, acting = self.document.tree.by_tag, self.document.tree.acting
        headings = [element for element in acting if element.attrs.get("role") == "heading" and element.tag not in HEADING_TAGS]
        anchors = [element for element in acting if "onclick" in element.attrs or element.attrs.get("role") == "link"]
        self.headings = sorted(chain(headings, *map(by_tag, HEADING_TAGS)), key=_index)
        others = (element for element in anchors if element.tag != "a" and element.tag != "area")
        self.anchors = sorted(chain(others, by_tag("a"), by_tag("area")), key=_index)

    def settle(self, headlines: Sequence[int], body_blocks: Sequence[int] | None = None) -> None:
        """Find the article's region, its paragraphs and its headline. `headlines`: element indexes of links with a headline, sorted."""
        good = self._good_blocks(headlines)
        if body_blocks:
            known = frozenset(body_blocks)
            good = [block for block in good if block.index in known] or good
        self.region = self._region(good)
        chosen = [block for block in good if self.region.index <= block.first < self.region.end]
        self.text_blocks = chosen
        self._text_starts = [block.first for block in chosen]
        self.headline = self._headline()

    def _good_blocks(self, headlines: Sequence[int]) -> list[Block]:
        good = [
            block
            for block in self.blocks
            if len(block.text) >= MIN_GOOD_LETTERS
            and block.link_chars < GOOD_LINK_SHARE * len(block.text)
            and block.kind != "caption"
            and reading_length(block.text) >= GOOD_CHARS
            and not block.hidden
            and "://" not in block.text[:8]
        ]
        total = sum(len(block.text) for block in good)
        good = [block for block in good if not self._in_comments(block, total)]
        starts = [block.first for block in good]
        return [block for block in good if not self._is_excerpt(block, starts, headlines)]

    def _in_comments(self, block: Block, total: int) -> bool:
        """Whether an element round the block names itself comments and holds less than half of the page's text."""
        chain = []
        node: Element | None = block.element
        while node is not None and node.depth > self.body.depth and node.index not in self._commented:
            chain.append(node)
            node = node.parent
        found = node is not None and self._commented.get(node.index, False)
        for item in reversed(chain):
            found = found or (bool(item.attrs) and bool(self._own_place(item) & Place.COMMENTS) and self.chars(item) < total / 2)
            self._commented[item.index] = found
        return found

    def _is_excerpt(self, block: Block, starts: list[int], headlines: Sequence[int]) -> bool:
        """Whether a long block is the only one in a small element that also links to a story with its headline: text of a card."""
        node: Element | None = block.element
        for _ in range(7):
            if node is None or node is self.body or node.tag == "main" or self.chars(node) > len(block.text) + MAX_BESIDE_EXCERPT:
                return False
            if bisect_left(starts, node.end) - bisect_left(starts, node.index) > 1:
                return False
            for at in range(bisect_left(headlines, node.index), bisect_left(headlines, node.end)):
                element = self.elements[headlines[at]]
                if not any(link.element is element for link in block.links) or on_own_line(element) or block.element.within("a"):
                    return True
            if node.tag == "a":
                return True
            node = node.parent
        return False

    def _region(self, good: list[Block]) -> Element:
        total = sum(len(block.text) for block in good)
        weights: dict[int, int] = {}
        for block in good:
            element: Element | None = block.element
            while element is not None:
                weights[element.index] = weights.get(element.index, 0) + len(block.text)
                element = element.parent
        best = self.body
        for index, weight in weights.items():
            if weight >= REGION_SHARE * total and index > best.index and self.elements[index].end <= best.end:
                best = self.elements[index]
        return best

    def _own_place(self, element: Element) -> int:
        found = self._own.get(element.index)
        if found is None:
            found = self._own[element.index] = own_place(element)
        return found

    def place(self, element: Element) -> int:
        """The places of an element, own and inherited. What holds paragraphs of the article gives nothing on: it is no menu or box."""
        chain = []
        node: Element | None = element
        while node is not None and node.index not in self._placed:
            chain.append(node)
            node = node.parent
        place = self._placed[node.index] if node is not None else 0
        region, body = self.region, self.body
        for item in reversed(chain):
            if item.index <= body.index or (item.index <= region.index and item.end >= region.end):
                place = 0
            elif not self.has_text(item):
                place |= self._own_place(item)
            self._placed[item.index] = place
        return place

    def _headline(self) -> Element | None:
        """The article's own h1: the last one before or in the region that is not empty, or the first of the page."""
        ones = [e for e in self.headings if (e.tag == "h1" or e.attrs.get("aria-level") == "1") and e.text and not e.within("a")]
        before = [e for e in ones if not self.text_blocks or e.index <= self.text_blocks[-1].first]
        return before[0] if before else (ones[0] if ones else None)

    def is_before_headline(self, element: Element) -> bool:
        """Whether an element stands before the article's headline."""
        return self.headline is not None and element.index < self.headline.index

    def has_text(self, element: Element) -> bool:
        """Whether a paragraph of the article lies inside."""
        at = bisect_left(self._text_starts, element.index)
        return at < len(self._text_starts) and self._text_starts[at] < element.end

    def heading_round(self, element: Element) -> Element | None:
        """The heading element that an element is or stands in."""
        at = bisect_left(self._heading_starts, element.index + 1) - 1
        return self.headings[at] if at >= 0 and self.headings[at].end > element.index else None

    def headings_in(self, first: int, end: int) -> list[Element]:
        """The heading elements with an index from `first` up to `end`."""
        return self.headings[bisect_left(self._heading_starts, first) : bisect_left(self._heading_starts, end)]

    def is_between_text(self, element: Element) -> bool:
        """Whether paragraphs of the article stand before and after it, inside the article's region."""
        starts = self._text_starts
        if not starts or not (self.region.index <= element.index < self.region.end):
            return False
        return starts[0] < element.index and starts[-1] >= element.end

    def resolve(self, href: str) -> str | None:
        """An address of the page, absolute; None for what is no page's address."""
        if href not in self._resolved:
            self._resolved[href] = self._resolve(href)
        return self._resolved[href]

    def _resolve(self, href: str) -> str | None:
        href = href.strip()
        if not href or href[0] == "#" or href[:11].lower() == "javascript:" or href[:7].lower() == "mailto:":
            return None
        if self._origin and _PLAIN_PATH.fullmatch(href):
            return self._origin + href
        if _PLAIN_URL.fullmatch(href):
            return href
        return self.document.resolve(href)

    def first_block(self, element: Element) -> Block | None:
        """The first text block that begins inside an element."""
        at = bisect_left(self._block_starts, element.index)
        return self.blocks[at] if at < len(self.blocks) and self.blocks[at].first < element.end else None

    def chars(self, element: Element) -> int:
        """Characters of the text blocks that begin inside an element."""
        return self._chars[bisect_left(self._block_starts, element.end)] - self._chars[bisect_left(self._block_starts, element.index)]


def on_own_line(element: Element) -> bool:
    """Whether an inline element is set apart by `<br>` or block edges on both sides, inline wrappers aside."""
    node = element
    while node.parent is not None and node.parent.tag not in BLOCK_TAGS and _alone_in(node):
        node = node.parent
    if node.parent is None:
        return True
    content = node.parent.content
    if len(content) > MAX_SIBLINGS:
        return False
    at = next(i for i, piece in enumerate(content) if piece is node)
    before = next((piece for piece in reversed(content[:at]) if not isinstance(piece, str) or piece.strip()), None)
    after = next((piece for piece in content[at + 1 :] if not isinstance(piece, str) or piece.strip()), None)
    return all(
        piece is None or (not isinstance(piece, str) and (piece.tag == "br" or piece.tag in BLOCK_TAGS)) for piece in (before, after)
    ) and not (before is None and after is None)


def _alone_in(node: Element) -> bool:
    assert node.parent is not None
    return all(piece is node or (isinstance(piece, str) and not piece.strip()) for piece in node.parent.content)


_PLAIN_PATH = re.compile(r"/(?![/.])[\w%~!$&'()*+,;=:@-]*(?:[/.](?!\.)[\w%~!$&'()*+,;=:@-]*)*(?:\?[^#\s]*)?", re.A)
_PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+/(?![/.])[\w%~!$&'()*+,;=:@-]*(?:[/.](?!\.)[\w%~!$&'()*+,;=:@-]*)*(?:\?[^#\s]*)?", re.A)
"""Addresses that resolving would leave as they are: no fragment, no dot segments, nothing to clean."""

HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def _origin(url: str) -> str:
    """Scheme and host of an address as written."""
    return "/".join(url.split("/", 3)[:3]).partition("?")[0].partition("#")[0]
