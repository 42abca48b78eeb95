"""The parts of a card: its lines, cut where markup parts them, with the role that their form alone tells."""

from __future__ import annotations

import re
from functools import lru_cache

from newsarchive.dates import ParsedDate, find_dates, is_relative
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_credit import has_hint, is_credit, split_credit
from newsarchive.extractors.teaser_lines import Line, lines_of, split_apart
from newsarchive.extractors.teaser_links import word_count
from newsarchive.extractors.teaser_page import HEADING_TAGS
from newsarchive.extractors.teaser_words import DATE_LABELS, MORE_LINKS, Phrases, label_form
from newsarchive.pages.tree import Element

MAX_LABEL_CHARS = 48
"""Characters of a category or kicker; of those on the bench pages 97 % are shorter."""
MAX_LABEL_WORDS = 6
MIN_EXCERPT_WORDS = 4
"""Words of the shortest line that is taken for an excerpt rather than a label."""
MAX_DATE_REST = 24
"""Letters that may stand beside a date in a line that is a date line (`Published on`, a weekday, `Uhr`)."""
_TITLE_HINT = re.compile(
    r"(?:^|[\s_-])(?:title|titel|titre|titulo|titolo|headline|hed|heading|entry-title|caption-title)(?:$|[\s_-]|\d)|"
    r"headline|__title|-title|title__",
    re.I,
)
"""Class names of headlines."""
_EXCERPT_HINT = re.compile(
    r"excerpt|summary|(?:^|[\s_-])(?:desc|description|dek|deck|lead|lede|intro|teaser-?text|abstract|standfirst|"
    r"subtitle|subtitel|sub-?headline|snippet|blurb|chapo)(?:$|[\s_-])|__text|__intro|subtitle",
    re.I,
)
"""Class names of excerpts."""
_LABEL_HINT = re.compile(
    r"(?:^|[\s_-])(?:cat|cats|category|categories|categoria|kicker|section|sektion|topic|topline|overline|eyebrow|"
    r"label|labels|brand|flag|rubric|rubrik|ressort|channel|dachzeile|spitzmarke|tag|tags|pretitle|pre-title|vignette|"
    r"supertitle|topper|tagline|antetitulo|overtitle|roof|prefix)(?:$|[\s_-]|\d)|kicker|category|topline|overline|"
    r"eyebrow|__label|__tag|__cat|__badge|sectionname",
    re.I,
)
"""Class names of kickers and sections."""
_AUTHOR_HINT = re.compile(r"author|byline|(?:^|[\s_-])(?:autor|auteur|by|writer|name)(?:$|[\s_-])", re.I)
"""Class names of bylines."""
_NOISE_HINT = re.compile(
    r"(?:^|[\s_-])(?:comments?|count|counter|shares?|views?|duration|sr-only|visually-?hidden|screen-?reader|rank|"
    r"number|index|rating|readtime|reading-time|live|icon)(?:$|[\s_-])|comment|visually-?hidden|screen-reader|"
    r"sr-only",
    re.I,
)
_AUTHOR = re.compile(
    r"(?:(?:(?:medically |fact[ -])?(?:written|reviewed|checked|edited|posted|published|contributed)\s)?by|von|par|por|"
    r"di|da|door|av|af|od|przez|автор:?|от|από|oleh|ditulis oleh|yazan:?)\s+[^\W\d_]",
    re.I,
)
_ARROWS = (
    "previous next prev suivant précédent anterior siguiente próximo zurück weiter vor volgende vorige successivo precedente "
    "playing 前へ 次へ"
)
_NO_LABELS = frozenset((*_ARROWS.split(), "en lecture", "now playing", "true", "false", "null", "undefined"))
"""Words on a carousel's arrows, and what scripts leave behind."""
_SIGNED = re.compile(r",\s*(?:by|von|par|por|di|door)\s+[^\W\d_a-z]", re.I)
_NUMBER = re.compile(
    r"[#№]?\d{1,4}[.):]?|[\d\s.,·|/]+|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?(?:min|uhr|h))?|\d{1,2}\s?(?:min|mins|minutes?)\b(?!\sago).{0,12}|"
    r"\d{1,3}\s?[hd]|[\d.,]+\s?[kKmM]?|\d+\s?(?:%|comments?|kommentare?|commentaires?|comentarios?|shares?|views?)",
    re.I,
)
_FOUR_DIGITS = re.compile(r"(?:\D*\d){4}")
MAX_DATE_LINE_CHARS = 90
"""Characters of a line that can be a date with little beside it."""
MAX_RELATIVE_CHARS = 32
"""The same for a relative date."""
MAX_MORE_WORDS = 8
MAX_BYLINE_WORDS = 8
MAX_BYLINE_CHARS = 80
"""Words and characters of a line that only leads on, or only names someone."""
MORE = Phrases(MORE_LINKS)
"""Texts that only lead on."""
_DATE_LABEL = Phrases(DATE_LABELS)


class Part:
    """A line or a part of one, with what its markup and its form say."""

    __slots__ = ("heading", "line", "linked", "names", "own", "role", "text", "words")

    def __init__(self, line: Line, names: str, heading: Element | None, *, linked: bool) -> None:
        self.line = line
        self.text = line.text
        self.names = names
        """The class names of its elements up to the card's edge, joined."""
        self.own = " ".join(line.element.classes) if line.element.attrs else ""
        """The class names of its innermost element."""
        self.heading = heading
        """The innermost heading element round it, inside the card."""
        self.linked = linked
        self.words = word_count(line.text)
        self.role = ""


def parts_of(card: Card) -> list[Part]:
    """The parts of a card in reading order, without roles."""
    parts = []
    lead_key = card.key
    spans = [(link.element.index, link.element.end) for link in card.links if link.key == lead_key]
    for line in lines_of(card.pieces, card.holder):
        for piece in split_apart(line):
            index = piece.element.index
            linked = False
            for first, end in spans:
                if first <= index < end:
                    linked = True
            names, heading = _surroundings(piece.element, card)
            parts.append(Part(piece, names, heading, linked=linked))
    return parts


def _surroundings(element: Element, card: Card) -> tuple[str, Element | None]:
    """The class names of an element and those round it up to the card's edge, joined; the innermost heading among them."""
    names: list[str] = []
    heading: Element | None = None
    node: Element | None = element
    inside = True
    while node is not None and node.index >= card.first:
        inside = inside and node is not card.holder
        if node.attrs:
            if inside:
                names.extend(node.classes)
            if heading is None and node.attrs.get("role") == "heading":
                heading = node
        if heading is None and node.tag in HEADING_TAGS:
            heading = node
        node = node.parent
    return " ".join(names), heading


@lru_cache(maxsize=4096)
def names_title(names: str) -> bool:
    """Whether class names are those of a headline."""
    return bool(_TITLE_HINT.search(names))


@lru_cache(maxsize=4096)
def names_excerpt(names: str) -> bool:
    """Whether class names are those of an excerpt."""
    return bool(_EXCERPT_HINT.search(names))


@lru_cache(maxsize=4096)
def names_label(names: str) -> bool:
    """Whether class names are those of a kicker or section."""
    return bool(_LABEL_HINT.search(names))


@lru_cache(maxsize=4096)
def names_author(names: str) -> bool:
    """Whether class names are those of a byline."""
    return bool(_AUTHOR_HINT.search(names))


@lru_cache(maxsize=4096)
def _names_noise(names: str) -> bool:
    return bool(_NOISE_HINT.search(names))


def plain_role(part: Part, language: str | None) -> str:
    """The role that a part has whatever stands round it; empty where that must be weighed."""
    text = part.text
    if not text[0].isalpha() and (_NUMBER.fullmatch(text) or not any(char.isalnum() for char in text)):
        return "date" if part.heading is None and date_line(text, language) else "noise"
    if part.heading is None and part.words <= MAX_MORE_WORDS and MORE.match(text):
        return "more"
    element = part.line.element
    if element.tag == "time" or (element.parent is not None and element.parent.tag == "time"):
        return "date"
    if part.heading is not None:
        return ""
    if date_line(text, language):
        return "date"
    own = part.own
    if own and not part.linked and _names_noise(own):
        return "noise"
    if is_credit(text) and not (part.linked and names_title(part.names)) and split_credit(part.line)[0] is None:
        return "credit"
    if own and len(text) < MAX_BYLINE_CHARS:
        if has_hint(own):
            return "credit"
        if names_author(own) and not names_title(own) and not names_label(own):
            return "author"
    if not part.linked and part.words <= MAX_BYLINE_WORDS and text[-1] not in ".…?!" and _AUTHOR.match(text):
        return "author"
    return ""


@lru_cache(maxsize=1024)
def dates_in(text: str, language: str | None) -> tuple[ParsedDate, ...]:
    """The dates of a visible text. No date has fewer than four digits but those of a reign (`令和`)."""
    if not _FOUR_DIGITS.match(text) and "令和" not in text:
        return ()
    return tuple(find_dates(text, language=language))


@lru_cache(maxsize=1024)
def date_line(text: str, language: str | None) -> bool:
    """Whether a line is a date with little beside it."""
    if len(text) > MAX_DATE_LINE_CHARS:
        return False
    dates = dates_in(text, language)
    if dates:
        rest = text[: dates[0].start] + " " + text[dates[-1].end :]
        letters = sum(char.isalpha() for char in rest)
        return letters <= MAX_DATE_REST or _DATE_LABEL.match(rest.strip(" :-–—|,."))
    if len(text) > MAX_RELATIVE_CHARS:
        return False
    return (word_count(text) <= 2 or any(char.isdigit() for char in text)) and is_relative(text)


def is_label(part: Part) -> bool:
    """Whether a part can be a category by its form: a short line that is no sentence."""
    text = part.text
    return (
        len(text) <= MAX_LABEL_CHARS
        and part.words <= MAX_LABEL_WORDS
        and text[-1] not in "…!?"
        and not (text[-1] == "." and part.words > 2)
        and label_form(text) not in _NO_LABELS
        and not ("," in text and _SIGNED.search(text))
    )
