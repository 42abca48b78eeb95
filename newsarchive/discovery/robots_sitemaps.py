"""The `Sitemap:` lines of a robots.txt."""

from __future__ import annotations

import re

from newsarchive.discovery.source import SourceReading, source_url, unique
from newsarchive.model.candidate import Candidate

MAX_ROBOTS_BYTES = 500 * 1024
"""Bytes read of a robots.txt; RFC 9309 section 2.5 asks for at least 500 KiB."""

MAX_ROBOTS_SITEMAPS = 1000
"""Addresses taken from one robots.txt; large publishers list some hundreds."""

_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*([^\s#]\S*)", re.IGNORECASE | re.MULTILINE)


def read_robots_sitemaps(body: bytes, url: str) -> SourceReading:
    """The sitemaps a robots.txt names, as candidates. Lines stand outside the user-agent groups, so all of them count.

    `url` is the address of the robots.txt: relative addresses, which the protocol forbids but sites write, are read too.
    """
    flags = ["cut"] if len(body) > MAX_ROBOTS_BYTES else []
    text = body[:MAX_ROBOTS_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    found: list[Candidate] = []
    for line in _LINE.finditer(text):
        address = source_url(line.group(1), url)
        if address is None:
            if "bad_urls" not in flags:
                flags.append("bad_urls")
        elif len(found) < MAX_ROBOTS_SITEMAPS:
            found.append(Candidate(url=address, kind="sitemap", found_on=url, found_by="robots"))
        elif "cut" not in flags:
            flags.append("cut")
    return SourceReading(form="robots", candidates=unique(found), flags=flags)
