"""Two records of one article become one: the texts of both in the order in which they were first seen.

Rules, the same whatever is merged into what: a text counts from when either archive first saw it; texts that follow
each other and are equal are one; the last of them is the article's, with the fields of the newer reading; whether the
article is still served is what the archive says that looked last. A change is a publisher's edit where an archive
that saw both texts said so, or where one reader read both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from newsarchive import urls
from newsarchive.archive import similar
from newsarchive.archive.foreign import Row, identity_of
from newsarchive.archive.moments import to_utc
from newsarchive.archive.reading import READ_COLUMNS
from newsarchive.archive.statements import assign, insert_into
from newsarchive.archive.words import content_hash, count_words, spaced_cjk

TEXT_COLUMNS = (
    "title", "description", "authors", "date_published", "date_modified", "content_hash", "fetch_id", "extractor", "extractor_version",
    "body", "body_blocks",
)  # fmt: skip
"""What a superseded text keeps."""

_OWN = ("article_id", "source_url", "extracted_at", "fetch_id", "minhash")
"""Columns of the record whose text is the newest, beside READ_COLUMNS."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article."""

    first_seen: str
    """UTC."""
    reason: str | None
    """Why the next one replaced it (`edit`, `extractor`); None where it is the last its archive saw."""
    values: Row
    """TEXT_COLUMNS."""

    @property
    def digest(self) -> str:
        """Equal for equal texts."""
        return str(self.values["content_hash"])

    @property
    def reader(self) -> tuple[str, str]:
        """Who read it."""
        return self.values["extractor"], self.values["extractor_version"]


@dataclass(frozen=True, slots=True)
class Record:
    """An article as one archive has it."""

    article: Row
    """Columns of `article`; `fetch_id` and `first_run_id` already those of our archive."""
    texts: Sequence[Text]
    """Oldest first."""


def checked(row: Row) -> Row | None:
    """A foreign article with everything that follows from other columns computed anew; None where it cannot be true."""
    identity = identity_of(row["canonical_url"] or row["url"])
    if identity is None or urls.article_id(identity) != row["article_id"]:
        return None
    if identity_of(row["url"]) is None or identity_of(row["source_url"]) is None:
        return None
    title, body = row["title"], row["body"]
    return row | {
        "identity": identity,
        "site": urls.registrable_domain(row["url"]),
        "host": urls.host_of(row["url"]),
        "published_utc": to_utc(row["date_published"]),
        "word_count": count_words(body),
        "content_hash": content_hash(title, body),
        "cjk": spaced_cjk(title, row["description"], body),
        "minhash": similar.signature(similar.runs_of(body)),
        "confidence": float(row["confidence"]),
        "cluster_id": None,
    }


def texts_of(article: Row, revisions: Sequence[Row]) -> list[Text]:
    """The texts of a record, from its row and its superseded ones."""
    texts = [Text(row["first_seen"], row["reason"], {name: row[name] for name in TEXT_COLUMNS}) for row in revisions]
    newest = revisions[-1]["replaced_at"] if revisions else article["first_seen"]
    return [*texts, Text(newest, None, {name: article[name] for name in TEXT_COLUMNS})]


def combined(records: Sequence[Record]) -> list[Text]:
    """One line of texts out of all, each with the reason for which the next one replaced it."""
    said: dict[tuple[str, str], set[str]] = {}
    for record in records:
        for older, newer in pairwise(record.texts):
            said.setdefault((older.digest, newer.digest), set()).add(older.reason or "extractor")
    line: list[Text] = []
    placed = [item for record in records for item in _placed(record.texts)]
    for *_, text in sorted(placed, key=lambda item: (*item[:2], item[2].digest, item[2].reader)):
        if not line or line[-1].digest != text.digest:
            line.append(text)
    return [
        Text(older.first_seen, None if newer is None else _reason(older, newer, said), older.values)
        for older, newer in zip(line, [*line[1:], None], strict=True)
    ]


def _placed(texts: Sequence[Text]) -> list[tuple[str, int, Text]]:
    """Each text with its moment and its place among those of one moment. A clock that was set back does not turn the order round."""
    placed: list[tuple[str, int, Text]] = []
    for text in texts:
        last, place, _ = placed[-1] if placed else ("", 0, text)
        moment = max(last, text.first_seen)
        placed.append((moment, place + 1 if moment == last else 0, text))
    return placed


def _reason(older: Text, newer: Text, said: Mapping[tuple[str, str], set[str]]) -> str:
    known = said.get((older.digest, newer.digest), set())
    if known:
        return "edit" if "edit" in known else "extractor"
    return "edit" if older.reader == newer.reader else "extractor"


def write(connection: sqlite3.Connection, ours: Record | None, theirs: Record) -> tuple[int, bool]:
    """Write the record of both. Returns `article.id` and whether anything changed."""
    records = [theirs] if ours is None else [ours, theirs]
    line = combined(records)
    with_last = [record for record in records if record.article["content_hash"] == line[-1].digest]
    newest = max(with_last, key=lambda record: (record.article["extracted_at"], record.article["extractor_version"], record.article["url"]))
    values = _facts(records) | {name: newest.article[name] for name in (*READ_COLUMNS, *_OWN)}
    values["revisions"] = 1 + sum(text.reason == "edit" for text in line)
    if ours is None:
        row = int(connection.execute(insert_into("article", values) + " RETURNING id", values).fetchone()[0])
        similar.follow(connection, row, None, values["minhash"], values["body"])
        _write_texts(connection, row, line)
        return row, True
    row = int(ours.article["id"])
    before = {name: ours.article[name] for name in values}
    is_same_line = [(text.first_seen, text.reason, text.digest) for text in line] == [
        (text.first_seen, text.reason, text.digest) for text in ours.texts
    ]
    if before == values and is_same_line:
        return row, False
    connection.execute(f"UPDATE article SET {assign(values)} WHERE id=:row", values | {"row": row})
    similar.follow(connection, row, before["minhash"], values["minhash"], values["body"])
    if not is_same_line:
        connection.execute("DELETE FROM article_revision WHERE article_id=?", (row,))
        _write_texts(connection, row, line)
    return row, True


def _facts(records: Sequence[Record]) -> Row:
    """When the article was seen, and whether it still is."""
    oldest = min(records, key=lambda record: record.article["first_seen"])
    latest = max(records, key=_looked_at)
    return {
        "first_seen": oldest.article["first_seen"],
        "first_run_id": oldest.article["first_run_id"],
        "last_seen": max(record.article["last_seen"] for record in records),
        "missing_since": latest.article["missing_since"],
        "gone_at": latest.article["gone_at"],
    }


def _looked_at(record: Record) -> tuple[str, str]:
    """When the archive last knew whether the article is served; of two at once the one that missed it."""
    lost = record.article["gone_at"] or record.article["missing_since"] or ""
    return max(record.article["last_seen"], lost), lost


def _write_texts(connection: sqlite3.Connection, row: int, line: Sequence[Text]) -> None:
    for seq, (text, newer) in enumerate(pairwise(line), start=1):
        values: dict[str, Any] = dict(text.values)
        values |= {"article_id": row, "seq": seq, "reason": text.reason, "first_seen": text.first_seen, "replaced_at": newer.first_seen}
        connection.execute(insert_into("article_revision", values), values)
