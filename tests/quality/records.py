"""Compare an extracted record with an expected one, field by field; used by the fixture tests and the quality floor."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent.parent / "fixtures"
TEASER_FIELDS = ("title", "category", "credit", "excerpt", "kind", "module", "image_url", "date_published")


@dataclass(frozen=True)
class Fixture:
    """One page of ours with the record that must come out."""

    folder: Path
    url: str
    meta: dict[str, Any]
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def page(self) -> bytes:
        return (self.folder / "page.html").read_bytes()


def fixtures() -> list[Fixture]:
    """All fixtures that hold an article."""
    found = []
    for path in sorted(FIXTURES.glob("*/*/expected.json")):
        folder = path.parent
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        found.append(Fixture(folder, meta["url"], meta, json.loads(path.read_text(encoding="utf-8"))))
    return found


def fold(text: str | None) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text or "")).strip()


def address(url: str) -> str:
    return url.split("?")[0].rstrip("/")


def differences(expected: dict[str, Any], record: dict[str, Any]) -> dict[str, list[str]]:
    """Field -> what is wrong with it; only fields that the expected record states are looked at."""
    wrong: dict[str, list[str]] = {}
    for name in ("title", "site_name", "language", "section"):
        if name in expected and fold(expected[name]) != fold(record.get(name)):
            wrong.setdefault(name, []).append(f"{record.get(name)!r} instead of {expected[name]!r}")
    for name in ("date_published", "date_modified"):
        if name in expected and not _same_date(expected[name], record.get(name)):
            wrong.setdefault(name, []).append(f"{record.get(name)!r} instead of {expected[name]!r}")
    for name in ("authors", "tags"):
        if name in expected and expected[name] != record.get(name):
            wrong.setdefault(name, []).append(f"{record.get(name)!r} instead of {expected[name]!r}")
    if "body_blocks" in expected:
        wrong.update(_body(expected, record))
    if "teasers" in expected:
        wrong.update(_teasers(expected["teasers"], record.get("teasers") or []))
    return wrong


def _same_date(want: str | None, have: str | None) -> bool:
    return have is None if want is None else str(have or "").startswith(want)


def _body(expected: dict[str, Any], record: dict[str, Any]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    want = [(kind, fold(text)) for block in expected["body_blocks"] for kind, text in block.items()]
    have = [(block["kind"], fold(block["text"])) for block in record.get("body_blocks") or []]
    if want != have:
        missing = [f"{kind}: {text[:60]}" for kind, text in want if (kind, text) not in have]
        extra = [f"{kind}: {text[:60]}" for kind, text in have if (kind, text) not in want]
        wrong["body_blocks"] = [f"missing {missing}, extra {extra}"]
    body = (record.get("body") or "").lower()
    found = [text for text in expected.get("must_not_contain", []) if text.lower() in body]
    if found:
        wrong["must_not_contain"] = [f"the body holds {found}"]
    return wrong


def _teasers(want: list[dict[str, Any]], have: list[dict[str, Any]]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    wanted, got = [address(item["url"]) for item in want], [address(item["url"]) for item in have]
    if wanted != got:
        wrong["teasers"] = [f"missing {sorted(set(wanted) - set(got))}, extra {sorted(set(got) - set(wanted))}, or not in page order"]
    by_address = {address(item["url"]): item for item in have}
    for item in want:
        found = by_address.get(address(item["url"]))
        if found is None:
            continue
        for name in TEASER_FIELDS:
            if name not in item:
                continue
            same = _same_date(item[name], found[name]) if name == "date_published" else fold(item[name]) == fold(found[name])
            if not same:
                wrong.setdefault(f"teaser {name}", []).append(f"{found[name]!r} instead of {item[name]!r}")
    return wrong


def word_f1(want: str, have: str) -> float:
    """F1 over runs of four words (of characters in scripts without spaces)."""
    a, b = _grams(want), _grams(have)
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+", text.lower())
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))
