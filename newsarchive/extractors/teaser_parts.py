"""The parts of a card: its lines, cut where markup parts them, with the role that their form alone tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsarchive.dates import find_dates, is_relative
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
TITLE_HINT = re.compile(
    r"(?:^|[\s_-])(?:title|titel|titre|titulo|titolo|headline|hed|heading|entry-title|caption-title)(?:$|[\s_-]|\d)|"
    r"headline|__title|-title|title__",
    re.I,
)
"""Class names of headlines."""
EXCERPT_HINT = re.compile(
    r"excerpt|summary|(?:^|[\s_-])(?:desc|description|dek|deck|lead|lede|intro|teaser-?text|abstract|standfirst|"
    r"subtitle|subtitel|sub-?headline|snippet|blurb|chapo)(?:$|[\s_-])|__text|__intro|subtitle",
    re.I,
)
"""Class names of excerpts."""
LABEL_HINT = re.compile(
    r"(?:^|[\s_-])(?:cat|cats|category|categories|categoria|kicker|section|sektion|topic|topline|overline|eyebrow|"
    r"label|labels|brand|flag|rubric|rubrik|ressort|channel|dachzeile|spitzmarke|tag|tags|pretitle|pre-title|vignette|"
    r"supertitle|topper|tagline|antetitulo|overtitle|roof|prefix)(?:$|[\s_-]|\d)|kicker|category|topline|overline|"
    r"eyebrow|__label|__tag|__cat|sectionname",
    re.I,
)
"""Class names of kickers and sections."""
AUTHOR_HINT = re.compile(r"author|byline|(?:^|[\s_-])(?:autor|auteur|by|writer|name)(?:$|[\s_-])", re.I)
"""Class names of bylines."""
_NOISE_HINT = re.compile(
    r"(?:^|[\s_-])(?:comments?|count|counter|shares?|views?|duration|sr-only|visually-?hidden|screen-?reader|rank|"
    r"number|index|rating|readtime|reading-time|badge|live|icon)(?:$|[\s_-])|comment|visually-?hidden|screen-reader|"
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
_ARROW_WORDS = frozenset((*_ARROWS.split(), "en lecture", "now playing"))
"""Words on a carousel's arrows."""
_SIGNED = re.compile(r",\s*(?:by|von|par|por|di|door)\s+[^\W\d_a-z]", re.I)
_NUMBER = re.compile(
    r"[#№]?\d{1,4}[.):]?|[\d\s.,·|/]+|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?(?:min|uhr|h))?|\d{1,2}\s?(?:min|mins|minutes?)\b(?!\sago).{0,12}|"
    r"\d{1,3}\s?[hd]|[\d.,]+\s?[kKmM]?|\d+\s?(?:%|comments?|kommentare?|commentaires?|comentarios?|shares?|views?)",
    re.I,
)
MORE = Phrases(MORE_LINKS)
"""Texts that only lead on."""
_DATE_LABEL = Phrases(DATE_LABELS)


@dataclass(slots=True)
class Part:
    """A line or a part of one, with what its markup and its form say."""

    line: Line
    text: str
    names: str
    heading: Element | None
    linked: bool
    role: str = ""


def parts_of(card: Card) -> list[Part]:
    """The parts of a card in reading order, without roles."""
    parts = []
    lead_key = card.key
    spans = [(link.element.index, link.element.end) for link in card.links if link.key == lead_key]
    for line in lines_of(card.pieces, card.holder):
        for piece in split_apart(line):
            heading = piece.in_tag(card, *HEADING_TAGS, "h")
            linked = any(first <= piece.element.index < end for first, end in spans)
            parts.append(Part(piece, piece.text, piece.classes(card), heading, linked))
    return parts


def plain_role(part: Part, language: str | None) -> str:
    """The role that a part has whatever stands round it; empty where that must be weighed."""
    text = part.text
    if _NUMBER.fullmatch(text) or not any(char.isalnum() for char in text):
        return "noise"
    own = " ".join(part.line.element.classes)
    if part.heading is None and MORE.match(text) and word_count(text) <= 8:
        return "more"
    if part.line.element.tag == "time" or (part.line.element.parent is not None and part.line.element.parent.tag == "time"):
        return "date"
    if part.heading is None and date_line(text, language):
        return "date"
    if part.heading is None and _NOISE_HINT.search(own) and not part.linked:
        return "noise"
    if (
        is_credit(text)
        and part.heading is None
        and not (part.linked and TITLE_HINT.search(part.names))
        and split_credit(part.line)[0] is None
    ):
        return "credit"
    if part.heading is None and len(text) < 80 and (has_hint(own) or (AUTHOR_HINT.search(own) and not TITLE_HINT.search(own))):
        return "credit" if has_hint(own) else "author"
    if part.heading is None and _AUTHOR.match(text) and word_count(text) <= 8 and not part.linked and text[-1] not in ".…?!":
        return "author"
    return ""


def date_line(text: str, language: str | None) -> bool:
    """Whether a line is a date with little beside it."""
    if len(text) > 90:
        return False
    dates = list(find_dates(text, language=language)) if any(char.isdigit() for char in text) else []
    if dates:
        rest = text[: dates[0].start] + " " + text[dates[-1].end :]
        letters = sum(char.isalpha() for char in rest)
        return letters <= MAX_DATE_REST or bool(_DATE_LABEL.match(rest.strip(" :-–—|,.")))
    return len(text) <= 32 and (word_count(text) <= 2 or any(char.isdigit() for char in text)) and is_relative(text)


def is_label(part: Part) -> bool:
    """Whether a part can be a category by its form: a short line that is no sentence."""
    text = part.text
    if _SIGNED.search(text) or label_form(text) in _ARROW_WORDS:
        return False
    return (
        len(text) <= MAX_LABEL_CHARS
        and word_count(text) <= MAX_LABEL_WORDS
        and text[-1] not in "…!?"
        and not (text[-1] == "." and word_count(text) > 2)
    )
