"""Photo and agency credits in a card, told from the excerpt they run into.

A credit is a short run: a name with a slash and an agency or platform, a label (`Photo:`), an agency alone, or a name in
an element of its own. It stands before or after the excerpt.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsarchive.extractors.teaser_lines import Line
from newsarchive.extractors.teaser_words import AGENCIES, CREDIT_LABELS
from newsarchive.text import fold

MAX_CREDIT_CHARS = 110
"""Characters; the longest credit seen names two people, an agency and its client."""
MAX_CREDIT_WORDS = 14
MAX_NAME_WORDS = 6
"""Words of a name that stands in an element of its own without any other sign of a credit."""


def _list(text: str) -> list[str]:
    return sorted({item.strip() for item in text.replace("\n", " ").split(";") if item.strip()}, key=len, reverse=True)


_AGENCY = "|".join(re.escape(item) for item in _list(AGENCIES))
_LABEL = "|".join(re.escape(item) for item in _list(CREDIT_LABELS))
_LABELLED = re.compile(
    (
        rf"(?:[(\[]\s*)?(?:(?:{_LABEL})\s*[:：]|©|\(c\)\s|(?:photo|foto|image|picture|illustration|photograph|"
        rf"video)s?\s+(?:by|credit|courtesy)\b|(?:crédits?|credits?)\s)"
    ),
    re.I,
)
_SIGN = re.compile(r"[/:：©,|–—(-]|\bvia\b", re.I)
_CREDIT_WORD = re.compile(r"[(\[]?(?:photo|foto|image|picture|illustration|video|crédit|credit)", re.I)
"""What a credit cannot do without, one or the other; most lines have neither, and the long patterns are spared."""
_AGENCY_NAMES = frozenset(item.casefold() for item in _list(AGENCIES))
_WORD = re.compile(r"\w+")
_AGENCY_MARKS = frozenset(max(_WORD.findall(name), key=len) for name in _AGENCY_NAMES)
"""The longest word of every agency's name: a text without any of them names none, and the long patterns are spared."""
_IS_AGENCY = re.compile(rf"(?:{_AGENCY})(?:\s*[/,|-]\s*(?:{_AGENCY}))*", re.I)
_WITH_AGENCY = re.compile(rf"(?:/|\bvia\b|,|\||-|–|—|\()\s*(?:{_AGENCY})\b", re.I)
_SLASHED = re.compile(r"[^\W\d_][^/]{1,50}\s?/\s?[^\W_][^/]{1,40}(?:/[^/]{1,40})?")
_HINT = re.compile(
    r"credit|copyright|(?:^|[\s_-])rights?(?:$|[\s_-])|photographer|bildrechte|(?:^|[\s_-])source(?:$|[\s_-])|quelle|agency", re.I
)
_NAME_WORD = r"(?:[^\W\d_a-zà-öø-ÿß][\w.'’&-]*|de|da|di|du|van|von|der|den|la|le|del|al|bin|and|und|&|the|of)"
_LEADING = re.compile(
    rf"(?P<name>{_NAME_WORD}(?:\s{_NAME_WORD}){{0,6}})\s?/\s?(?P<agency>(?i:{_AGENCY})(?![\w-])(?:\s?/\s?(?i:{_AGENCY})(?![\w-]))*(?:\s(?:via|"
    rf"for|für|pour)\s)?)"
)
_LEADING_OTHER = re.compile(rf"(?P<name>{_NAME_WORD}(?:\s{_NAME_WORD}){{0,6}})\s?/\s?(?=[^\W\d_])")
_AGENCY_FIRST = re.compile(
    r"(?:Getty Images|Shutterstock|REUTERS|AFP|Alamy|YouTube|Instagram|Wikimedia Commons|Unsplash|Pixabay|"
    r"Pexels)(?:\s?/\s?[^\W\d_][\w.'’-]*(?:\s[A-Z][\w.'’-]*)?)?(?=\s+[“\"‘'(]?[A-Z0-9])"
)
_TRAILING = re.compile(rf"\s*[(\[]?\s*(?:(?:{_LABEL})\s*[:：]|©)\s*(?P<name>[^.!?]{{2,80}}?)[)\]]?\s*$", re.I)
_COLON = re.compile("[:：]")
_LABEL_ENDS = tuple(item.casefold() for item in _list(CREDIT_LABELS))
_TRAILING_PARENS = re.compile(rf"\s*[(\[](?P<name>[^()\[\]]{{0,60}}(?:{_AGENCY}))[)\]]\s*$", re.I)


@lru_cache(maxsize=4096)
def has_hint(classes: str) -> bool:
    """Whether class names say that an element holds a credit."""
    return bool(_HINT.search(classes))


def is_credit(text: str) -> bool:
    """Whether a folded text by itself is a credit: labelled, an agency, or a name with one."""
    text = text.strip("() ")
    if not text or len(text) > MAX_CREDIT_CHARS or len(text.split()) > MAX_CREDIT_WORDS:
        return False
    if not _SIGN.search(text) and text.casefold() not in _AGENCY_NAMES and not _CREDIT_WORD.match(text):
        return False
    names_agency = not _AGENCY_MARKS.isdisjoint(_WORD.findall(text.casefold()))
    if _LABELLED.match(text) or (names_agency and _IS_AGENCY.fullmatch(text)):
        return True
    if text[-1] in ".…!?" and not text.endswith(("Inc.", "Ltd.")):
        return False
    if names_agency and _WITH_AGENCY.search(text) and len(text.split()) <= 10:
        return True
    return bool(_SLASHED.fullmatch(text)) and len(text.split()) <= 8 and _capitalised(text)


def _capitalised(text: str) -> bool:
    words = [word for word in re.split(r"[\s/]+", text) if word and word[0].isalpha()]
    small = [
        word
        for word in words
        if word[0].islower()
        and word not in ("de", "da", "di", "du", "van", "von", "der", "for", "via", "and", "of", "the", "und", "et", "y", "e")
    ]
    return bool(words) and not small


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        1 <= len(words) <= MAX_NAME_WORDS and text[-1] not in ".…!?:;,–—-" and _capitalised(text) and any(char.isalpha() for char in text)
    )


def split_credit(line: Line) -> tuple[str | None, str]:
    """(credit, rest) of an excerpt line. The credit is None where none can be told; the rest is then the whole text."""
    found = _by_runs(line)
    if found is None:
        found = _by_words(line.text)
    return found if found is not None else (None, line.text)


def _by_runs(line: Line) -> tuple[str, str] | None:
    """A credit in an element of its own at the line's beginning or end."""
    runs = line.runs
    if len(runs) < 2:
        return None
    for at, rest_runs in ((0, runs[1:]), (-1, runs[:-1])):
        run = runs[at]
        text = fold(run.text)
        rest = fold("".join(item.text for item in rest_runs)).lstrip("-–—|•·: ")
        if not text or len(rest) < 8 or any(item.element is run.element for item in rest_runs):
            continue
        if run.element.tag in ("a", "strong", "b", "time") and not is_credit(text):
            continue
        if has_hint(" ".join(run.element.classes)) or is_credit(text):
            return text, rest
        if (
            at == 0
            and _is_name(text)
            and len(text.split()) >= 2
            and rest[:1].isupper()
            and run.element.tag in ("em", "i", "small", "cite", "span", "font")
        ):
            return text, rest
    return None


def _by_words(text: str) -> tuple[str, str] | None:
    """A credit that runs into the excerpt without markup."""
    slashed = "/" in text[:MAX_CREDIT_CHARS]
    if slashed and (match := _LEADING.match(text)):
        end = match.end()
        agency = match.group("agency")
        if agency.endswith((" for ", " via ", " für ", " pour ")):
            client = _client(text[end:])
            if not client:
                return None
            end += client
        credit, rest = text[:end].strip(), text[end:].strip(" -–—|•·:")
        if rest and _capitalised(match.group("name")) and (rest[0].isupper() or not rest[0].isalpha() or not rest[0].isascii()):
            return credit, rest
    if slashed and (match := _LEADING_OTHER.match(text)):
        end = match.end() + _client(text[match.end() :])
        rest = text[end:].strip()
        if end > match.end() and rest and _capitalised(match.group("name")):
            return text[:end].strip(), rest
    if match := _AGENCY_FIRST.match(text):
        return text[: match.end()].strip(), text[match.end() :].strip()
    shift = max(0, len(text) - MAX_CREDIT_CHARS)
    tail = text[shift:]
    for may, pattern in (((")" in tail or "]" in tail), _TRAILING_PARENS), (_is_labelled(tail), _TRAILING)):
        match = pattern.search(tail) if may else None
        if match and shift + match.start() >= 15:
            return tail[match.start() :].strip(" ()[]"), text[: shift + match.start()].strip()
    return None


def _is_labelled(tail: str) -> bool:
    """Whether a credit's label stands before a colon."""
    if "©" in tail:
        return True
    return any(tail[: colon.start()].rstrip().casefold().endswith(_LABEL_ENDS) for colon in _COLON.finditer(tail))


def _client(text: str) -> int:
    """Length of the capitalised words that text begins with, without the last one where a sentence begins with it; 0 for none."""
    words = list(re.finditer(r"\S+", text))
    capital = 0
    for word in words:
        if not word.group()[0].isupper():
            break
        capital += 1
        if word.group()[-1] in ".:;!?…":
            break
    if capital < 2 or capital >= len(words):
        return 0
    return words[capital - 2].end()
