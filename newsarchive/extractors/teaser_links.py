"""The links of a page that may lead to another story, and which of them carry a headline.

Hard facts only: no page's address, the page itself, the front page, a share service, a file. What remains is weighed
card by card in `teaser_rules`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsarchive.extractors.teaser_page import PageView, split_address, target_key
from newsarchive.extractors.teaser_words import LIST_HEADINGS, MORE_LINKS, RELATED_HEADINGS, Phrases
from newsarchive.pages.blocks import Block
from newsarchive.pages.tree import Element
from newsarchive.urls import registrable_domain

MIN_HEADLINE_WORDS = 4
"""Words of a linked text that make it a headline by itself; of the headlines of the bench pages 3 % are shorter."""
MIN_HEADLINE_CHARS = 14
"""The same in characters, for scripts that set words without spaces, counted double."""

MIN_CODE_CHARS = 8
MIN_CODE_DIGITS = 3
"""Length and digits of a piece of a path that is a story's code rather than a word."""
MAX_LINKS = 2000
"""Links of a page that are looked at; the fullest article of the bench pages has 700, and a page of 100,000 is a trap."""
MAX_MORE_CHARS = 60
"""Characters of a text that only leads on; no headline is tried against the list."""
MAX_MODULE_CHARS = 50
"""Characters of a module's heading that is a link itself."""
MIN_NAME_CHARS = 3
"""Characters of a domain's name that make the same name under another suffix the same publisher."""

_MORE = Phrases(MORE_LINKS)
_MODULE = Phrases(RELATED_HEADINGS, LIST_HEADINGS)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SHARE_HOSTS = re.compile(
    r"\.(?:facebook|twitter|x|linkedin|pinterest|whatsapp|instagram|youtube|youtu|tiktok|telegram|t|reddit|"
    r"tumblr|vk|ok|weibo|line|wa|xing|"
    r"flipboard|getpocket|threads|bsky|mastodon|addtoany|addthis|disqus|google|apple|feedly|spotify|patreon|paypal|amazon|amzn|ebay|"
    r"hatena|mixi|viber|snapchat|discord|twitch|soundcloud|wikipedia|wikimedia|archive|doi)\.(?:com|org|net|be|me|ru|"
    r"jp|ne\.jp|to|social|app|gd|gg|"
    r"co\.uk|de|fr|es|it|pl|in|ca)$",
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp3|mp4|m4a|zip|docx?|xlsx?|pptx?|xml|rss|ics|css|js|json|epub|apk)$", re.I)
_HUB = re.compile(
    r"/(?:tags?|topics?|temas?|tema|themen?|thema|thema-|theme|themes|category|categories|categorie|categoria|"
    r"kategorie|kategori|rubrik|rubrique|"
    r"sections?|authors?|autor|autores|auteurs?|autoren|autore|reporters?|journalists?|staff|people|profiles?|profil|"
    r"user|users|member|members|contributors?|by|"
    r"keywords?|schlagwort|etiquetas?|etiqueta|mot-cle|suche|search|buscar|recherche|login|signin|sign-in|register|"
    r"account|abo|abonnement|abonnements|subscribe|"
    r"subscriptions?|newsletters?|podcasts?|shop|store|jobs?|events?|contact|kontakt|impressum|datenschutz|privacy|"
    r"terms|agb|about|about-us|ueber-uns|"
    r"feed|rss|help|hilfe|faq|weather|wetter|horoscopes?|puzzles|games|e-?paper|wp-login\.php|cdn-cgi|comments?)(?=/|$|\?)",
)
_SERVICE = re.compile(
    r"/(?:subscribe|subscriptions?|subscription-offers|abo|abonnement|abonnements|abonnieren|suscripcion|"
    r"suscribete|abbonamenti|assine|assinatura|newsletters?|login|signin|sign-in|"
    r"signup|sign-up|register|account|privacy|terms|impressum|datenschutz|agb|kontakt|contact|about-us|cdn-cgi|"
    r"password|e-?paper|advertise|jobs)(?=/|$|\?)",
)
_LISTING = re.compile(r"/(?:tags?|category|categories|categoria|kategorie|search|suche|buscar|recherche|authors?|autor|autores)(?=/)")
_PERSON = re.compile(
    r"/(?:authors?|autor|autores|auteurs?|autoren|autore|reporters?|journalists?|staff|people|profiles?|profil|"
    r"users?|members?|contributors?|by|team)(?=/|$)",
)
_SLUG = re.compile(r"[^/_.-]+(?:[-_+][^/_.-]+){2,}")
_DIGITS = re.compile(r"\d{4,}")
_LAZY_HREFS = ("data-href", "data-url", "data-link", "data-target-url", "data-permalink")


class StoryLink:
    """One link that may lead to a story."""

    __slots__ = ("_shape", "block", "element", "headline", "host", "href", "key", "more", "own", "same_site", "text", "url")

    def __init__(self, element: Element, href: str, url: str, key: str, block: Block | None) -> None:
        self.element = element
        self.href = href
        self.url = url
        self.key = key
        self.block = block
        self.text = element.text
        self.more = len(self.text) <= MAX_MORE_CHARS and _MORE.match(self.text)
        """The text only leads on (`Continue reading`)."""
        self.host = split_address(url)[0]
        self._shape: Shape | None = None
        self.headline = False
        """Whether the link (with what stands in or round it) carries a headline."""
        self.same_site = True
        self.own = False
        """Whether it leads to the page itself."""

    @property
    def shape(self) -> Shape:
        """What the address looks like; read when first asked for, since most links are judged without."""
        if self._shape is None:
            _, path, query = split_address(self.url)
            self._shape = path_shape(path, query)
        return self._shape


@lru_cache(maxsize=8192)
def word_count(text: str) -> int:
    """Words of a text; in scripts without word spaces two characters count as one word."""
    if text.isascii():
        return len(_TOKEN.findall(text))
    wide = len(_WIDE.findall(text))
    if not wide:
        return len(_TOKEN.findall(text))
    return wide // 2 + len(_TOKEN.findall(_WIDE.sub(" ", text)))


_TOKEN = re.compile(r"[^\s\w]*[^\W_]\S*")


class Shape:
    """What an address looks like: signs of a story, signs of a section."""

    __slots__ = ("depth", "digits", "extension", "hub", "listing", "person", "service", "slug", "words")

    def __init__(self, path: str, query: str) -> None:
        plain = unquote(path).strip("/")
        lowered = f"/{plain.lower()}"
        pieces = [piece for piece in plain.split("/") if piece]
        self.depth = len(pieces)
        self.hub = bool(_HUB.search(lowered))
        self.service = bool(_SERVICE.search(lowered))
        """Subscriptions, accounts, legal pages."""
        self.listing = bool(_LISTING.search(lowered))
        """A tag's, section's or author's page, whatever its slug."""
        self.person = bool(_PERSON.search(lowered))
        last = pieces[-1] if pieces else ""
        self.extension = bool(re.search(r"\.(?:s?html?|php|aspx?|jsp|ece|cms)$", last))
        stem = re.sub(r"\.(?:s?html?|php|aspx?|jsp|ece|cms|amp)$", "", last)
        self.words = max((len(re.split(r"[-_+]", piece)) for piece in pieces), default=0)
        self.slug = bool(_SLUG.search(stem)) or any(_SLUG.search(piece) for piece in pieces) or (len(plain) > 12 and not plain.isascii())
        self.digits = (
            bool(_DIGITS.search(plain))
            or any(_is_code(piece) for piece in pieces)
            or bool(re.search(r"(?:^|&)(?:\w*id|p|a|art|article|no|nr|num|news|newsid)=\w*\d", query, re.I))
        )

    def is_like(self, own: Shape) -> bool:
        """Whether an address can be a story's of the site whose story has the address `own`."""
        if own.digits and not self.digits:
            return False
        if own.extension and not self.extension and not self.slug:
            return False
        if own.slug and not own.digits and not self.slug:
            return False
        return not (own.depth >= 2 and self.depth < own.depth - 2)

    @property
    def story(self) -> bool:
        """Whether it looks like a story's address: a slug of three words, or a number."""
        return self.slug or self.digits


def _is_code(piece: str) -> bool:
    """Whether a piece of a path is a generated number in letters and digits (`AST1D3H5XT1DUTIL`)."""
    stem = piece.partition(".")[0]
    return len(stem) >= MIN_CODE_CHARS and stem.isalnum() and sum(char.isdigit() for char in stem) >= MIN_CODE_DIGITS


@lru_cache(maxsize=16384)
def path_shape(path: str, query: str) -> Shape:
    """The shape of an address's path and query."""
    return Shape(path, query)


def find_links(view: PageView) -> list[StoryLink]:
    """All links that may lead to a story, in page order, with `headline` set."""
    blocks = {link.element.index: block for block in view.blocks for link in block.links}
    own = {view.base_key} | {target_key(url) for url in _own_addresses(view)}
    domain = registrable_domain(view.document.url) if view.document.url else ""
    links = []
    for element, href in _anchors(view):
        url = view.resolve(href)
        if url is None or _is_no_story(url):
            continue
        key = target_key(url)
        link = StoryLink(element, href, url, key, blocks.get(element.index))
        link.own = key in own
        link.same_site = not domain or _is_sister(_domain(link.host), domain)
        links.append(link)
        if len(links) == MAX_LINKS:
            break
    _mark_headlines(view, links)
    return links


@lru_cache(maxsize=4096)
def _domain(netloc: str) -> str:
    return registrable_domain(netloc)


def _is_sister(domain: str, own: str) -> bool:
    """Whether two registered domains belong together: equal, or one name under two suffixes (`bbc.com`, `bbc.co.uk`)."""
    return domain == own or (len(own.split(".")[0]) >= MIN_NAME_CHARS and domain.split(".")[0] == own.split(".")[0])


def _anchors(view: PageView) -> list[tuple[Element, str]]:
    found = []
    for element in view.elements[view.body.index :]:
        attrs = element.attrs
        if not attrs:
            continue
        if element.tag == "a" or element.tag == "area":
            href = attrs.get("href", "").strip()
            if not href or href[0] == "#" or href[:11].lower() == "javascript:":
                href = next((attrs[name] for name in _LAZY_HREFS if attrs.get(name)), "")
        elif attrs.get("role") == "link" or "onclick" in attrs:
            href = next((attrs[name] for name in _LAZY_HREFS if attrs.get(name)), "")
        else:
            continue
        if href:
            found.append((element, href))
    return found


def _own_addresses(view: PageView) -> list[str]:
    document = view.document
    found = [element.attrs.get("href", "") for element in document.link_rel("canonical")] + [
        element.attrs.get("href", "") for element in document.link_rel("amphtml")
    ]
    found.append(document.meta("og:url") or "")
    return [url for url in (document.resolve(href) for href in found if href) if url and urlsplit(url).path.strip("/")]


@lru_cache(maxsize=16384)
def _is_no_story(url: str) -> bool:
    host, path, query = split_address(url)
    path = path.strip("/")
    if not path and not query:
        return True
    return _is_share_host(host) or bool(_FILE.search(path[-6:])) or path.startswith(("cdn-cgi", "wp-login", "wp-admin"))


@lru_cache(maxsize=4096)
def _is_share_host(host: str) -> bool:
    return bool(_SHARE_HOSTS.search(f".{host.partition(':')[0]}"))


def _mark_headlines(view: PageView, links: list[StoryLink]) -> None:
    """Set `headline`: the text is long enough, or a heading holds it, or the link is a picture or overlay beside a heading."""
    for link in links:
        if link.more or _names_module(view, link):
            continue
        words = word_count(link.text)
        if (
            words >= MIN_HEADLINE_WORDS
            or (words >= 2 and len(link.text) >= 2 * MIN_HEADLINE_CHARS)
            or (words >= 1 and (words >= 3 or link.shape.story) and not link.shape.hub and _in_heading(view, link.element))
        ):
            link.headline = True
    _promote_siblings(links)


def _names_module(view: PageView, link: StoryLink) -> bool:
    """Whether the link stands in a module's heading (`Next up in Science`, `More news`) and leads to a section."""
    heading = view.heading_round(link.element)
    return (
        heading is not None
        and len(heading.text) <= MAX_MODULE_CHARS
        and _MODULE.match(heading.text)
        and not link.shape.digits
        and (heading.text != link.text or not link.shape.story)
    )


def _in_heading(view: PageView, element: Element) -> bool:
    return view.heading_round(element) is not None or bool(view.headings_in(element.index, element.end))


def signature(element: Element) -> str:
    """Tags and classes of an element and the three round it: equal for the same part of sibling cards."""
    pieces = []
    node: Element | None = element
    for _ in range(4):
        if node is None:
            break
        pieces.append(node.tag + "." + node.attrs.get("class", ""))
        node = node.parent
    return "<".join(pieces)


def _promote_siblings(links: list[StoryLink]) -> None:
    """A short text is a headline where links of the same make carry headlines and the address is a story's (`Improvise!`)."""
    long = Counter(signature(link.element) for link in links if link.headline)
    wanted: dict[str, list[StoryLink]] = {}
    for link in links:
        if link.headline or not link.text or link.more:
            continue
        make = signature(link.element)
        if long[make] and link.shape.story and not link.shape.hub:
            wanted.setdefault(make, []).append(link)
    for make, group in wanted.items():
        if long[make] >= len(group):
            for link in group:
                link.headline = True
