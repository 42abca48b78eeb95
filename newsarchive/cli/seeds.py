"""The addresses a crawl is started with, as people type them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsarchive.errors import InvalidUrl
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


def _is_host(host: str) -> bool:
    return bool(host) and all(char.isalnum() or char in "-._[]:" for char in host)
