"""How articles of the archive and search hits are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from newsarchive.cli.article_view import article_lines
from newsarchive.cli.terminal import one_line, printable

if TYPE_CHECKING:
    from newsarchive.archive.records import ArchivedArticle
    from newsarchive.archive.search import Hit


def archived_lines(found: ArchivedArticle) -> Iterator[str]:
    """The article for reading, then what the archive knows about it."""
    yield from article_lines(found.article)
    yield ""
    yield click.style("In the archive", bold=True)
    texts = f"{found.revisions} texts, this is the newest" if found.revisions > 1 else "one text, unchanged since"
    facts = [
        ("id", found.article_id),
        ("seen", f"{found.first_seen} to {found.last_seen} ({texts})"),
        ("missing", f"since {found.missing_since}" if found.missing_since and not found.gone_at else None),
        ("gone", f"since {found.gone_at}: the publisher no longer serves it" if found.gone_at else None),
        ("moved", f"its publisher redirects it to {found.moved_to}" if found.moved_to else None),
        ("read by", f"{found.extractor} {found.extractor_version}, confidence {found.confidence:.2f}"),
        ("opt-outs", ", ".join(found.opt_outs)),
        ("raw page", found.raw_sha256 and f"sha256 {found.raw_sha256}"),
    ]
    for word, text in facts:
        if text:
            yield f"  {word:<10} {one_line(text)}"


def archived_record(found: ArchivedArticle) -> dict[str, Any]:
    """The article's fields, and beside them those of the archive, for `--json`."""
    record = asdict(found)
    article: dict[str, Any] = record.pop("article")
    return article | record


def hit_lines(number: int, hit: Hit) -> Iterator[str]:
    """One search hit: title, facts, snippet with the words found in bold."""
    yield f"{number:>3}. {click.style(one_line(hit.title or '(no title)'), bold=True)}"
    yield "     " + click.style(f"{one_line(hit.article_id)}  {one_line(hit.date_published or 'no date')}  {one_line(hit.url)}", dim=True)
    if hit.snippet:
        yield "     " + _highlighted(hit)


def _highlighted(hit: Hit) -> str:
    """The snippet with the words found in bold."""
    parts, end = [], 0
    for start, stop in hit.marks:
        parts += [_inline(hit.snippet[end:start]), click.style(_inline(hit.snippet[start:stop]), bold=True)]
        end = stop
    return "".join([*parts, _inline(hit.snippet[end:])])


def _inline(text: str) -> str:
    """Printable text on one line whose spaces at the ends stay: it is a part of a line."""
    return printable(text).replace("\n", " ").replace("\t", " ")


def hit_record(hit: Hit) -> dict[str, Any]:
    """A search hit for `--json`."""
    return asdict(hit)
