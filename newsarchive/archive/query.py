"""What a person types as an expression of the search index. Whatever is typed is a search: nothing can be a syntax error.

Words are joined by AND; `"a phrase"`, `OR`, `NOT`, `-word`, `begin*` and `title:word` work, everything else is taken for words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsarchive.archive.words import CJK

FIELDS = {
    "title": "title",
    "headline": "title",
    "author": "authors",
    "authors": "authors",
    "by": "authors",
    "body": "body",
    "text": "body",
    "description": "description",
}
"""What may stand before a colon, and the column of the search index it means."""

MAX_TERMS = 64
"""Terms of a query that are used. A pasted paragraph is cut here: SQLite refuses expressions deeper than 256."""

_FIELD = "|".join(FIELDS)
_PIECE = re.compile(rf'([-+]?)(?:({_FIELD}):)?"([^"]*)"?(\*?)|(\S+)', re.IGNORECASE)
_IN_FIELD = re.compile(rf"([-+]*)({_FIELD}):(.+)", re.IGNORECASE)
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_RUNS = re.compile(f"(?:{CJK.pattern})+|[^{CJK.pattern[1:-1]}]+")


@dataclass(frozen=True, slots=True)
class _Term:
    expression: str
    excluded: bool = False
    alternative: bool = False
    """Whether `OR` stood before it."""


def match_expression(typed: str) -> str | None:
    """What was typed as an FTS5 expression that cannot fail; None where it holds no word to look for."""
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    for term in _terms(typed):
        if term.excluded:
            unwanted.append(term.expression)
        elif term.alternative and wanted:
            wanted[-1].append(term.expression)
        else:
            wanted.append([term.expression])
    if not wanted:
        return None
    expression = " AND ".join("(" + " OR ".join(group) + ")" for group in wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def _terms(typed: str) -> list[_Term]:
    terms: list[_Term] = []
    alternative = negated = False
    text = "".join(character if character.isprintable() else " " for character in typed.translate(_QUOTES))
    for sign, field, phrase, phrase_star, word in _PIECE.findall(text):
        if word == "OR":
            alternative = True
            continue
        if word in ("AND", "NOT"):
            negated = word == "NOT"
            continue
        excluded = negated or sign == "-" or (word.startswith("-") and len(word) > 1)
        star = bool(phrase_star) or word.endswith("*")
        named = _IN_FIELD.fullmatch(word)
        column = FIELDS.get((named[2] if named else field).lower())
        expression = _expression(phrase or (named[3] if named else word.lstrip("-+")), column, prefix=star)
        if expression is not None:
            terms.append(_Term(expression, excluded, alternative))
        alternative = negated = False
    return terms[:MAX_TERMS]


def _expression(text: str, column: str | None, *, prefix: bool) -> str | None:
    """One word or phrase, quoted; Chinese, Japanese and Korean runs as phrases of characters in their own column.

    That column holds title, description and text together, and no names: with a field before them such runs find a little more.
    """
    parts: list[str] = []
    for piece in _RUNS.findall(text):
        if CJK.match(piece):
            parts.append('cjk : "' + " ".join(piece) + '"')
        elif any(character.isalnum() for character in piece):
            words = '"' + piece.replace('"', " ").strip() + '"' + (" *" if prefix else "")
            parts.append(f"{column} : {words}" if column else words)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else "(" + " AND ".join(parts) + ")"
