"""The module a card stands in: its heading, and how many cards share it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from newsarchive.extractors.teaser_address import shape_of
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_menus import in_menu
from newsarchive.extractors.teaser_page import HEADING_TAGS, PageView
from newsarchive.extractors.teaser_parts import date_line
from newsarchive.extractors.teaser_words import AD_LABELS, INTERRUPTIONS, LIST_HEADINGS, MORE_LINKS, NOT_STORIES, RELATED_HEADINGS, Phrases
from newsarchive.pages.blocks import Block
from newsarchive.pages.tree import Element

MAX_HEADING_CHARS = 70
"""Characters of a module's heading; longer ones are headlines."""
MAX_BESIDE_HEADING = 150
"""Characters beside a heading in the element it shares with nothing of the module: more of them, and it heads something else."""
MAX_BESIDE_LABEL = 20
"""The same for labels of ads, tags and services: what stands beside one belongs to it, and the cards behind do not."""
MAX_AD_MODULE_CHARS = 2500
"""Characters of an element in which an ad label at its top speaks for all; in a larger one it is the label of one slot."""
MIN_LINKS_INSIDE = 2
"""Links of a block that is a whole list; with one link the words before it are a promo label."""
MAX_BACKWARD = 8
"""Blocks outside cards that are passed on the way back from a card to its module's heading."""

_RELATED = Phrases(RELATED_HEADINGS)
_LIST = Phrases(LIST_HEADINGS)
_AD = Phrases(AD_LABELS)
_NOT_STORIES = Phrases(NOT_STORIES)
names_relation = _RELATED.match
"""Whether a heading begins like one that claims a relation."""
names_list = _LIST.match
"""Whether a heading begins like one of a list of the site."""
_MORE = Phrases(MORE_LINKS)
_INTERRUPTION = Phrases(INTERRUPTIONS)
_RELATION_INSIDE = re.compile(
    r"\brelated\b|\bzum thema\b|\bon this (?:topic|story|subject)\b|\b(?:sur|dans) le même sujet\b|\bsobre (?:este|el) tema\b|"
    r"\bsull'argomento\b|\b(?:om|på) samma ämne\b|\bпо теме\b|\bna ten temat\b|\bk tématu\b|\bover dit onderwerp\b|"
    r"\brecommends$|\bvous (?:conseille|recommande)\b|\b(?:te|le|les) recomienda\b|\b(?:ti|vi) consiglia\b|\braadt aan\b",
    re.I,
)
"""Words that claim a relation wherever they stand in a heading (`Browse related`, `La rédaction vous conseille`)."""
_NOTICES = re.compile("お知らせ|プレゼント|イベント|出版情報|알립니다|공지|公告|通知")
"""Words of a heading over house notices, prizes and events, wherever they stand in it."""
_SHARE = re.compile(r"(?:share|tweet|teilen|partager|compartir|condividi|partilhar|print|e-?mail)\b.{0,30}", re.I)
_HEADING_HINT = re.compile(
    (
        r"(?:^|[\s_-])(?:title|titel|titre|titulo|headline|heading|header|head|label|caption|tit|hd)(?:$|[\s_-]|\d)|"
        r"__title|__head|widget-title|section-title|-title|-header|-heading"
    ),
    re.I,
)
_TO_TOP = re.compile(r"\b(?:to(?: the)? top|nach oben|haut de page|volver arriba|inizio pagina|ao topo|naar boven)\b", re.I)
"""A link back to the top of the page: it may stand beside a heading and is none."""


@dataclass(slots=True)
class Module:
    """Cards under one heading."""

    heading: str | None = None
    block: Block | None = None
    """The block of the heading."""
    element: Element | None = None
    cards: list[int] = field(default_factory=list)
    """Indexes of its cards."""

    @property
    def is_related(self) -> bool:
        """Whether the heading claims a relation."""
        return self.heading is not None and claims_relation(self.heading)

    @property
    def is_list(self) -> bool:
        """Whether the heading names a list of the site."""
        return self.heading is not None and _LIST.match(self.heading)

    @property
    def is_ad(self) -> bool:
        """Whether the heading labels ads."""
        return self.heading is not None and _AD.match(self.heading)

    @property
    def is_notice(self) -> bool:
        """Whether the heading stands over house notices, prizes or events: whatever a card there shows, it is no story."""
        return self.heading is not None and _NOTICES.search(self.heading) is not None

    @property
    def is_other(self) -> bool:
        """Whether the heading is that of a box that promotes no article."""
        if self.heading is None or self.is_list:
            return False
        return _NOT_STORIES.match(self.heading)


def claims_relation(heading: str) -> bool:
    """Whether a heading claims a relation to the article or its reader, at its start or further in."""
    return _RELATED.match(heading) or _RELATION_INSIDE.search(heading) is not None


_Above = dict[int, tuple[Block | None, int]]
"""Place of a card -> the heading above it, and the number of other blocks between them."""


def find_modules(view: PageView, cards: list[Card]) -> list[Module]:
    """The module of every card (one object for the cards that share a heading), in the order of the cards."""
    spans = [(card.first, card.end) for card in cards]
    starts = [first for first, _ in spans]
    block_starts = [block.first for block in view.blocks]
    modules: dict[tuple[int, int], Module] = {}
    above: _Above = {}
    result = []
    menu = Module()
    pictured = [heading for heading in view.headings if not heading.text and view.document.tree.below(heading, "img")]
    for i, card in enumerate(cards):
        if in_menu(view, card.lead):
            result.append(menu)
            continue
        block = _heading_block(view, cards, spans, starts, block_starts, i, above)
        text = block.text if block is not None else None
        if (inside := _heading_inside(view, card)) is not None:
            block, text = inside
        outer = _container(view, card, block)
        if text is None and pictured:
            text = _pictured_heading(view, card, pictured)
        elif block is not None and text == block.text:
            text = _whole_heading(view, block)
        key = (block.index if block is not None else -1, outer.index if block is None else -1)
        module = modules.get(key)
        if module is None:
            module = modules[key] = Module(heading=text.strip(" :") if text is not None else None, block=block, element=outer)
        module.cards.append(i)
        result.append(module)
    return result


def _pictured_heading(view: PageView, card: Card, pictured: list[Element]) -> str | None:
    """The `alt` text of a heading that is a picture, over the card and with nothing else beside it, where it names a list of stories."""
    for heading in reversed([element for element in pictured if element.index < card.first]):
        node = heading
        while node.parent is not None and not node.parent.index <= card.first < node.parent.end:
            node = node.parent
        alt = view.document.tree.below(heading, "img")[0].attrs.get("alt", "").strip()
        named = _RELATED.match(alt) or _LIST.match(alt)
        return alt if named and not view.chars(node) and node.parent is not None and not view.has_text(node.parent) else None
    return None


def _whole_heading(view: PageView, block: Block) -> str:
    """A heading's text, with that of the heading before it where both stand side by side in one element (`RELATED` `POSTS`)."""
    before = view.blocks[block.index - 1] if block.index else None
    if before is None or before.element.tag not in HEADING_TAGS or before.element.tag != block.element.tag:
        return block.text
    joined = f"{before.text} {block.text}"
    beside = before.element.parent is block.element.parent and before.element.end == block.element.index
    return joined if beside and len(joined) <= MAX_BESIDE_LABEL and _RELATED.match(joined) else block.text


def _heading_inside(view: PageView, card: Card) -> tuple[Block, str] | None:
    """The heading that stands in one block with its links, parted by `<br>` alone: what is before the first link, where it names a list."""
    block = card.lead.block
    if block is None or len(block.links) < MIN_LINKS_INSIDE or block in view.text_blocks:
        return None
    text = block.text[: block.links[0].start].strip(" \t:•·-–—|*>»")
    if 0 < len(text) <= MAX_HEADING_CHARS and (_RELATED.match(text) or _LIST.match(text)):
        return block, text
    return None


def _container(view: PageView, card: Card, block: Block | None) -> Element:
    """The element round the card's siblings."""
    holder = card.top.parent if card.top.parent is not None and card.holder is card.top else card.holder
    node = holder
    for _ in range(2):
        if _has_siblings(view, node) or node.parent is None or node.parent is view.body:
            break
        node = node.parent
    return node


def _has_siblings(view: PageView, node: Element) -> bool:
    """Whether two children at least hold a link or text. Looks no further than the second: lists of links have thousands."""
    found = 0
    for child in node.content:
        if not isinstance(child, str) and (child.tag == "a" or view.chars(child)):
            found += 1
            if found > 1:
                return True
    return False


def _heading_block(
    view: PageView, cards: list[Card], spans: list[tuple[int, int]], starts: list[int], block_starts: list[int], i: int, above: _Above
) -> Block | None:
    """The nearest heading before a card that is not part of a card and whose section holds no other card before it."""
    card = cards[i]
    block, _ = above[i] = _block_above(view, card, spans, starts, block_starts, above)
    return block if block is not None and _rules(view, block, card, starts, spans) else None


def _block_above(
    view: PageView, card: Card, spans: list[tuple[int, int]], starts: list[int], block_starts: list[int], above: _Above
) -> tuple[Block | None, int]:
    """The nearest heading before a card, past other cards, and how many other blocks stand between.

    From an earlier card on the way it goes on with what that one found: a list of thousands is walked once.
    """
    at = bisect_left(block_starts, card.first) - 1
    passed = 0
    while at >= 0 and passed <= MAX_BACKWARD:
        block = view.blocks[at]
        inside = _card_of(starts, spans, block.first)
        if inside is not None:
            if inside in above:
                heading, more = above[inside]
                return (heading, passed + more) if passed + more <= MAX_BACKWARD else (None, passed + more)
            at = _before(block_starts, spans[inside][0], at)
            continue
        if len(block.text) > 160 or (view.headline is not None and view.headline.index <= block.first < view.headline.end):
            return None, passed
        if _is_heading(view, block) or _opens_list(view, block, starts):
            return _plainer(view, block), passed
        passed += 1
        at -= 1
    return None, passed


def _plainer(view: PageView, block: Block) -> Block:
    """The heading right before a line that only its class names call one, where the two share an element with nothing else."""
    before = view.blocks[block.index - 1] if block.index else None
    if before is None or block.element.tag in HEADING_TAGS or before.element.tag not in HEADING_TAGS or _names_module(block.text):
        return block
    node = before.element
    while node.parent is not None and not node.parent.index <= block.first < node.parent.end:
        node = node.parent
    common = node.parent
    alone = common is not None and view.chars(common) <= len(before.text) + len(block.text) + 1
    return before if alone and _names_module(before.text) else block


def _names_module(text: str) -> bool:
    return _RELATED.match(text) or _LIST.match(text)


def _before(block_starts: list[int], first: int, at: int) -> int:
    return min(bisect_left(block_starts, first) - 1, at - 1)


def _card_of(starts: list[int], spans: list[tuple[int, int]], index: int) -> int | None:
    at = bisect_left(starts, index + 1) - 1
    while at >= 0 and at >= 0:
        if spans[at][0] <= index < spans[at][1]:
            return at
        if at == 0 or spans[at - 1][1] <= index:
            return None
        at -= 1
    return None


def _is_heading(view: PageView, block: Block) -> bool:
    text = block.text
    if _INTERRUPTION.match(text) and _holds_little(view, block):
        return False
    if _SHARE.match(text):
        return False
    if len(text) > MAX_HEADING_CHARS or (_MORE.match(text) and block.link_chars and not _RELATED.match(text)):
        return False
    if block.element.tag in HEADING_TAGS or block.kind == "heading" or block.element.attrs.get("role") == "heading":
        return True
    if _RELATED.match(text) or _LIST.match(text) or _AD.match(text) or _NOT_STORIES.match(text):
        return True
    if block.link_chars > 0.9 * len(text) and (len(text.split()) > 4 or _TO_TOP.search(text)):
        return False
    names = " ".join(block.element.classes)
    parent = block.element.parent
    if parent is not None and not block.element.classes:
        names += " " + " ".join(parent.classes)
    if _HEADING_HINT.search(names):
        return True
    inner = view.elements[block.first]
    return inner.tag in ("b", "strong", "legend", "summary", "dt", "th") or inner.attrs.get("role") == "heading"


def _opens_list(view: PageView, block: Block, starts: list[int]) -> bool:
    """Whether a short line is the first text of an element that holds several cards and no text of the article.

    It links to nothing, or to a section or topic.
    """
    if any((url := view.resolve(link.href)) is None or not shape_of(url).hub for link in block.links):
        return False
    if len(block.text) > MAX_PLAIN_HEADING_CHARS or not block.text[0].isupper() or block.text[-1] in ".…!,;":
        return False
    node = view.elements[block.first]
    while node.parent is not None and view.chars(node.parent) == len(block.text):
        node = node.parent
    parent = node.parent
    if parent is None or parent is view.body or view.has_text(parent) or date_line(block.text, view.document.language):
        return False
    cards = bisect_left(starts, parent.end) - bisect_left(starts, parent.index)
    return cards >= MIN_CARDS_BELOW and view.first_block(parent) is block


MAX_PLAIN_HEADING_CHARS = 50
MIN_CARDS_BELOW = 2
"""A line that only its place makes a heading: its length at most, and the cards below it at least."""


def _holds_little(view: PageView, block: Block) -> bool:
    """Whether the element round a label holds nothing but the label: then it heads no list of its own."""
    parent = block.element.parent
    return parent is None or view.has_text(parent) or view.chars(parent) <= len(block.text) + 40


def _rules(view: PageView, block: Block, card: Card, starts: list[int], spans: list[tuple[int, int]]) -> bool:
    """Whether a heading stands over this card: the part of the page it opens is not closed before the card by what it holds.

    Between the paragraphs of the article only a heading that names a list of stories is one: others are the article's own.
    """
    node: Element = view.elements[block.first]
    bare = node.index <= card.first < node.end
    while not bare and node.parent is not None and not (node.parent.index <= card.first < node.parent.end):
        node = node.parent
    common = node if bare else node.parent
    if (
        common is not None
        and view.has_text(common)
        and view.text_blocks[-1].first > block.first
        and not (_RELATED.match(block.text) or _LIST.match(block.text))
    ):
        return False
    if common is not None and _AD.match(block.text) and (view.chars(common) > MAX_AD_MODULE_CHARS or _INTERRUPTION.match(block.text)):
        return False
    if bare:
        return True
    at = bisect_left(starts, node.index)
    if at < len(starts) and starts[at] < node.end and spans[at][1] <= node.end <= card.first:
        return False
    alone = _AD.match(block.text) or _NOT_STORIES.match(block.text)
    return view.chars(node) <= len(block.text) + (MAX_BESIDE_LABEL if alone else MAX_BESIDE_HEADING)
