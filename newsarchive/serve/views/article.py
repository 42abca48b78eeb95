"""One article: for reading, with everything that the archive knows about it."""

from __future__ import annotations

from dataclasses import dataclass

from newsarchive.archive.reader import Archive
from newsarchive.archive.records import ArchivedArticle
from newsarchive.serve.asked import Asked
from newsarchive.serve.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """The article."""

    found: ArchivedArticle


def read(archive: Archive, asked: Asked) -> ArticlePage:
    """The article with the id of the path."""
    return ArticlePage(found=archive.article(asked.parts["name"]))


VIEWS = (View(name="article", route="/article/{name}", read=read),)
