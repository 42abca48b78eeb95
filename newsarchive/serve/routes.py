"""All pages, in the order in which paths are tried."""

from __future__ import annotations

from typing import Any

from newsarchive.serve.view import View
from newsarchive.serve.views import article, changes, diff, home, promotion, runs, search, site, sites

VIEWS: tuple[View[Any], ...] = (
    home.VIEW,
    search.VIEW,
    diff.VIEW,
    *article.VIEWS,
    sites.VIEW,
    site.VIEW,
    promotion.VIEW,
    changes.VIEW,
    *runs.VIEWS,
)
