"""What a card says: headline, category, date, credit, excerpt. Roles go to its lines by markup first, by form second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from newsarchive.dates import find_dates, is_relative, parse_machine, resolve_relative
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_credit import has_hint, is_credit, split_credit
from newsarchive.extractors.teaser_lines import Line, lines_of, split_apart
from newsarchive.extractors.teaser_links import path_shape, word_count
from newsarchive.extractors.teaser_page import HEADING_TAGS, PageView
from newsarchive.extractors.teaser_words import AD_LABELS, DATE_LABELS, INLINE_LABELS, LIST_HEADINGS, MORE_LINKS, RELATED_HEADINGS, Phrases
from newsarchive.pages.tree import Element

MAX_LABEL_CHARS = 48
"""Characters of a category or kicker; of those on the bench pages 97 % are shorter."""
MAX_LABEL_WORDS = 6
MIN_EXCERPT_WORDS = 4
MAX_DATE_REST = 24
"""Letters that may stand beside a date in a line that is a date line (`Published on`, a weekday, `Uhr`)."""

_TITLE_HINT = re.compile(
    r"(?:^|[\s_-])(?:title|titel|titre|titulo|titolo|headline|hed|heading|entry-title|caption-title)(?:$|[\s_-]|\d)|"
    r"headline|__title|-title|title__",
    re.I,
)
_EXCERPT_HINT = re.compile(
    r"excerpt|summary|(?:^|[\s_-])(?:desc|description|dek|deck|lead|lede|intro|teaser-?text|abstract|standfirst|"
    r"subtitle|subtitel|sub-?headline|snippet|blurb|chapo)(?:$|[\s_-])|__text|__intro|subtitle",
    re.I,
)
_LABEL_HINT = re.compile(
    r"(?:^|[\s_-])(?:cat|cats|category|categories|categoria|kicker|section|sektion|topic|topline|overline|eyebrow|"
    r"label|labels|brand|flag|rubric|rubrik|ressort|channel|dachzeile|spitzmarke|tag|tags|pretitle|pre-title|vignette|"
    r"supertitle|topper|tagline|antetitulo|overtitle|roof|prefix)(?:$|[\s_-]|\d)|kicker|category|topline|overline|"
    r"eyebrow|__label|__tag|__cat|sectionname",
    re.I,
)
_AUTHOR_HINT = re.compile(r"author|byline|(?:^|[\s_-])(?:autor|auteur|by|writer|name)(?:$|[\s_-])", re.I)
_DATE_HINT = re.compile(
    r"(?:^|[\s_-])(?:date|datum|time|timestamp|fecha|data|published|pubdate|posted|ago|zeit)(?:$|[\s_-])|timestamp|"
    r"datetime|pubdate|__date|__time|-date|-time",
    re.I,
)
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
_SIGNED = re.compile(r",\s*(?:by|von|par|por|di|door)\s+[^\W\d_a-z]", re.I)
_NUMBER = re.compile(
    r"[#№]?\d{1,4}[.):]?|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?(?:min|uhr|h))?|\d{1,2}\s?(?:min|mins|minutes?)\b.{0,12}|"
    r"[\d.,]+\s?[kKmM]?|\d+\s?(?:%|comments?|kommentare?|commentaires?|comentarios?|shares?|views?)",
    re.I,
)

MIN_EXCERPT_CHARS = 12
_DATE_WORDS = sorted((word.strip() for word in DATE_LABELS.replace("\n", " ").split(";")), key=len, reverse=True)
_DATE_TAIL = re.compile(
    r"\s(?:" + "|".join(re.escape(word) for word in _DATE_WORDS if len(word) > 4) + r")\s*:?\s+(?=\S)[^.]{0,40}\d{1,4}[^.]{0,12}$", re.I
)
_PROMO = re.compile(r"[(\[]?(?P<label>[^:：]{3,32})[:：]\s*(?P<rest>\S.*)")
_CLOCK = re.compile(r"^\d{1,2}[.:]\d{2}\s+(?=[^\W\d_])")
_MEDIA = re.compile(
    r"(?:mit |with |avec |con )?(?:video|audio|photos?|fotos?|bilder|gallery|galerie|galería|live|podcast|vidéo|vídeo)s?", re.I
)
"""Labels that name the medium: no category where there is another label."""

_MORE = Phrases(MORE_LINKS)
_DATE_LABEL = Phrases(DATE_LABELS)
_MODULE = Phrases(RELATED_HEADINGS, LIST_HEADINGS)
_INLINE = Phrases(INLINE_LABELS)
_AD = Phrases(AD_LABELS)


@dataclass(slots=True)
class CardFields:
    """What a card says, before it is decided whether it is a teaser."""

    title: str | None = None
    category: str | None = None
    date_published: str | None = None
    date_published_raw: str | None = None
    credit: str | None = None
    excerpt: str | None = None
    label: str | None = None
    """A module or promo label found inside the card (`Read also`)."""
    ad_label: str | None = None
    in_heading: bool = False
    """Whether the headline stands in a heading element."""


@dataclass(slots=True)
class Part:
    """A line or a part of one, with what its markup and its form say."""

    line: Line
    text: str
    names: str
    heading: Element | None
    linked: bool
    role: str = ""


def read_card(view: PageView, card: Card, *, fetched_at: datetime | None = None) -> CardFields:
    """The fields of one card."""
    parts = _parts(card)
    fields = CardFields()
    _machine_date(view, card, fields, fetched_at)
    language = view.document.language
    for part in parts:
        part.role = _plain_role(part, language)
    _labels(parts, fields)
    title = _choose_title(card, parts)
    if title is None:
        fields.title = _attribute_title(card)
    else:
        _set_title(card, parts, title, fields)
    at = parts.index(title) if title is not None else 0
    _set_category(view, card, parts, at, fields)
    _set_date(parts, fields, language, fetched_at)
    _set_excerpt(parts, at, fields, language)
    return fields


def _parts(card: Card) -> list[Part]:
    parts = []
    lead_key = card.key
    spans = [(link.element.index, link.element.end) for link in card.links if link.key == lead_key]
    for line in lines_of(card.pieces, card.holder):
        for piece in split_apart(line):
            heading = piece.in_tag(card, *HEADING_TAGS, "h")
            linked = any(first <= piece.element.index < end for first, end in spans)
            parts.append(Part(piece, piece.text, piece.classes(card), heading, linked))
    return parts


def _plain_role(part: Part, language: str | None) -> str:
    """The role that a part has whatever stands round it; empty where that must be weighed."""
    text = part.text
    if _NUMBER.fullmatch(text) or not any(char.isalnum() for char in text):
        return "noise"
    own = " ".join(part.line.element.classes)
    if part.heading is None and _MORE.match(text) and word_count(text) <= 8:
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
        and not (part.linked and _TITLE_HINT.search(part.names))
        and split_credit(part.line)[0] is None
    ):
        return "credit"
    if part.heading is None and len(text) < 80 and (has_hint(own) or (_AUTHOR_HINT.search(own) and not _TITLE_HINT.search(own))):
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


def _labels(parts: list[Part], fields: CardFields) -> None:
    """Module and ad labels inside the card."""
    for part in parts:
        if part.role or word_count(part.text) > MAX_LABEL_WORDS:
            continue
        if part.linked and not any(
            other.linked and not other.role and word_count(other.text) > max(word_count(part.text), 3) for other in parts
        ):
            continue
        if _AD.match(part.text) and len(part.text) < 40:
            part.role = "ad"
            fields.ad_label = part.text if not any(other.linked for other in parts[: parts.index(part)]) else fields.ad_label
        elif _INLINE.match(part.text) or (_MODULE.match(part.text) and word_count(part.text) >= 2 and not _LABEL_HINT.search(part.names)):
            part.role = "label"
            fields.label = fields.label or part.text.strip(" :")


def _choose_title(card: Card, parts: list[Part]) -> Part | None:
    """The part with the headline."""
    open_parts = [part for part in parts if not part.role]
    if not open_parts:
        return next((part for part in parts if part.linked and part.role not in ("more", "noise", "date", "label", "ad")), None)
    best, best_score = None, -100.0
    lead = card.lead
    has_text = word_count(lead.text) >= 3
    for at, part in enumerate(open_parts):
        words = word_count(part.text)
        score = 0.0
        if part.heading is not None and (part.linked or not has_text):
            score += 5 + (0.5 * (6 - int(part.heading.tag[1])) if part.heading.tag in HEADING_TAGS else 0)
        if _TITLE_HINT.search(part.names):
            score += 3
        if _EXCERPT_HINT.search(" ".join(part.line.element.classes)) and not _TITLE_HINT.search(" ".join(part.line.element.classes)):
            score -= 4
        if part.linked:
            score += 4
        if lead.element.index <= part.line.element.index < lead.element.end:
            score += 1
        if _LABEL_HINT.search(" ".join(part.line.element.classes)):
            score -= 6
        if (
            words <= 3
            and len(part.text) <= MAX_LABEL_CHARS
            and any(word_count(other.text) >= 4 and other.linked >= part.linked for other in open_parts[at + 1 : at + 3])
        ):
            score -= 2.5
        if part.line.in_tag(card, "b", "strong") is not None:
            score += 0.5
        if words < 2:
            score -= 1
        score -= 0.4 * at
        if score > best_score:
            best, best_score = part, score
    return best


def _set_title(card: Card, parts: list[Part], title: Part, fields: CardFields) -> None:
    text = title.text
    if title.heading is not None:
        fields.in_heading = True
        same = [part for part in parts if part.heading is title.heading and (part is title or not part.role)]
        labels = [part for part in same if part is not title and _is_label(part)]
        whole = [part for part in same if part not in labels]
        text = " ".join(part.text for part in whole)
        for part in whole:
            part.role = "title"
    title.role = "title"
    promo = _PROMO.match(text)
    if promo and _INLINE.match(promo.group("label") + ":") and word_count(promo.group("rest")) >= 3:
        fields.label = fields.label or promo.group("label").strip()
        text = promo.group("rest").removesuffix(")") if text[0] == "(" else promo.group("rest")
    fields.title = text


def _attribute_title(card: Card) -> str | None:
    """A headline that only attributes hold: `title`, `aria-label` of the link, never a picture's `alt` of a link with text."""
    for link in card.links:
        for name in ("title", "aria-label"):
            value = " ".join(link.element.attrs.get(name, "").split())
            if word_count(value) >= 3:
                return value
    return None


def _is_label(part: Part) -> bool:
    text = part.text
    if _SIGNED.search(text):
        return False
    return (
        len(text) <= MAX_LABEL_CHARS
        and word_count(text) <= MAX_LABEL_WORDS
        and text[-1] not in "…!?"
        and not (text[-1] == "." and word_count(text) > 2)
    )


def _set_category(view: PageView, card: Card, parts: list[Part], at: int, fields: CardFields) -> None:
    """Kicker or section: a label in the headline's heading or link, one that markup names so, or the one right before it."""
    others = {link.index for link in _other_links(card, view) if not _is_person(link)}
    people = {link.index for link in _other_links(card, view) if _is_person(link)}
    kickers, named, plain = [], [], []
    for i, part in enumerate(parts):
        if part.role or not _is_label(part) or _MORE.match(part.text) or _in_any(part.line.element, people):
            continue
        own = " ".join(part.line.element.classes)
        if _EXCERPT_HINT.search(own) and not _LABEL_HINT.search(own) and not _in_any(part.line.element, others):
            continue
        if i < at and part.heading is not None and (part.linked or part.heading is parts[at].heading):
            kickers.append(part)
        elif _LABEL_HINT.search(part.names) or _in_any(part.line.element, others):
            named.append(part)
        elif (i < at and at - i <= 3) or (
            i == at + 1 and word_count(part.text) <= 3 and part.text[0].isupper() and _text_follows(parts, i)
        ):
            plain.append(part)
    before = [part for part in named if parts.index(part) < at]
    chosen = kickers[-1:] or before or named or plain[-1:] or _beside_date(parts, at)
    for part in chosen:
        part.role = "category"
    texts = list(dict.fromkeys(_CLOCK.sub("", part.text).strip(" |•·:/-–") for part in chosen))
    texts = [text for text in texts if text and not _MEDIA.fullmatch(text)] or texts
    if not texts:
        texts = _section_links(card, view, parts)
    fields.category = ", ".join(text for text in texts if text) or None


def _beside_date(parts: list[Part], at: int) -> list[Part]:
    """A short label right after the date below the headline (`13 May 2024 | Business`), or right before it."""
    for i, part in enumerate(parts):
        if (
            i <= at
            or part.role
            or not _is_label(part)
            or not part.text[0].isupper()
            or word_count(part.text) > 4
            or _AUTHOR_HINT.search(part.names)
        ):
            continue
        beside = {parts[j].role for j in (i - 1, i + 1) if 0 <= j < len(parts)}
        gap = {parts[j].role for j in (i - 2,) if 0 <= j < len(parts) and parts[i - 1].role == "noise"}
        if "date" in beside | gap:
            return [part]
    return []


def _text_follows(parts: list[Part], i: int) -> bool:
    return any(not part.role and word_count(part.text) >= MIN_EXCERPT_WORDS for part in parts[i + 1 :])


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
            or _AUTHOR_HINT.search(" ".join(element.classes) + " " + href)
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
    parts = urlsplit(link.attrs.get("href", ""))
    return path_shape(parts.path, parts.query).person or bool(_AUTHOR_HINT.search(" ".join(link.classes)))


def _in_any(element: Element, indexes: set[int]) -> bool:
    node: Element | None = element
    for _ in range(4):
        if node is None:
            return False
        if node.index in indexes:
            return True
        node = node.parent
    return False


def _machine_date(view: PageView, card: Card, fields: CardFields, fetched_at: datetime | None) -> None:
    for element in card.elements(view):
        if element.tag != "time" and "datetime" not in element.attrs:
            continue
        text = element.text
        found = parse_machine(element.attrs.get("datetime", "")) if element.attrs.get("datetime") else None
        if found is None:
            shown = list(find_dates(text, language=view.document.language))
            found = shown[0] if shown else None
        if found is not None:
            fields.date_published = found.iso
        fields.date_published_raw = text or element.attrs.get("datetime") or None
        if found is not None:
            return


def _set_date(parts: list[Part], fields: CardFields, language: str | None, fetched_at: datetime | None) -> None:
    for part in parts:
        if part.role not in ("date", "byline", "author") and not (not part.role and _DATE_HINT.search(part.names) and len(part.text) < 60):
            continue
        dates = list(find_dates(part.text, language=language))
        if part.role in ("byline", "author") and not dates:
            continue
        shown = dates[0].raw if part.role in ("byline", "author") else part.text
        fields.date_published_raw = fields.date_published_raw or shown
        if dates and fields.date_published is None:
            fields.date_published = dates[0].iso
        elif fields.date_published is None and fetched_at is not None:
            found = resolve_relative(part.text, fetched_at)
            fields.date_published = found.iso if found is not None else None
        if dates or is_relative(part.text):
            part.role = "date"


def _set_excerpt(parts: list[Part], at: int, fields: CardFields, language: str | None) -> None:
    credit_parts = [part for part in parts if part.role == "credit"]
    best: Part | None = None
    for i, part in enumerate(parts):
        if part.role or word_count(part.text) < MIN_EXCERPT_WORDS:
            continue
        if part.heading is not None and part.heading is parts[at].heading:
            continue
        named = bool(_EXCERPT_HINT.search(part.names))
        if best is None or (named and not _EXCERPT_HINT.search(best.names)) or (i > at and parts.index(best) < at):
            best = part
    if best is not None:
        credit, rest = split_credit(best.line)
        best.role = "excerpt"
        fields.excerpt = _without_date(rest, fields, language)
        if credit:
            fields.credit = credit
    if fields.credit is None and credit_parts:
        fields.credit = credit_parts[0].text


def _without_date(text: str, fields: CardFields, language: str | None) -> str:
    """The excerpt without a labelled date at its end, which becomes the card's date where it has none yet."""
    match = _DATE_TAIL.search(text)
    if match is None or match.start() < MIN_EXCERPT_CHARS:
        return text
    tail = text[match.start() :].strip()
    dates = list(find_dates(tail, language=language))
    if not dates or not date_line(tail, language):
        return text
    if fields.date_published is None:
        fields.date_published, fields.date_published_raw = dates[0].iso, tail
    return text[: match.start()].rstrip(" |·•–—-")
