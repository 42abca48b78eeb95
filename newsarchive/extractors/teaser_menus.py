"""Which links stand in a menu, and what only calls itself one."""

from __future__ import annotations

from newsarchive.extractors.teaser_links import StoryLink, word_count
from newsarchive.extractors.teaser_page import PageView
from newsarchive.extractors.teaser_places import Place
from newsarchive.pages.tree import Element


def in_menu(view: PageView, link: StoryLink) -> bool:
    """Whether a link stands in a menu, which is refused as it is: nobody looks for the card round it."""
    place = view.place(link.element)
    if not place & Place.NAV or (place & (Place.MODULE | Place.PAGER) and not view.is_before_headline(link.element)):
        return False
    if word_count(link.text) < MIN_PAGER_WORDS:
        return True
    menu = next(
        (
            element
            for element in link.element.ancestors()
            if view.place(element) & Place.NAV and element.parent is not None and not view.place(element.parent) & Place.NAV
        ),
        None,
    )
    return menu is None or not (_pages_on(view, link, menu) or (word_count(link.text) >= MIN_LISTED_WORDS and _lists_stories(view, menu)))


MIN_LISTED_WORDS = 5
MIN_LISTED = 3
LISTED_SHARE = 0.8
"""Words of a headline, number of such links and their share of all linked characters, from which a menu by class name is a list."""


def _lists_stories(view: PageView, menu: Element) -> bool:
    """Whether a menu, by its class names alone, holds headlines instead of sections (`side-menu`, `before-top-nav`)."""
    if menu.index not in view.menus:
        view.menus[menu.index] = _is_list(view, menu)
    return view.menus[menu.index]


def _is_list(view: PageView, menu: Element) -> bool:
    if menu.tag == "nav" or menu.attrs.get("role") in ("navigation", "menu", "menubar") or menu.within("nav", "header"):
        return False
    texts = {text for anchor in view.document.tree.below(menu, "a") if (text := anchor.text)}
    long = [len(text) for text in texts if word_count(text) >= MIN_LISTED_WORDS]
    return len(long) >= MIN_LISTED and sum(long) >= LISTED_SHARE * sum(map(len, texts))


MIN_PAGER_WORDS = 4
MAX_PAGER_LINKS = 6
"""Words of a headline, and links of a `nav` behind the article's text, that lead to the previous or next story; a menu has more."""


def _pages_on(view: PageView, link: StoryLink, nav: Element) -> bool:
    """Whether a link in a small `nav` behind the text leads to the previous or next story."""
    if not view.text_blocks or link.element.index < view.text_blocks[-1].first or word_count(link.text) < MIN_PAGER_WORDS:
        return False
    return link.shape.story and len(view.document.tree.below(nav, "a")) <= MAX_PAGER_LINKS
