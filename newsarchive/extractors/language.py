"""The language of a page: what it declares, checked against its script, else what its words say: English by itself, others by py3langid."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from newsarchive.extractors.structured import Choice, Structured
from newsarchive.model.extraction import FieldCandidate
from newsarchive.pages.document import Document

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-[A-Za-z0-9]{5,8})?")

_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "italian": "it",
    "portuguese": "pt", "dutch": "nl", "russian": "ru", "chinese": "zh", "japanese": "ja", "korean": "ko", "arabic": "ar",
    "turkish": "tr", "polish": "pl", "hindi": "hi", "gr": "el", "jp": "ja", "kr": "ko", "cn": "zh-CN", "ua": "uk", "cz": "cs", "dk": "da",
    "vn": "vi", "iw": "he", "in": "id", "no": "no",
}  # fmt: skip
"""Wrong tags that pages use, and what they mean."""

_SCRIPTS = {
    "CYRILLIC": "ru uk be bg sr mk kk ky mn tg tt", "GREEK": "el", "HEBREW": "he yi", "ARABIC": "ar fa ur ps ug sd ckb",
    "DEVANAGARI": "hi mr ne sa kok", "BENGALI": "bn as", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml",
    "GUJARATI": "gu", "GURMUKHI": "pa", "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "GEORGIAN": "ka", "ARMENIAN": "hy",
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh ja ko yue", "ETHIOPIC": "am ti", "SINHALA": "si",
}  # fmt: skip
"""Script -> languages written in it."""

SAMPLE_CHARS = 1200
"""Characters of the text that are looked at: py3langid is sure of nearly every language after 200, and slows with length."""

MIN_SAMPLE_CHARS = 40
"""Characters. A shorter text does not say its language."""

MIN_SCRIPT_SHARE = 0.5
"""Share of the letters that must be of another script before a declared language is disbelieved."""


def declared_language(document: Document, structured: Structured | None = None) -> tuple[str, str] | None:
    """(BCP 47 tag, source id) as the page declares it, or None."""
    for source, value in _declarations(document, structured):
        tag = language_tag(value)
        if tag:
            return tag, source
    return None


def _declarations(document: Document, structured: Structured | None) -> list[tuple[str, str]]:
    found = [
        ("html-lang", document.language),
        ("meta-content-language", document.meta("content-language", "language", "dc.language", "dc.language.iso", "dcterms.language")),
        ("jsonld-inlanguage", structured.ld_string("inLanguage") if structured else None),
        ("og-locale", document.meta("og:locale")),
    ]
    return [(source, value) for source, value in found if value]


def language_tag(text: str) -> str | None:
    """A BCP 47 tag in its usual spelling (`de`, `en-GB`, `zh-Hant-TW`); None for what is none."""
    value = text.strip().split(",")[0].split(";")[0].strip().replace("_", "-").split(".")[0]
    value = _NAMES.get(value.lower(), value)
    if not _TAG.fullmatch(value) or value.lower() in ("und", "zxx", "mul", "xx", "default", "lang"):
        return None
    parts = value.split("-")
    spelled = [parts[0].lower()]
    for part in parts[1:]:
        spelled.append(part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part.lower())
    return "-".join(spelled)


def choose_language(document: Document, structured: Structured, text: str) -> Choice:
    """The language of a page whose body is `text`: declared, unless the text is written in a script the language does not use."""
    candidates = [FieldCandidate("language", language_tag(value) or value, source) for source, value in _declarations(document, structured)]
    declared = declared_language(document, structured)
    script = main_script(text)
    if declared and _fits(declared[0], script):
        return Choice(declared[0], declared[1], [_won(c, declared[1]) for c in candidates])
    if script and " " not in _SCRIPTS[script]:
        candidates.append(FieldCandidate("language", _SCRIPTS[script], "script"))
        return Choice(_SCRIPTS[script], "script", [_won(c, "script") for c in candidates])
    if len(text) >= MIN_SAMPLE_CHARS:
        sample = text[:SAMPLE_CHARS]
        read, source = ("en", "english-words") if script is None and is_english(sample) else (_classify(sample), "langid")
        candidates.append(FieldCandidate("language", read, source))
        return Choice(read, source, [_won(c, source) for c in candidates])
    return Choice(declared[0] if declared else None, declared[1] if declared else None, candidates)


def _won(candidate: FieldCandidate, source: str) -> FieldCandidate:
    return FieldCandidate(candidate.field, candidate.value, candidate.source, candidate.source == source)


def _fits(tag: str, script: str | None) -> bool:
    base = tag.split("-")[0]
    if "Latn" in tag:
        return True
    if script is not None:
        return base in _SCRIPTS[script].split()
    return True


def main_script(text: str) -> str | None:
    """The script (a key of the table above) most letters of a text belong to; None for Latin or too little text."""
    counts: dict[str, int] = {}
    letters = 0
    for char in text[:SAMPLE_CHARS:3]:
        if not char.isalpha():
            continue
        letters += 1
        if char > "\u036f":
            name = _script_of(char)
            counts[name] = counts.get(name, 0) + 1
    if counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0) > letters * 0.1:
        return "HIRAGANA"
    if letters < MIN_SAMPLE_CHARS // 4 or not counts:
        return None
    name = max(counts, key=lambda key: counts[key])
    return name if name in _SCRIPTS and counts[name] >= letters * MIN_SCRIPT_SHARE else None


_ENGLISH_WORDS = "the of and to that with for this from have are by it as be was which their they were been would about"
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
MIN_ENGLISH_SHARE = 0.12
MIN_ENGLISH_WORDS = 5
"""Share of these words in a text, and how many different ones, from which it is English. So 87 % of the bench pages are known, and
py3langid says the same of every one; texts in other languages with Latin letters have a share of at most 0.024."""


def is_english(text: str) -> bool:
    """Whether a text is English beyond doubt. Most pages that declare no language are, and the classifier's model takes long to load."""
    words = text.lower().split()
    found = [word for word in words if word in _ENGLISH]
    return len(found) >= MIN_ENGLISH_SHARE * len(words) and len(set(found)) >= MIN_ENGLISH_WORDS


@lru_cache(maxsize=4096)
def _script_of(char: str) -> str:
    return unicodedata.name(char, "?").split()[0].split("-")[0]


def _classify(text: str) -> str:
    """The classifier's answer; loading its model takes half a second, so only the pages that need it pay."""
    from py3langid import classify

    return str(classify(text)[0])
