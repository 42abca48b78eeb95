"""Bodies that stand in data instead of markup: JSON-LD `articleBody`, and the payloads of pages that JavaScript draws.

They are the source where the markup has no text to speak of. Where it has, it is better: on the bench pages no article with
JSON-LD body had less than 60 % of it in the markup but one, whose JSON-LD was wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from newsarchive.extractors.structured import Structured
from newsarchive.model.article import BodyBlock
from newsarchive.pages.blocks import Block, find_layout
from newsarchive.pages.document import Document
from newsarchive.pages.tree import parse
from newsarchive.text import fold

MIN_CHARS = 250
"""Characters. A shorter text in the data is a description."""

MAX_SCRIPT_CHARS = 3_000_000
_STRING = re.compile(r'"((?:[^"\\]|\\.){300,})"')
_ESCAPED = re.compile(r"\\+(?=[\"/nrtu])")
_SENTENCE = re.compile(r"[.!?。！？।؟…][\"”»’]?(?:\s|$|<)")
_SKIPPED_KEYS = ("description", "comment", "bio", "css", "script", "svg", "url", "query", "disclaimer", "policy")
PARAGRAPH_CHARS = 60
"""Characters of a string that can be a paragraph of a payload."""


def embedded_body(structured: Structured) -> tuple[str, list[BodyBlock]] | None:
    """The rule's id and the body the page's data give; None where they give none of MIN_CHARS."""
    stated = structured.article.get("articleBody") if structured.article else None
    offers: list[tuple[str, list[BodyBlock]]] = []
    if isinstance(stated, str):
        offers.append(("jsonld-body", _as_blocks(stated)))
    offers += [("embedded-html", blocks) for blocks in _html_strings(structured.document)]
    if not any(_size(blocks) >= MIN_CHARS for _, blocks in offers):
        offers += [("embedded-state", blocks) for blocks in _paragraph_groups(structured.states)]
    best = max(offers, key=lambda offer: _size(offer[1]), default=None)
    if best is None or _size(best[1]) < MIN_CHARS:
        return None
    return best


def _size(blocks: list[BodyBlock]) -> int:
    return sum(len(block.text) for block in blocks)


def _as_blocks(text: str) -> list[BodyBlock]:
    """Paragraphs of a text that is HTML, or plain with line breaks."""
    if "<" in text and ">" in text:
        layout = find_layout(parse(text).root)
        return [
            BodyBlock("caption" if _in_caption(block) else block.kind, block.text)
            for block in layout.blocks
            if block.link_chars < 0.8 * len(block.text)
        ]
    return [BodyBlock("paragraph", line) for line in map(fold, re.split(r"\n+", text)) if line]


def _in_caption(block: Block) -> bool:
    return any("caption" in name for element in (block.element, *block.element.ancestors()) for name in element.classes)


def _html_strings(document: Document) -> Iterator[list[BodyBlock]]:
    """Long strings of scripts that hold paragraphs of markup."""
    for script in document.scripts:
        if len(script.text) > MAX_SCRIPT_CHARS or "ld+json" in script.kind:
            continue
        for match in _STRING.finditer(script.text):
            text = match.group(1)
            if "p>" not in text and "p\\u003e" not in text and "br" not in text:
                continue
            html = _unescaped(text)
            if len(_SENTENCE.findall(html)) >= 3 and re.search(r"<(?:p|br|div)\b", html):
                yield [block for block in _as_blocks(html) if "$$" not in block.text]


def _unescaped(text: str) -> str:
    """The string as JSON reads it; a string inside a string is read twice."""
    for _ in range(2):
        try:
            value = json.loads(f'"{text}"')
        except ValueError:
            return _ESCAPED.sub("", text)
        if "\\u003" not in value and '\\"' not in value:
            return str(value)
        text = value.replace("\n", "\\n") if '\\"' in value else value
    return text


def _paragraph_groups(states: list[Any]) -> Iterator[list[BodyBlock]]:
    """Strings that look like paragraphs and stand under the same keys of a state, in order."""
    for state in states:
        groups: dict[str, list[str]] = {}
        for path, text in _strings(state):
            if len(text) >= PARAGRAPH_CHARS and _SENTENCE.search(text) and not any(word in path for word in _SKIPPED_KEYS):
                groups.setdefault(path, []).append(text)
        for texts in groups.values():
            yield [block for text in dict.fromkeys(texts) for block in _as_blocks(text)]


def _strings(state: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """(path of keys without list places, string) of every string below, in order; iterative."""
    stack: list[tuple[str, Any]] = [("", state)]
    seen = 0
    while stack and seen < 200_000:
        path, value = stack.pop()
        seen += 1
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            stack.extend((f"{path}/{str(key).lower()[:40]}", item) for key, item in reversed(list(value.items())))
        elif isinstance(value, list):
            stack.extend((path, item) for item in reversed(value))
