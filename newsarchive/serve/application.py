"""Datasette as we set it up: one archive, read-only, with our plugin."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from newsarchive.archive.connection import connect_reader
from newsarchive.archive.reader import open_archive
from newsarchive.errors import ArchiveReadOnly
from newsarchive.serve import plugin
from newsarchive.serve.guard import LOOPBACK
from newsarchive.serve.plugin import Setup
from newsarchive.serve.questions import metadata
from newsarchive.serve.readers import Readers

HERE = Path(__file__).parent

SETTINGS = {
    "num_sql_threads": 4,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,
    "allow_download": False,
    "default_cache_ttl": 0,
    "truncate_cells_html": 160,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "max_csv_mb": 100,
}
"""Of Datasette. Nothing is cached, since a crawl may write; the archive's file is no download, since a crawl may write to it and
since it holds raw pages; facets are counted when they are asked for."""


class ReadOnlyDatabase(Database):  # type: ignore[misc] # Datasette has no types
    """The archive as Datasette's database: opened as every reader opens it, and never for writing."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A read-only connection. Raises ArchiveReadOnly when one for writing is asked for."""
        if write:
            raise ArchiveReadOnly(f"{self.path} is open for reading only.")
        connection = connect_reader(Path(self.path))
        self._all_file_connections.append(connection)
        return connection

    async def execute(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - Datasette's signature
        """As Datasette, without printing every mistyped query in the terminal."""
        return await super().execute(*given, **{**named, "log_sql_errors": False})

    async def attached_databases(self) -> list[Any]:
        """None: nothing can be attached, and the list would tell the path of the file."""
        return []


class Notebook(Database):  # type: ignore[misc] # Datasette has no types
    """What Datasette notes about schemas, in memory; its connections can be closed."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that `close` closes."""
        connection: sqlite3.Connection = super().connect(write)
        self._all_file_connections.append(connection)
        return connection


class WebPage:
    """The web page of one archive; `application` is the ASGI application."""

    def __init__(self, path: Path, hosts: Iterable[str] = LOOPBACK) -> None:
        with open_archive(path) as archive:  # whatever is wrong with it is said now, not at the first request
            known = metadata(archive.connection)
        if not pm.is_registered(plugin):
            pm.register(plugin, "newsarchive")
            pm.unregister(name="datasette.handle_exception")  # prints the traceback of every mistyped query, with all variables
        self._readers = Readers(path)
        self.datasette = Datasette(
            [], metadata=known, settings=SETTINGS, template_dir=str(HERE / "datasette"), static_mounts=[("static", str(HERE / "files"))]
        )
        for name in ("_memory", "_internal"):
            self.datasette.remove_database(name)
        self.datasette.add_database(Notebook(self.datasette, memory_name=secrets.token_hex()), name="_internal")
        self.datasette.newsarchive = Setup(self._readers, tuple(hosts))
        self._database = self.datasette.add_database(ReadOnlyDatabase(self.datasette, path=str(path)), name="archive")
        self.application: Any = self.datasette.app()

    def close(self) -> None:
        """Let go of the archive: waits for the pages that are being read."""
        if self.datasette.executor is not None:
            self.datasette.executor.shutdown(wait=True)
        self._readers.close()
        for database in self.datasette.databases.values():
            database.close()
