"""Names of people and agencies out of bylines: prefixes, roles, places, e-mail addresses and separators removed."""

from __future__ import annotations

import re

from newsarchive.text import AnyCase, fold

MAX_BYLINE_CHARS = 300
"""Characters of a byline that are read; a longer one is a biography."""

MAX_NAME_CHARS = 70
"""Characters. The longest name on the bench pages, with titles, has 52."""

MAX_NAME_WORDS = 7

MAX_AUTHORS = 30
"""Authors of one article; papers with more are no journalism."""

_PREFIX_WORDS = (
    "this (?:post|article|story) was written by|article written by|contributors?|"
    "by|written by|posted by|published by|words by|story by|text by|reported by|reporting by|article by|author|authors|"
    "authored by|contributed by|from|"
    "von|text|autor|autorin|autoren|ein artikel von|eine analyse von|ein kommentar von|ein gastbeitrag von|eine kolumne von|interview|aus|"
    "par|propos recueillis par|texte|texte de|auteur|por|escrito por|publicado por|texto|autora|autores|di|a cura di|de|scritto da|da|"
    "door|tekst|av|af|skrevet av|skrevet af|tekst|text av|teksti|kirjoittanut|autor tekstu|tekst|автор|текст|автори|yazan|yazar|haber|"
    "oleh|penulis|tác giả|bài|theo|文|記者|记者|作者|文／|取材・文|撰文|記者:|기자|글|كتب|كتبت|بقلم|إعداد|"
    "מאת|כתב|כתבה|लेखक|द्वारा|reporter|writer|editor"
)
_PREFIX = re.compile(r"^\s*(?:" + _PREFIX_WORDS + r")(?:\s*[:：・／＝]\s*|\s+(?=\S)|(?<=[:：／]))", re.I)
_PREFIX_COLON = re.compile(r"^[^\W\d_]{2,14}(?: [^\W\d_]{2,10})?\s?[:：]\s+(?=\S)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){0,5}")
_URL = re.compile(r"(?:https?://|www\.)\S{1,300}", re.I)
_BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]{0,80}[)\]）]")
_PLACE = re.compile(r"\s+(?:in|aus|à|en|a|i|w)\s+[A-ZÄÖÜÉÈÅØ][\w.'-]{1,25}(?:\s+[A-ZÄÖÜ][\w.'-]{1,25}){0,2}$")
_SPLIT = re.compile(r"\s*(?:;|،|\||·|•|／|、|，|\n|\s/\s|\s&\s|\s+(?:and|und|et|och|og|ja|en|és|ve|và|dan|и|та|και)\s+(?=[^\W\d_]))\s*")
_SPLIT_LATIN = re.compile(r"\s+(?:y|e|i|&|with|mit|avec|con)\s+(?=[A-ZÁÉÍÓÚÄÖÜÅØÇ])")
_COMMA = re.compile(r"\s*,\s*(?:and\s+|und\s+|et\s+|&\s*)?")
_CREDENTIALS = re.compile(
    r"(?:Ph\.?\s?D|M\.?D|D\.?V\.?M|D\.?O|D\.?D\.?S|R\.?N|B\.?S\.?N|M\.?S\.?N|M\.?S|M\.?A|M\.?B\.?A|B\.?A|B\.?Sc|M\.?Sc|J\.?D|Esq|"
    r"CPA|CFA|CFP®?|R\.?D\.?N?|L\.?D|"
    r"F\.?A\.?N\.?D|LCSW|LMFT|CPT|CSCS|PT|DPT|Jr|Sr|I{2,3}|EA|MPH|PharmD|FNP|APRN|NP|PA-C|CPP|PSP|PMP|CISSP|FACP|FAAD|Dr|Prof|MFT|"
    r"LPC|PsyD|EdD|CNP|MPA|LMT|"
    r"C\.?P\.?T|NASM-CPT|RYT|CHFP|CEBS|CLU|ChFC)\.?",
)
_ROLE = AnyCase(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|staff|producer|analyst|author|director|manager|"
    r"founder|ceo|cto|cfo|"
    r"president|specialist|strategist|head of|fellow|professor|expert|consultant|redakteur|redakteurin|korrespondent|"
    r"korrespondentin|chefredakteur|"
    r"volontär|autor|autorin|reporterin|journaliste|rédacteur|rédactrice|correspondant|envoyé|redactor|redactora|periodista|"
    r"corresponsal|giornalista|"
    r"redattore|redacteur|verslaggever|journalistin|редактор|корреспондент|обозреватель|журналист|muhabir|toimittaja|reporteri|"
    r"desk|newsroom|bureau|"
    r"記者|기자|특파원|engineer|developer|designer|marketing|marketer|senior|intern|guest|member)\b"
)
_JUNK = re.compile(
    r"^(?:admin|administrator|root|user|guest|null|none|undefined|unknown|n/?a|author|authors|editor|webmaster|wordpress|test|by|"
    r"share|follow|subscribe|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"read more|more|comments?|facebook|twitter|x|linkedin|email|print|copy link|updated|published|posted|photo|image|"
    r"view all posts|see all|bio|profile|"
    r"about the author|twitter|handle|your name|name|full bio|cite this.*|twitter facebook|par|von|di|door|written by|posted by|"
    r"view profile|follow us|contact|save|listen|listen to this article|all posts|[\W\d_]+)$",
    re.I,
)
_DAY = re.compile(r"[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?|\d{1,2}\.? [^\W\d_]{3,9}\.?")
"""The day and month that are left of a date whose year a comma parts from them."""
_DATE_WORDS = AnyCase(
    r"\d{4}|\d{1,2}[:.]\d{2}|\bago\b|\bmin(?:ute)?s? read\b|\bupdated\b|\bpublished\b|\bcomments?\b|\bread\b|\bviews?\b|\bminutes?\b"
)


def names_in(text: str, *, split_commas: bool = True) -> list[str]:
    """The names in a byline or in the value of an author field, in order; empty where it holds none.

    With `split_commas` false a comma parts names only where both sides are full names: `Jane Doe, PhD` is one.
    """
    value = fold(text)[:MAX_BYLINE_CHARS]
    value = _URL.sub(" ", _EMAIL.sub(" ", _BRACKETS.sub("", value)))
    value = _strip_prefix(value).strip(" ,;:|/·•–—-([（")
    pieces = [piece for part in _SPLIT.split(value) for piece in _SPLIT_LATIN.split(part) if piece and piece.strip()]
    names: list[str] = []
    for piece in pieces:
        for name in _commas(piece, split_commas=split_commas):
            cleaned = _clean_name(name)
            if cleaned and cleaned.casefold() not in {known.casefold() for known in names}:
                names.append(cleaned)
    return names[:MAX_AUTHORS]


def is_byline_word(text: str) -> bool:
    """Whether a text is nothing but a word such as `By` that a name follows."""
    return bool(_PREFIX_ALONE.fullmatch(text.strip()))


def starts_like_byline(text: str) -> bool:
    """Whether a text begins with a word such as `By` and something behind it."""
    return bool(_PREFIX.match(text))


_DATE_BEFORE = re.compile(r"^[^.|•·]{0,30}\d[^.|•·]{0,20}[.|•·]\s+(?=(?:by|von|par|por|di|door|av|af)\s)", re.I)
"""A date that stands before the byline in the same line: `May 15, 2024. By Odile Barrow`."""

_PREFIX_ALONE = re.compile(r"(?:" + _PREFIX_WORDS + r")\s*[:：・／＝]?", re.I)


def _strip_prefix(value: str) -> str:
    value = _DATE_BEFORE.sub("", value, count=1)
    for _ in range(2):
        shorter = _PREFIX.sub("", value, count=1)
        if shorter == value:
            break
        value = shorter
    return value


def _commas(piece: str, *, split_commas: bool) -> list[str]:
    """The parts between commas, credentials kept with their name, roles dropped."""
    parts = [part for part in _COMMA.split(piece) if part]
    if len(parts) < 2:
        return parts
    names = [parts[0]]
    for part in parts[1:]:
        if all(_CREDENTIALS.fullmatch(word) for word in part.split()):
            names[-1] += ", " + part
        elif _ROLE.search(part):
            if split_commas:
                break
            continue
        elif split_commas or (_looks_full(part) and _looks_full(parts[0])):
            names.append(part)
    return names


def _looks_full(text: str) -> bool:
    """Two to four capitalised words (or a name in a script without capitals)."""
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() or not word[0].isascii() or word.lower() in _PARTICLES for word in words)


_PARTICLES = frozenset(
    (
        "de",
        "da",
        "di",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "del",
        "dos",
        "el",
        "al",
        "bin",
        "ben",
        "ter",
        "du",
        "zu",
        "y",
        "des",
        "das",
        "do",
        "e",
        "i",
        "ten",
        "te",
        "op",
        "'t",
        "vom",
        "zum",
        "zur",
        "und",
        "af",
        "av",
        "ibn",
        "bint",
        "abu",
        "della",
        "dello",
        "dalla",
        "degli",
        "delle",
        "d",
        "san",
        "st",
        "las",
        "los",
        "der.",
        "v.",
        "d.",
    )
)


def _clean_name(name: str) -> str | None:
    value = _strip_prefix(name).strip(' ,;:|/·•–—-_*<>"')
    value = re.sub(r"\s*[-–—|/]\s+.*$", "", value) if _ROLE.search(value) and re.search(r"\s[-–—|/]\s", value) else value
    shorter = _PLACE.sub("", value)
    if shorter != value and len(shorter.split()) >= 2:
        value = shorter
    value = _DANGLING.sub("", value.removeprefix("@"))
    if not value or len(value) > MAX_NAME_CHARS or len(value.split()) > MAX_NAME_WORDS:
        return None
    if (
        (" " not in value and _ROLE.fullmatch(value))
        or _JUNK.match(value)
        or _DATE_WORDS.search(value)
        or _DAY.fullmatch(value)
        or not any(char.isalpha() for char in value)
    ):
        return None
    return value


def has_role(text: str) -> bool:
    """Whether a text holds a word for what somebody does at a paper or company."""
    return _ROLE.search(text)


def is_person(name: str) -> bool:
    """Whether a name looks like a person's: two to five words, none of them a word of organisations."""
    words = name.split()
    if any("\u3040" <= char <= "\ud7a3" for char in name):
        return 2 <= len(name.replace(" ", "")) <= 8
    capitals = sum(word[0].isalpha() and not word[0].islower() for word in words)  # Hebrew and Arabic have no case
    return 2 <= len(words) <= 5 and capitals >= 2 and not has_small_words(name) and not _ORGANISATION.search(name)


def has_small_words(name: str) -> bool:
    """Whether words in small letters stand in it that are no part of names, such as `van` and `d'Amico`."""
    return any(word[0].islower() and word not in _PARTICLES and not word.startswith(_ARTICLES) for word in name.split())


_ARTICLES = ("d'", "d’", "l'", "l’", "al-", "el-", "ad-", "as-", "ash-", "at-", "an-")
"""What a name's part may begin with in small letters: `d'Amico`, `al-Masri`."""

_DANGLING = re.compile(r"(?:\s+(?:on|at|in|from|for|the|am|le|el|und|and|기자|특파원|記者|记者))+$|^(?:the|on|at|in|from|for|am)$")

_ORGANISATION = AnyCase(
    r"\b(?:staff|team|news|newsroom|desk|editors?|editorial|redaktion|rédaction|redacción|redazione|redactie|press|agency|agencies|"
    r"reuters|afp|dpa|online|"
    r"media|magazine|times|post|inc|llc|ltd|gmbh|company|store|shop|group|university|institute|association|admin|service|network|"
    r"tv|radio|contributors?|"
    r"website|blog|com|org|net)\b"
)
