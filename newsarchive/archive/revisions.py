"""What publishers changed: two texts of an article side by side, and the list of changes over time."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from newsarchive.archive.records import RevisionText
from newsarchive.errors import NotInArchive

Operation = Literal["equal", "delete", "insert"]

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
SIMILAR = 0.5
"""Share of common words (0 to 1) from which two paragraphs count as one that was edited, rather than one removed and one added."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    operation: Operation
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a comparison."""

    operation: Literal["equal", "delete", "insert", "edit"]
    pieces: tuple[Piece, ...]
    """One piece, unless the paragraph was edited and words are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDiff:
    """Two texts of an article compared."""

    article_id: str
    url: str
    older: RevisionText
    newer: RevisionText
    title: Paragraph
    description: Paragraph
    body: tuple[Paragraph, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return all(part.operation == "equal" for part in (self.title, self.description, *self.body))


def choose(texts: Sequence[RevisionText], first: int | None, last: int | None) -> tuple[RevisionText, RevisionText]:
    """The two texts to compare: by number, or the newest with the one before. Raises NotInArchive for numbers that are not there."""
    by_number = {text.seq: text for text in texts}
    newer = last if last is not None else texts[-1].seq
    older = first if first is not None else max((seq for seq in by_number if seq < newer), default=newer)
    for number in (older, newer):
        if number not in by_number:
            raise NotInArchive(f"There is no text {number} of this article; it has {len(texts)}, numbered from 1, the newest last.")
    return by_number[older], by_number[newer]


def compare(article_id: str, url: str, older: RevisionText, newer: RevisionText, *, words: bool = True) -> TextDiff:
    """Compare two texts paragraph by paragraph; with `words`, edited paragraphs word by word."""
    return TextDiff(
        article_id=article_id,
        url=url,
        older=older,
        newer=newer,
        title=_one(older.title or "", newer.title or "", words=words),
        description=_one(older.description or "", newer.description or "", words=words),
        body=tuple(_paragraphs(_split(older.body), _split(newer.body), words=words)),
    )


def word_diff(old: str, new: str) -> Paragraph:
    """Two versions of a headline or another short text, word by word."""
    return _one(old, new, words=True)


def _split(body: str) -> list[str]:
    return [paragraph for paragraph in body.split("\n\n") if paragraph]


def _one(old: str, new: str, *, words: bool) -> Paragraph:
    if old == new:
        return Paragraph("equal", (Piece("equal", old),))
    return _edited(old, new) if words else Paragraph("edit", (Piece("delete", old), Piece("insert", new)))


def _paragraphs(old: list[str], new: list[str], *, words: bool) -> list[Paragraph]:
    result: list[Paragraph] = []
    for tag, old_start, old_end, new_start, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            result += [Paragraph("equal", (Piece("equal", text),)) for text in old[old_start:old_end]]
        else:
            result += _replaced(old[old_start:old_end], new[new_start:new_end], words=words)
    return result


def _replaced(old: list[str], new: list[str], *, words: bool) -> list[Paragraph]:
    """Pair each new paragraph with the first old one that is like it; the others went or came."""
    result: list[Paragraph] = []
    left = list(old)
    for text in new:
        partner = next((number for number, other in enumerate(left) if words and _likeness(other, text) >= SIMILAR), None)
        if partner is None:
            result.append(Paragraph("insert", (Piece("insert", text),)))
            continue
        result += [Paragraph("delete", (Piece("delete", gone),)) for gone in left[:partner]]
        result.append(_edited(left[partner], text))
        del left[: partner + 1]
    return result + [Paragraph("delete", (Piece("delete", gone),)) for gone in left]


def _likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a.split(), b.split(), autojunk=False).ratio()


def _edited(old: str, new: str) -> Paragraph:
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    for tag, old_start, old_end, new_start, new_end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("equal", "".join(before[old_start:old_end])))
            continue
        if old_end > old_start:
            pieces.append(Piece("delete", "".join(before[old_start:old_end])))
        if new_end > new_start:
            pieces.append(Piece("insert", "".join(after[new_start:new_end])))
    return Paragraph("edit", tuple(pieces))


ChangeKind = Literal["headline", "text", "gone", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing a publisher did to an article that was already out."""

    at: str
    """UTC; when the archive noticed."""
    kind: ChangeKind
    """`headline` (the text may have changed as well), `text` alone, `gone`, `missing` (404 for less than a day)."""
    is_silent: bool
    """Whether the page's own modification date did not move with the edit; False for `gone` and `missing`."""
    article_id: str
    url: str
    site: str
    seq: int | None
    """Number of the superseded text, for `newsarchive diff --from`; None for `gone` and `missing`."""
    title_before: str | None
    title_after: str | None


_EDITS = """
SELECT r.replaced_at AS at, r.seq, r.title AS title_before, n.title AS title_after, a.article_id, a.url, a.site,
  r.date_modified IS n.date_modified AS is_silent, r.title IS NOT n.title AS is_headline
FROM article_revision r JOIN article a ON a.id = r.article_id
JOIN revisions n ON n.article_id = a.article_id AND n.seq = r.seq + 1
WHERE r.reason = 'edit' AND r.replaced_at >= :since AND (:site IS NULL OR a.site = :site)
"""
_LOSSES = """
SELECT coalesce(gone_at, missing_since) AS at, CASE WHEN gone_at IS NULL THEN 'missing' ELSE 'gone' END AS kind,
  article_id, url, site, title
FROM article WHERE coalesce(gone_at, missing_since) >= :since AND (:site IS NULL OR site = :site)
"""


def changes(connection: sqlite3.Connection, since: str = "", site: str | None = None) -> list[Change]:
    """Edits and deletions noticed since a moment (UTC, ISO; empty: all), newest first."""
    values = {"since": since, "site": site}
    found = [
        Change(
            at=row["at"],
            kind="headline" if row["is_headline"] else "text",
            is_silent=bool(row["is_silent"]),
            article_id=row["article_id"],
            url=row["url"],
            site=row["site"],
            seq=row["seq"],
            title_before=row["title_before"],
            title_after=row["title_after"],
        )
        for row in connection.execute(_EDITS, values)
    ]
    found += [
        Change(
            at=row["at"],
            kind=row["kind"],
            is_silent=False,
            article_id=row["article_id"],
            url=row["url"],
            site=row["site"],
            seq=None,
            title_before=row["title"],
            title_after=None,
        )
        for row in connection.execute(_LOSSES, values)
    ]
    return sorted(found, key=lambda change: (change.at, change.article_id, change.seq or 0), reverse=True)
