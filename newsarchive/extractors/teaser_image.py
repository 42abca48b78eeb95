"""The picture of a card: lazy attributes before `src`, then srcset, `picture`, CSS background, `noscript`."""

from __future__ import annotations

import re

from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_page import PageView
from newsarchive.pages.tree import Element

_LAZY_TEXT = (
    "data-src data-lazy-src data-original data-lazy data-url data-image data-img data-image-src data-img-src data-hi-res-src "
    "data-lazyload data-echo data-defer-src data-full-src data-flickity-lazyload data-thumb data-image-url data-src-medium "
    "data-large-src"
)
_LAZY = tuple(_LAZY_TEXT.split())
_LAZY_NAMES = frozenset(_LAZY)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_BACKGROUNDS = ("data-bg", "data-background", "data-background-image", "data-bg-src", "data-bgset", "data-lazy-background", "data-img-url")
_BACKGROUND_SIGNS = frozenset((*_BACKGROUNDS, "style", "data-src"))
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)", re.I)
_PLACEHOLDER = re.compile(
    r"^data:|^about:|(?:^|[/_.-])(?:blank|spacer|pixel|placeholder|transparent|loading|lazyload|lazy-load|clear|dummy|grey|gray|"
    r"empty|default-image|no-?image|loader)(?:[_.-]|$|\d)|(?:^|/)trans\.|(?:^|[/_.-])1x1(?:\.|$)",
    re.I,
)
_NOT_PICTURES = re.compile(
    r"(?:^|[/_.-])(?:avatar|gravatar|icon|icons|logo|sprite|emoji|author|byline|play-?button|badge|arrow|flag|tracking|"
    r"beacon)s?(?:[/_.-]|$|\d)|\.svg(?:$|\?)",
    re.I,
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])|/image/", re.I)
_IN_JSON = re.compile(r'"((?:https?:)?\\?/\\?/[^"\s]+)"')
"""The first address in a lazy attribute that holds JSON (`{"default": "//host/picture.jpg"}`)."""
_TEMPLATE = re.compile(r"\{(?:width|w|size|height)\}|\$\{|\{\{")


def find_image(view: PageView, card: Card) -> str | None:
    """Absolute address of the card's picture; None where it shows none (data: URIs and placeholders are none)."""
    second: str | None = None
    for element in card.elements(view):
        found = None
        if element.tag in ("img", "amp-img"):
            if element.attrs.get("width", "").strip() in ("1", "0"):
                continue
            found = _of_img(element)
        elif element.tag == "source":
            if element.attrs.get("type", "").startswith(("video/", "audio/")):
                continue
            if second is None:
                second = _first_of_sets(element)
        elif element.attrs and not _BACKGROUND_SIGNS.isdisjoint(element.attrs):
            found = _of_background(element)
        if found and not _NOT_PICTURES.search(found.split("?")[0][-120:]):
            url = view.resolve(found)
            if url:
                return url
    return view.resolve(second) if second else None


def _of_img(element: Element) -> str | None:
    attrs = element.attrs
    for name in _LAZY if not _LAZY_NAMES.isdisjoint(attrs) else ():
        value = attrs.get(name, "").strip()
        if value.startswith("{"):
            written = _IN_JSON.search(value)
            value = written.group(1).replace("\\/", "/") if written else ""
        if value and _is_picture(value) and ("/" in value or "." in value):
            return value
    source = attrs.get("src", "").strip()
    if source and _is_picture(source):
        return source
    return _first_of_sets(element)


def _first_of_sets(element: Element) -> str | None:
    """The first usable address of a srcset."""
    for name in _SETS:
        for part in re.split(r",\s+", attrs_value(element, name)):
            value = part.strip().split(" ")[0].rstrip(",")
            if value and _is_picture(value):
                return value
    return None


def attrs_value(element: Element, name: str) -> str:
    """An attribute's value, empty where it is missing."""
    return element.attrs.get(name, "").strip()


def _of_background(element: Element) -> str | None:
    lazy = attrs_value(element, "data-src")
    if lazy and element.tag in ("div", "span", "figure", "a", "i") and _PICTURE_FILE.search(lazy) and _is_picture(lazy):
        return lazy
    for name in _BACKGROUNDS:
        value = attrs_value(element, name)
        if value:
            match = _URL.search(value)
            value = match.group(1) if match else value.split(" ")[0]
            if _is_picture(value) and "/" in value:
                return value
    style = element.attrs.get("style", "")
    if "url(" in style:
        match = _URL.search(style)
        if match and _is_picture(match.group(1)):
            return match.group(1)
    return None


def _is_picture(value: str) -> bool:
    if _TEMPLATE.search(value) or _PLACEHOLDER.search(value.split("?")[0][-80:] if not value.startswith(("data:", "about:")) else value):
        return False
    return len(value) > 3
