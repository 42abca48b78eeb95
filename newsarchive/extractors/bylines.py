"""Bylines as readers see them: marked elements and short lines beside the headline, read piece by piece.

A byline is a row of small texts ("By", a linked name, a role, a date), each in an element of its own. Reading the pieces
apart keeps `Jane Doe` out of `Jane DoeStaff Writer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsarchive.dates import find_dates
from newsarchive.extractors.landmarks import Landmarks, bylines, is_aside, names_of
from newsarchive.extractors.names import has_role, has_small_words, is_byline_word, is_person, names_in, starts_like_byline
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import UNREAD, Element
from newsarchive.text import fold

NEAR_ELEMENTS_BEFORE = 120
"""Elements before the headline in which a marked byline may stand."""

NEAR_ELEMENTS_AFTER = 400
"""Elements after the headline: pictures, share buttons and menus of actions stand between."""

BLOCKS_BEFORE = 3
BLOCKS_AFTER = 7
"""Blocks round the headline in which a line without any mark is read as a byline."""

MAX_BYLINE_CHARS = 200
"""Characters of a byline element; a longer one is a box about the author."""

MAX_NAMES = 6
"""Names in one byline; more are a list of links."""

MAX_PIECES = 40

_AUTHOR_PATHS = (
    "/author", "/autor", "/auteur", "/by/", "/people/", "/staff/", "/profile", "/user/", "/users/", "/contributor", "/journalist",
    "/team/", "/writers/", "/reporter", "/redakt", "/person/", "/expert", "/columnist",
)  # fmt: skip
"""Parts of addresses that lead to an author's page."""

_OTHER_PATHS = ("/category", "/tag", "/topic", "/section", "/c/", "/blog/category")

_WRONG = re.compile(
    r"photo|credit|image|caption|bio(?!s)|social|avatar|share|comment|reply|count|desc|about|footer|related|follow|icon|job|role|title(?!s)",
    re.I,
)
_OTHER_ROLE = re.compile(
    r"^(?:(?:medically |fact )?(?:reviewed|checked|edited|approved|verified|illustrated|photographed|updated|translated|filmed|"
    r"produced)|photos?|photography|"
    r"fotos?|bild(?:er)?|illustrations?|übersetzt|redigiert|geprüft)\b",
    re.I,
)
_HELPERS = re.compile(
    r"[.,;]?\s+(?:(?:medically |expert |fact )?(?:reviewed|checked|edited|updated|posted|published|last)|on behalf of|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.I,
)
_MORE_BY = re.compile(
    r"^(?:more|other|all|latest|view|read|see)?\s*(?:articles?|posts?|stories|content|more|all)\s+(?:posts )?(?:by|from|of)\b", re.I
)
_WORDS_OF_MENUS = re.compile(
    r"^an?\s|\b(?:the|and|of|for|to|in|on|with|also|check|source|your|our|how|what|why|when|best|top|new|more|read|share|follow|subscribe|sign|log|menu|"
    r"home|news|blog|guide|review|"
    r"table|contents?|updated|published|posted|photo|image|credit|getty|finance|business|travel|health|food|culture|sports?|"
    r"opinion|politics|tech|life|"
    r"style|design|marketing|development|learning|community|small|real|estate|data|security|resources?|articles?|categor|tags?|"
    r"january|february|march|"
    r"april|june|july|august|september|october|november|december|copy|link|print|email|save|listen|video|podcast|comments?|min|"
    r"minutes?|free|shop|cart|"
    r"search|help|contact|about|united|states|world|local|breaking|live|latest|trending|popular|privacy|policy|terms)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a byline in an element of its own."""

    text: str
    href: str
    """Address of the link it stands in; empty outside links."""


def pieces_of(element: Element) -> list[Piece]:
    """The texts below an element, each with the link it stands in; at most `MAX_PIECES`."""
    found: list[Piece] = []
    stack: list[tuple[str | Element, str]] = [(element, element.attrs.get("href", "") if element.tag == "a" else "")]
    while stack and len(found) < MAX_PIECES:
        item, href = stack.pop()
        if isinstance(item, str):
            text = fold(item)
            if text:
                found += [Piece(part.strip(), href) for part in _BETWEEN.split(text) if part.strip()]
        elif item.tag not in UNREAD and item.tag not in ("svg", "button", "select"):
            inner = item.attrs.get("href", "") if item.tag == "a" else href
            stack.extend((child, inner) for child in reversed(item.content[:60]))
    return found


_BETWEEN = re.compile(r"\s*[|·•]\s*|\s+[–—]\s+|(?<=\w)\s+-\s+")


def names_of_pieces(pieces: list[Piece], language: str | None) -> tuple[list[str], list[str]]:
    """(names that are marked as authors by a word such as `By` or by a link to an author's page, other names of persons)."""
    marked: list[str] = []
    other: list[str] = []
    expecting = False
    for piece in pieces:
        if _OTHER_ROLE.match(piece.text) or _MORE_BY.match(piece.text):
            break
        text = _without_date(_HELPERS.split(piece.text)[0], language)
        if not text or ((marked or other) and has_role(text)):
            expecting = False
            continue
        if is_byline_word(text):
            expecting = True
            continue
        leads = any(part in piece.href.lower() for part in _AUTHOR_PATHS)
        found = names_in(text)
        if (expecting or starts_like_byline(text) or leads) and found and len(found) <= MAX_NAMES:
            marked += [name for name in found if is_person(name) or (len(name.split()) <= 3 and _is_capital(name))]
        elif not any(part in piece.href.lower() for part in _OTHER_PATHS):
            other += [name for name in found if is_person(name) and not _WORDS_OF_MENUS.search(name)]
        expecting = expecting and text.casefold() in _AND_WORDS
    return _unique(marked), _unique(other)


_AND_WORDS = frozenset(("and", "und", "et", "y", "e", "en", "och", "og", "&", ",", "/"))


def _without_date(text: str, language: str | None) -> str:
    """The text before a date in it, or, where it begins with one, the byline behind the date."""
    if any(char.isdigit() for char in text):
        for date in find_dates(text, language=language):
            if date.start > MAX_BEFORE_DATE:
                return text[: date.start].rstrip(" ,|·•–—-(")
            rest = text[date.end :].lstrip(" .,|·•–—-")
            return rest if starts_like_byline(rest) else ""
    return text


MAX_BEFORE_DATE = 2
"""Characters before a date with which a text begins."""


def _unique(names: list[str]) -> list[str]:
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]


def marked_bylines(
    document: Document, landmarks: Landmarks, headline: Element | None, language: str | None
) -> Iterator[tuple[str, list[str]]]:
    """(kind, names) of links with `rel=author` and of elements whose names say byline; kinds `rel-author`, `byline`, `rel-author-far`."""
    anchor = headline.index if headline is not None else 0
    first, last = anchor - NEAR_ELEMENTS_BEFORE, anchor + NEAR_ELEMENTS_AFTER
    best: dict[str, list[str]] = {}
    elements = [(link, True) for link in landmarks.author_links] + [(element, False) for element in bylines(document.tree, first, last)]
    for element, is_link in elements:
        kind = "byline" if not is_link else "rel-author" if first <= element.index <= last else "rel-author-far"
        if (kind != "rel-author" and kind in best) or len(element.text) > MAX_BYLINE_CHARS:
            continue
        if _WRONG.search(names_of(element)) or is_aside(element, headline):
            continue
        marked, other = names_of_pieces(pieces_of(element), language)
        found = (marked or other or _single(element)) if not is_link else names_in(element.text)
        if found and len(found) <= MAX_NAMES:
            best[kind] = _unique([*best.get(kind, []), *found])
    yield from best.items()


def _single(element: Element) -> list[str]:
    """The name in an element that holds nothing but one short text."""
    names = names_in(element.text)
    is_one = len(names) == 1 and len(names[0].split()) <= 3 and not has_small_words(names[0])
    return names if is_one and not _WORDS_OF_MENUS.search(names[0]) else []


def line_bylines(document: Document, headline: Element | None, language: str | None) -> Iterator[tuple[str, list[str]]]:
    """(kind, names) of lines without a mark: kind `by-text` with a word such as `By`, `name-line` names alone in bold.

    Round the headline first; a line that begins with `Written by` counts anywhere in the article (`written-by`), a name alone
    below the headline where the page says more about that person (`name-again`).
    """
    blocks = document.blocks
    anchor = next((b.index for b in blocks if headline is not None and headline.index <= b.first < headline.end), None)
    if anchor is None:
        return
    lone: list[str] = []
    for block in blocks[max(0, anchor - BLOCKS_BEFORE) : anchor + BLOCKS_AFTER + 1]:
        if block.index == anchor or len(block.text) > MAX_BYLINE_CHARS or is_aside(block.element, headline):
            continue
        marked, other = names_of_pieces(_pieces_of_block(block, document), language)
        if not marked and _is_label(blocks[block.index - 1]):
            marked = other or _short_names(block)
        if marked:
            yield "by-text", marked
            return
        if other and not lone and len(other) <= MAX_NAMES and _is_all_strong(block, other):
            lone = other
    if lone:
        yield "name-line", lone
    for block in blocks[anchor + 1 : anchor + 1 + BLOCKS_OF_NAME]:
        if _is_lone_name(block) and _is_told_of(block.text, blocks[block.index + 1 :]) and not is_aside(block.element, headline):
            yield "name-again", [block.text]
            break
    yield from _written_by(document, headline, language)


def _written_by(document: Document, headline: Element | None, language: str | None) -> Iterator[tuple[str, list[str]]]:
    """The names of the first line that begins with words such as `Written by`, or that stands below a line of such words alone."""
    blocks, tried = document.blocks, 0
    for block in blocks:
        if len(block.text) > MAX_BYLINE_CHARS:
            continue
        if block.text[0] in _WRITTEN_INITIALS and block.text[:30].casefold().startswith(_WRITTEN):
            said = names_of_pieces(_pieces_of_block(block, document), language)[0]
        elif block.index and len(blocks[block.index - 1].text) <= MAX_LABEL_CHARS and _is_label(blocks[block.index - 1]):
            marked, other = names_of_pieces(_pieces_of_block(block, document), language)
            said = marked or other or _short_names(block)
        else:
            continue
        tried += 1
        if said and not is_aside(block.element, headline):
            yield "written-by", said
            return
        if tried >= MAX_WRITTEN:
            return


MAX_WRITTEN = 20
"""Lines with words such as `Written by` that are read; more stand under the entries of a list."""


_WRITTEN = (
    "written by", "posted by", "story by", "text von", "geschrieben", "escrito por", "scritto da", "article by", "article written by",
    "this post was written by", "this article was written by", "post written by", "author:", "autor:", "autorin:", "auteur :",
)  # fmt: skip

_WRITTEN_INITIALS = frozenset("".join(word[0] + word[0].upper() for word in _WRITTEN))

_LABELS = frozenset(
    (
        "by", "written by", "article by", "article written by", "posted by", "author", "authors", "author(s)", "words by", "story by",
        "text by", "von", "autor", "autorin", "autoren", "par", "auteur", "por", "escrito por", "di", "scritto da", "autore", "door",
        "auteurs", "autores", "av", "af", "tekst", "text", "автор", "yazar", "penulis", "oleh", "作者", "文", "글",
    )
)  # fmt: skip
"""Lines that say that the next one is the author, without a colon."""

MAX_LABEL_CHARS = 24


def _is_label(block: Block) -> bool:
    return len(block.text) <= MAX_LABEL_CHARS and block.text.casefold().rstrip(" :：") in _LABELS


def _short_names(block: Block) -> list[str]:
    """The names in a line that a label says is the author, so that one word is enough; none where it holds more than names."""
    names = names_in(block.text)
    return [name for name in names if len(name.split()) <= MAX_NAME_WORDS and _is_capital(name)] if len(names) <= MAX_NAMES else []


MAX_NAME_WORDS = 4


def _is_capital(name: str) -> bool:
    """Whether a name begins as names do: `the Harbour Team` does, a run of words out of a sentence does not."""
    return not name[0].islower() or name.startswith("the ")


BLOCKS_OF_NAME = 3
"""Blocks below the headline among which a name alone is read as the author's."""

MIN_BIOGRAPHY_CHARS = 40


def _is_lone_name(block: Block) -> bool:
    """Whether a line is nothing but a person's name, and leads nowhere but to an author's page."""
    text = block.text
    if len(text) > MAX_LONE_CHARS or block.kind == "heading" or not is_person(text):
        return False
    if any(not any(part in link.href.lower() for part in _AUTHOR_PATHS) for link in block.links):
        return False
    return not _WORDS_OF_MENUS.search(text) and names_in(text) == [text]


MAX_LONE_CHARS = 40


def _is_told_of(name: str, blocks: list[Block]) -> bool:
    """Whether later lines are about a person: a biography that begins with the name, or the name alone once more."""
    return any(
        block.text.startswith(name) and (len(block.text) == len(name) or len(block.text) >= len(name) + MIN_BIOGRAPHY_CHARS)
        for block in blocks
    )


def _pieces_of_block(block: Block, document: Document) -> list[Piece]:
    """The pieces of a block: of its element where that holds the block alone, else of its text."""
    if block.element.text == block.text or len(block.element.text) <= len(block.text) + 2:
        return pieces_of(block.element)
    inner = document.tree.elements[block.first]
    if inner is not block.element and fold(inner.text) == block.text:
        return pieces_of(inner)
    return [Piece(part, block.links[0].href if block.links else "") for part in _BETWEEN.split(block.text) if part]


def _is_all_strong(block: Block, names: list[str]) -> bool:
    """Whether a line is nothing but names set in bold or italics: how some papers sign above the first paragraph."""
    strong = [child for child in block.element.children if child.tag in ("strong", "b", "em", "i")]
    return bool(strong) and fold(" ".join(child.text for child in strong)) == block.text and len("".join(names)) >= 0.7 * len(block.text)
