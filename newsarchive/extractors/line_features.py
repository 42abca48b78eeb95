"""The features of a block's own words: what the text is made of, what the line says it is, what the page's data say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from newsarchive.extractors.block_arrays import CJK, CLASSES, COMMA, DIGIT, SHORT, SPACE, STOP, Columns, Evidence, Floats, PageArrays
from newsarchive.extractors.boilerplate import CREDIT, READ_ALSO
from newsarchive.pages.blocks import Block

_BY = re.compile(
    r"\W*(?:by|von|par|por|di|door|av|af|od|text|texte|autor|author|words|story|oleh|автор|取材|文|記者|记者|本报|작성)[\s:：]"
)
_DATE = re.compile(r"\d(?:[./:]\d|(?<=\b1)9\d\d\b|(?<=\b2)0\d\d\b|(?<=\b\d)\d?(?:st|nd|rd|th)?\s\w{3,9}\b)")
"""A year, `7.30`, `3rd May`: written to begin with a digit, so that a search looks at digits only."""

_TIME_WORDS = ("ago", "am", "pm", "uhr", "gmt", "utc", "est", "edt")
_TIME = re.compile(rf"\b(?:{'|'.join(_TIME_WORDS)})\b")
_WORD = re.compile(r"\w+")
_SQUEEZE = re.compile(r"\W+")


def add_text(columns: Columns, page: PageArrays) -> None:
    """The block's own text: length, characters, links, how it begins and ends."""
    texts = page.texts
    columns.add("size", texts.size)
    columns.add("words", texts.words)
    columns.add("linked", texts.linked)
    columns.add("links", np.array([len(block.links) for block in page.blocks]))
    columns.add("good", texts.good)
    length = np.maximum(1.0, texts.counts.sum(axis=1))
    columns.add_rows(_SHARE_NAMES, 10 * texts.counts.T[_SHARES] / length)
    columns.add("commas", texts.counts[:, COMMA])
    columns.add("stops", texts.counts[:, STOP])
    columns.add("cjk", texts.counts[:, CJK])
    columns.add("word_size", texts.size / texts.words)
    columns.add("sentence_size", texts.size / (1 + texts.counts[:, STOP]))
    edges = [_ENDINGS[text[-1]] | (text.endswith(_DOTS) << 2) | _BEGINNINGS[text[0]] for text in page.strings]
    columns.add_bits(_EDGE_NAMES, np.array(edges, np.int64))


class _Bits(dict[str, int]):
    """What a character says at one end of a block, as a bit mask; each is asked once."""

    def __init__(self, *tests: Callable[[str], bool]) -> None:
        self.tests = tests

    def __missing__(self, char: str) -> int:
        self[char] = mask = sum(test(char) << bit for bit, test in enumerate(self.tests))
        return mask


_EDGE_NAMES = ("ends_stop", "ends_colon", "ends_dots", "starts_lower", "starts_digit", "starts_dash")
_ENDINGS = _Bits(lambda char: char in '.!?。！？।؟"”»', lambda char: char in ":：")
_BEGINNINGS = _Bits(*[lambda char: False] * 3, str.islower, str.isdigit, lambda char: char in "-–—•*·>→»©|/#@([")
_DOTS = ("…", "...", "[...]", "[…]")
_SHARES = [number for number in range(len(CLASSES)) if number != SPACE]
_SHARE_NAMES = tuple(f"share_{CLASSES[number]}" for number in _SHARES)

_ASCII_WORDS = bytes(code if chr(code) == "_" or chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)
_NO_ASCII_WORDS = bytes(code for code in range(128) if code != ord("_") and not chr(code).isalnum())


def _words(lowered: str) -> list[str]:
    """The words of a text, as `_WORD` finds them, which for ASCII can be had in a third of the time."""
    if lowered.isascii():
        return lowered.encode().translate(_ASCII_WORDS).decode().split()
    return _WORD.findall(lowered)


def _squeezed(lowered: str) -> str:
    """The text without what is no part of a word."""
    return lowered.encode().translate(None, _NO_ASCII_WORDS).decode() if lowered.isascii() else _SQUEEZE.sub("", lowered)


def title_likeness(strings: Sequence[str], title: str | None) -> Floats:
    """Share of common words of each short block and the title (0 for long blocks)."""
    likeness = np.zeros(len(strings))
    if not title:
        return likeness
    wanted = set(_words(title.lower()))
    squeezed = _squeezed(title.lower())
    low, high = len(title) // 4, 3 * len(title) + 20
    for number, text in enumerate(strings):
        if low <= len(text) <= high:
            lowered = text.lower()
            words = _words(lowered)
            if wanted.isdisjoint(words):
                continue
            have = set(words)
            common = len(wanted & have)
            likeness[number] = share = common / (len(wanted) + len(have) - common)
            if share > 0.5 and _squeezed(lowered) == squeezed:
                likeness[number] = 1.2
    return likeness


def title_block(blocks: Sequence[Block], likeness: Floats) -> int:
    """The block that shows the headline; -1 where none is like the title and none is an h1."""
    weight = likeness + np.array([0.35 if block.tag == "h1" else 0.1 if block.tag == "h2" else 0.0 for block in blocks])
    best = int(np.argmax(weight))
    return best if weight[best] >= 0.35 else -1


def add_lines(columns: Columns, page: PageArrays, likeness: Floats) -> None:
    """What the line says it is: a pointer, a credit, a byline, a date, the title."""
    count = len(page.blocks)
    marks = np.zeros((4, count), np.bool_)
    digits = page.texts.counts[:, DIGIT].tolist()
    for number, (line, text, has_digits) in enumerate(zip(page.lines, page.strings, digits, strict=True)):
        size = len(text)
        if line is None or size > 2 * SHORT:
            continue
        if READ_ALSO.match(line if size <= SHORT else text.lower()):
            marks[0, number] = True
        if size <= SHORT:
            if CREDIT.match(line):
                marks[1, number] = True
            if _BY.match(line):
                marks[2, number] = True
            if ((has_digits or not line.isascii()) and _DATE.search(line)) or _names_time(line):
                marks[3, number] = True
    page.promo = marks[0]
    columns.add_rows(("promo", "credit", "by", "date"), marks)
    columns.add("title_likeness", likeness)
    offset = page.order - page.title
    columns.add("after_title", np.where(page.title >= 0, offset, 0))
    columns.add("has_title", np.full(count, page.title >= 0))
    columns.add("is_title", (offset == 0) & (page.title >= 0))


def _names_time(line: str) -> bool:
    """Whether a line holds a word of times of day; most hold not even its letters."""
    for word in _TIME_WORDS:
        if word in line:
            return _TIME.search(line) is not None
    return False


def add_claims(columns: Columns, page: PageArrays, evidence: Evidence) -> None:
    """Whether a block stands in what the page's data give as description and as body."""
    count = len(page.blocks)
    described, claimed = np.zeros(count), np.zeros(count)
    description = _squeezed((evidence.description or "").lower())
    body = _squeezed((evidence.article_body or "").lower())
    if len(description) > 20 or len(body) > 200:
        for number, (line, text) in enumerate(zip(page.lines, page.strings, strict=True)):
            if line is not None and len(text) >= 20:
                if len(body) <= 200 and line[0].isalnum() and line[0] != description[0]:
                    continue
                start = _squeezed(text[:100].lower())
                if len(description) > 20 and (start.startswith(description[:60]) or description.startswith(start[:60])):
                    described[number] = 1
                if len(body) > 200 and start:
                    end = start if len(text) <= 100 else _squeezed(text[-100:].lower())
                    claimed[number] = ((start[:40] in body) + (end[-40:] in body)) / 2
    columns.add("described", described)
    columns.add("claimed", claimed)
    columns.add_page(("has_claim",), (len(body) > 200,))
