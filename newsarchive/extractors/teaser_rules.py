"""Is a card a teaser? Each rule that says no has an id, which is what `Extraction.dropped` shows."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_fields import CardFields
from newsarchive.extractors.teaser_links import StoryLink, word_count
from newsarchive.extractors.teaser_modules import Module
from newsarchive.extractors.teaser_page import PageView, Place
from newsarchive.extractors.teaser_words import INLINE_LABELS, PROMO_TITLES, Phrases

_PROMO_TITLE = Phrases(PROMO_TITLES)
_INLINE = Phrases(INLINE_LABELS)
_AD_HOST = re.compile(
    r"(?:^|\.)(?:ads?|adserver|adclick|deals?|shop|store|click|clk|track|trk|go|partner|affiliate|awin1|outbrain|taboola|doubleclick|googleadservices|googlesyndication|"
    r"revcontent|mgid|plista|zergnet|criteo|jobs?|stellenmarkt|abo|offers?|oferplan|descuentos|gutscheine?|coupons?|vouchers?|tickets?|courses?|ateliers?|boutique|tienda|events?|podcasts?|newsletters?|forums?|apps?|play|itunes)\.",
    re.I,
)
_AD_PATH = re.compile(
    r"(?:^|/)(?:sponsored|sponsor|advertorials?|partner|partners|partner-content|partnercontent|promo|promotions?|paid-post|brandvoice|brandstudio|brand-content|native|publireportage|"
    r"contenu-sponsorise|anzeigen?|advertisement|gutscheine?|coupons?|vouchers?|codes-promo|deals?|descuentos|ofertas|press-?releases?|pressemitteilungen|businesswire|prnewswire|"
    r"shop|shopping-deals|clickout|redirect|out|go|away|r|aclk)(?=/|$)",
    re.I,
)
_AD_REL = frozenset(("sponsored",))
_SPONSORED = re.compile(r"(?:^|\b)(?:sponsored|advertorial|paid content|anzeige|sponsorisé|patrocinado|реклама|на правах рекламы|promoted|advertisement)\b", re.I)


def refuse(view: PageView, card: Card, fields: CardFields, module: Module, *, siblings: int, network: bool) -> str | None:
    """The id of the rule that says this card is no teaser; None where none does.

    `siblings`: cards of the same module; `network`: whether the module leads to this site as well.
    """
    lead = card.lead
    if lead.own:
        return "self-link"
    place = view.places[lead.element.index]
    rule = _by_place(place, card, module)
    if rule is None:
        rule = _by_ad(card, fields, module, lead)
    if rule is None:
        rule = _by_target(lead, fields, network=network)
    if rule is None:
        rule = _by_text(view, card, fields, lead, siblings)
    return rule


def _by_place(place: Place, card: Card, module: Module) -> str | None:
    if place & Place.NAV and not place & (Place.MODULE | Place.PAGER):
        return "menu"
    if place & Place.COMMENTS and not module.is_list:
        return "comments"
    if place & Place.HEADER and not place & Place.MODULE:
        return "page-header"
    if place & Place.FOOTER and not place & (Place.MODULE | Place.PAGER):
        return "page-footer"
    if place & Place.SHARE and not place & Place.MODULE:
        return "share-links"
    if place & Place.PROMO and not place & Place.MODULE:
        return "service-box"
    return None


def _by_ad(card: Card, fields: CardFields, module: Module, lead: StoryLink) -> str | None:
    rel = {token for link in card.links for token in link.element.attrs.get("rel", "").lower().split()}
    if rel & _AD_REL:
        return "ad-rel"
    parts = urlsplit(lead.url)
    if _AD_HOST.search(parts.netloc) or _AD_PATH.search(parts.path):
        return "ad-address"
    if fields.ad_label:
        return "ad-label"
    if module.is_ad:
        return "ad-module"
    return None


def _by_target(lead: StoryLink, fields: CardFields, *, network: bool) -> str | None:
    if not lead.same_site and not network:
        return "other-site"
    if lead.shape.hub and not (lead.shape.depth >= 3 and lead.shape.story and fields.title and word_count(fields.title) >= 5):
        return "section-link"
    if not lead.shape.story and lead.shape.depth <= 2 and not fields.date_published and not fields.excerpt and word_count(fields.title or "") <= 5:
        return "section-link"
    return None


def _by_text(view: PageView, card: Card, fields: CardFields, lead: StoryLink, siblings: int) -> str | None:
    title = fields.title
    if not title or not any(char.isalpha() for char in title):
        return "no-headline"
    if _PROMO_TITLE.match(title) and word_count(title) <= 9:
        return "service-link"
    block = lead.block
    if block is not None and not fields.in_heading:
        rest = len(block.text) - len(lead.text)
        before = block.text[: block.text.find(lead.text)].strip() if lead.text in block.text else ""
        promo = bool(before) and _INLINE.match(before) and len(before) <= 40
        if not promo and before and rest > 0.5 * len(block.text) and len(block.text) > 60 and view.has_text(block.element):
            return "running-text"
        if not promo and len(before) > 25 and card.holder is card.top and len(card.pieces) > 0 and rest > len(lead.text):
            return "running-text"
        if not promo and block in view.text_blocks:
            return "running-text"
        in_region = view.region.index <= block.first < view.region.end
        if in_region and view.is_between_text(lead.element) and not promo and rest > 0.4 * len(block.text) and not _set_apart(lead):
            return "running-text"
    if word_count(title) < 3 and siblings < 2 and not fields.in_heading:
        return "short-link"
    return None


def _set_apart(lead: StoryLink) -> bool:
    """Whether the link is one big link or a heading: block elements inside it, or it alone in its element."""
    return any(child.tag in ("div", "p", "span", "h2", "h3", "h4", "img", "figure", "picture") for child in lead.element.children)
