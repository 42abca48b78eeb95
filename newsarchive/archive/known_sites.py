"""Whether an archive holds anything of a site: a mistyped `--site` is told from a site of which nothing fits."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from newsarchive import urls
from newsarchive.archive.connection import clear_errors
from newsarchive.errors import NotInArchive


def knows_site(connection: sqlite3.Connection, site: str) -> bool:
    """Whether an article, a capture or an address that waits is of a registrable domain or host."""
    if connection.execute("SELECT EXISTS(SELECT 1 FROM article WHERE site=:site OR host=:site)", {"site": site}).fetchone()[0]:
        return True
    hosts = connection.execute("SELECT host FROM fetch UNION SELECT host FROM frontier")
    return any(site in (row[0], urls.registrable_domain(row[0])) for row in hosts)


def require_site(connection: sqlite3.Connection, path: Path, site: str) -> None:
    """Raise NotInArchive where the archive at `path` holds nothing of the site."""
    with clear_errors(path):
        if not knows_site(connection, site):
            raise NotInArchive(f"{path} holds nothing of {site!r}; `newsarchive count --by site` lists the sites it holds.")
