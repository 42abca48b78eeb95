"""The addresses a crawl is started with, as people type them."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from newsarchive.errors import ConfigurationError, InvalidUrl, NoSuchFile
from newsarchive.urls import host_of, normalise

_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/.*)?")
"""A host with a dot and perhaps a path: an address whose scheme was left out."""


def checked_seeds(typed: Sequence[str]) -> list[str]:
    """Normalised addresses, each once. `example.com` means https://example.com. Raises InvalidUrl for what is no address."""
    seeds: list[str] = []
    for text in typed:
        url = text.strip()
        if _BARE.fullmatch(url):
            url = f"https://{url}"
        if len(url.split()) > 1 and any("://" in piece for piece in url.split()[1:]):
            raise InvalidUrl(f"{text[:200]!r} holds several addresses; write them as separate arguments")
        seed = normalise(url)
        if not _is_host(host_of(seed)):
            raise InvalidUrl(f"{text[:200]!r} names no host; write it like https://example.com/news")
        if seed not in seeds:
            seeds.append(seed)
    return seeds


def listed_seeds(file: str) -> list[str]:
    """The addresses of a file, one a line (`-`: standard input); blank lines and lines that begin with # are passed over.

    Raises NoSuchFile where the file cannot be read, InvalidUrl naming the line of an address that is none, ConfigurationError
    for a file without any.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise NoSuchFile(f"{file} cannot be read ({reason}); give a text file with one address a line") from None
    seeds: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        typed = line.strip()
        if not typed or typed.startswith("#"):
            continue
        try:
            seeds.update(dict.fromkeys(checked_seeds([typed])))
        except InvalidUrl as error:
            raise InvalidUrl(f"{file}:{number}: {error}") from None
    if not seeds:
        raise ConfigurationError(f"{file} holds no address; write one a line, such as https://example.com/story")
    return list(seeds)


def _is_host(host: str) -> bool:
    return bool(host) and all(char.isalnum() or char in "-._[]:" for char in host)
