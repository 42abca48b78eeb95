"""Dates that readers see: datelines and `<time>` elements near the headline, labelled lines, and the date in the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsarchive.date_words import month_number
from newsarchive.dates import ParsedDate, day_first, find_dates, is_future, is_relative, parse_machine, resolve_relative
from newsarchive.extractors.landmarks import is_aside, names_of
from newsarchive.extractors.names import starts_like_byline
from newsarchive.pages.blocks import Block
from newsarchive.pages.document import Document
from newsarchive.pages.tree import Element
from newsarchive.text import AnyCase


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date a source states."""

    kind: str
    """`published` or `modified`."""
    source: str
    date: ParsedDate
    trust: float
    """0 to 1: how often such a source is right, as measured on the bench pages."""


_PUBLISHED_LABEL = AnyCase(
    r"publish|posted|veröffentlicht|erschienen|publi[ée]|publicado|pubblicat|gepubliceerd|publicer|publiser|julkaistu|opublikowan|"
    r"опубликован|опубліковано|"
    r"yayın|発行|公開|掲載|配信|发布|發佈|發布|발행|입력|등록|نشر|انتشار|प्रकाशित|đăng|diterbitkan|dipublikasi|created|written|creat[oa]\b|"
    r"zuletzt veröff"
)
_MODIFIED_LABEL = AnyCase(
    r"updat|modif|edited|revis|aktualisiert|geändert|stand\s?:|mis à jour|màj|actualizad|atualizad|aggiornat|bijgewerkt|uppdater|"
    r"oppdater|opdater|"
    r"päivit|zaktualizowan|обновлен|оновлено|güncel|更新|수정|تحديث|अपडेट|cập nhật|diperbarui|reviewed|last checked|fact.?checked"
)
_NO_DATE_OF_THE_ARTICLE = AnyCase(r"©|\(c\)\s?\d|copyright|all rights|expires?\b|deadline|born\b|event date|commented|joined|member since")

NEAR_BLOCKS_BEFORE = 8
"""Blocks before the headline in which a dateline may stand."""

NEAR_BLOCKS_AFTER = 14
"""Blocks after the headline in which a dateline may stand: standfirst, picture, share buttons and byline go before it."""

MAX_DATELINE_CHARS = 170
"""Characters. A longer block is a paragraph, and a date in it is part of the story."""


DAY_OR_FINER = ("day", "minute", "second")


def visible_dates(
    document: Document, language: str | None, headline: Element | None, fetched_at: datetime | None, *, reach: int | None = None
) -> list[DateCandidate]:
    """Dates of `<time>` elements and datelines near the headline, and labelled ones elsewhere in the article.

    With `reach` only those at most so many blocks from the headline.
    """
    blocks = document.blocks
    anchor = _block_at(blocks, headline)
    if reach is not None:
        blocks = blocks[max(0, anchor - reach) : anchor + reach + 1] if headline is not None else []
    found: list[DateCandidate] = []
    for block in blocks:
        distance = block.index - anchor
        near = -NEAR_BLOCKS_BEFORE <= distance <= NEAR_BLOCKS_AFTER
        if len(block.text) > MAX_DATELINE_CHARS or (not near and "20" not in block.text):
            continue
        if not (_DIGIT.search(block.text) or (near and fetched_at is not None)) or not (near or _is_labelled(block.text)):
            continue
        if _NO_DATE_OF_THE_ARTICLE.search(block.text) or is_aside(block.element, headline):
            continue
        if _is_teaser(block) and (headline is None or distance != 0):
            continue
        label = _label_before(block, document.blocks)
        found += _in_block(block, document, language, fetched_at, near=near, distance=abs(distance), label=label)
        if len(found) >= MAX_VISIBLE:
            break
    return found


def _label_before(block: Block, blocks: list[Block]) -> str:
    """The block before, where it is nothing but a label such as `Published`; empty otherwise."""
    before = blocks[block.index - 1].text if block.index > 0 else ""
    return before if len(before) <= MAX_LABEL_CHARS and _is_labelled(before) else ""


MAX_LABEL_CHARS = 24


def lone_dates(document: Document, language: str | None, headline: Element | None) -> list[DateCandidate]:
    """Where nothing else is found: the one or two blocks of the page that are nothing but a date, outside lists of teasers."""
    found: list[DateCandidate] = []
    for block in document.blocks:
        if len(block.text) > MAX_LONE_CHARS or not _DIGIT.search(block.text) or _is_teaser(block):
            continue
        dates = [date for date in find_dates(block.text, language=language) if date.precision in DAY_OR_FINER]
        if len(dates) != 1 or dates[0].end - dates[0].start < LONE_SHARE * len(block.text):
            continue
        label = _label_before(block, document.blocks)
        if label or not is_aside(block.element, headline):
            words = f"{label} {block.text[: dates[0].start]}"
            found.append(DateCandidate(_kind(words, words), "lone-date", dates[0], LONE_TRUST))
    return found if len({candidate.date.iso for candidate in found}) <= MAX_LONE else []


MAX_LONE_CHARS = 40
"""Characters of a block that is nothing but a date."""

LONE_SHARE = 0.6
"""Share of such a block that the date itself is: `Datum 28.04.2023` has 0.63."""

MAX_LONE = 2
"""Such blocks on a page; more are the dates of a list of other articles."""

LONE_TRUST = 0.4

_DIGIT = re.compile(r"\d")

MAX_VISIBLE = 12
"""Visible dates of one page that are weighed."""


def _block_at(blocks: list[Block], headline: Element | None) -> int:
    if headline is None:
        return 0
    return next((block.index for block in blocks if headline.index <= block.first < headline.end), 0)


def _is_labelled(text: str) -> bool:
    return _PUBLISHED_LABEL.search(text) or _MODIFIED_LABEL.search(text)


def _is_teaser(block: Block) -> bool:
    """Whether a block is (or stands in) a linked card: its date belongs to another article."""
    if any(len(link.text) >= MIN_HEADLINE_CHARS and not _DIGIT.search(link.text[-5:]) for link in block.links):
        return block.link_chars > 0.5 * len(block.text)
    around = next((ancestor for ancestor in block.element.ancestors() if ancestor.tag == "a"), None)
    return around is not None and (len(around.text) > MAX_LINKED_BYLINE or any(child.tag in _HEADINGS for child in around.children))


_HEADINGS = ("h1", "h2", "h3", "h4", "h5")

MIN_HEADLINE_CHARS = 25
"""Characters of a link from which it may be another article's headline."""

MAX_LINKED_BYLINE = 90
"""Characters of a link round a whole block that may still be the author with the date."""


def _in_block(
    block: Block, document: Document, language: str | None, fetched_at: datetime | None, *, near: bool, distance: int, label: str
) -> Iterator[DateCandidate]:
    closeness = 0.12 * max(0.0, 1 - distance / NEAR_BLOCKS_AFTER) if near else -0.2
    for element in _times(block, document):
        stamp = element.attrs.get("datetime", "")
        if date := parse_machine(stamp) if stamp else None:
            yield _visible(
                _kind(f"{names_of(element)} {label} {block.text}", f"{label} {block.text}"), "time-element", date, 0.72 + closeness
            )
    position = 0
    for date in list(find_dates(block.text, language=language)) or _settled(block.text, document, language, fetched_at):
        before = block.text[position : date.start] or (label if position == 0 else "")
        position = date.end
        kind = _kind(before, before)
        bonus = 0.1 if _PUBLISHED_LABEL.search(before) else 0.0
        if kind == "published" and not bonus and _is_prose(before):
            continue
        share = (date.end - date.start) / len(block.text)
        if date.precision not in DAY_OR_FINER and share < 0.5 and not bonus:
            continue
        yield _visible(kind, "visible-date", date, 0.55 + closeness + bonus + 0.08 * share)
    if fetched_at is not None and position == 0 and is_relative(block.text) and (relative := resolve_relative(block.text, fetched_at)):
        yield _visible(_kind(block.text, block.text), "relative-date", relative, 0.5 + closeness)


MAX_BYLINE_WORDS = 5
"""Words that may stand before the date in its part of a dateline: a name with a role. Behind more it is part of a caption."""

_PARTS = re.compile(r"[|·•–—\n]|\s-\s|\d[.,]?\s")


def _is_prose(before: str) -> bool:
    """Whether the words right before a date are a sentence or a caption. `before` is what its block says before the date."""
    part = _PARTS.split(before)[-1].strip()
    return len(part.split()) > MAX_BYLINE_WORDS and not starts_like_byline(part)


def _settled(text: str, document: Document, language: str | None, fetched_at: datetime | None) -> Iterator[ParsedDate]:
    """Dates such as `04/05/2024` whose order the language leaves open, where something else on the page settles it.

    One reading lies in the future of the fetch, or another date of the page is the same day as the other reading.
    """
    if day_first(language) is not None:
        return
    readings = (list(find_dates(text, language=language, numeric_day_first=order)) for order in (True, False))
    known: set[str] | None = None
    for pair in zip(*readings, strict=False):
        past = [date for date in pair if fetched_at is None or not is_future(date, fetched_at)]
        if len(past) == 2:
            known = _days_of(document) if known is None else known
            past = [date for date in past if date.iso[:10] in known]
        if len(past) == 1:
            yield past[0]


def _days_of(document: Document) -> set[str]:
    """The days that the page names in a form that leaves nothing open."""
    stamps = [element.attrs.get("datetime", "") for element in document.tree.by_tag("time")[:50]]
    stamps += [content for name, content in document.metas if "date" in name or "time" in name]
    return {date.iso[:10] for stamp in stamps if (date := parse_machine(stamp))}


def _visible(kind: str, source: str, date: ParsedDate, trust: float) -> DateCandidate:
    if date.precision in ("month", "year"):
        trust -= 0.2
    return DateCandidate(kind, source, date, trust)


def _kind(names: str, label: str) -> str:
    if _PUBLISHED_LABEL.search(label):
        return "published"
    return "modified" if _MODIFIED_LABEL.search(names) else "published"


def _times(block: Block, document: Document) -> list[Element]:
    elements = document.tree.elements
    inside = [e for e in elements[block.first : block.last + 1] if e.tag == "time"]
    if block.element.tag == "time" or elements[block.first].tag == "time":
        return inside or [elements[block.first]]
    return inside


# --- address ------------------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_ADDRESS_MONTH = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/")
_ADDRESS_NAME = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/([0-3]?\d)(?!\d)", re.I)


def address_dates(document: Document) -> Iterator[DateCandidate]:
    """The date in the page's address: a day (`/2024/05/03/`, `/2024/may/03/`), else a month."""
    path = (document.url or "").split("?")[0]
    if match := _ADDRESS.search(path):
        slashed = "/" in match.group(0)
        if date := parse_machine("-".join(match.groups())):
            yield DateCandidate("published", "url-date", date, 0.6 if slashed else 0.45)
    elif (match := _ADDRESS_NAME.search(path)) and (month := month_number(match.group(2), "en")):
        if date := parse_machine(f"{match.group(1)}-{month:02d}-{int(match.group(3)):02d}"):
            yield DateCandidate("published", "url-date", date, 0.6)
    elif (match := _ADDRESS_MONTH.search(path)) and (date := parse_machine(f"{match.group(1)}-{int(match.group(2)):02d}")):
        yield DateCandidate("published", "url-date", date, 0.3)
