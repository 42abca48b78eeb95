"""The SQL condition of `--where`: what a person may say of the view `articles`, and in which words a wrong one is refused."""

from __future__ import annotations

import sqlite3

from newsarchive.errors import ConfigurationError


def rows_where(connection: sqlite3.Connection, condition: str) -> list[int]:
    """`article.id` of the articles for which an SQL condition on the view `articles` holds, such as `title LIKE '%ferry%'`.

    The connection cannot change anything from then on (`query_only`), whatever the condition says. Raises ConfigurationError for
    one that is no SQL.
    """
    connection.execute("PRAGMA query_only=ON")
    try:
        return [int(row[0]) for row in connection.execute(f"SELECT id FROM articles WHERE ({condition})")]
    except (sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.Warning) as error:
        raise ConfigurationError(f"The condition {condition!r} cannot be read ({error}); try one like: title LIKE '%ferry%'") from None
