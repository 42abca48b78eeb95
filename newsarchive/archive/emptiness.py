"""Hosts whose pages come to nothing for one reason, by the newest run that visited each. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsarchive.archive.connection import clear_errors, connect_reader
from newsarchive.archive.migrations import check_version

_BY_HOST = """
SELECT host, run_id, sum(outcome='not_article' AND detail=:detail), sum(outcome IN ('stored','updated','unchanged'))
FROM outcome GROUP BY host, run_id ORDER BY host, run_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyHost:
    """One host in its newest run."""

    host: str
    empty: int
    """Pages that came to nothing for the reason."""
    articles: int
    """Articles stored, updated or unchanged."""


def empty_hosts(path: Path, detail: str) -> list[EmptyHost]:
    """Hosts with more pages of no article for this reason than articles, the most first. Raises as readers do."""
    connection = connect_reader(path)
    try:
        with clear_errors(path):
            check_version(connection, path)
            newest = {row[0]: row for row in connection.execute(_BY_HOST, {"detail": detail})}
    finally:
        connection.close()
    found = [EmptyHost(host=row[0], empty=row[2], articles=row[3]) for row in newest.values() if row[2] > row[3]]
    return sorted(found, key=lambda item: (-item.empty, item.host))
