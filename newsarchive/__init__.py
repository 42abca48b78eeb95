"""newsarchive: crawl news sites into one SQLite archive, with related teasers and every revision.

The public names are loaded when they are first used: importing the package loads neither Scrapy nor SQLite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsarchive.extractors.api import explain as explain
    from newsarchive.extractors.api import extract as extract
    from newsarchive.model.article import Article as Article
    from newsarchive.version import __version__ as __version__

_LAZY = {
    "Article": ("newsarchive.model.article", "Article"),
    "Extraction": ("newsarchive.model.extraction", "Extraction"),
    "NewsArchiveError": ("newsarchive.errors", "NewsArchiveError"),
    "NotAnArticle": ("newsarchive.errors", "NotAnArticle"),
    "Page": ("newsarchive.model.page", "Page"),
    "Teaser": ("newsarchive.model.teaser", "Teaser"),
    "UnreadablePage": ("newsarchive.errors", "UnreadablePage"),
    "__version__": ("newsarchive.version", "__version__"),
    "explain": ("newsarchive.extractors.api", "explain"),
    "extract": ("newsarchive.extractors.api", "extract"),
    "open_archive": ("newsarchive.archive.reader", "open_archive"),
}

__all__ = sorted(_LAZY)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute can be anything
    if name not in _LAZY:
        raise AttributeError(f"module 'newsarchive' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _LAZY[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
