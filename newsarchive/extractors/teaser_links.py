"""The links of a page that may lead to another story, and which of them carry a headline.

Hard facts only: no page's address, the page itself, the front page, a share service, a file. What remains is weighed
card by card in `teaser_rules`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from newsarchive.extractors.teaser_address import Address, Shape, address_of, split_address, target_key
from newsarchive.extractors.teaser_page import PageView
from newsarchive.extractors.teaser_words import LIST_HEADINGS, MORE_LINKS, RELATED_HEADINGS, Phrases
from newsarchive.pages.blocks import Block
from newsarchive.pages.tree import Element
from newsarchive.urls import registrable_domain

MIN_HEADLINE_WORDS = 4
"""Words of a linked text that make it a headline by itself; of the headlines of the bench pages 3 % are shorter."""
MIN_HEADLINE_CHARS = 14
"""The same in characters, for scripts that set words without spaces, counted double."""

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
_LAZY_HREFS = ("data-href", "data-url", "data-link", "data-target-url", "data-permalink")


class StoryLink:
    """One link that may lead to a story."""

    __slots__ = ("_address", "block", "element", "headline", "host", "href", "key", "more", "own", "same_site", "text", "url")

    def __init__(self, element: Element, href: str, url: str, address: Address, block: Block | None) -> None:
        self.element = element
        self.href = href
        self.url = url
        self._address = address
        self.key = address.key
        self.block = block
        self.text = element.text
        self.more = len(self.text) <= MAX_MORE_CHARS and _MORE.match(self.text)
        """The text only leads on (`Continue reading`)."""
        self.host = address.host
        self.headline = False
        """Whether the link (with what stands in or round it) carries a headline."""
        self.same_site = True
        self.own = False
        """Whether it leads to the page itself."""

    @property
    def shape(self) -> Shape:
        """What the address looks like."""
        return self._address.shape


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


def find_links(view: PageView) -> list[StoryLink]:
    """All links that may lead to a story, in page order, with `headline` set."""
    blocks = {link.element.index: block for block in view.blocks for link in block.links}
    own = {view.base_key} | {target_key(url) for url in _own_addresses(view)}
    domain = registrable_domain(view.document.url) if view.document.url else ""
    host = split_address(view.document.url or "")[0]
    links = []
    for element, href in _anchors(view):
        url = view.resolve(href)
        if url is None:
            continue
        address = address_of(url)
        if _is_no_story(address):
            continue
        link = StoryLink(element, href, url, address, blocks.get(element.index))
        link.own = link.key in own
        link.same_site = not domain or link.host == host or _is_sister(_domain(link.host), domain)
        links.append(link)
        if len(links) == MAX_LINKS:
            break
    _mark_repeated(links)
    _mark_headlines(view, links)
    return links


MIN_REPEATED = 3
"""Targets of one text from which it is no headline but leads on, whatever the language (`See the rating`, `Play`)."""


def _mark_repeated(links: list[StoryLink]) -> None:
    """Set `more` on texts that lead to several targets."""
    targets: dict[str, set[str]] = {}
    for link in links:
        if link.text and not link.more:
            targets.setdefault(link.text, set()).add(link.key)
    for link in links:
        link.more = link.more or len(targets.get(link.text, ())) >= MIN_REPEATED


@lru_cache(maxsize=4096)
def _domain(netloc: str) -> str:
    return registrable_domain(netloc)


def _is_sister(domain: str, own: str) -> bool:
    """Whether two registered domains belong together: equal, or one name under two suffixes (`bbc.com`, `bbc.co.uk`)."""
    return domain == own or (len(own.split(".")[0]) >= MIN_NAME_CHARS and domain.split(".")[0] == own.split(".")[0])


def _anchors(view: PageView) -> list[tuple[Element, str]]:
    found = []
    first = view.body.index
    for element in view.anchors:
        attrs = element.attrs
        if not attrs or element.index < first:
            continue
        href = attrs.get("href", "").strip() if element.tag == "a" or element.tag == "area" else ""
        if not href or href[0] == "#" or href[:11].lower() == "javascript:":
            href = next((attrs[name] for name in _LAZY_HREFS if attrs.get(name)), "")
        if href:
            found.append((element, href))
    return found


def _own_addresses(view: PageView) -> list[str]:
    document = view.document
    found = [element.attrs.get("href", "") for element in document.link_rel("canonical")] + [
        element.attrs.get("href", "") for element in document.link_rel("amphtml")
    ]
    found.append(document.meta("og:url") or "")
    return [url for url in (view.resolve(href) for href in found if href) if url and split_address(url)[1].strip("/")]


def _is_no_story(address: Address) -> bool:
    path = address.path.strip("/")
    if not path:
        return not address.query or _is_share_host(address.host)
    if "." in path[-6:] and _FILE.search(path[-6:]):
        return True
    return _is_share_host(address.host) or path.startswith(("cdn-cgi", "wp-login", "wp-admin"))


@lru_cache(maxsize=4096)
def _is_share_host(host: str) -> bool:
    return bool(_SHARE_HOSTS.search(f".{host.partition(':')[0]}"))


def _mark_headlines(view: PageView, links: list[StoryLink]) -> None:
    """Set `headline`: the text is long enough, or a heading holds it, or the link is a picture or overlay beside a heading."""
    for link in links:
        if link.more or not link.text:
            continue
        words = word_count(link.text)
        long = words >= MIN_HEADLINE_WORDS or (words >= 2 and len(link.text) >= 2 * MIN_HEADLINE_CHARS)
        if long or (words >= 1 and _in_heading(view, link.element) and (words >= 3 or link.shape.story) and not link.shape.hub):
            link.headline = not _names_module(view, link)
    _promote_siblings(links)


def _names_module(view: PageView, link: StoryLink) -> bool:
    """Whether the link stands in a module's heading (`Next up in Science`, `More news`) and leads to a section."""
    heading = view.heading_round(link.element)
    if heading is None or len(heading.text) > MAX_MODULE_CHARS:
        return False
    if link.shape.hub and word_count(link.text) < MIN_HEADLINE_WORDS and not link.shape.slug:
        return True
    return not link.shape.digits and (heading.text != link.text or not link.shape.story) and _MODULE.match(heading.text)


def _in_heading(view: PageView, element: Element) -> bool:
    return view.heading_round(element) is not None or bool(view.headings_in(element.index, element.end))


_ANY_DIGIT = re.compile(r"\d")
_OWN_NAMES = re.compile(r"(?<!\S)(?:category|tag|post_tag)-\S+|\d+")
"""What the class names of cards do not share: the sections and tags of their stories, their numbers."""


@lru_cache(maxsize=4096)
def _make_of(names: str) -> str:
    if _ANY_DIGIT.search(names) is None and "category-" not in names and "tag-" not in names:
        return names
    return " ".join(_OWN_NAMES.sub("", names).split())


def _near_make(element: Element) -> tuple[str | None, str, str | None]:
    """What a signature begins with, at a quarter of its cost: most links of a page differ in it from all headlines."""
    parent = element.parent
    return (element.attrs.get("class"), parent.tag if parent else "", _make_of(parent.attrs.get("class", "")) if parent else None)


def signature(element: Element) -> tuple[str, ...]:
    """Tags and classes of an element and the three round it: equal for the same part of sibling cards."""
    pieces: list[str] = []
    node: Element | None = element
    for _ in range(4):
        if node is None:
            break
        names = node.attrs.get("class")
        pieces += (node.tag, _make_of(names) if names else "")
        node = node.parent
    return tuple(pieces)


def _promote_siblings(links: list[StoryLink]) -> None:
    """A short text is a headline where links of the same make carry headlines and the address is a story's (`Improvise!`)."""
    long = Counter([signature(link.element) for link in links if link.headline])
    near = {_near_make(link.element) for link in links if link.headline}
    wanted: dict[tuple[str, ...], list[StoryLink]] = {}
    for link in links:
        if link.headline or not link.text or link.more or _near_make(link.element) not in near:
            continue
        make = signature(link.element)
        if make in long and not link.shape.hub:
            wanted.setdefault(make, []).append(link)
    for make, group in wanted.items():
        many = long[make] >= MIN_PEERS and long[make] >= 2 * len(group)
        stories = [link for link in group if link.shape.story]
        for link in group if many else stories if long[make] >= len(stories) else []:
            link.headline = True


MIN_PEERS = 3
"""Headlines of one make from which a short text of the same make is one too, whatever its address looks like."""
