"""Is a card a teaser? Each rule that says no has an id, which is what `Extraction.dropped` shows."""

from __future__ import annotations

import re

from newsarchive.extractors.teaser_address import address_of, host_of
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_fields import CardFields
from newsarchive.extractors.teaser_links import StoryLink, word_count
from newsarchive.extractors.teaser_menus import in_menu
from newsarchive.extractors.teaser_modules import Module
from newsarchive.extractors.teaser_page import PageView, on_own_line
from newsarchive.extractors.teaser_places import Place
from newsarchive.extractors.teaser_words import INLINE_LABELS, NOT_STORIES, PROMO_TITLES, Phrases

_PROMO_TITLE = Phrases(PROMO_TITLES)
_INLINE = Phrases(INLINE_LABELS)
_NOT_STORIES = Phrases(NOT_STORIES)
_AD_HOST_WORDS = (
    "ad ads adv adserver adclick deal deals shop store click clk track trk go partner affiliate awin1 outbrain taboola doubleclick "
    "googleadservices googlesyndication revcontent shareasale linksynergy skimresources viglink anrdoezrs dpbolvw tkqlhce jdoqocy "
    "kqzyfj amzn tradedoubler zanox partnerize mgid plista zergnet criteo job jobs stellenmarkt abo offer offers oferplan descuentos "
    "gutschein gutscheine coupon coupons voucher vouchers ticket tickets course courses atelier ateliers boutique tienda event events "
    "podcast podcasts newsletter newsletters forum forums app apps play itunes"
)
_AD_HOST = frozenset(_AD_HOST_WORDS.split())
"""Labels of a host (all but the last) that belong to ads, shops and services."""
_AD_PATH_WORDS = (
    "sponsored sponsor sponsoredcontent sponsored-content advertorial advertorials advertiser-content "
    "partner partners partner-content partnercontent promo promotion promotions paid-post "
    "brandvoice brandstudio brand-content native publireportage contenu-sponsorise anzeige anzeigen advertisement gutschein gutscheine "
    "preisvergleich price-comparison e_redirect "
    "coupon coupons voucher vouchers codes-promo deal deals descuentos ofertas pressrelease pressreleases press-release press-releases "
    "pressemitteilungen businesswire prnewswire shop ad ads advert adverts "
    "advertise advertising mediakit reklama clickout redirect out go away r aclk"
)
_SHOP_DOMAINS = (".shop", ".store")
"""Top-level domains of shops."""
_PAID = re.compile(r"(?:^|&)utm_medium=(?:cp[cm]|ppc|paid\w*|content-?marketing|native\w*|advertorial|affiliate\w*|banner)(?:&|$)", re.I)
"""What a query calls a paid placement."""
_AD_PATH = frozenset(_AD_PATH_WORDS.split())
"""Pieces of a path that belong to ads and paid news."""
_SERVICE_WORDS = re.compile(
    r"\b(?:subscriptions?|subscribe|free trial|newsletters?|sign up|abonnieren|probeabo|probemonat|abonnez|abonnement|"
    r"suscr[íi]b\w*|suscripci[óo]n|abbonat\w*|abbonamento|assine|assinatura|"
    r"abonneer|prenumerera|подпи[сш]\w*|abone ol|langganan|app herunterladen|download the app|get the app)\b",
    re.I,
)
"""Words of a lone link that offers a service."""
MAX_KICKER_CHARS = 40
"""Characters before a colon in a list item that are the kicker of the headline behind it."""
ALL_LINKED = 0.85
"""Share of linked characters from which a block is no running text: links side by side without block elements."""
MAX_NAME_WORDS = 5
"""Words of an author's name with titles."""
_SPONSORED = re.compile(
    r"(?:^|\b)(?:sponsored|advertorial|paid content|anzeige|sponsorisé|patrocinado|реклама|на правах рекламы|promoted|advertisement)\b",
    re.I,
)


MIN_FOOTER_CARDS = 3
MIN_FOOTER_WORDS = 4
"""A footer's links are services, unless it lists several addresses of stories with headlines of this many words."""


def count_footer(view: PageView, cards: list[Card]) -> int:
    """How many cards in the page's footer lead to stories."""
    return sum(bool(view.place(card.lead.element) & Place.FOOTER) and _is_story_link(view, card.lead) for card in cards)


MIN_OWN_STORIES = 3
"""Cards of a module of a recommending network that all lead to stories of the page's own host, and are no ads."""


def leads_to_own(view: PageView, cards: list[Card], module: Module) -> bool:
    """Whether a module is made of stories of the page's own host alone."""
    own = all(_is_story_link(view, cards[i].lead, words=1) and host_of(cards[i].lead.url) == view.host for i in module.cards)
    return own and len(module.cards) >= MIN_OWN_STORIES


def _is_story_link(view: PageView, lead: StoryLink, *, words: int = MIN_FOOTER_WORDS) -> bool:
    """Whether a link with so many words leads to an address that looks like a story's of this site."""
    return (
        lead.same_site
        and lead.shape.story
        and not lead.shape.hub
        and word_count(lead.text) >= words
        and is_like_page(view, lead)
        and not lead.own
    )


def refuse_place(view: PageView, card: Card, module: Module, *, footer_cards: int, own_stories: bool) -> str | None:
    """The id of the rule that refuses a card by where it stands, before its lines are read; None where none does.

    `footer_cards`: what `count_footer` counted; `own_stories`: whether all of the module leads to stories of this site.
    """
    lead = card.lead
    if lead.own:
        return "self-link"
    pictured = len(module.cards) >= MIN_FOOTER_CARDS and bool(view.document.tree.below(card.top, "img"))
    if in_menu(view, lead):
        return "menu"
    place = view.place(lead.element)
    listed = bool(place & (Place.MODULE | Place.PAGER))
    if place & Place.COMMENTS and not module.is_list:
        return "comments"
    if place & Place.HEADER and (not place & Place.MODULE or view.is_before_headline(lead.element)):
        return "page-header"
    if place & Place.FOOTER and not listed and not (footer_cards >= MIN_FOOTER_CARDS and _is_story_link(view, lead)):
        return "page-footer"
    if place & Place.SHARE and not place & Place.MODULE and not _is_story_link(view, lead, words=1):
        return "share-links"
    if place & Place.CAPTION and not listed and view.is_between_text(lead.element) and _is_beside_caption(lead):
        return "picture-credit"
    if place & Place.PROMO and not place & Place.MODULE and not (pictured and _is_story_link(view, lead)):
        return "service-box"
    if place & Place.SPONSORED or (place & Place.NETWORK and not own_stories):
        return "ad-box"
    return None


def _is_beside_caption(lead: StoryLink) -> bool:
    """Whether a link stands in a picture's caption, beside other text of it: the photographer's name."""
    caption = next((element for element in lead.element.ancestors() if element.tag == "figcaption"), None)
    return caption is not None and len(caption.text) > len(lead.text)


def refuse(
    view: PageView, card: Card, fields: CardFields, module: Module, *, siblings: int, network: bool, image_url: str | None
) -> str | None:
    """The id of the rule that says this card is no teaser; None where none does.

    `siblings`: cards of the same module; `network`: whether the module, or its pictures' host, serves this site as well.
    """
    lead = card.lead
    if _is_picture_page(view, card, module, image_url):
        return "picture-link"
    shows = bool(image_url or fields.date_published_raw or fields.excerpt)
    if module.is_notice or (not shows and (module.is_other or (fields.label and _NOT_STORIES.match(fields.label)))):
        return "service-module"
    return (
        _by_ad(fields, module)
        or _by_target(view, card, fields, network=network, told=module.heading is not None and image_url is not None)
        or _by_text(view, card, fields, lead, siblings)
        or (None if module.is_related else _by_likeness(view, fields, lead, siblings, image_url))
        or _lone(view, card, fields, module, siblings, image_url)
    )


def is_like_page(view: PageView, lead: StoryLink) -> bool:
    """Whether an address is made like the page's own, as a story's of the same site is."""
    return view.shape.depth == 0 or lead.shape.is_like(view.shape)


def _by_likeness(view: PageView, fields: CardFields, lead: StoryLink, siblings: int, image_url: str | None) -> str | None:
    """A link whose address is not made like the page's own, and that shows nothing but a title, leads to a service."""
    if not lead.same_site or is_like_page(view, lead):
        return None
    if siblings >= MIN_UNLIKE_CARDS and lead.shape.slug and word_count(lead.text) >= MIN_UNLIKE_WORDS:
        return None
    shown = sum(value is not None for value in (image_url, fields.date_published_raw, fields.excerpt, fields.category))
    return "unlike-address" if siblings < 2 or shown == 0 else None


MIN_UNLIKE_CARDS = 4
MIN_UNLIKE_WORDS = 6
"""Cards of a module, and words of their headlines, that are stories although their addresses are made another way (web stories)."""


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


def refuse_unread(view: PageView, card: Card) -> str | None:
    """The id of the rule that refuses a card by its links alone, so that nobody need read it; None where none does."""
    own_story = _is_story_link(view, card.lead) and address_of(card.lead.url).host == address_of(view.document.url or "").host
    recommended = own_story and view.place(card.lead.element) & (Place.MODULE | Place.RELATED)
    if not recommended and any("sponsored" in link.element.attrs.get("rel", "").lower() for link in card.links):
        return "ad-rel"
    if any(not _NO_STORY_RELS.isdisjoint(link.element.attrs.get("rel", "").lower().split()) for link in card.links):
        return "service-link"
    if _has_ad_address(card.lead.url, own_story=own_story):
        return "ad-address"
    if card.lead.shape.serves(view.shape):
        return "service-link"
    if not _has_heading(view, card) and _is_running(view, card):
        return "running-text"
    return None


def _by_ad(fields: CardFields, module: Module) -> str | None:
    if fields.ad_label:
        return "ad-label"
    if module.is_ad:
        return "ad-module"
    return None


_NO_STORY_RELS = frozenset(("license", "author", "tag"))
"""What a link says of itself that leads to no story."""
_SHOP_PATH = frozenset(("shop", "deal", "deals"))
"""Sections of papers that review goods and tell of offers: a story of the page's own host there is one."""


def _has_ad_address(url: str, *, own_story: bool) -> bool:
    """Whether an address is an ad server's, a shop's or a paid section's. `own_story`: a story of the page's own host."""
    address = address_of(url)
    host, path = address.host, address.path
    if not _AD_HOST.isdisjoint(host.split(".")[:-1]) or host.endswith(_SHOP_DOMAINS) or _PAID.search(address.query):
        return True
    pieces = _AD_PATH.intersection(path.lower().split("/"))
    return bool(pieces - _SHOP_PATH if own_story else pieces)


MIN_SITE_CHARS = 3
"""Letters of a site's name that a label writes."""


def _names_host(card: Card, lead: StoryLink) -> bool:
    """Whether the card says on which other site the story stands (`On CoastHerald.com:`, `Posted on: Coast Herald`)."""
    host = host_of(lead.url)
    name = host.split(".")[0]
    shown = "".join(piece if isinstance(piece, str) else piece.text for piece in card.pieces)
    text = "".join(shown.casefold().split())
    return len(name) >= MIN_SITE_CHARS and (f"on:{name}" in text or f"on{name}:" in text or f"on{host}:" in text)


def _is_sister(view: PageView, lead: StoryLink) -> bool:
    """Whether another site numbers its stories in the very form of this one: papers of one house share their system."""
    return bool(view.shape.serial) and lead.shape.serial == view.shape.serial


def _is_shallow(view: PageView, lead: StoryLink) -> bool:
    """Whether an address on another host of the site has fewer pieces than the page's own, and no number."""
    return not lead.shape.digits and lead.shape.depth < min(MIN_OTHER_DEPTH, view.shape.depth)


MIN_OTHER_DEPTH = 2
"""Pieces of a path on another host of the site that can be a story's; one alone is a service or a campaign."""


_OTHER_LANGUAGE = re.compile(
    r"(?:\S+ ){0,4}(?:in|en|auf|in het|em|по|på) (?:english|español|français|deutsch|italiano|português|nederlands|русск\w+|svenska|"
    r"spanish|french|german|italian|portuguese|dutch|russian|arabic|chinese|inglés|anglais|englisch)\W*",
    re.I,
)
"""A link to the same story in another language (`Read this in English`)."""


def _is_foreign(view: PageView, lead: StoryLink) -> bool:
    """Whether a link says that it leads to a page in another language; some systems name the language on every link."""
    named = lead.element.attrs.get("hreflang", "").lower().partition("-")[0]
    return bool(named) and named != (view.document.language or "").lower().partition("-")[0]


def _by_target(view: PageView, card: Card, fields: CardFields, *, network: bool, told: bool) -> str | None:
    """`told`: whether the card has a picture and a heading over it, as stories on another host of the publisher have."""
    lead = card.lead
    if not fields.in_heading and (_is_foreign(view, lead) or _OTHER_LANGUAGE.fullmatch(fields.title or "")):
        return "language-link"
    if lead.same_site and not told and host_of(lead.url) != view.host and (not is_like_page(view, lead) or _is_shallow(view, lead)):
        return "other-host"
    if not lead.same_site and not ((network or _names_host(card, lead) or _is_sister(view, lead)) and lead.shape.slug):
        return "other-site"
    if (lead.shape.listing and not lead.shape.digits) or (lead.shape.index and not view.shape.index and not lead.shape.slug):
        return "section-link"
    if lead.shape.is_hub(view.shape) and not (
        lead.shape.depth >= 3 and lead.shape.story and fields.title and word_count(fields.title) >= 5
    ):
        return "section-link"
    if (
        not lead.shape.story
        and lead.shape.depth <= 2
        and (lead.shape.depth <= 1 < view.shape.depth or (not fields.date_published and not fields.excerpt))
        and word_count(fields.title or "") <= 5
    ):
        return "section-link"
    return None


def _by_text(view: PageView, card: Card, fields: CardFields, lead: StoryLink, siblings: int) -> str | None:
    title = fields.title
    if not title or not any(char.isalpha() for char in title) or title.casefold().removeprefix("www.") == host_of(lead.url):
        return "no-headline"
    if view.place(lead.element) & Place.AUTHOR and word_count(title) <= MAX_NAME_WORDS and not lead.shape.slug:
        return "author-link"
    if _PROMO_TITLE.match(title) and word_count(title) <= 9:
        return "service-link"
    if (siblings < 2 and _SERVICE_WORDS.search(title)) or (fields.category and _SERVICE_WORDS.search(fields.category)):
        return "service-link"
    if not fields.in_heading and _has_heading(view, card) and _is_running(view, card):
        return "running-text"
    if lead.more and not fields.in_heading and view.is_between_text(lead.element):
        return "running-text"
    if word_count(title) < 3 and siblings < 2 and not fields.in_heading:
        return "short-link"
    return None


_PHOTO_WORDS = "photo photos gallery galleries article_photo pluralphoto foto fotos fotostrecke bilder bild image images picture pictures"
_PHOTOS = frozenset(_PHOTO_WORDS.split())
MIN_SHARED_ADDRESS = 28
"""Characters beside the host, scheme included, that a link and a picture share where the link only opens the picture."""


def _is_picture_page(view: PageView, card: Card, module: Module, image_url: str | None) -> bool:
    """Whether a card is a picture of the article with its caption, and the link opens it larger."""
    lead = card.lead
    if image_url is None:
        return False
    if not lead.same_site and lead.url[: len(lead.host) + MIN_SHARED_ADDRESS] == image_url[: len(lead.host) + MIN_SHARED_ADDRESS]:
        return True
    if module.is_related or module.is_list or _has_heading(view, card):
        return False
    region = view.region
    inside = region.index < card.first < region.end or view.is_between_text(card.top)
    return inside and not _PHOTOS.isdisjoint(lead.shape.pieces[:-1])


def _has_heading(view: PageView, card: Card) -> bool:
    return view.heading_round(card.lead.element) is not None or bool(view.headings_in(card.first, card.end))


def _is_running(view: PageView, card: Card) -> bool:
    """Whether the headline's link stands in a sentence of the article."""
    lead = card.lead
    block = lead.block
    if block is None or block.link_chars >= ALL_LINKED * len(block.text) or on_own_line(lead.element):
        return False
    rest = len(block.text) - len(lead.text)
    before, found, after = block.text.partition(lead.text)
    before, after = (before.strip(), after.strip()) if found else ("", "")
    if not after and before[-1:] in ":：" and len(before) <= MAX_KICKER_CHARS and block.kind == "list_item":
        return False
    if before and lead.text[:1].islower() and (rest > 20 or before[-1].isalpha()):
        return True
    if after[:1].islower() and word_count(after) > 2 and not (lead.element.children and not before):
        return True
    if before and len(before) <= 40 and _INLINE.match(before):
        return False
    if before and rest > 0.5 * len(block.text) and len(block.text) > 60 and view.has_text(block.element):
        return True
    if len(before) > 25 and card.holder is card.top and card.pieces and rest > len(lead.text):
        return True
    if block in view.text_blocks:
        return True
    in_region = view.region.index <= block.first < view.region.end
    return in_region and view.is_between_text(lead.element) and rest > 0.4 * len(block.text) and not _set_apart(lead)


def _set_apart(lead: StoryLink) -> bool:
    """Whether the link is one big link or a heading: block elements inside it, or it alone in its element."""
    return any(child.tag in ("div", "p", "span", "h2", "h3", "h4", "img", "figure", "picture") for child in lead.element.children)
