"""The Datasette plugin: our pages on its routes, the guard around it, and what its SQL may not do.

Its hooks do nothing for a Datasette that `application.web_page` did not make.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup
from pluggy import HookimplMarker

from newsarchive.serve.answers import answer, failure
from newsarchive.serve.guard import Application, Guard
from newsarchive.serve.readers import Readers
from newsarchive.serve.routes import VIEWS
from newsarchive.serve.view import View

hookimpl = HookimplMarker("datasette")
_NAME = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Setup:
    """What our hooks know of one Datasette."""

    readers: Readers
    hosts: Sequence[str]
    """Names of hosts that are answered."""


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:  # noqa: ANN401 - Datasette has no types
    """Our pages, before Datasette's own."""
    setup = _setup(datasette)
    return [] if setup is None else [(view.pattern(), _page(view)) for view in VIEWS]


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:  # noqa: ANN401 - as above
    """What goes wrong on Datasette's own pages, as a page of ours, instead of a traceback in the terminal."""
    return None if _setup(datasette) is None else failure(request.path, exception)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:  # noqa: ANN401 - as above
    """The guard."""
    setup = _setup(datasette)
    return (lambda inner: inner) if setup is None else (lambda inner: Guard(inner, setup.hosts))


@hookimpl
def render_cell(value: Any, column: str, datasette: Any) -> Markup | None:  # noqa: ANN401 - as above
    """Names of articles as links to their pages."""
    if _setup(datasette) is None or not column.endswith("article_id") or not isinstance(value, str) or not _NAME.fullmatch(value):
        return None
    return Markup('<a href="/article/{0}">{0}</a>').format(value)


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:  # noqa: ANN401 - as above
    """Nothing that is typed as SQL can write, open another file, or take out a raw page."""
    if _setup(datasette) is not None and database == "archive":
        conn.execute("PRAGMA query_only=1")
        conn.execute("PRAGMA trusted_schema=0")
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        conn.set_authorizer(_authorize)


MAX_VALUE_BYTES = 10_000_000
"""Bytes of one value of a query. The longest text of an archive has a tenth of it; `zeroblob(2000000000)` would take the memory."""

_NEVER = frozenset(
    {
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_REINDEX,
    }
)
_HARMLESS_PRAGMAS = frozenset(
    {
        *("table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"),
        *("schema_version", "data_version"),
    }
)
_WITHHELD = frozenset({("raw", "data")})
"""Columns that SQL reads as NULL: raw pages leave the archive one by one, checked, as a download (and not where a publisher objects)."""


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action in _NEVER and first != "sqlite_master":  # which a virtual table seems to write to when it is looked at; it is read-only
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and first not in _HARMLESS_PRAGMAS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_IGNORE if action == sqlite3.SQLITE_READ and (first, second) in _WITHHELD else sqlite3.SQLITE_OK


def _page(view: View[Any]) -> Callable[..., Any]:
    async def show(datasette: Any, request: Any) -> Any:  # noqa: ANN401 - as above
        setup = datasette.newsarchive
        path = request.scope.get("raw_path", request.scope["path"].encode()).partition(b"?")[0].decode("ascii", "replace")
        work = partial(answer, view, setup.readers, path, request.query_string, request.url_vars)
        return await asyncio.get_running_loop().run_in_executor(datasette.executor, work)

    return show


def _setup(datasette: Any) -> Setup | None:  # noqa: ANN401 - as above
    found = getattr(datasette, "newsarchive", None)
    return found if isinstance(found, Setup) else None
