"""How an article and the account of its extraction are shown on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from newsarchive.cli.terminal import one_line, printable

if TYPE_CHECKING:
    from newsarchive.model.article import Article
    from newsarchive.model.extraction import Extraction
    from newsarchive.model.teaser import Teaser

SHOWN_FIELDS = (
    ("published", "date_published"),
    ("modified", "date_modified"),
    ("authors", "authors"),
    ("section", "section"),
    ("tags", "tags"),
    ("language", "language"),
    ("site", "site_name"),
    ("image", "image_url"),
    ("address", "url"),
    ("canonical", "canonical_url"),
)
"""Word in front, and the article's field, in the order shown. Empty fields are left out."""
_MARKS = {"heading": "## ", "list_item": "- ", "quote": "> ", "caption": "[caption] ", "table_row": "| "}


def article_lines(article: Article) -> Iterator[str]:
    """The article for reading: title, facts, body, teasers."""
    yield click.style(one_line(article.title or "(no title)"), bold=True)
    for word, name in SHOWN_FIELDS:
        value = getattr(article, name)
        if value:
            yield f"  {word:<10} {one_line(', '.join(value) if isinstance(value, list) else value)}"
    if article.is_paywalled:
        yield "  paywalled  yes"
    if article.description:
        yield ""
        yield click.style(printable(article.description), italic=True)
    for block in article.body_blocks:
        yield ""
        yield _MARKS.get(block.kind, "") + printable(block.text)
    if article.teasers:
        yield ""
        yield click.style(f"Teasers ({len(article.teasers)})", bold=True)
        for teaser in article.teasers:
            yield from teaser_lines(teaser)


def teaser_lines(teaser: Teaser) -> Iterator[str]:
    """One teaser: what it promotes, then the facts beside it."""
    label = f"[{one_line(teaser.category)}] " if teaser.category else ""
    yield f"  {teaser.position + 1:>2}. {label}{one_line(teaser.title)}"
    facts = [teaser.kind, teaser.module, teaser.date_published or teaser.date_published_raw, teaser.credit]
    yield "      " + click.style(" | ".join(one_line(fact) for fact in facts if fact), dim=True)
    if teaser.excerpt:
        yield f"      {one_line(teaser.excerpt, 160)}"
    yield f"      {one_line(teaser.url)}"


def explanation_lines(extraction: Extraction) -> Iterator[str]:
    """What won for each field and why, what was dropped by which rule, and how sure the extraction is."""
    verdict = "article" if extraction.is_article else f"no article: {extraction.reason or extraction.page_type}"
    how_sure = f"type {one_line(extraction.page_type)}, confidence {extraction.confidence:.2f}"
    yield f"{click.style('verdict', bold=True)}     {one_line(verdict)} ({how_sure})"
    if extraction.flags:
        yield f"{click.style('flags', bold=True)}       {one_line(', '.join(extraction.flags))}"
    if extraction.opt_outs:
        yield f"{click.style('opt-outs', bold=True)}    {one_line(', '.join(extraction.opt_outs))}"
    yield ""
    yield click.style("Fields: the rule that won, the value, and what lost", bold=True)
    for name, rule in extraction.rules.items():
        yield f"  {click.style(f'{one_line(name):<20}', fg='green')} {one_line(rule):<24} {_value(extraction, name)}"
        for candidate in extraction.candidates:
            if candidate.field == name and not candidate.won:
                note = f" ({one_line(candidate.note)})" if candidate.note else ""
                yield click.style(f"  {'':<20} {one_line(candidate.source):<24} {one_line(candidate.value, 60)}{note}", dim=True)
    yield ""
    yield click.style("Page: kept, teaser and dropped", bold=True)
    for block in extraction.article.body_blocks:
        yield f"  {click.style('kept   ', fg='green')} {block.kind:<24} {one_line(block.text, 70)}"
    for teaser in extraction.article.teasers:
        yield f"  {click.style('teaser ', fg='cyan')} {teaser.kind:<24} {one_line(teaser.title, 70)}"
    for item in extraction.dropped:
        yield f"  {click.style('dropped', fg='red')} {one_line(item.rule):<24} {one_line(item.snippet, 70)}"


def _value(extraction: Extraction, name: str) -> str:
    value = getattr(extraction.article, name, None)
    if isinstance(value, list):
        return f"{len(value)} items" if value and not isinstance(value[0], str) else one_line(", ".join(value), 60)
    return one_line("" if value is None else value, 60)
