"""The kind of a teaser: `inline` by its position, `related` or `list` by its module's heading."""

from __future__ import annotations

import re

from newsarchive.extractors.teaser_address import shape_of
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_modules import Module, claims_relation, names_list, names_relation
from newsarchive.extractors.teaser_page import HEADING_TAGS, PageView
from newsarchive.extractors.teaser_places import Place
from newsarchive.model.teaser import TeaserKind
from newsarchive.pages.tree import Element

_MORE_IN = re.compile(r"more (?:in|on|about) (?P<what>.+)", re.I)


def kind_of_card(view: PageView, card: Card, module: Module, label: str | None, *, repeated: bool) -> TeaserKind:
    """`inline` by position, `related` by the heading's words, else `list`.

    `repeated`: whether the card stands on the page three times or more, as lists beside every piece of a long text do.
    """
    if (view.is_between_text(card.top) and not (repeated and module.is_list)) or (module.is_related and _opens_column(view, card)):
        return "inline"
    block = card.lead.block
    in_line = label is not None and module.heading is None and block is not None and block.text.lstrip("([").startswith(label)
    if in_line and _ends_text(view, card):
        return "inline"
    heading = label if label is not None and (names_relation(label) or names_list(label)) else module.heading or label
    if heading is None:
        if _ends_text(view, card) or _under_headline(view, card):
            return "inline"
        return "related" if view.place(card.lead.element) & Place.RELATED else "list"
    more = _MORE_IN.match(heading)
    if more and heading.lower().startswith("more in"):
        what = more.group("what").strip().casefold()
        path = (view.document.url or "").casefold()
        general = len(what.split()) == 1 or f"/{what.replace(' ', '-')}/" in path or what in ("this section", "this category")
        return "list" if general else "related"
    if claims_relation(heading):
        return "related"
    return "related" if not _RANKING.match(heading) and _is_topic(view, module) else "list"


def _is_topic(view: PageView, module: Module) -> bool:
    """Whether a module's heading links to a topic's page, or names what the article's headline names."""
    block = module.block
    if block is None or module.heading is None:
        return False
    if any((url := view.resolve(link.href)) is not None and shape_of(url).topic for link in block.links):
        return True
    headline = view.headline.text.casefold() if view.headline is not None else ""
    sections = set(view.shape.pieces[:-1])
    words = [word for word in _WORD.findall(module.heading) if len(word) >= MIN_TOPIC_CHARS and word[0].isupper()]
    return any(word.casefold() in headline and word.casefold() not in sections for word in words)


_RANKING = re.compile(
    r"most |top |popular|trending|latest |more from|meist|am meisten|neueste|mehr (?:aus|von)|les plus|plus de|lo más|más de", re.I
)
"""Headings that rank or date what they list, whatever they name: no topic."""
MIN_TOPIC_CHARS = 5
"""Letters of a capitalised word that a module's heading and the article's headline share by more than chance."""
_WORD = re.compile(r"[^\W\d_]+")


def _opens_column(view: PageView, card: Card) -> bool:
    """Whether the card stands in the column of paragraphs before the first of them: the column holds no headline."""
    region, headline = view.region, view.headline
    if not view.text_blocks or headline is None or region.index <= headline.index < region.end or region is view.body:
        return False
    return region.index < card.first and card.end <= view.text_blocks[0].first


def _ends_text(view: PageView, card: Card) -> bool:
    """Whether the card stands right behind the last paragraph, as its sibling, without a heading of its own."""
    if not view.text_blocks:
        return False
    last = view.text_blocks[-1].element
    parent = last.parent
    if parent is None or card.first < last.end:
        return False
    node: Element | None = card.top
    steps = 0
    while node is not None and node.parent is not parent and steps < 3:
        node = node.parent
        steps += 1
    if node is None or node.parent is not parent or parent is view.body:
        return False
    between = [child for child in parent.children if last.end <= child.index < node.index and child.text]
    return len(between) <= 2 and not any(child.tag in HEADING_TAGS for child in between)


def _under_headline(view: PageView, card: Card) -> bool:
    """Whether the card stands in the standfirst: between headline and first paragraph, close by the headline."""
    headline = view.headline
    if headline is None or not view.text_blocks or headline.end > card.first or card.end > view.text_blocks[0].first:
        return False
    node = headline.parent
    return node is not None and node is not view.body and node.index <= card.first < node.end
