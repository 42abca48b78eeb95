"""How text is cleaned everywhere: white space folded, NFC, nothing invisible that would break words or searches."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = "\u00ad\u200b\u2060\ufeff\u180e"
"""Soft hyphen, zero-width space, word joiner, byte order mark, Mongolian vowel separator. The zero-width (non-)joiners
U+200C and U+200D stay: Persian, Hindi and emoji are spelled with them."""

_UNWANTED = re.compile(
    "[" + _INVISIBLE + "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What no text needs: the invisible ones above, control characters, lone surrogates, non-characters, annotation marks, tags."""

_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE}])[ \t]*[\r\n]+[ \t]*(?=[{_WIDE}])")
"""A line break of the source between two wide (Han, kana) characters: it separates nothing and is no space."""


def clean(text: str) -> str:
    """The text in NFC without control characters, lone surrogates, soft hyphens and zero-width spaces. White space stays."""
    if not text.isprintable():
        text = _UNWANTED.sub("", text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text


def fold(text: str) -> str:
    """`clean`, and every run of white space (NBSP and the other Unicode spaces included) one space, none at the ends.

    A line break of the source between two Han or kana characters is no space at all.
    """
    if text.isprintable():
        # Nothing to remove, and no white space but the space: paragraphs of source without line breaks, most of a page.
        text = " ".join(text.split()) if "  " in text else text.strip()
        return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    if "\n" in text and not text.isascii():
        text = _WIDE_BREAK.sub("", text)
    return clean(" ".join(text.split()))


class AnyCase:
    """A search for words in any case: on ASCII text, which is put in lower case, at a fifth of what `re.IGNORECASE` takes.

    `pattern` must hold no capital letter but those of escapes such as `\\W`.
    """

    __slots__ = ("_lower", "_pattern")

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern, re.IGNORECASE)
        # Without regard to case a dotless i is the same letter as i.
        self._lower = re.compile(pattern.replace("ı", "i"))

    def search(self, text: str) -> bool:
        """Whether the pattern is found anywhere in a text."""
        return (self._lower.search(text.lower()) if text.isascii() else self._pattern.search(text)) is not None

    def fullmatch(self, text: str) -> bool:
        """Whether the pattern fits the whole text."""
        return self._pattern.fullmatch(text) is not None


def shorten(text: str, limit: int) -> str:
    """The folded text, cut at a word end to at most `limit` characters, with an ellipsis where something was cut."""
    text = fold(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:") + "…"


_DENSE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
DENSE_WEIGHT = 2.5
"""Letters of an alphabet that say what one Han, kana or Hangul character says; news texts and their translations differ by 2 to 3."""


def reading_length(text: str) -> int:
    """Length in letters of an alphabet: a Han, kana or Hangul character counts for `DENSE_WEIGHT` of them."""
    if text.isascii():
        return len(text)
    return len(text) + int((DENSE_WEIGHT - 1) * len(_DENSE.findall(text)))


def amount(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`; `many` where the plural is not the singular with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
