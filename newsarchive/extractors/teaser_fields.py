"""What a card says: headline, category, date, credit, excerpt. Roles go to its lines by markup first, by form second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from newsarchive.dates import FUTURE_ALLOWANCE, is_relative, parse_machine, resolve_relative
from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_category import set_category
from newsarchive.extractors.teaser_credit import split_credit
from newsarchive.extractors.teaser_links import word_count
from newsarchive.extractors.teaser_page import HEADING_TAGS, PageView
from newsarchive.extractors.teaser_parts import (
    MAX_LABEL_CHARS,
    MAX_LABEL_WORDS,
    MIN_EXCERPT_WORDS,
    Part,
    date_line,
    dates_in,
    is_label,
    names_excerpt,
    names_label,
    names_title,
    parts_of,
    plain_role,
)
from newsarchive.extractors.teaser_words import AD_LABELS, DATE_LABELS, INLINE_LABELS, LIST_HEADINGS, RELATED_HEADINGS, Phrases

_DATE_HINT = re.compile(
    r"(?:^|[\s_-])(?:date|datum|time|timestamp|fecha|data|published|pubdate|posted|ago|zeit)(?:$|[\s_-])|timestamp|"
    r"datetime|pubdate|__date|__time|-date|-time",
    re.I,
)
MIN_EXCERPT_CHARS = 12
_JOINTS = " :–—-|·•"
"""What stands between a headline and the excerpt in one line; it belongs to neither."""
_DATE_WORDS = sorted((word.strip() for word in DATE_LABELS.replace("\n", " ").split(";")), key=len, reverse=True)
_DATE_TAIL = re.compile(
    r"\s(?:" + "|".join(re.escape(word) for word in _DATE_WORDS if len(word) > 4) + r")\s*:?\s+(?=\S)[^.]{0,40}\d{1,4}[^.]{0,12}$", re.I
)
_PROMO = re.compile(r"[(\[]?(?P<label>[^:：]{3,32})[:：]\s*(?P<rest>\S.*)")
_MODULE = Phrases(RELATED_HEADINGS, LIST_HEADINGS)
_INLINE = Phrases(INLINE_LABELS)
_KICKER = re.compile(
    r"watch(?: live| now)?|listen|in (?:pictures|photos)|video|live|explained|background|opinion|interview|hintergrund", re.I
)
"""Labels that inside a link belong to the headline (`Watch: the last dance of the crane`); before a link they are a module's."""
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


def read_card(view: PageView, card: Card, *, fetched_at: datetime | None = None) -> CardFields:
    """The fields of one card."""
    parts = parts_of(card)
    fields = CardFields()
    _machine_date(view, card, fields, fetched_at)
    language = view.document.language
    for part in parts:
        part.role = plain_role(part, language)
    _labels(parts, fields)
    title = _choose_title(card, parts)
    if title is None:
        fields.title = _attribute_title(card)
    else:
        _set_title(card, parts, title, fields)
    at = parts.index(title) if title is not None else 0
    fields.category = set_category(view, card, parts, at)
    _set_date(parts, fields, language, fetched_at)
    _set_excerpt(parts, at, fields, language)
    return fields


def _labels(parts: list[Part], fields: CardFields) -> None:
    """Module and ad labels inside the card."""
    for part in parts:
        if part.role or part.words > MAX_LABEL_WORDS:
            continue
        if part.linked and not any(other.linked and not other.role and other.words > max(part.words, 3) for other in parts):
            continue
        if _AD.match(part.text) and len(part.text) < 40:
            part.role = "ad"
            fields.ad_label = part.text if not any(other.linked for other in parts[: parts.index(part)]) else fields.ad_label
        elif _INLINE.match(part.text) or (_MODULE.match(part.text) and part.words >= 2 and not names_label(part.names)):
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
        words = part.words
        score = 0.0
        if part.heading is not None and (part.linked or not has_text):
            score += 5 + (0.5 * (6 - int(part.heading.tag[1])) if part.heading.tag in HEADING_TAGS else 0)
        if names_title(part.names):
            score += 3
        if names_excerpt(part.own) and not names_title(part.own):
            score -= 4
        if part.linked:
            score += 4
        if lead.element.index <= part.line.element.index < lead.element.end:
            score += 1
        if names_label(part.own):
            score -= 6
        if (
            words <= 3
            and len(part.text) <= MAX_LABEL_CHARS
            and any(other.words >= 4 and other.linked >= part.linked for other in open_parts[at + 1 : at + 3])
        ):
            score -= 2.5
        if part.heading is not None and part.heading.tag in ("h5", "h6") and words <= 3 and _headline_follows(open_parts[at + 1 :]):
            score -= 5
        if part.line.in_tag(card, "b", "strong") is not None:
            score += 0.5
        if words < 2:
            score -= 1
        score -= 0.4 * at
        if score > best_score:
            best, best_score = part, score
    return best


def _headline_follows(parts: list[Part]) -> bool:
    """Whether a linked line that is no sentence comes next: then a small heading of a few words is its kicker."""
    return bool(parts) and parts[0].linked and word_count(parts[0].text) > 4 and parts[0].text[-1] not in ".…"


def _set_title(card: Card, parts: list[Part], title: Part, fields: CardFields) -> None:
    text = title.text
    if title.heading is not None:
        fields.in_heading = True
        same = [part for part in parts if part.heading is title.heading and (part is title or not part.role)]
        labels = [part for part in same if part is not title and is_label(part)]
        whole = [part for part in same if part not in labels]
        text = " ".join(part.text for part in whole)
        for part in whole:
            part.role = "title"
    title.role = "title"
    promo = _PROMO.match(text)
    if (
        promo
        and not (title.linked and _KICKER.fullmatch(promo.group("label")))
        and _INLINE.match(promo.group("label") + ":")
        and word_count(promo.group("rest")) >= 3
    ):
        fields.label = fields.label or promo.group("label").strip()
        text = promo.group("rest").removesuffix(")") if text[0] == "(" else promo.group("rest")
    fields.title = _without_arrows(text)


def _without_arrows(text: str) -> str:
    """The headline of a link to the previous or next story without the arrow at its end."""
    if text[0] in "«←‹→›" and text[1:2] == " " and "»" not in text:
        return text[1:].strip()
    if text[-1] in "»→›←‹" and text[-2:-1] == " " and "«" not in text:
        return text[:-1].strip()
    return text


def _attribute_title(card: Card) -> str | None:
    """A headline that only attributes hold: `title`, `aria-label` of the link, never a picture's `alt` of a link with text."""
    for link in card.links:
        for name in ("title", "aria-label"):
            value = " ".join(link.element.attrs.get(name, "").split())
            if word_count(value) >= 3:
                return value
    return None


def _machine_date(view: PageView, card: Card, fields: CardFields, fetched_at: datetime | None) -> None:
    for element in card.elements(view):
        if element.tag != "time" and "datetime" not in element.attrs:
            continue
        text = element.text
        found = parse_machine(element.attrs.get("datetime", "")) if element.attrs.get("datetime") else None
        if found is None:
            shown = dates_in(text, view.document.language)
            found = shown[0] if shown else None
        if found is not None:
            fields.date_published = found.iso
        fields.date_published_raw = text or element.attrs.get("datetime") or None
        if found is not None:
            return


def _set_date(parts: list[Part], fields: CardFields, language: str | None, fetched_at: datetime | None) -> None:
    for part in parts:
        if part.role not in ("date", "byline", "author") and not (not part.role and len(part.text) < 60 and _names_date(part.names)):
            continue
        dates = dates_in(part.text, language)
        if part.role in ("byline", "author") and not dates:
            continue
        shown = dates[0].raw if part.role in ("byline", "author") else part.text
        fields.date_published_raw = fields.date_published_raw or shown
        if dates and fields.date_published is None:
            fields.date_published = dates[0].iso
        elif fields.date_published is None and fetched_at is not None:
            found = resolve_relative(part.text, fetched_at)
            fields.date_published = found.iso if found is not None else without_year(part.text, fetched_at, language)
        if dates or is_relative(part.text):
            part.role = "date"


@lru_cache(maxsize=4096)
def _names_date(names: str) -> bool:
    return bool(_DATE_HINT.search(names))


_MONTH_DAY = re.compile(
    r"(?<![\d/.年])(\d{1,2})\s?(?:/|月|월)\s?(\d{1,2})\s?(?:日|일)?(?:\s*\(?[^\W\d]\)?)?(?:\s+(\d{1,2}):(\d{2}))?(?![\d/])"
)


def without_year(text: str, fetched_at: datetime, language: str | None) -> str | None:
    """The date of `1/14 06:01` or `1月14日` on a page in Japanese, Chinese or Korean: the last such day before the fetch.

    Elsewhere the order of day and month is not certain, and the date stays raw.
    """
    match = _MONTH_DAY.search(text) if (language or "")[:2].lower() in ("ja", "zh", "ko") else None
    if match is None:
        return None
    month, day = int(match.group(1)), int(match.group(2))
    try:
        moment = fetched_at.replace(month=month, day=day, hour=0, minute=0, second=0, microsecond=0)
        if moment > fetched_at + FUTURE_ALLOWANCE:
            moment = moment.replace(year=moment.year - 1)
    except ValueError:
        return None
    clock = f"T{int(match.group(3)):02d}:{match.group(4)}" if match.group(3) else ""
    return f"{moment.date().isoformat()}{clock}"


def _set_excerpt(parts: list[Part], at: int, fields: CardFields, language: str | None) -> None:
    credit_parts = [part for part in parts if part.role == "credit"]
    best: Part | None = None
    for i, part in enumerate(parts):
        if part.role or part.words < MIN_EXCERPT_WORDS:
            continue
        if part.heading is not None and part.heading is parts[at].heading:
            continue
        named = names_excerpt(part.names)
        if best is None or (named and not names_excerpt(best.names)) or (i > at and parts.index(best) < at):
            best = part
    if best is not None:
        credit, rest = split_credit(best.line)
        best.role = "excerpt"
        fields.excerpt = _without_date(rest.lstrip(_JOINTS), fields, language)
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
    dates = dates_in(tail, language)
    if not dates or not date_line(tail, language):
        return text
    if fields.date_published is None:
        fields.date_published, fields.date_published_raw = dates[0].iso, tail
    return text[: match.start()].rstrip(" |·•–—-")
