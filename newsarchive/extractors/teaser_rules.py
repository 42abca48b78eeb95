"""Is a card a teaser? Each rule that says no has an id, which is what `Extraction.dropped` shows."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_fields import CardFields
from newsarchive.extractors.teaser_links import StoryLink, path_shape, word_count
from newsarchive.extractors.teaser_modules import Module
from newsarchive.extractors.teaser_page import PageView, Place, on_own_line, split_address
from newsarchive.extractors.teaser_words import INLINE_LABELS, PROMO_TITLES, Phrases

_PROMO_TITLE = Phrases(PROMO_TITLES)
_INLINE = Phrases(INLINE_LABELS)
_AD_HOST = re.compile(
    r"(?:^|\.)(?:ads?|adserver|adclick|deals?|shop|store|click|clk|track|trk|go|partner|affiliate|awin1|outbrain|"
    r"taboola|doubleclick|googleadservices|googlesyndication|"
    r"revcontent|shareasale|linksynergy|skimresources|viglink|anrdoezrs|dpbolvw|tkqlhce|jdoqocy|kqzyfj|amzn|tradedoubler|zanox|partnerize|"
    r"mgid|plista|zergnet|criteo|jobs?|stellenmarkt|abo|offers?|oferplan|descuentos|gutscheine?|coupons?|"
    r"vouchers?|tickets?|courses?|ateliers?|boutique|tienda|events?|podcasts?|newsletters?|forums?|apps?|play|itunes)\.",
    re.I,
)
_AD_PATH = re.compile(
    r"(?:^|/)(?:sponsored|sponsor|advertorials?|partner|partners|partner-content|partnercontent|promo|promotions?|"
    r"paid-post|brandvoice|brandstudio|brand-content|native|publireportage|"
    r"contenu-sponsorise|anzeigen?|advertisement|gutscheine?|coupons?|vouchers?|codes-promo|deals?|descuentos|ofertas|"
    r"press-?releases?|pressemitteilungen|businesswire|prnewswire|"
    r"shop|ads?|advertise|advertising|mediakit|reklama|clickout|redirect|out|go|away|r|aclk)(?=/|$)",
    re.I,
)
_SERVICE_WORDS = re.compile(
    r"\b(?:subscriptions?|subscribe|free trial|newsletters?|sign up|abonnieren|probeabo|abonnez|abonnement|"
    r"suscr[íi]b\w*|suscripci[óo]n|abbonat\w*|abbonamento|assine|assinatura|"
    r"abonneer|prenumerera|подпи[сш]\w*|abone ol|langganan|app herunterladen|download the app|get the app)\b",
    re.I,
)
"""Words of a lone link that offers a service."""
ALL_LINKED = 0.85
"""Share of linked characters from which a block is no running text: links side by side without block elements."""
MAX_NAME_WORDS = 5
"""Words of an author's name with titles."""
_AD_REL = frozenset(("sponsored",))
_SPONSORED = re.compile(
    r"(?:^|\b)(?:sponsored|advertorial|paid content|anzeige|sponsorisé|patrocinado|реклама|на правах рекламы|promoted|advertisement)\b",
    re.I,
)


def refuse_place(view: PageView, card: Card, module: Module, *, siblings: int) -> str | None:
    """The id of the rule that refuses a card by where it stands, before its lines are read; None where none does.

    `siblings`: cards of the same module.
    """
    lead = card.lead
    if lead.own:
        return "self-link"
    place = view.place(lead.element)
    listed = bool(place & (Place.MODULE | Place.PAGER))
    if place & Place.NAV and not listed and not _pages_on(view, card):
        return "menu"
    if place & Place.COMMENTS and not module.is_list:
        return "comments"
    if place & Place.HEADER and not place & Place.MODULE:
        return "page-header"
    if (
        place & Place.FOOTER
        and not listed
        and not (
            siblings >= MIN_FOOTER_CARDS and lead.shape.story and is_like_page(view, lead) and word_count(lead.text) >= MIN_FOOTER_WORDS
        )
    ):
        return "page-footer"
    if place & Place.SHARE and not place & Place.MODULE:
        return "share-links"
    if place & Place.PROMO and not place & Place.MODULE:
        return "service-box"
    if place & Place.SPONSORED:
        return "ad-box"
    return None


MIN_FOOTER_CARDS = 3
MIN_FOOTER_WORDS = 4
"""A footer's links are services, unless it lists several addresses of stories with headlines of this many words."""
MAX_PAGER_LINKS = 6
"""Links of a `nav` behind the article's text that leads to the previous and next story; a menu has more."""


def _pages_on(view: PageView, card: Card) -> bool:
    """Whether a card in a small `nav` behind the text is the previous or next story."""
    if not view.text_blocks or card.first < view.text_blocks[-1].first or word_count(card.lead.text) < MIN_FOOTER_WORDS:
        return False
    nav = next(
        (
            element
            for element in card.lead.element.ancestors()
            if view.place(element) & Place.NAV and element.parent is not None and not view.place(element.parent) & Place.NAV
        ),
        None,
    )
    return nav is not None and card.lead.shape.story and len(view.document.tree.below(nav, "a")) <= MAX_PAGER_LINKS


def refuse(
    view: PageView, card: Card, fields: CardFields, module: Module, *, siblings: int, network: bool, image_url: str | None
) -> str | None:
    """The id of the rule that says this card is no teaser; None where none does.

    `siblings`: cards of the same module; `network`: whether the module, or its pictures' host, serves this site as well.
    """
    lead = card.lead
    if module.is_other and not (image_url or fields.date_published_raw or fields.excerpt):
        return "service-module"
    return (
        _by_ad(card, fields, module, lead)
        or _by_target(view, lead, fields, network=network)
        or _by_text(view, card, fields, lead, siblings)
        or (None if module.is_related else _by_likeness(view, fields, lead, siblings, image_url))
        or _lone(view, card, fields, module, siblings, image_url)
    )


def is_like_page(view: PageView, lead: StoryLink) -> bool:
    """Whether an address is made like the page's own, as a story's of the same site is."""
    parts = urlsplit(view.document.url or "")
    own = path_shape(parts.path, parts.query)
    return own.depth == 0 or lead.shape.is_like(own)


def _by_likeness(view: PageView, fields: CardFields, lead: StoryLink, siblings: int, image_url: str | None) -> str | None:
    """A link whose address is not made like the page's own, and that shows nothing but a title, leads to a service."""
    if not lead.same_site or is_like_page(view, lead):
        return None
    shown = sum(value is not None for value in (image_url, fields.date_published_raw, fields.excerpt, fields.category))
    return "unlike-address" if siblings < 2 or shown == 0 else None


def _lone(view: PageView, card: Card, fields: CardFields, module: Module, siblings: int, image_url: str | None) -> str | None:
    """A link alone beside the article, without heading, label, picture, date or text: a notice, a service, a source."""
    if siblings > 1 or module.heading is not None or fields.label is not None or fields.in_heading or card.lead.shape.depth == 0:
        return None
    if image_url or fields.date_published_raw or fields.excerpt or fields.category:
        return None
    if (
        view.place(card.lead.element) & Place.PAGER
        or view.is_between_text(card.top)
        or card.lead.element.attrs.get("rel") in ("next", "prev")
    ):
        return None
    block = card.lead.block
    last = view.text_blocks[-1] if view.text_blocks else None
    near = block is not None and last is not None and last.index < block.index <= last.index + NEAR_TEXT_BLOCKS
    return None if near else "lone-link"


NEAR_TEXT_BLOCKS = 3
"""Blocks behind the last paragraph within which a lone link can be the article's own pointer to another story."""


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


def _is_shallow(view: PageView, lead: StoryLink) -> bool:
    """Whether an address on another host of the site has fewer pieces than the page's own, and no number."""
    _, path, query = split_address(view.document.url or "")
    return not lead.shape.digits and lead.shape.depth < min(MIN_OTHER_DEPTH, path_shape(path, query).depth)


MIN_OTHER_DEPTH = 2
"""Pieces of a path on another host of the site that can be a story's; one alone is a service or a campaign."""


def _by_target(view: PageView, lead: StoryLink, fields: CardFields, *, network: bool) -> str | None:
    if lead.shape.service:
        return "service-link"
    if lead.element.attrs.get("hreflang") and not fields.in_heading:
        return "language-link"
    if lead.same_site and _host(lead.url) != _host(view.document.url or "") and (not is_like_page(view, lead) or _is_shallow(view, lead)):
        return "other-host"
    if not lead.same_site and (not network or not lead.shape.slug):
        return "other-site"
    if lead.shape.listing and not lead.shape.digits:
        return "section-link"
    if lead.shape.hub and not (lead.shape.depth >= 3 and lead.shape.story and fields.title and word_count(fields.title) >= 5):
        return "section-link"
    if (
        not lead.shape.story
        and lead.shape.depth <= 2
        and not fields.date_published
        and not fields.excerpt
        and word_count(fields.title or "") <= 5
    ):
        return "section-link"
    return None


def _by_text(view: PageView, card: Card, fields: CardFields, lead: StoryLink, siblings: int) -> str | None:
    title = fields.title
    if not title or not any(char.isalpha() for char in title) or title.casefold().removeprefix("www.") == _host(lead.url):
        return "no-headline"
    if view.place(lead.element) & Place.AUTHOR and word_count(title) <= MAX_NAME_WORDS and not lead.shape.slug:
        return "author-link"
    if _PROMO_TITLE.match(title) and word_count(title) <= 9:
        return "service-link"
    if siblings < 2 and _SERVICE_WORDS.search(title):
        return "service-link"
    block = lead.block
    if block is not None and block.link_chars < ALL_LINKED * len(block.text) and not fields.in_heading and not on_own_line(lead.element):
        rest = len(block.text) - len(lead.text)
        before = block.text[: block.text.find(lead.text)].strip() if lead.text in block.text else ""
        if before and lead.text[:1].islower() and rest > 20:
            return "running-text"
        after = block.text.partition(lead.text)[2].strip()
        if after[:1].islower() and word_count(after) > 2 and not (lead.element.children and not before):
            return "running-text"
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


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _set_apart(lead: StoryLink) -> bool:
    """Whether the link is one big link or a heading: block elements inside it, or it alone in its element."""
    return any(child.tag in ("div", "p", "span", "h2", "h3", "h4", "img", "figure", "picture") for child in lead.element.children)
