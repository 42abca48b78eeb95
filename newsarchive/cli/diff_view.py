"""How two texts of an article are shown side by side: on the terminal and as an HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import click

from newsarchive.cli.terminal import one_line, printable

if TYPE_CHECKING:
    from newsarchive.archive.records import RevisionText
    from newsarchive.archive.revisions import Paragraph, Piece, TextDiff

_SIGNS = {"equal": " ", "delete": "-", "insert": "+", "edit": "~"}
_TAGS = {"equal": "span", "delete": "del", "insert": "ins"}
_STYLE = (
    "body{font:1rem/1.5 serif;max-width:45rem;margin:2rem auto;padding:0 1rem}"
    "del{background:#fdd;color:#800}ins{background:#dfd;color:#060;text-decoration:none}"
)


def diff_lines(found: TextDiff) -> Iterator[str]:
    """The comparison for the terminal. Signs stand in front, so that it reads without colours too."""
    yield click.style(one_line(found.url), dim=True)
    yield f"{_name(found.older)} -> {_name(found.newer)}"
    if found.is_empty:
        yield "Nothing differs in title, description and body."
        return
    for word, part in (("title", found.title), ("description", found.description)):
        if part.operation != "equal":
            yield ""
            yield click.style(word, bold=True)
            yield _paragraph(part)
    yield ""
    for part in found.body:
        yield _paragraph(part)


def _name(text: RevisionText) -> str:
    why = " (read differently by a newer extractor)" if text.reason == "extractor" else ""
    return f"text {text.seq}, first seen {text.first_seen}{why}"


def _paragraph(part: Paragraph) -> str:
    return f"{_SIGNS[part.operation]} " + "".join(_piece(piece, is_whole=part.operation != "edit") for piece in part.pieces)


def _piece(piece: Piece, *, is_whole: bool) -> str:
    text = printable(piece.text)
    if piece.operation == "delete":
        return click.style(text if is_whole else f"[-{text}-]", fg="red")
    if piece.operation == "insert":
        return click.style(text if is_whole else f"{{+{text}+}}", fg="green")
    return text


def diff_html(found: TextDiff) -> str:
    """The comparison as a page that stands alone: no script, nothing loaded."""
    title = escape(found.newer.title or found.url)
    parts = [f"<h1>{_html(found.title)}</h1>", f"<p><a href='{escape(found.url, quote=True)}' rel='nofollow'>{escape(found.url)}</a></p>"]
    parts.append(f"<p>{escape(_name(found.older))} → {escape(_name(found.newer))}</p>")
    if found.description.pieces[0].text or len(found.description.pieces) > 1:
        parts.append(f"<p><em>{_html(found.description)}</em></p>")
    parts += [f"<p>{_html(part)}</p>" for part in found.body]
    body = "\n".join(parts)
    return f"<!doctype html>\n<html lang='en'><meta charset='utf-8'><title>{title}</title><style>{_STYLE}</style>\n{body}\n</html>"


def _html(part: Paragraph) -> str:
    return "".join(f"<{_TAGS[piece.operation]}>{escape(piece.text)}</{_TAGS[piece.operation]}>" for piece in part.pieces)
