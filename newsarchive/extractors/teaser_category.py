"""A card's category: kicker, section or brand label."""

from __future__ import annotations

import re

from newsarchive.extractors.teaser_address import person_path
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_links import word_count
from newsarchive.extractors.teaser_page import PageView
from newsarchive.extractors.teaser_parts import (
    MAX_LABEL_CHARS,
    MIN_EXCERPT_WORDS,
    MORE,
    Part,
    is_label,
    names_author,
    names_excerpt,
    names_label,
)
from newsarchive.pages.tree import Element

_CLOCK = re.compile(r"^\d{1,2}[.:]\d{2}\s+(?=[^\W\d_])")
_MEDIA = re.compile(
    r"(?:mit |with |avec |con )?(?:video|audio|photos?|fotos?|bilder|gallery|galerie|galería|live|podcast|vidéo|vídeo)s?", re.I
)
"""Labels that name the medium: no category where there is another label."""


_PAYWALL = re.compile(
    r"premium|plus|abo|subscribers?(?: only)?|members?(?: only)?|abonnés?|réservé aux abonnés|suscriptores|solo suscriptores|abbonati",
    re.I,
)
"""Labels that say who may read it: never a category."""
_FILED = re.compile(r"(?:posted (?:in|on)|filed (?:under|in)|category|kategorie|rubrik|catégorie|categoría|categoria)(?::\s*|$)", re.I)
"""What stands before a section's name, often for screen readers alone."""
_FLAG = re.compile(
    rf"{_PAYWALL.pattern}|exclusive|exclusif|exklusiv|exclusivo|esclusiva|live|new|neu|nuevo|nouveau|breaking|updated?|update|aktualisiert|"
    r"watch|video|free|trending|most read",
    re.I,
)
"""Labels that say who may read it or how fresh it is: no category where there is another label."""


def set_category(view: PageView, card: Card, parts: list[Part], at: int) -> str | None:
    """Kicker or section: a label in the headline's heading or link, one that markup names so, or the one right before it."""
    others: set[int] = set()
    people: set[int] = set()
    for link in _other_links(card, view):
        (people if _is_person(link) else others).add(link.index)
    kickers, named, plain = [], [], []
    for i, part in enumerate(parts):
        named_link = bool(others) and len(part.text) <= MAX_LABEL_CHARS and _in_any(part.line.element, others)
        if part.role or not (is_label(part) or named_link) or MORE.match(part.text) or (people and _in_any(part.line.element, people)):
            continue
        if names_excerpt(part.own) and not names_label(part.own) and not _in_any(part.line.element, others):
            continue
        if i < at and part.heading is not None and (part.linked or part.heading is parts[at].heading):
            kickers.append(part)
        elif names_label(part.names) or _in_any(part.line.element, others):
            named.append(part)
        elif (i < at and at - i <= 3) or (i == at + 1 and part.words <= 3 and part.text[0].isupper() and _text_follows(parts, i)):
            plain.append(part)
    flags = [part for part in (*kickers, *named, *plain) if _FLAG.fullmatch(part.text.rstrip("."))]
    if len(flags) < len(kickers) + len(named) + len(plain):
        kickers, named, plain = ([part for part in group if part not in flags] for group in (kickers, named, plain))
    before = [part for part in named if parts.index(part) < at]
    chosen = kickers[-1:] or before or named or plain[-1:] or _beside_date(parts, at)
    for part in chosen:
        part.role = "category"
    shown = [text for part in chosen for text in _CLOCK.sub("", part.text).split("|")]
    texts = list(dict.fromkeys(text.strip(" |•·:/-–,") for text in shown))
    texts = [_FILED.sub("", text) for text in texts if not _PAYWALL.fullmatch(text)]
    texts = [text for text in texts if text and not _MEDIA.fullmatch(text)] or texts
    if not texts:
        texts = _section_links(card, view, parts)
    return ", ".join(text for text in texts if text) or None


def _beside_date(parts: list[Part], at: int) -> list[Part]:
    """A short label right after the date below the headline (`13 May 2024 | Business`), or right before it."""
    for i, part in enumerate(parts):
        if i <= at or part.role or not is_label(part) or not part.text[0].isupper() or part.words > 4 or names_author(part.names):
            continue
        beside = {parts[j].role for j in (i - 1, i + 1) if 0 <= j < len(parts)}
        gap = {parts[j].role for j in (i - 2,) if 0 <= j < len(parts) and parts[i - 1].role == "noise"}
        if "date" in beside | gap:
            return [part]
    return []


def _text_follows(parts: list[Part], i: int) -> bool:
    return any(not part.role and part.words >= MIN_EXCERPT_WORDS for part in parts[i + 1 :])


def _section_links(card: Card, view: PageView, parts: list[Part]) -> list[str]:
    """The texts of short links to other addresses in a mixed line of the card (`By TPN, in News, Portugal`)."""
    mixed = [part for part in parts if part.role in ("", "date", "author") and len(part.line.runs) > 1]
    texts = []
    for element in _other_links(card, view):
        href, text = element.attrs["href"], element.text
        if (
            href[0] == "#"
            or not text
            or word_count(text) > 4
            or any(char.isdigit() for char in text)
            or names_author(" ".join(element.classes) + " " + href)
        ):
            continue
        if any(run.element.index == element.index for part in mixed for run in part.line.runs):
            texts.append(text)
            for part in mixed:
                if any(run.element.index == element.index for run in part.line.runs):
                    part.role = part.role or "byline"
    return list(dict.fromkeys(texts))


def _other_links(card: Card, view: PageView) -> list[Element]:
    own = {link.element.index for link in card.links}
    return [element for element in card.elements(view) if element.tag == "a" and element.index not in own and element.attrs.get("href")]


def _is_person(link: Element) -> bool:
    return person_path(link.attrs.get("href", "")) or names_author(" ".join(link.classes))


def _in_any(element: Element, indexes: set[int]) -> bool:
    if not indexes:
        return False
    node: Element | None = element
    for _ in range(4):
        if node is None:
            return False
        if node.index in indexes:
            return True
        node = node.parent
    return False
