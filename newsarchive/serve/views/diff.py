"""Two texts of an article side by side, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from newsarchive.archive.reader import Archive
from newsarchive.archive.records import RevisionText
from newsarchive.archive.revisions import Paragraph, Piece, choose, compare
from newsarchive.serve.asked import Asked
from newsarchive.serve.view import Table, View

CONTEXT = 1
"""Unchanged paragraphs that stay beside a change; longer stretches are folded."""
LAST_TEXT = 1_000_000
"""No article has as many texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """One paragraph in both texts."""

    part: str
    """`title`, `description` or `body`."""
    operation: str
    """`equal`, `delete`, `insert` or `edit`."""
    left: list[Piece]
    """The older text; empty where the paragraph came."""
    right: list[Piece]
    """The newer text; empty where it went."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows one after the other, all shown or all folded."""

    is_folded: bool
    rows: list[SideRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPage:
    """The comparison."""

    article_id: str
    url: str
    title: str | None
    older: RevisionText
    newer: RevisionText
    numbers: list[int]
    """All texts there are."""
    is_empty: bool
    words_before: int
    words_after: int
    stretches: list[Stretch]


def read(archive: Archive, asked: Asked) -> DiffPage:
    """The texts `from` and `to`, or the newest and the one before."""
    found = archive.article(asked.parts["name"])
    texts = archive.revisions(found.article_id)
    first, last = (asked.number(name, 0, 1, LAST_TEXT) or None for name in ("from", "to"))
    older, newer = choose(texts, first, last)
    diff = compare(found.article_id, found.article.url, older, newer)
    rows = [side_row("title", diff.title)]
    if older.description or newer.description:
        rows.append(side_row("description", diff.description))
    rows += [side_row("body", paragraph) for paragraph in diff.body]
    return DiffPage(
        article_id=found.article_id,
        url=found.article.url,
        title=newer.title,
        older=older,
        newer=newer,
        numbers=[text.seq for text in texts],
        is_empty=diff.is_empty,
        words_before=len(older.body.split()),
        words_after=len(newer.body.split()),
        stretches=folded(rows),
    )


def side_row(part: str, paragraph: Paragraph) -> SideRow:
    """A paragraph of a comparison as a row of two cells."""
    return SideRow(
        part=part,
        operation=paragraph.operation,
        left=[piece for piece in paragraph.pieces if piece.operation != "insert"],
        right=[piece for piece in paragraph.pieces if piece.operation != "delete"],
    )


def folded(rows: Sequence[SideRow]) -> list[Stretch]:
    """The rows in stretches: what is far from every change is folded; title and description never."""
    near = [
        row.part != "body"
        or any(other.operation != "equal" for other in rows[max(number - CONTEXT, 0) : number + CONTEXT + 1] if other.part == "body")
        for number, row in enumerate(rows)
    ]
    found = []
    for is_near, group in groupby(zip(near, rows, strict=True), key=lambda pair: pair[0]):
        stretch = [row for _, row in group]
        found.append(Stretch(is_folded=not is_near and len(stretch) > 1, rows=stretch))
    return found


def table(page: DiffPage) -> Table:
    """A row for each paragraph."""
    rows = [
        (row.part, row.operation, "".join(piece.text for piece in row.left), "".join(piece.text for piece in row.right))
        for stretch in page.stretches
        for row in stretch.rows
    ]
    return Table(("part", "operation", "before", "after"), rows)


VIEW = View(name="diff", route="/article/{name}/diff", read=read, table=table)
