"""The related teasers of an article page: what the page promotes next to its own text.

On the shared tree and blocks, without a second parse: links to cards, cards to modules, fields of each card, then rules
that refuse what only looks like a teaser. One record for each target.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsarchive.extractors.teaser_address import target_key
from newsarchive.extractors.teaser_cards import Card, find_cards
from newsarchive.extractors.teaser_fields import CardFields, read_card
from newsarchive.extractors.teaser_image import find_image
from newsarchive.extractors.teaser_kind import kind_of_card
from newsarchive.extractors.teaser_links import StoryLink, find_links, signature, word_count
from newsarchive.extractors.teaser_modules import Module, find_modules
from newsarchive.extractors.teaser_page import PageView
from newsarchive.extractors.teaser_places import Place
from newsarchive.extractors.teaser_rules import count_footer, leads_to_own, refuse, refuse_place, refuse_unread
from newsarchive.model.extraction import Dropped
from newsarchive.model.teaser import Teaser
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.text import shorten
from newsarchive.urls import registrable_domain

SNIPPET_CHARS = 120
"""Characters of a dropped piece that are shown."""


@dataclass(slots=True)
class TeaserResult:
    """The teasers of a page, and what the finder knows about the page's other parts."""

    teasers: list[Teaser] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    """Cards that look like teasers and are none, with the rule that said so."""
    taken: frozenset[int] = frozenset()
    """Indexes of the blocks that teasers, their module headings and refused cards occupy."""
    sure: frozenset[int] = frozenset()
    """Those of them in cards with three signs of a teaser (date, picture, label, credit, `Continue reading`): never body."""


@dataclass(slots=True)
class Found:
    """A card with what was found out about it."""

    card: Card
    module: Module
    fields: CardFields = field(default_factory=CardFields)
    image_url: str | None = None
    rule: str | None = None
    """The rule that refused it; None for teasers."""
    teaser: Teaser | None = None


def find_teasers(
    document: Document,
    body_blocks: Sequence[int] | None = None,
    *,
    fetched_at: datetime | None = None,
    places: Sequence[Element] | None = None,
) -> TeaserResult:
    """The teasers of a page in page order.

    `body_blocks` are indexes of the blocks that are text of the article, where they are known; without them long blocks
    with few links stand in. Relative dates are resolved against `fetched_at` alone, and stay raw without it. `places` are
    elements that a site's profile names: every card in them is a teaser, and there are no others.
    """
    view = PageView(document)
    links = find_links(view)
    if places is not None:
        links = _inside(links, places)
    view.settle([link.element.index for link in links if link.headline], body_blocks)
    found = judge_cards(view, find_cards(view, links), links, fetched_at=fetched_at)
    if places is not None:
        _accept(view, found, fetched_at)
    places_of = Counter(item.card.key for item in found)
    for item in found:
        if item.rule is None:
            item.teaser = _teaser(view, item, repeated=places_of[item.card.key] >= MIN_PLACES)
    teasers = _merged([item.teaser for item in found if item.teaser is not None])
    dropped = [_dropped(item) for item in found if item.rule is not None]
    sure = _sure_cards(found)
    return TeaserResult(teasers, dropped, frozenset(_taken(view, found)), frozenset(_taken(view, sure, headings=False)))


PLACED_WORDS = 2
"""Words of a link in a place that a profile names, from which it is a headline: of one word are the sections beside them."""


def _inside(links: list[StoryLink], places: Sequence[Element]) -> list[StoryLink]:
    """The links inside the places, short headlines taken for headlines."""
    found = [link for link in links if any(place.index <= link.element.index < place.end for place in places)]
    for link in found:
        link.headline = link.headline or (word_count(link.text) >= PLACED_WORDS and not link.more)
    return found


def _accept(view: PageView, found: list[Found], fetched_at: datetime | None) -> None:
    """Take every card with a headline for a teaser, whatever a rule said of it."""
    for item in found:
        if item.rule is not None and not item.card.lead.own:
            item.fields = read_card(view, item.card, fetched_at=fetched_at)
            item.image_url = find_image(view, item.card)
            item.fields.title = item.fields.title or item.card.lead.text
            item.rule = None if item.fields.title else item.rule


SURE_SIGNS = 3
"""Signs from which the blocks of a card are never text of the article; with two, parts of listicles are lost (0.003 on wcxb)."""


SURE_CARDS = 2
"""Cards under one heading that claims a relation ("Related stories") which make all of them sure: no list of an article's own
sections has such a heading (without effect on the bench, where such cards carry more signs)."""


def _sure_cards(found: list[Found]) -> list[Found]:
    """The cards that are teasers without doubt: by what they show, or by the heading they share."""
    good = [item for item in found if item.rule is None and item.teaser is not None]
    under = Counter(item.module.block.index for item in good if item.module.block is not None)

    def is_sure(item: Found) -> bool:
        heading = item.module.block
        claimed = item.teaser is not None and item.teaser.kind == "related" and item.module.is_related
        related = claimed and heading is not None and under[heading.index] >= SURE_CARDS
        return related or _shows(item) >= SURE_SIGNS

    return [item for item in good if is_sure(item)]


def _shows(item: Found) -> int:
    fields = item.fields
    signs = (fields.date_published_raw, fields.category, fields.credit, item.image_url, any(link.more for link in item.card.links))
    return sum(bool(sign) for sign in signs)


def judge_cards(view: PageView, cards: list[Card], links: Sequence[StoryLink] = (), *, fetched_at: datetime | None = None) -> list[Found]:
    """Every card with its fields and the rule that refuses it, if one does. `links`: all links of the page, menus included."""
    modules = find_modules(view, cards)
    found = []
    footer_cards = count_footer(view, cards)
    own_stories = {key: leads_to_own(view, cards, module) for key, module in {id(module): module for module in modules}.items()}
    for card, module in zip(cards, modules, strict=True):
        item = Found(card, module)
        own = own_stories[id(module)]
        item.rule = refuse_place(view, card, module, footer_cards=footer_cards, own_stories=own) or refuse_unread(view, card)
        if item.rule is None:
            item.fields = read_card(view, card, fetched_at=fetched_at, in_module=module.is_related or module.is_list)
            item.image_url = find_image(view, card)
        found.append(item)
    hosts = {_host(item.image_url) for item in found if item.image_url and item.card.lead.same_site}
    hosts.add(_host(view.document.meta("og:image") or ""))
    domains = _foreign_domains(found)
    for item in found:
        if item.rule is None:
            network = bool(item.image_url) and _host(item.image_url or "") in hosts
            near = item.module.heading is not None or not view.is_between_text(item.card.lead.element)
            own = any(cards[i].lead.same_site for i in item.module.cards)
            network = (network or (near and own)) and domains[id(item.module)] <= MAX_NETWORK_DOMAINS
            item.rule = refuse(
                view, item.card, item.fields, item.module, siblings=len(item.module.cards), network=network, image_url=item.image_url
            )
    _follow_peers(found)
    _follow_ads(found)
    _follow_menu(view, found, links)
    _clear_footer(view, found)
    return found


MAX_NETWORK_DOMAINS = 3
"""Other domains that one module links to and that can be papers of one house; a digest of the day's press links to dozens."""


def _foreign_domains(found: list[Found]) -> Counter[int]:
    """How many domains of others the cards of each module lead to, by the module's `id`."""
    pairs = {(id(item.module), registrable_domain(item.card.lead.url)) for item in found if not item.card.lead.same_site}
    return Counter(module for module, _ in pairs)


MIN_PEERS = 3
"""Teasers of one make from which a card of that make is one too; with two, pairs of service links came in."""
_WEAK_RULES = frozenset(("section-link", "unlike-address", "short-link", "lone-link"))
"""Rules that judge a card by its address or its few words: what stands beside it tells more."""


def _follow_peers(found: list[Found]) -> None:
    """Take a card that an uncertain rule refused where most cards of its make are teasers.

    Elements without class names are of one make in one module only: plain lists are menus as well.
    """
    makes: dict[tuple[tuple[str, ...], int], list[Found]] = {}
    for item in found:
        if item.rule is None or item.rule in _WEAK_RULES:
            make = signature(item.card.lead.element)
            makes.setdefault((make, 0 if any(make[1::2]) else id(item.module)), []).append(item)
    for group in makes.values():
        refused = [item for item in group if item.rule is not None]
        if refused and len(group) - len(refused) >= max(MIN_PEERS, 2 * len(refused)):
            for item in refused:
                if item.fields.title and not item.card.lead.shape.hub:
                    item.rule = None


_AD_RULES = frozenset(("ad-label", "ad-module", "ad-rel", "ad-address"))


def _follow_ads(found: list[Found]) -> None:
    """Refuse a target that another card of the page calls an ad: paid stories stand unmarked among others as well."""
    paid = {item.card.key: item.rule for item in found if item.rule in _AD_RULES}
    for item in found:
        item.rule = item.rule or paid.get(item.card.key)


MAX_SECTION_WORDS = 5
"""Words of a section's or column's name: 95 % of the links in `nav` on every eighth bench page have no more."""


def _follow_menu(view: PageView, found: list[Found], links: Sequence[StoryLink]) -> None:
    """Refuse a card whose link stands in a menu as well, under the same short name: a section, a column, a service."""
    named: dict[str, list[StoryLink]] = {}
    for link in links:
        named.setdefault(link.key, []).append(link)
    for item in found:
        if item.rule is None and item.fields.title and word_count(item.fields.title) <= MAX_SECTION_WORDS:
            title = item.fields.title.casefold()
            twins = (link for link in named.get(item.card.key, ()) if link.text.casefold() == title and link not in item.card.links)
            if any(view.place(link.element) & Place.NAV and not view.place(link.element) & Place.MODULE for link in twins):
                item.rule = "section-link"


MIN_BARE_WORDS = 6
"""Mean words of titles in a footer that show nothing else, from which they are headlines; services there have five and fewer."""
PAGER_CARDS = 2
"""The previous and the next story, which may stand in the article's own footer; class names of pagers are also used for whole footers."""
_LICENCE = re.compile("许可证|許可證|备案|備案|网安备|등록번호")


def _clear_footer(view: PageView, found: list[Found]) -> None:
    """Refuse the page footer's lists of services and licences: titles alone, without a heading of stories over them."""
    bare = [
        item
        for item in found
        if item.rule is None
        and view.place(item.card.lead.element) & Place.FOOTER
        and not (view.place(item.card.lead.element) & Place.PAGER and len(item.module.cards) <= PAGER_CARDS)
        and not (item.image_url or item.fields.date_published_raw or item.fields.excerpt)
        and not (item.module.is_related or item.module.is_list)
    ]
    short = sum(word_count(item.fields.title or "") for item in bare) < MIN_BARE_WORDS * len(bare)
    for item in bare:
        if short or _LICENCE.search(item.fields.title or ""):
            item.rule = "page-footer"


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") > 2 else ""


def _dropped(item: Found) -> Dropped:
    text = item.fields.title or max((link.text for link in item.card.links), key=len) or item.card.top.text
    return Dropped(item.rule or "", shorten(text, SNIPPET_CHARS), item.card.top.path())


MIN_PLACES = 3
"""Places of one target on a page from which a list among the paragraphs is one that stands beside every piece of a long text."""


def _teaser(view: PageView, item: Found, *, repeated: bool) -> Teaser:
    fields = item.fields
    return Teaser(
        title=fields.title or "",
        url=item.card.lead.url,
        position=0,
        kind=kind_of_card(view, item.card, item.module, fields.label, repeated=repeated),
        module=fields.label or item.module.heading,
        category=_beside_heading(fields.category, item.module),
        date_published=fields.date_published,
        date_published_raw=fields.date_published_raw,
        credit=fields.credit,
        excerpt=fields.excerpt,
        image_url=item.image_url,
    )


def _beside_heading(category: str | None, module: Module) -> str | None:
    """A card's labels without one that only repeats the module's heading."""
    if category is None or module.heading is None or ", " not in category:
        return category
    heading = module.heading.casefold()
    return ", ".join(label for label in category.split(", ") if label.casefold() != heading) or category


_FILLED = ("category", "date_published", "date_published_raw", "credit", "excerpt", "image_url", "module")


def _merged(teasers: list[Teaser]) -> list[Teaser]:
    """One record for each target: its first `related` occurrence, else its first; empty fields filled from the others."""
    groups: dict[str, list[Teaser]] = {}
    for teaser in teasers:
        groups.setdefault(target_key(teaser.url), []).append(teaser)
    order = []
    places = {id(teaser): i for i, teaser in enumerate(teasers)}
    for group in groups.values():
        first = next((teaser for teaser in group if teaser.kind == "related"), group[0])
        changes = {}
        for name in _FILLED:
            if name != "module" and getattr(first, name) is None:
                value = next((getattr(other, name) for other in group if getattr(other, name) is not None), None)
                if value is not None:
                    changes[name] = value
        order.append((places[id(first)], replace(first, **changes)))
    order.sort(key=lambda pair: pair[0])
    return [replace(teaser, position=i) for i, (_, teaser) in enumerate(order)]


def _taken(view: PageView, found: list[Found], *, headings: bool = True) -> set[int]:
    """The blocks inside cards, and the headings over them. A refused link in running text takes nothing."""
    starts = [block.first for block in view.blocks]
    taken: set[int] = set()
    for item in found:
        if item.rule in ("running-text", "self-link", "section-link", "short-link", "no-headline", "other-site"):
            continue
        if headings and item.module.block is not None:
            taken.add(item.module.block.index)
        taken |= {link.block.index for link in item.card.links if link.block is not None}
        at = bisect_right(starts, item.card.first - 1)
        while at < len(view.blocks) and view.blocks[at].first < item.card.end:
            if view.blocks[at].last < item.card.end:
                taken.add(view.blocks[at].index)
            at += 1
    return taken
