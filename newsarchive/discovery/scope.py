"""Which addresses belong to the sites a crawl was started with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import tldextract

from newsarchive.urls import host_of

_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=65536)
def site_of(url: str) -> str:
    """The registrable domain of an address, where hosts of a shared platform (name.blogspot.com, name.github.io) are sites of their own.

    An address without a public suffix (localhost, an IP address) is its own site, its port left out. Empty for what is no URL.
    """
    host = host_of(url)
    bare = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    return _suffixes(bare).top_domain_under_public_suffix or bare


class Scope:
    """The sites of a crawl: the registrable domains of its seeds."""

    def __init__(self, seeds: Iterable[str]) -> None:
        self.sites: frozenset[str] = frozenset(site for site in map(site_of, seeds) if site)

    def covers(self, url: str) -> bool:
        """Whether an address belongs to one of the sites."""
        return site_of(url) in self.sites
