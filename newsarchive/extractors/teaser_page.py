"""What the teaser finder knows of a page before it looks at links: places by markup, the body's region, targets.

Places (menu, footer, ad, comments, ...) are read from tags, roles and class names, and inherited downwards in one pass.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from enum import IntFlag
from functools import lru_cache
from urllib.parse import urlsplit

from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.urls import is_tracking_parameter

GOOD_CHARS = 80
"""Characters a block needs to count as text of an article: RECIPE's measure of good text."""
GOOD_LINK_SHARE = 0.3
"""Share of linked characters below which a block counts as text."""
MAX_BESIDE_EXCERPT = 400
"""Characters beside a long block in an element that can still be a card: its headline, label, date and credit."""
REGION_SHARE = 0.7
"""The body's region is the smallest element that holds this share of the good text."""


class Place(IntFlag):
    """Where an element stands, by the markup round it."""

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


_EDGE = r"(?:(?<=[\s_:-])|^)"
_END = r"(?=[\s_:-]|$|\d)"


def _tokens(words: str) -> str:
    return f"{_EDGE}(?:{words}){_END}"


_HINTS: tuple[tuple[Place, re.Pattern[str]], ...] = (
    (Place.NAV, re.compile(_tokens("nav|navbar|navigation|menu|menus|mainmenu|megamenu|mega-menu|submenu|subnav|topnav|globalnav|breadcrumbs?|hamburger|dropdown|drawer|offcanvas|sitemap") + "|megamenu|breadcrumb|mainnav|navmenu")),
    (Place.HEADER, re.compile(_tokens("masthead|siteheader|site-header|page-header|header-global|topbar|top-bar"))),
    (Place.FOOTER, re.compile(_tokens("footer|site-footer|colophon|pagefooter|page-footer") + "|sitefooter")),
    (
        Place.AD,
        re.compile(
            _tokens("ads?|adv|adbox|adslot|ad-slot|advert|adverts|advertising|advertisement|advertorial|sponsor|sponsors|sponsored|sponsoring|promoted|native-ad|nativead|dfp|gpt|commercial|affiliate|affiliates|deals?|shopping|vouchers?|coupons?|gutscheine?|anzeigen?|werbung|publicite|pub|publi|partnercontent|partner-content|marketplace|brandvoice|oferplan|paid")
            + "|taboola|outbrain|plista|revcontent|mgid|ligatus|zergnet|dianomi|nativo|teads|trc_|ob-widget|ob_|doubleclick|adsbygoogle|criteo|smartad|sponsorship|advertisement|affiliat|gutschein"
        ),
    ),
    (Place.COMMENTS, re.compile(_tokens("comments?|disqus|respond|commentlist|comment-list|kommentare?|commentaires|comentarios|livefyre|coral|replies|reacties|forum|forums") + "|disqus_thread")),
    (Place.SHARE, re.compile(_tokens("share|sharing|sharebar|social|socials|socialmedia|follow|sharedaddy|addthis|share-tools"))),
    (Place.PROMO, re.compile(_tokens("newsletters?|subscribe|subscription|subscriptions|paywall|signup|sign-up|podcasts?|app-promo|cookie|cookies|consent|gdpr|abo|epaper|login|register|piano|events?|onetrust") + "|newsletter|cookieconsent|usercentrics")),
    (Place.TAGS, re.compile(_tokens("tags?|taglist|tag-list|topics|keywords|categories|post-tags|article-tags|tagcloud|hashtags?"))),
    (Place.AUTHOR, re.compile(_tokens("author|authors|author-bio|authorbox|byline|bylines|about-author|bio"))),
    (Place.MODULE, re.compile(_tokens("related|relatedposts|recommend|recommended|recommendations?|recirc|recirculation|most-?(?:read|popular|viewed|shared)|popular|trending|latest|readmore|read-more|read-next|more-stories|more-news|morefrom|teaser|teasers|stories|posts-list|river") + "|related|recommend|recirc|mostread|teaser")),
    (Place.PAGER, re.compile(_tokens("post-navigation|nav-links|nav-previous|nav-next|prevnext|prev-next|next-post|prev-post|previous-post|pagination-post|pager|post-nav|article-nav|next-article|previous-article") + "|post-nav|prev-?next|nav-previous|nav-next")),
    (Place.CAPTION, re.compile(_tokens("caption|figcaption|wp-caption|image-caption|photo-credit"))),
)  # fmt: skip

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


@lru_cache(maxsize=8192)
def hinted(names: str) -> Place:
    """The places that a string of class names and id hints at."""
    found = Place(0)
    for place, pattern in _HINTS:
        if pattern.search(names):
            found |= place
    return found


def _own_place(element: Element) -> Place:
    place = Place(0)
    classes = element.classes
    if classes:
        place = hinted(" ".join(classes))
    tag = element.tag
    own = _TAG_PLACES.get(tag)
    if own is not None and not (tag in ("header", "footer") and element.within("article", "section", "main", "li", "aside", "figure", "a")) and not (tag == "ins" and "adsbygoogle" not in classes):
        place |= own
    if element.attrs:
        role = element.attrs.get("role")
        if role:
            place |= _ROLE_PLACES.get(role.lower(), Place(0))
        if "data-ad" in element.attrs or "data-ad-slot" in element.attrs or "data-google-query-id" in element.attrs:
            place |= Place.AD
    return place


@lru_cache(maxsize=16384)
def target_key(url: str) -> str:
    """Under what an address is compared on one page: host without `www.`, path without end slash, query without tracking."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    path = parts.path.rstrip("/")
    query = "&".join(sorted(piece for piece in parts.query.split("&") if piece and not _is_origin(piece.split("=", 1)[0]))) if parts.query else ""
    return f"{host}{path}?{query}" if query else host + path


_ORIGIN = re.compile(r"ref|referrer|referer|cmp|int_?cmp|intc\w*|itid|mod|cid|at_\w+|cx_\w+|vtm_\w+|traffic_source|via|rss|share|origin|amp|gmpage|maca", re.I)
"""Parameters that say where on the site a link stood; two links that differ in these alone lead to one story."""


def _is_origin(name: str) -> bool:
    return is_tracking_parameter(name) or bool(_ORIGIN.fullmatch(name))


class PageView:
    """One page as the teaser finder sees it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.elements = document.tree.elements
        self.blocks = document.blocks
        body = document.tree.body
        self.body = body if body is not None else document.tree.root
        self._resolved: dict[str, str | None] = {}
        self.base_key = target_key(document.url) if document.url else ""
        self.headings = [e for e in self.elements if e.tag in HEADING_TAGS or e.attrs.get("role") == "heading"]
        self._heading_starts = [e.index for e in self.headings]
        self.region = self.body
        """The smallest element that holds most of the article's text."""
        self.text_blocks: list[Block] = []
        """The paragraphs of the article, as far as the finder can tell."""
        self._text_starts: list[int] = []
        self.places: list[Place] = []
        self.headline: Element | None = None

    def settle(self, headlines: Sequence[int], body_blocks: Sequence[int] | None = None) -> None:
        """Find the article's region, its paragraphs and its headline. `headlines`: element indexes of links with a headline, sorted."""
        if body_blocks:
            chosen = [self.blocks[i] for i in body_blocks]
            self.region = self._region(chosen)
        else:
            good = self._good_blocks(headlines)
            self.region = self._region(good)
            chosen = [block for block in good if self.region.index <= block.first < self.region.end]
        self.text_blocks = chosen
        self._text_starts = [block.first for block in chosen]
        self.places = self._places()
        self.headline = self._headline()

    def _good_blocks(self, headlines: Sequence[int]) -> list[Block]:
        good = [
            block
            for block in self.blocks
            if len(block.text) >= GOOD_CHARS and block.link_chars < GOOD_LINK_SHARE * len(block.text) and not block.hidden and block.kind != "caption"
        ]
        starts = [block.first for block in good]
        return [block for block in good if not self._is_excerpt(block, starts, headlines)]

    def _is_excerpt(self, block: Block, starts: list[int], headlines: Sequence[int]) -> bool:
        """Whether a long block is the only one in a small element that also links to a story with its headline: text of a card."""
        node: Element | None = block.element
        for _ in range(4):
            if node is None or node is self.body or node.tag in ("main", "td") or len(node.text) > len(block.text) + MAX_BESIDE_EXCERPT:
                return False
            if bisect_left(starts, node.end) - bisect_left(starts, node.index) > 1:
                return False
            for at in range(bisect_left(headlines, node.index), bisect_left(headlines, node.end)):
                if not any(link.element.index == headlines[at] for link in block.links) or block.element.within("a"):
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

    def _places(self) -> list[Place]:
        """The places of every element, own and inherited. What encloses the article's region gives nothing on."""
        places = [Place(0)] * len(self.elements)
        region = self.region
        for element in self.elements[self.body.index + 1 :]:
            parent = element.parent
            if parent is None or (element.index <= region.index and element.end >= region.end):
                continue
            places[element.index] = Place(places[parent.index] | _own_place(element))
        return places

    def _headline(self) -> Element | None:
        """The article's own h1: the last one before or in the region that is not empty, or the first of the page."""
        ones = [e for e in self.headings if (e.tag == "h1" or e.attrs.get("aria-level") == "1") and e.text and not e.within("a")]
        before = [e for e in ones if not self.text_blocks or e.index <= self.text_blocks[-1].first]
        return before[0] if before else (ones[0] if ones else None)

    def has_text(self, element: Element) -> bool:
        """Whether a paragraph of the article lies inside."""
        at = bisect_left(self._text_starts, element.index)
        return at < len(self._text_starts) and self._text_starts[at] < element.end

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
        if not href or href[0] == "#" or href[:11].lower() in ("javascript:",) or href[:7].lower() == "mailto:":
            return None
        return self.document.resolve(href)


HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

