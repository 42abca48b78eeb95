"""Where an element stands by its markup: menu, footer, ad, comments, a list of stories. Told from tags, roles and class names."""

from __future__ import annotations

import re
from functools import lru_cache

from newsarchive.pages.tree import Element


class Place:
    """Where an element stands, by the markup round it: bits of one number."""

    NAV = 1
    HEADER = 2
    FOOTER = 4
    AD = 8
    COMMENTS = 16
    SHARE = 32
    PROMO = 64
    TAGS = 128
    AUTHOR = 256
    ASIDE = 512
    MODULE = 1024
    """Names itself related, recommended, most read...: a list of stories even inside a `nav`."""
    PAGER = 2048
    CAPTION = 4096
    SPONSORED = 8192
    """Says outright that it is paid for, or belongs to an ad network."""
    RELATED = 16384
    """Names itself related or recommended."""
    NETWORK = 32768
    """Names a network that sells recommendations; it recommends the site's own stories as well."""


_WORDS = {
    Place.NAV: (
        "nav navbar navigation menu menus mainmenu megamenu submenu subnav topnav globalnav mainnav navmenu breadcrumb "
        "breadcrumbs hamburger dropdown drawer offcanvas sitemap"
    ),
    Place.HEADER: "masthead siteheader topbar",
    Place.FOOTER: "footer colophon pagefooter sitefooter",
    Place.AD: (
        "ad ads adv adbox adslot advert adverts advertising advertisement dfp gpt commercial affiliate affiliates anzeige "
        "anzeigen werbung publicite pub publi marketplace"
    ),
    Place.SPONSORED: (
        "sponsor sponsors sponsored sponsoring sponsorship advertorial promoted nativead brandvoice partnercontent paid "
        "nativo oferplan gutschein gutscheine vouchers coupons"
    ),
    Place.NETWORK: "taboola outbrain plista revcontent mgid ligatus zergnet dianomi teads trc",
    Place.COMMENTS: (
        "comment comments disqus respond commentlist kommentar kommentare commentaires comentarios livefyre coral replies "
        "reacties forum forums"
    ),
    Place.SHARE: "share sharing sharebar social socials socialmedia follow sharedaddy addthis",
    Place.PROMO: (
        "newsletter newsletters subscribe subscription subscriptions paywall signup podcast podcasts cookie cookies "
        "consent gdpr abo epaper login register piano event events onetrust usercentrics"
    ),
    Place.TAGS: "tag tags taglist topics keywords categories tagcloud hashtag hashtags",
    Place.AUTHOR: "author authors authorbox byline bylines bio",
    Place.MODULE: "recirc recirculation mostread mostpopular popular trending latest readmore morefrom teaserlist",
    Place.MODULE | Place.RELATED: "related relatedposts relatedarticles recommend recommended recommendation recommendations",
    Place.PAGER: "prevnext pager postnav",
    Place.CAPTION: "caption figcaption",
}
_BITS: dict[str, int] = {}
for _place, _text in _WORDS.items():
    for _word in _text.split():
        _BITS[_word] = _BITS.get(_word, 0) | _place
_PAIRS = {
    "site-header": Place.HEADER, "page-header": Place.HEADER, "top-bar": Place.HEADER, "native-ad": Place.SPONSORED,
    "partner-content": Place.SPONSORED, "branded-content": Place.SPONSORED, "brand-content": Place.SPONSORED,
    "ob-widget": Place.SPONSORED, "post-navigation": Place.PAGER, "nav-links": Place.PAGER, "nav-previous": Place.PAGER,
    "nav-next": Place.PAGER,
    "prev-next": Place.PAGER, "next-post": Place.PAGER, "prev-post": Place.PAGER, "previous-post": Place.PAGER, "post-nav": Place.PAGER,
    "next-article": Place.PAGER, "previous-article": Place.PAGER, "most-read": Place.MODULE, "most-popular": Place.MODULE,
    "most-viewed": Place.MODULE, "most-shared": Place.MODULE, "read-more": Place.MODULE, "read-next": Place.MODULE,
    "more-stories": Place.MODULE,
    "more-news": Place.MODULE, "app-promo": Place.PROMO, "sign-up": Place.PROMO,
}  # fmt: skip
"""Two words that mean a place together and nothing apart."""
_SPLIT = re.compile(r"[\s_:-]+")
_TERMS = re.compile(r"(?<!\S)(?:(?:category|tag|post_tag)-\S+|node--?promoted)")
"""What class names say of a story and not of a place: its sections and tags in WordPress, that it is on Drupal's front page."""

_TAG_PLACES = {
    "nav": Place.NAV,
    "amp-sidebar": Place.NAV,
    "aside": Place.ASIDE,
    "footer": Place.FOOTER,
    "header": Place.HEADER,
    "figcaption": Place.CAPTION,
    "amp-ad": Place.AD,
    "ins": Place.AD,
}
_ROLE_PLACES = {
    "navigation": Place.NAV,
    "menu": Place.NAV,
    "menubar": Place.NAV,
    "banner": Place.HEADER,
    "contentinfo": Place.FOOTER,
    "complementary": Place.ASIDE,
}


@lru_cache(maxsize=16384)
def hinted(names: str) -> int:
    """The places that a string of class names and id hints at."""
    found = 0
    before = ""
    names = names.lower()
    if "hentry" in names or "status-publish" in names or "promoted" in names:
        names = _TERMS.sub("", names)
    for word in _SPLIT.split(names):
        bits = _BITS.get(word)
        if bits is None and word[-1:].isdigit():
            bits = _BITS.get(word.rstrip("0123456789"))
        if bits:
            found |= bits
        elif word.startswith("nativead"):
            found |= Place.SPONSORED
        elif word[:2] in _BEGINS and word.startswith(_BEGINNINGS):
            found |= Place.MODULE | (Place.RELATED if word.startswith(_RELATED_BEGINNINGS) else 0)
        if before in _PAIR_STARTS and (pair := _PAIRS.get(f"{before}-{word}")):
            found |= pair
        before = word
    return found


_RELATED_BEGINNINGS = ("related", "recommend")
_BEGINNINGS = (*_RELATED_BEGINNINGS, "recirc", "mostread")
_BEGINS = frozenset(word[:2] for word in _BEGINNINGS)
_PAIR_STARTS = frozenset(pair.partition("-")[0] for pair in _PAIRS)


def own_place(element: Element) -> int:
    """The places that an element's own tag, role and names say, inherited ones aside."""
    attrs = element.attrs
    place = _TAG_PLACES.get(element.tag, 0)
    if place and element.tag in ("header", "footer", "ins"):
        place = place if (element.tag != "ins" and not element.within(*_PARTS)) or "adsbygoogle" in element.classes else 0
    if not attrs:
        return place
    if "class" in attrs or "id" in attrs:
        place |= hinted(f"{attrs.get('class', '')} {attrs.get('id', '')}")
    if "role" in attrs:
        place |= _ROLE_PLACES.get(attrs["role"].lower(), 0)
    if "data-ad" in attrs or "data-ad-slot" in attrs or "data-google-query-id" in attrs:
        place |= Place.AD
    return place


_PARTS = ("article", "section", "main", "li", "aside", "figure", "a")
"""Parts of a page with a header or footer of their own."""
