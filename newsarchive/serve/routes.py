"""All pages, in the order in which paths are tried."""

from __future__ import annotations

from typing import Any

from newsarchive.serve.view import View
from newsarchive.serve.views import article, home, search

VIEWS: tuple[View[Any], ...] = (
    home.VIEW,
    search.VIEW,
    *article.VIEWS,
)
