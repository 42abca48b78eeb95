"""What reaches the terminal: text of pages without control characters, errors as one sentence, and the commands to type next."""

from __future__ import annotations

import json
import logging
import os
import shlex
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any

import click

_KEPT = frozenset("\n\t")
_REFUSED = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Unicode categories of what can move the cursor, hide or reorder text: controls, formats (bidi overrides), surrogates, private use."""
_UNSTARTABLE = frozenset('$`"\\')
"""Characters in a folder's name with which pip writes scripts that do not start: a shell reads their first line."""
_JOINERS = frozenset("\u200c\u200d")
"""Format characters that Persian, Hindi and emoji are written with."""


def printable(text: object) -> str:
    """Text as a terminal may show it: escape sequences, bidirectional overrides and other control characters taken out."""
    raw = str(text)
    if raw.isprintable():
        return raw
    return "".join(char for char in raw if char in _KEPT or char in _JOINERS or unicodedata.category(char) not in _REFUSED)


def one_line(text: object, width: int | None = None) -> str:
    """Printable text on one line, cut with an ellipsis at `width` characters."""
    line = " ".join(printable(text).split())
    return line if width is None or len(line) <= width else line[: max(width - 1, 1)].rstrip() + "…"


def say(text: str = "", *, error: bool = False) -> None:
    """Print a line (made printable) to the output, or to the error stream."""
    click.echo(printable(text), err=error)


def say_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Print a value as JSON. What a terminal would obey is escaped, so that nothing is lost; lone surrogates become `?`."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str).encode("utf-8", "replace").decode("utf-8")
    if not text.replace("\n", " ").isprintable():
        text = "".join(
            char if char == "\n" or char in _JOINERS or unicodedata.category(char) not in _REFUSED else _escaped(char) for char in text
        )
    click.echo(text)


def _escaped(char: str) -> str:
    """A character as JSON's escape, in two halves above U+FFFF."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))


def complain(sentence: str) -> None:
    """Print `Error: Sentence.` on the error stream, or log it where the log is JSON; a closed stream is no reason to fail twice."""
    line = one_line(sentence)
    first = line.partition(" ")[0]
    if first.isalpha() and first not in _typed():  # a path, an address or a name keeps its spelling
        line = line[:1].upper() + line[1:]
    line += "" if line.endswith((".", "!", "?")) else "."
    logs = sys.modules.get("newsarchive.logs")
    if logs is not None and logs.is_json():
        logging.getLogger("newsarchive").error("%s", line)
        return
    try:
        click.echo(click.style("Error: ", fg="red", bold=True) + line, err=True)
    except OSError:
        silence()


def _typed() -> set[str]:
    """What stands on the command line, paths and `--option=value` by their parts."""
    return {part for argument in sys.argv[1:] for part in argument.replace("=", "/").split("/")}


def silence() -> None:
    """Point the output to nothing, so that the interpreter's own flush at exit does not complain about a closed pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            try:
                os.dup2(nowhere, stream.fileno())
            except (OSError, ValueError):
                continue


def typed_command(*arguments: str) -> str:
    """A `newsarchive` command as this person can type it here: by its name where that is found, else by its path."""
    beside = Path(sys.executable).with_name("newsarchive")
    on_path = shutil.which("newsarchive")
    if on_path and beside.exists() and Path(on_path).resolve() == beside.resolve():
        program = "newsarchive"
    elif beside.exists() and not set(str(beside)) & _UNSTARTABLE:
        program = shlex.quote(_from_here(beside))
    else:
        program = f"{shlex.quote(_from_here(Path(sys.executable)))} -m newsarchive"
    return " ".join([program, *(shlex.quote(item) for item in arguments)])


def _from_here(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
