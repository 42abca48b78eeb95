"""JSON-LD as pages really carry it: several scripts, `@graph`, nested articles, trailing commas, comments, broken ends.

Everything is bounded: sizes, depth and counts. What cannot be parsed is mended once, in linear time; where that fails
too, the few fields that matter are picked out of the text. Nothing here raises.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from newsarchive.text import fold

MAX_SCRIPT_CHARS = 2_000_000
"""Characters of one script that are parsed; the largest on the bench pages has 310,000. A longer one is passed over."""

MAX_NODES = 4000
"""Objects of one page that are looked at; a listing of 500 products has about 3,000."""

MAX_DEPTH = 40
"""Nesting that is followed; real data has at most 12."""

ARTICLE_TYPES = frozenset(
    {
        "article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "report",
        "backgroundnewsarticle", "reviewnewsarticle", "asknewsarticle", "liveblogposting", "techarticle", "scholarlyarticle",
        "satiricalarticle", "advertisercontentarticle", "socialmediaposting", "criticreview", "medicalscholarlyarticle", "posting",
    }
)  # fmt: skip
"""Types of schema.org (lower case) that say article."""

_SIDE_KEYS = frozenset(
    {
        "itemlistelement", "haspart", "ispartof", "mentions", "citation", "comment", "review", "relatedlink", "subjectof", "isbasedon",
        "workexample", "exampleofwork", "publisher", "author", "creator", "about", "potentialaction", "liveblogupdate", "hasoffercatalog",
        "recommendation", "breadcrumb", "itemoffered", "video", "image", "associatedmedia", "suggestedanswer", "acceptedanswer", "worksfor",
    }
)  # fmt: skip
"""Keys below which an article is another one than the page's."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object with a type."""

    types: frozenset[str]
    """Lower case, without the vocabulary's address."""
    data: dict[str, Any]
    aside: bool
    """Stands below a key such as `itemListElement`, so that it speaks of something else than the page."""
    script: int
    """Which script of the page it came from."""


@dataclass(slots=True)
class JsonLd:
    """All that a page's JSON-LD says."""

    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: int = 0
    """Scripts that were no JSON, even after mending."""

    def resolve(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """The object a reference (`{"@id": ...}` alone) points to, else the value itself."""
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str) and "name" not in value:
            return self.by_id.get(value["@id"], value)
        return value


def read_jsonld(texts: Iterable[str]) -> JsonLd:
    """All typed objects of these scripts, in page order."""
    result = JsonLd()
    for number, text in enumerate(texts):
        if len(text) > MAX_SCRIPT_CHARS:
            result.broken += 1
            continue
        value = load_lenient(text)
        if value is None:
            result.broken += 1
            value = _picked(text)
        _collect(value, number, result)
    return result


_COMMENTS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*$")
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def load_lenient(text: str) -> Any:  # noqa: ANN401 - JSON
    """The JSON value of a text, mended where the usual slips spoil it; None where it cannot be read."""
    value = _loads(text)
    if value is not None:
        return value
    mended = _COMMENTS.sub("", text).strip().rstrip(";")
    value = _loads(mended)
    if value is not None:
        return value
    if "&quot;" in mended[:200]:
        mended = html.unescape(mended)
    mended = _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub("", mended))
    value = _loads(mended)
    return value if value is not None else _first_value(mended)


def _loads(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _first_value(text: str) -> Any:  # noqa: ANN401 - JSON
    """The value at the start of a text with something behind it (two objects in a row, a stray bracket)."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


_FIELDS = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|description|articleSection|url|inLanguage|isAccessibleForFree)"\s{0,20}:\s{0,20}'
    r'("(?:[^"\\]|\\.){0,2000}"|true|false)'
)


def _picked(text: str) -> dict[str, Any] | None:
    """The first occurrence of each field that matters in a text that is no JSON, as one object; None without any."""
    found: dict[str, Any] = {}
    for number, match in enumerate(_FIELDS.finditer(text[:200_000])):
        if number > 200:
            break
        if match.group(1) not in found:
            value = _loads(match.group(2))
            if value is not None:
                found[match.group(1)] = value
    if "headline" in found:
        found.setdefault("@type", "Article")
    return found or None


_NESTED = (dict, list)


def _collect(value: Any, script: int, result: JsonLd) -> None:  # noqa: ANN401 - JSON
    """Walk a value without recursion and note every typed object."""
    stack: list[tuple[Any, int, bool]] = [(value, 0, False)]
    while stack and len(result.nodes) < MAX_NODES:
        item, depth, aside = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(item, list):
            stack.extend((child, depth + 1, aside) for child in reversed(item[:MAX_NODES]))
        elif isinstance(item, dict):
            types = _types(item.get("@type"))
            if types:
                result.nodes.append(Node(types, item, aside, script))
            name = item.get("@id")
            if isinstance(name, str) and len(item) > 2:
                result.by_id.setdefault(name, item)
            for key, child in reversed(item.items()):
                if isinstance(child, _NESTED):
                    stack.append((child, depth + 1, aside or key.lower() in _SIDE_KEYS))


def _types(value: Any) -> frozenset[str]:  # noqa: ANN401 - JSON
    names = value if isinstance(value, list) else [value]
    spoken = (name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].strip().lower() for name in names[:10] if isinstance(name, str))
    return frozenset(name for name in spoken if name)


_TAG = re.compile(r"<[^<>]{1,500}>")


def plain(text: str) -> str:
    """The text of a JSON-LD string: entities decoded (twice where they were escaped twice), tags dropped, folded."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return fold(text)


def strings(value: Any, *, names: bool = True) -> Iterator[str]:  # noqa: ANN401 - JSON
    """The texts of a value: a string, the `@value` or (with `names`) `name` of an object, each of a list."""
    stack = [value]
    seen = 0
    while stack and seen < 500:
        seen += 1
        item = stack.pop()
        if isinstance(item, str):
            text = plain(item)
            if text:
                yield text
        elif isinstance(item, list):
            stack.extend(reversed(item[:200]))
        elif isinstance(item, dict):
            for key in ("@value", "name") if names else ("@value",):
                if key in item:
                    stack.append(item[key])
                    break


def first_string(value: Any) -> str | None:  # noqa: ANN401 - JSON
    """The first text of a value, or None."""
    return next(strings(value), None)
