"""Articles as citations: BibTeX, RIS and CSL-JSON. Each carries the `article_id`, which is the same in every archive.

Names of persons are taken as the byline has them: which of them is the family name is not guessed. A citation program shows
BibTeX's "Ruth Calder" as it always does; RIS and CSL-JSON get the whole name as one piece.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from newsarchive.archive.record_fields import Column
from newsarchive.archive.snapshot import Row

FIELDS = (
    ("article_id", "citation key, note", "ID, AN", "id, archive_location"),
    ("title", "title", "TI", "title"),
    ("authors", "author", "AU", "author (literal)"),
    ("site_name, else site", "journal", "T2", "container-title"),
    ("date_published, as far as it is known", "year, month, day", "PY, DA", "issued"),
    ("url", "url", "UR", "URL"),
    ("last_seen (the day)", "urldate", "Y2", "accessed"),
    ("section", "", "SE", "section"),
    ("description", "abstract", "AB", "abstract"),
    ("tags", "keywords", "KW", "keyword"),
    ("language", "langid", "LA", "language"),
)
"""Column of the archive, and what it becomes in BibTeX, RIS and CSL-JSON."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
"""BibTeX counts braces also behind a backslash, so that a brace of the text has to be spelled in words."""
_TEX_CHARACTER = re.compile("[" + re.escape("".join(_TEX)) + "]")
_IN_URL = {"{": "%7B", "}": "%7D", "\\": "%5C", '"': "%22", " ": "%20"}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a citation says; texts on one line."""

    article_id: str
    title: str
    authors: list[str]
    newspaper: str
    published: tuple[int, ...]
    """Year, month and day as far as the page gave them, in the page's own time zone."""
    accessed: tuple[int, ...]
    """Day of the last capture."""
    url: str
    section: str | None
    description: str | None
    tags: list[str]
    language: str | None


def citation_of(record: dict[str, Any]) -> Citation:
    """The citation of an article's row (values of the archive by column)."""
    return Citation(
        article_id=record["article_id"],
        title=_line(record["title"]) or "(without title)",
        authors=[name for name in map(_line, json.loads(record["authors"])) if name],
        newspaper=_line(record["site_name"]) or record["site"],
        published=_day(record["date_published"]),
        accessed=_day(record["last_seen"]),
        url=record["url"],
        section=_line(record["section"]),
        description=_line(record["description"]),
        tags=[tag for tag in map(_line, json.loads(record["tags"])) if tag],
        language=_line(record["language"]),
    )


def bibtex(citation: Citation) -> str:
    """A BibTeX entry of the type article. Every field is escaped for TeX; the title's capitals are kept."""
    fields: list[tuple[str, str]] = [("title", "{" + _tex(citation.title) + "}")]
    if citation.authors:
        fields.append(("author", " and ".join(_tex_name(name) for name in citation.authors)))
    fields.append(("journal", _tex(citation.newspaper)))
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields]
    lines += [f"  {name} = {value},\n" for name, value in _tex_date(citation.published)]
    rest = {
        "url": "".join(_IN_URL.get(character, character) for character in citation.url),
        "urldate": _iso(citation.accessed),
        "langid": _tex(citation.language or ""),
        "abstract": _tex(citation.description or ""),
        "keywords": ", ".join(_tex(tag.replace(",", " ")) for tag in citation.tags),
        "note": f"newsarchive {citation.article_id}",
    }
    lines += [f"  {name} = {{{value}}},\n" for name, value in rest.items() if value]
    return f"@article{{newsarchive-{citation.article_id},\n{''.join(lines)}}}\n"


def ris(citation: Citation) -> str:
    """A RIS record of the type NEWS."""
    published = [f"{part:02d}" for part in citation.published]
    tags = [
        ("TY", "NEWS"),
        ("ID", citation.article_id),
        ("TI", citation.title),
        *(("AU", name) for name in citation.authors),
        ("T2", citation.newspaper),
        ("PY", published[0] if published else ""),
        ("DA", "/".join([*published, "", "", ""][:3]) + "/" if published else ""),
        ("SE", citation.section),
        ("AB", citation.description),
        *(("KW", tag) for tag in citation.tags),
        ("LA", citation.language),
        ("UR", _line(citation.url)),
        ("Y2", "/".join(f"{part:02d}" for part in citation.accessed) + "/" if citation.accessed else ""),
        ("DB", "newsarchive"),
        ("AN", citation.article_id),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value) + "ER  - \r\n\r\n"


def csl(citation: Citation) -> dict[str, Any]:
    """A CSL-JSON item of the type article-newspaper."""
    item: dict[str, Any] = {
        "id": citation.article_id,
        "type": "article-newspaper",
        "title": citation.title,
        "author": [{"literal": name} for name in citation.authors],
        "container-title": citation.newspaper,
        "issued": {"date-parts": [list(citation.published)]} if citation.published else None,
        "accessed": {"date-parts": [list(citation.accessed)]} if citation.accessed else None,
        "URL": citation.url,
        "section": citation.section,
        "abstract": citation.description,
        "keyword": ", ".join(citation.tags),
        "language": citation.language,
        "archive": "newsarchive",
        "archive_location": citation.article_id,
    }
    return {name: value for name, value in item.items() if value}


def write_bibtex(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the articles as BibTeX (UTF-8)."""
    for citation in _citations(columns, rows):
        file.write((bibtex(citation) + "\n").encode("utf-8", "replace"))


def write_ris(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the articles as RIS (UTF-8)."""
    for citation in _citations(columns, rows):
        file.write(ris(citation).encode("utf-8", "replace"))


def write_csl_json(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write the articles as one CSL-JSON list, an item a line."""
    before = "["
    for citation in _citations(columns, rows):
        file.write(f"{before}\n{json.dumps(csl(citation), ensure_ascii=False)}".encode("utf-8", "replace"))
        before = ","
    if before == "[":
        file.write(b"[")
    file.write(b"\n]\n")


def _citations(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[Citation]:
    names = [column.name for column in columns]
    for row in rows:
        yield citation_of(dict(zip(names, row, strict=True)))


def _line(text: str | None) -> str:
    return " ".join(text.split()) if text else ""


def _day(text: str | None) -> tuple[int, ...]:
    found = _DATE.match(text or "")
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _iso(parts: tuple[int, ...]) -> str:
    return "-".join(f"{part:02d}" for part in parts)


def _tex(text: str) -> str:
    return _TEX_CHARACTER.sub(lambda found: _TEX[found[0]], text)


def _tex_name(name: str) -> str:
    """A name; in braces where BibTeX would take it apart: with a comma, an `and` or digits in it, it is no plain person's name."""
    words = name.split()
    is_whole = "," in name or any(word.lower() == "and" for word in words) or any(character.isdigit() for character in name)
    return "{" + _tex(name) + "}" if is_whole else _tex(name)


def _tex_date(parts: tuple[int, ...]) -> list[tuple[str, str]]:
    values = [str(parts[0])] if parts else []
    values += [_MONTHS[parts[1] - 1]] if len(parts) > 1 and 1 <= parts[1] <= 12 else []
    values += [str(parts[2])] if len(parts) > 2 and len(values) == 2 else []
    return list(zip(("year", "month", "day"), values, strict=False))
