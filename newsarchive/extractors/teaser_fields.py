"""What a card says: headline, category, date, credit, excerpt. Roles go to its lines by markup first, by form second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from newsarchive.extractors.teaser_cards import Card
from newsarchive.extractors.teaser_category import set_category
from newsarchive.extractors.teaser_credit import split_credit
from newsarchive.extractors.teaser_dates import machine_date, shown_date
from newsarchive.extractors.teaser_links import MIN_HEADLINE_WORDS, word_count
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
_SPONSOR = re.compile(
    r"(?:sponsored|presented|paid for|promoted|brought to you|gesponsert|präsentiert|sponsorisé|patrocinado|offert) "
    r"(?:by|von|par|por|da)\b",
    re.I,
)
"""Labels that name who paid: they mark an ad behind its headline as well."""


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


def read_card(view: PageView, card: Card, *, fetched_at: datetime | None = None, in_module: bool = False) -> CardFields:
    """The fields of one card. `in_module`: whether a heading over it names the list: a label inside is no second one."""
    parts = parts_of(card)
    fields = CardFields()
    known = machine_date(view, card)
    language = view.document.language
    for part in parts:
        part.role = plain_role(part, language)
    _labels(parts, fields, in_module=in_module)
    title = _choose_title(card, parts)
    if title is None:
        fields.title = _attribute_title(card)
    else:
        _set_title(card, parts, title, fields)
    at = parts.index(title) if title is not None else 0
    fields.category = set_category(view, card, parts, at)
    fields.date_published, fields.date_published_raw = shown_date(parts, known, language, fetched_at)
    _set_excerpt(parts, at, fields, language)
    return fields


def _labels(parts: list[Part], fields: CardFields, *, in_module: bool) -> None:
    """Module and ad labels inside the card."""
    for part in parts:
        if part.role or part.words > MAX_LABEL_WORDS:
            continue
        if part.linked and not any(other.linked and not other.role and other.words > max(part.words, 3) for other in parts):
            continue
        if _AD.match(part.text) and len(part.text) < 40:
            part.role = "ad"
            first = not any(other.linked for other in parts[: parts.index(part)])
            fields.ad_label = part.text if first or _SPONSOR.match(part.text) else fields.ad_label
        elif _INLINE.match(part.text) or (not in_module and _MODULE.match(part.text) and part.words >= 2 and not names_label(part.names)):
            part.role = "label"
            fields.label = fields.label or part.text.strip(" :")


def _choose_title(card: Card, parts: list[Part]) -> Part | None:
    """The part with the headline."""
    open_parts = [part for part in parts if not part.role]
    if not open_parts:
        return next((part for part in parts if part.linked and part.role not in ("more", "noise", "date", "label", "ad")), None)
    has_text = word_count(card.lead.text) >= 3
    scores = [_headline_score(card, part, open_parts[at + 1 :], has_text=has_text) - 0.4 * at for at, part in enumerate(open_parts)]
    return open_parts[scores.index(max(scores))]


def _headline_score(card: Card, part: Part, after: list[Part], *, has_text: bool) -> float:
    """How much speaks for a part as the headline. `after`: the parts behind it; `has_text`: whether the link itself has words."""
    element = card.lead.element
    score = 0.0
    if part.heading is not None and (part.linked or not has_text):
        score += 5 + (0.5 * (6 - int(part.heading.tag[1])) if part.heading.tag in HEADING_TAGS else 0)
    if names_title(part.names):
        score += 3
    if names_excerpt(part.own) and not names_title(part.own):
        score -= 4
    if part.linked:
        score += 4
    if element.index <= part.line.element.index < element.end:
        score += 1
    if names_label(part.own):
        score -= 6
    if part.words <= 3 and len(part.text) <= MAX_LABEL_CHARS and any(o.words >= 4 and o.linked >= part.linked for o in after[:2]):
        score -= 2.5
    small = part.heading is not None and part.heading.tag in ("h5", "h6") and part.words <= 3
    if _is_kicker(part, after) or (small and _headline_follows(after)):
        score -= 5
    if part.line.in_tag(card, "b", "strong") is not None:
        score += 0.5
    if part.words < 2:
        score -= 1
    return score


def _is_kicker(part: Part, after: list[Part]) -> bool:
    """Whether a linked or headed line stands before the headline proper: it ends with a colon, or a longer heading follows."""
    if not after or part.words > MAX_KICKER_WORDS or part.text[-1] in ".…!?":
        return False
    following = after[0]
    if part.text[-1] in ":：" and following.linked >= part.linked and following.words >= MIN_HEADLINE_WORDS:
        return True
    headed = part.heading is not None and following.heading is not None and following.heading is not part.heading
    return headed and following.linked >= part.linked and following.words > max(part.words, MIN_HEADLINE_WORDS)


MAX_KICKER_WORDS = 5
"""Words of a kicker that is a heading of its own, or ends with a colon."""


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
    before, linked, after = text.partition(card.lead.text) if card.lead.text else (text, "", "")
    if linked and before.strip() and not any(char.isalnum() for char in after) and _INLINE.match(before.strip(" ([")):
        fields.label = fields.label or before.strip(" ([:")
        text = linked
    promo = _PROMO.match(text)
    if (
        promo
        and not (title.linked and _KICKER.fullmatch(promo.group("label")))
        and _INLINE.match(promo.group("label") + ":")
        and word_count(promo.group("rest")) >= 3
    ):
        fields.label = fields.label or promo.group("label").strip()
        text = promo.group("rest").removesuffix(")") if text[0] == "(" else promo.group("rest")
    fields.title = _without_arrows(_unwrapped(text, card.lead.text))


def _unwrapped(text: str, linked: str) -> str:
    """The headline of a link set in brackets (`(Read the story.)`) without them and the full stop inside."""
    inner = linked.removesuffix(".") or linked
    return inner if text[0] in "([" and text[-1] in ")]" and text[1:-1].removesuffix(".") == inner else text


_PAGER = re.compile(
    r"^(?:previous|next|prev|older|newer)(?: (?:post|article|story))?\s?:\s?(?=\S)|"
    r"^(?:vorheriger|nächster|voriger) (?:beitrag|artikel)\s?:\s?(?=\S)|^article (?:précédent|suivant)\s?:\s?(?=\S)|"
    r"^(?:entrada|artículo|post|artigo) (?:anterior|siguiente|seguinte)\s?:\s?(?=\S)",
    re.I,
)


def _without_arrows(text: str) -> str:
    """The headline of a link to the previous or next story without the label and the arrow at its ends."""
    text = _PAGER.sub("", text) or text
    if text[0] in "«←‹→›—•▶►" and text[1:2] == " " and "»" not in text:
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
        fields.excerpt = _without_kicker(_without_date(rest.lstrip(_JOINTS), fields, language), best, fields)
        if credit:
            fields.credit = credit
    if fields.credit is None and credit_parts:
        fields.credit = credit_parts[0].text


_EXCERPT_KICKER = re.compile(r"(?P<kicker>[^\W\d_a-z][^\n.:!?]{2,39}?)\s+[-–—]\s+(?=\S)")


def _without_kicker(text: str, part: Part, fields: CardFields) -> str:
    """The excerpt without a kicker in capitals and bold at its start (`<b>ANALYSIS</b> - The bridge ...`), which is the card's category."""
    first = part.line.runs[0].element
    match = _EXCERPT_KICKER.match(text)
    if match is None or first.tag not in ("strong", "b") or not match["kicker"].isupper() or first.text.rstrip(_JOINTS) != match["kicker"]:
        return text
    fields.category = fields.category or match["kicker"]
    return text[match.end() :]


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
