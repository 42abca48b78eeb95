"""From a request to an answer: the view is read and rendered in one thread, its errors become pages that say what to do."""

from __future__ import annotations

import csv
import io
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from datasette import Response

from newsarchive.archive.connection import clear_errors
from newsarchive.archive.frames import record_of
from newsarchive.archive.search import time_limit
from newsarchive.errors import ArchiveBusy, ConfigurationError, NewsArchiveError, NotInArchive, SearchTooSlow
from newsarchive.export.cells import formula_safe, list_cell
from newsarchive.serve.asked import Asked, asked
from newsarchive.serve.readers import Readers
from newsarchive.serve.rendering import render
from newsarchive.serve.view import Download, Elsewhere, Table, View

_log = logging.getLogger(__name__)

PAGE_SECONDS = 10.0
"""Seconds after which a page is given up. The slowest of an archive of 400,000 articles takes under one."""

HTML, JSON, CSV = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/csv; charset=utf-8"

_STATUS: tuple[tuple[type[NewsArchiveError], int, str], ...] = (
    (NotInArchive, 404, "Not in the archive"),
    (ConfigurationError, 400, "That cannot be asked"),
    (SearchTooSlow, 503, "That took too long"),
    (ArchiveBusy, 503, "The archive is busy"),
    (NewsArchiveError, 500, "The archive cannot be read"),
)


def answer(view: View[Any], readers: Readers, path: str, query: str, matched: Mapping[str, str | None]) -> Response:
    """What a view gives for a request, in the format that the path asks for; errors of the archive as a page or as JSON."""
    kind = matched.get("format") or ""
    parts = {name: unquote(value) for name, value in matched.items() if name != "format" and value is not None}
    plain = unquote(path.removesuffix("." + kind) if kind else path)
    question = Asked("/" if view.route == "/" else plain.rstrip("/"), parts)
    try:
        question = asked(question.path, query, parts)
        archive = readers.archive()
        with clear_errors(readers.path), time_limit(archive.connection, PAGE_SECONDS), _one_moment(archive.connection):
            page = view.read(archive, question)
        return _shown(view, page, question, kind)
    except NewsArchiveError as error:
        return _error(error, question, kind)


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read in the block is of one moment, while a crawl writes. Reading never makes the crawl wait."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _shown(view: View[Any], page: Any, question: Asked, kind: str) -> Response:  # noqa: ANN401 - the dataclass of any view
    if isinstance(page, Download):
        headers = {"Content-Disposition": f'attachment; filename="{page.name}"'}
        return Response(page.body, headers=headers, content_type="application/octet-stream")
    if isinstance(page, Elsewhere):
        return Response("", status=302, headers={"Location": "/" + page.address.lstrip("/")}, content_type=HTML)
    if kind == "json":
        return Response(json_text(record_of(page)), content_type=JSON)
    if kind == "csv":
        if view.table is None:
            raise NotInArchive(f"{question.path} has no table; its address with .json gives everything.")
        name = (question.path.strip("/").replace("/", "-") or "home").encode("ascii", "replace").decode().replace('"', "") + ".csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(csv_text(view.table(page)), headers=headers, content_type=CSV)
    return Response(render(f"{view.name}.html", page=page, asked=question, has_csv=view.table is not None), content_type=HTML)


def _error(error: NewsArchiveError, question: Asked, kind: str) -> Response:
    status, title = next((code, words) for known, code, words in _STATUS if isinstance(error, known))
    if kind:
        return Response(json_text({"ok": False, "error": title, "detail": str(error)}), status=status, content_type=JSON)
    return Response(error_page(title, str(error), question), status=status, content_type=HTML)


def error_page(title: str, detail: str, question: Asked | None = None) -> str:
    """A page that says what went wrong."""
    return render("error.html", title=title, detail=detail, asked=question or Asked("/"))


def failure(path: str, error: Exception) -> Response:
    """The answer to a request that Datasette could not answer: wrong SQL, an unknown table, or a fault."""
    status = 400 if "not authorized" in str(error) or "prohibited" in str(error) else int(getattr(error, "status", 500))
    detail = str(getattr(error, "message", "") or error or type(error).__name__)
    if status == 404:
        title, detail = "There is no such page", f"Nothing is at {path}."
    elif status == 400:
        title = str(getattr(error, "title", "") or "That cannot be asked")
    else:
        title = "That went wrong"
        _log.error("%s: %s: %s", path, type(error).__name__, error, exc_info=error)
    if path.endswith(".json"):
        return Response(json_text({"ok": False, "error": title, "detail": detail}), status=status, content_type=JSON)
    return Response(error_page(title, detail), status=status, content_type=HTML)


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """A value as JSON on lines of their own."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str).encode("utf-8", "replace").decode("utf-8")


def csv_text(table: Table) -> str:
    """Rows as CSV (RFC 4180): cells that a spreadsheet would take for a formula are made harmless, lists are joined."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.names)
    for row in table.rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8", "replace").decode("utf-8")


def _cell(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, list | tuple):
        return list_cell(list(value))
    return formula_safe(value) if isinstance(value, str) else value
