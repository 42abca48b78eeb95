"""The columns of what leaves an archive, with the meaning of each as the schema's comments have it.

A column's name, type and meaning are read from the CREATE statements, so that a codebook cannot say anything else than
the schema. Only what is computed here has its sentence here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from newsarchive.archive.schema import TABLES

What = Literal["articles", "teasers", "revisions", "placements"]
WHAT: tuple[str, ...] = get_args(What)

Kind = Literal["text", "moment", "integer", "number", "boolean", "list", "blocks"]
"""What a value is. `moment`: UTC to the second, `2026-05-01T12:00:00Z`; `list`: a JSON list of texts; `blocks`: body_blocks."""

ROW_OF: dict[What, str] = {
    "articles": "One row for each article, in its newest text.",
    "teasers": "One row for each distinct teaser; where it stood is in the placements.",
    "revisions": "One row for each text of each article, oldest first, the newest included.",
    "placements": "One row for each appearance of a teaser on a captured page.",
}
"""What a row stands for."""

ORDER_OF: dict[What, str] = {
    "articles": "in the order the archive found them",
    "teasers": "in the order the archive found them",
    "revisions": "by article in the order the archive found them, each article's oldest text first",
    "placements": "by capture in the order they were made, then by place on the page",
}

_UNITS = {
    "word_count": "words",
    "confidence": "0 to 1",
    "revisions": "texts, from 1",
    "seq": "number, from 1",
    "position": "place, from 0",
}
_CLEARER = {
    "article.extracted_at": "When the page was read.",
    "article.tags": "Keywords of the page, in its order.",
    "article.is_paywalled": "Whether the page says that it costs money.",
    "teaser.first_seen": "First capture that shows it.",
    "teaser.last_seen": "Last capture that shows it.",
}
"""Where the schema's comment is too short, or about SQL."""
_MOMENT = "UTC, YYYY-MM-DDTHH:MM:SSZ"
_COLUMN = re.compile(r"^\s+(\w+) (TEXT|INTEGER|REAL)\b([^\n]*?)--\s*(.*)$", re.MULTILINE)
_AS_IN = re.compile(r"As in `(\w+)`\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of what leaves the archive."""

    name: str
    """As in the field dictionary."""
    kind: Kind
    meaning: str
    """One sentence or a few words."""
    unit: str | None
    """Of numbers and moments; None for texts."""
    is_always_set: bool
    """Whether no row is without a value."""
    expression: str
    """What it is in the archive's SQL."""


@cache
def _described() -> dict[str, Column]:
    """`table.column` -> the column as its CREATE statement describes it."""
    found: dict[str, Column] = {}
    for statement in TABLES:
        named = re.match(r"CREATE TABLE (\w+)\(", statement)
        for name, sql_type, rest, meaning in _COLUMN.findall(statement) if named else ():
            place = f"{named[1] if named else ''}.{name}"
            kind = _kind(name, sql_type, rest, meaning)
            if other := _AS_IN.match(meaning):
                kind, meaning = found[f"{other[1]}.{name}"].kind, found[f"{other[1]}.{name}"].meaning
            found[place] = Column(
                name=name,
                kind=kind,
                meaning=_CLEARER.get(place) or _sentence(meaning),
                unit=_MOMENT if kind == "moment" else _UNITS.get(name),
                is_always_set="NOT NULL" in rest or "PRIMARY KEY" in rest,
                expression=place,
            )
    return found


def _sentence(comment: str) -> str:
    """A comment of the schema without what the type and the unit say beside it."""
    text = comment.removeprefix("UTC; ").replace("JSON list", "list").replace("JSON: ", "")
    return text[:1].upper() + text[1:]


def _kind(name: str, sql_type: str, rest: str, meaning: str) -> Kind:
    if name == "body_blocks":
        return "blocks"
    if "json_valid" in rest:
        return "list"
    if sql_type == "INTEGER":
        return "boolean" if "IN (0,1)" in rest else "integer"
    if sql_type == "REAL":
        return "number"
    return "moment" if meaning.startswith("UTC") else "text"


def _from(table: str, alias: str, *names: str) -> list[Column]:
    return [_column(f"{table}.{name}", f"{alias}.{name}") for name in names]


def _column(place: str, expression: str, name: str | None = None, meaning: str | None = None, *, can_miss: bool = False) -> Column:
    """The schema's column at `table.column`, perhaps under another name or with another sentence."""
    known = _described()[place]
    return Column(
        name=name or known.name,
        kind=known.kind,
        meaning=meaning or known.meaning,
        unit=known.unit,
        is_always_set=known.is_always_set and not can_miss,
        expression=expression,
    )


_TARGET = _column(
    "article.article_id",
    "coalesce(d.article_id, u.article_id)",
    "target_article_id",
    "`article_id` of the promoted article, where the archive holds it.",
    can_miss=True,
)


@cache
def columns_of(what: What, *, body: bool = True, blocks: bool = False) -> tuple[Column, ...]:
    """The columns of articles, teasers, revisions or placements in their order. `blocks` adds an article's `body_blocks`."""
    if what == "teasers":
        shown = _from("teaser", "t", "hash", "url", "site", "title", "category", "date_published", "date_published_raw", "credit")
        return (*shown, *_from("teaser", "t", "excerpt", "image_url", "first_seen", "last_seen"), _TARGET)
    if what == "placements":
        return tuple(_placement_columns())
    if what == "revisions":
        names = ("seq", "reason", "first_seen", "replaced_at", "title", "description", "authors", "date_published", "date_modified")
        texts = _from("article_revision", "r", *names, "content_hash", "extractor", "extractor_version", *(["body"] if body else []))
        newest = "; empty for the newest text"
        shown = [
            _column(f"article_revision.{item.name}", item.expression, meaning=item.meaning.rstrip(".") + newest + ".", can_miss=True)
            if item.name in ("reason", "replaced_at")
            else item
            for item in texts
        ]
        return (*_from("article", "a", "article_id", "site", "url"), *shown)
    return tuple(_article_columns(body=body, blocks=blocks))


def _article_columns(*, body: bool, blocks: bool) -> list[Column]:
    page = ("article_id", "url", "canonical_url", "title", "date_published", "date_modified", "date_published_raw", "published_utc")
    about = ("authors", "description", "section", "tags", "language", "image_url", "site_name", "is_paywalled", "site", "host")
    seen = ("first_seen", "last_seen", "missing_since", "gone_at", "revisions", "word_count", "content_hash")
    read = ("extractor", "extractor_version", "extracted_at", "confidence", "flags", "opt_outs")
    raw = _column("fetch.raw_sha256", "f.raw_sha256", meaning="SHA-256 of the page as received that this text was read from.")
    texts = [*(["body"] if body else []), *(["body_blocks"] if blocks and body else [])]
    return [*_from("article", "a", *page, *about, *seen, *read), raw, *_from("article", "a", *texts)]


def _placement_columns() -> list[Column]:
    return [
        _column("fetch.fetched_at", "f.fetched_at", meaning="When the page that shows it was captured."),
        _column("fetch.kind", "f.kind", "page_kind", "What that page was taken for: `page` or `listing`."),
        _column("fetch.url", "f.url", "page_url", "Address of that page."),
        _column("article.article_id", "s.article_id", "page_article_id", "`article_id` of that page; empty on listings.", can_miss=True),
        *_from("placement", "p", "position", "kind", "module"),
        _column("teaser.hash", "t.hash", "teaser_hash", "`hash` of the teaser among the teasers."),
        *_from("teaser", "t", "title", "category", "credit", "date_published"),
        _column("teaser.url", "t.url", "target_url", "Address it leads to, as written on the page."),
        _TARGET,
    ]
