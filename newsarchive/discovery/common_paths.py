"""Where feeds and sitemaps stand on sites that do not name them, by the program that serves the site.

Pure planning: which addresses of an origin are worth asking for, given what the site names itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from newsarchive.urls import identity, normalise

SourceKind = Literal["feed", "sitemap"]


@dataclass(frozen=True, slots=True)
class CommonPath:
    """One path that many sites share."""

    path: str
    kind: SourceKind
    origin: str
    """The program or custom it comes from."""


COMMON_PATHS: tuple[CommonPath, ...] = (
    CommonPath("/sitemap.xml", "sitemap", "sitemaps.org custom"),
    CommonPath("/sitemap_index.xml", "sitemap", "Yoast SEO, Rank Math"),
    CommonPath("/wp-sitemap.xml", "sitemap", "WordPress 5.5 and later"),
    CommonPath("/news-sitemap.xml", "sitemap", "Yoast News SEO"),
    CommonPath("/sitemap-news.xml", "sitemap", "news sitemap custom"),
    CommonPath("/sitemap-index.xml", "sitemap", "Astro"),
    CommonPath("/sitemap.xml.gz", "sitemap", "sitemaps.org custom, compressed"),
    CommonPath("/arc/outboundfeeds/sitemap-index/?outputType=xml", "sitemap", "Arc XP"),
    CommonPath("/sitemap.txt", "sitemap", "sitemaps.org custom, plain text"),
    CommonPath("/feed/", "feed", "WordPress"),
    CommonPath("/rss.xml", "feed", "Drupal, Astro"),
    CommonPath("/rss/", "feed", "Ghost"),
    CommonPath("/feed.xml", "feed", "Jekyll"),
    CommonPath("/atom.xml", "feed", "Hexo, Movable Type"),
    CommonPath("/index.xml", "feed", "Hugo"),
    CommonPath("/feed.json", "feed", "JSON Feed custom"),
    CommonPath("/feeds/posts/default", "feed", "Blogger"),
    CommonPath("/arc/outboundfeeds/rss/?outputType=xml", "feed", "Arc XP"),
    CommonPath("/?format=feed&type=rss", "feed", "Joomla"),
)
"""The defaults of the programs most news sites run, the most common first. Each costs a request where it is tried."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An address to try."""

    url: str
    kind: SourceKind
    origin: str
    """As in `CommonPath`."""


def guesses(home: str, known: Collection[str], *, kinds: Collection[SourceKind]) -> Iterator[Guess]:
    """The common paths of the origin of `home`, for these kinds, in the order of the table.

    `known` are addresses that the site named itself; they are not guessed again, whatever their spelling.
    """
    named = {identity(url) for url in known}
    for item in COMMON_PATHS:
        url = normalise(urljoin(home, item.path))
        if item.kind in kinds and identity(url) not in named:
            named.add(identity(url))
            yield Guess(url, item.kind, item.origin)


def wanted_kinds(named: Collection[str], *, thorough: bool) -> list[SourceKind]:
    """For which kinds paths are guessed: those of which the site names none itself (`named` holds the kinds), or both."""
    kinds: tuple[SourceKind, ...] = ("sitemap", "feed")
    return [kind for kind in kinds if thorough or kind not in named]
