"""One article: for reading, with everything that the archive knows about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from newsarchive.archive.origins import Origin, origin_of
from newsarchive.archive.promotion import Promotion
from newsarchive.archive.reader import Archive
from newsarchive.archive.records import ArchivedArticle
from newsarchive.archive.stored_pages import StoredCapture
from newsarchive.archive.syndication import Copy, copies_of
from newsarchive.errors import ConfigurationError, NotInArchive
from newsarchive.export import citations
from newsarchive.model.article import BodyBlock
from newsarchive.serve.asked import Asked
from newsarchive.serve.view import Download, Elsewhere, Table, View


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks of one kind that belong together: the items of a list, the rows of a table; else a single one."""

    kind: str
    texts: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextNote:
    """One text of the article."""

    seq: int
    """1 is the oldest."""
    reason: str | None
    """Why it was replaced; None for the newest."""
    first_seen: str
    replaced_at: str | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """The article and what surrounds it."""

    found: ArchivedArticle
    passages: list[Passage]
    """Its text for reading."""
    origin: Origin | None
    captures: list[StoredCapture]
    texts: list[TextNote]
    """Oldest first."""
    shown_on: list[Promotion]
    """What its page promoted."""
    promoted: list[Promotion]
    """Where it was promoted."""
    copies: list[Copy]
    citation: str
    """As plain text."""


def read(archive: Archive, asked: Asked) -> ArticlePage | Elsewhere:
    """The article with the id of the path. The beginning of an id, or an address, leads to it."""
    name = asked.parts["name"]
    found = archive.article(name)
    if found.article_id != name:
        return Elsewhere(f"/article/{found.article_id}")
    return ArticlePage(
        found=found,
        passages=passages_of(found.article.body_blocks),
        origin=origin_of(archive.connection, found.article_id),
        captures=archive.captures(found.article_id),
        texts=[
            TextNote(seq=text.seq, reason=text.reason, first_seen=text.first_seen, replaced_at=text.replaced_at, title=text.title)
            for text in archive.revisions(found.article_id)
        ],
        shown_on=archive.shown_on(found.article_id),
        promoted=archive.promoted(found.article_id),
        copies=copies_of(archive.connection, found.article_id),
        citation=plain_citation(citation_of(found)),
    )


def find(archive: Archive, asked: Asked) -> Elsewhere:
    """The article under an address: `/article?url=https://...`."""
    address = asked.text("url")
    if not address:
        raise ConfigurationError("name an article: /article/ID, or /article?url=ADDRESS")
    return Elsewhere(f"/article/{archive.article(address).article_id}")


def passages_of(blocks: Sequence[BodyBlock]) -> list[Passage]:
    """The text for reading: items of a list together, rows of a table together."""
    found: list[Passage] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in group]
        if kind in ("list_item", "table_row"):
            found.append(Passage(kind, texts))
        else:
            found += [Passage(kind, [text]) for text in texts]
    return found


def citation_of(found: ArchivedArticle) -> citations.Citation:
    """The citation of an article."""
    article = found.article
    return citations.citation_of(
        {
            "article_id": found.article_id,
            "title": article.title,
            "authors": json.dumps(article.authors),
            "site_name": article.site_name,
            "site": found.site,
            "date_published": article.date_published,
            "last_seen": found.last_seen,
            "url": article.url,
            "section": article.section,
            "description": article.description,
            "tags": json.dumps(article.tags),
            "language": article.language,
        }
    )


def plain_citation(citation: citations.Citation) -> str:
    """The citation in one sentence, as a footnote has it."""
    day = "-".join(f"{number:02d}" for number in citation.published) or "no date"
    seen = "-".join(f"{number:02d}" for number in citation.accessed)
    authors = ", ".join(citation.authors)
    told = f"{authors + ': ' if authors else ''}{citation.title}. {citation.newspaper}, {day}."
    return f"{told} {citation.url} (seen {seen}; newsarchive {citation.article_id})"


def cite(archive: Archive, asked: Asked) -> Download:
    """The citation as a file: `bibtex`, `ris` or `csl`."""
    citation = citation_of(archive.article(asked.parts["name"]))
    name = f"newsarchive-{citation.article_id}"
    match asked.parts["kind"]:
        case "bibtex":
            return Download(body=citations.bibtex(citation).encode("utf-8", "replace"), name=name + ".bib")
        case "ris":
            return Download(body=citations.ris(citation).encode("utf-8", "replace"), name=name + ".ris")
        case "csl":
            text = json.dumps([citations.csl(citation)], ensure_ascii=False, indent=2)
            return Download(body=text.encode("utf-8", "replace"), name=name + ".json")
    raise NotInArchive(f"there is no citation as {asked.parts['kind']!r}, but as bibtex, ris and csl")


def raw(archive: Archive, asked: Asked) -> Download:
    """The page as it was received: the newest kept, or that of `?at=MOMENT`. Raises NotInArchive where its publisher objects."""
    found = archive.article(asked.parts["name"])
    body = archive.raw_page(found.article_id, asked.text("at") or None)
    return Download(body=body, name=f"{found.article_id}{'-' + _file_name(asked.text('at')) if asked.text('at') else ''}.page")


def _file_name(moment: str) -> str:
    return "".join(character for character in moment if character.isascii() and (character.isalnum() or character == "-"))[:40]


def table(page: ArticlePage) -> Table:
    """A row for each promotion, on this page and of it."""
    names = [item.name for item in fields(Promotion)]
    rows = [("promotes", *(getattr(item, name) for name in names)) for item in page.shown_on]
    rows += [("is promoted", *(getattr(item, name) for name in names)) for item in page.promoted]
    return Table(("direction", *names), rows)


VIEWS: tuple[View[Any], ...] = (
    View(name="article", route="/article", read=find),
    View(name="article", route="/article/{name}", read=read, table=table),
    View(name="article", route="/article/{name}/raw", read=raw),
    View(name="article", route="/article/{name}/cite/{kind}", read=cite),
)
