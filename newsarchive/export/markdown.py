"""Articles as Markdown files with YAML front matter: one file an article, one folder a site."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsarchive.archive.record_fields import Column
from newsarchive.archive.snapshot import Row

SLUG_BYTES = 80
"""Bytes (UTF-8) of the title in a file name: with date and id far below the 255 that file systems allow."""

_UNSAFE = re.compile(r"[^\w]+")
_SITE = re.compile(r"[^a-z0-9.-]+")
_SPECIAL = re.compile(r"[\\`*\[\]<~|]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+>=]|\d{1,9}(?=[.)]))", re.MULTILINE)
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that YAML does not take as they are, or takes for line ends; JSON writes those below U+0020 as escapes anyway."""
_FRONT = ("flags", "body", "body_blocks")
"""Columns that do not stand in the front matter."""
_MARKS = {"heading": "## ", "list_item": "- ", "quote": "> ", "caption": "*Caption:* ", "table_row": ""}


def write_markdown(folder: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write one file for each article below `folder`."""
    known: set[Path] = set()
    for row in rows:
        record = {column.name: _plain(column, value) for column, value in zip(columns, row, strict=True)}
        place = folder / file_name(record)
        if place.parent not in known:
            place.parent.mkdir(parents=True, exist_ok=True)
            known.add(place.parent)
        place.write_bytes(article_text(record).encode("utf-8", "replace"))


def file_name(record: Mapping[str, Any]) -> str:
    """`site/2026-05-01-words-of-the-title-ARTICLE_ID.md`: safe on every file system, the same in every archive.

    The site is lower-case ASCII, the title is letters and digits of any script; the id at the end makes the name unique.
    """
    site = _SITE.sub("_", record["site"].lower()).strip("._") or "site"
    day = (record["published_utc"] or "")[:10]
    words = unicodedata.normalize("NFC", _UNSAFE.sub("-", (record["title"] or "").casefold())).strip("-_")
    slug = words.encode("utf-8")[:SLUG_BYTES].decode("utf-8", "ignore").strip("-_")
    return f"{site}/" + "-".join(part for part in (day or "undated", slug, record["article_id"]) if part) + ".md"


def article_text(record: Mapping[str, Any]) -> str:
    """The file of an article: front matter under the names of the field dictionary, title, standfirst, text."""
    front = "".join(f"{name}: {yaml_value(value)}\n" for name, value in record.items() if name not in _FRONT and value not in (None, []))
    parts = [f"---\n{front}---"]
    if record["title"]:
        parts.append("# " + inline(record["title"]))
    if "body" not in record:
        return parts[0] + "\n"
    if record["description"]:
        parts.append(f"**{inline(record['description'])}**")
    parts += [_block(block) for block in record["body_blocks"]]
    return "\n\n".join(parts) + "\n"


def yaml_value(value: Any) -> str:  # noqa: ANN401 - a value of the front matter
    """A value as YAML: JSON is YAML, but for some characters that are written as escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def inline(text: str) -> str:
    """Text on one line in which nothing is taken for Markdown or HTML."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINE_START.sub(lambda found: found[1] + (found[2] + "\\" if found[2].isdigit() else "\\" + found[2]), text)


def _block(block: Mapping[str, str]) -> str:
    kind, text = block["kind"], block["text"]
    if kind == "preformatted":
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        return f"{fence}\n{text}\n{fence}"
    if kind in ("heading", "caption", "list_item"):
        return _MARKS[kind] + inline(text)
    lines = _escaped(text).splitlines() or [""]
    return "\n".join(_MARKS.get(kind, "") + line for line in lines)


def _plain(column: Column, value: Any) -> Any:  # noqa: ANN401 - a value of the archive
    if value is None:
        return None
    if column.kind in ("list", "blocks"):
        return json.loads(value)
    return bool(value) if column.kind == "boolean" else value
