"""Crawler traps: pages that lead to ever more pages. Bounded by `depth`, so that even a crawl without a guard ends."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from newsarchive.demo.frontpages import shell
from newsarchive.demo.resource import Resource, page

DEFAULT_DEPTH = 5
"""How far each trap goes by default: enough to be seen in a summary, little enough not to slow the demo crawl."""

ENTRANCES = {
    "/calendar/2024/05/": "Calendar of events",
    "/find?sort=new": "Find a boat",
    "/market/;jsessionid=00": "Fish market prices",
    "/boats/today/": "Boats today",
}
"""First page of each trap -> words of its link on the front page."""

PREFIXES = ("/calendar/", "/find?", "/market/", "/boats/")
"""Every trap page's path begins with one of these."""

_FIRST_MONTH = 2024 * 12 + 4
_CALENDAR = re.compile(r"/calendar/(\d{4})/(\d{2})/$")
_SESSION = re.compile(r"/market/;jsessionid=(\d\d)[0-9a-f]{0,16}$")
_SORTS, _KINDS = ("new", "old"), ("sail", "oar", "motor")


def answer(target: str, depth: int = DEFAULT_DEPTH) -> Resource | None:
    """The trap page at a request target; None for what belongs to no trap or lies behind its end."""
    if not target.startswith(PREFIXES):
        return None
    for name, links in (("Calendar", _months), ("Boats for hire", _facets), ("Fish market", _sessions), ("Boats today", _deeper)):
        found = links(target, depth)
        if found is not None:
            rows = "".join(f'<li><a href="{href}">{words}</a></li>' for href, words in found)
            return page(shell(name, f"<h1>{name}</h1><p>No entries for this choice.</p><ul>{rows}</ul>"))
    return None


def _months(target: str, depth: int) -> list[tuple[str, str]] | None:
    match = _CALENDAR.match(target)
    if match is None:
        return None
    month = int(match[1]) * 12 + int(match[2]) - 1
    if not 1 <= int(match[2]) <= 12 or abs(month - _FIRST_MONTH) > depth:
        return None
    near = [other for other in (month - 1, month + 1) if abs(other - _FIRST_MONTH) <= depth]
    return [(f"/calendar/{other // 12}/{other % 12 + 1:02}/", "Earlier" if other < month else "Later") for other in near]


def _facets(target: str, depth: int) -> list[tuple[str, str]] | None:
    path, _, query = target.partition("?")
    if path != "/find":
        return None
    chosen = dict(parse_qsl(query))
    number = chosen.get("page", "1")
    if not number.isdigit() or not 1 <= int(number) <= depth:
        return None
    return list(_choices(chosen, int(number), depth))


def _choices(chosen: dict[str, str], number: int, depth: int) -> Iterator[tuple[str, str]]:
    sort = chosen.get("sort", "new")
    for other in _SORTS:
        for kind in _KINDS:
            yield f"/find?sort={other}&amp;filter={kind}", f"{kind}, {other}"
    if number < depth and "filter" in chosen:
        yield f"/find?sort={sort}&amp;filter={chosen['filter']}&amp;page={number + 1}", "More"


def _sessions(target: str, depth: int) -> list[tuple[str, str]] | None:
    match = _SESSION.match(target)
    if match is None or int(match[1]) > depth:
        return None
    step = int(match[1]) + 1
    fresh = hashlib.sha256(target.encode()).hexdigest()[:16]
    return [(f"/market/;jsessionid={step:02}{fresh}", "Refresh prices")] if step <= depth else []


def _deeper(target: str, depth: int) -> list[tuple[str, str]] | None:
    steps = target.split("/")[2:-1]
    if not target.endswith("/") or not steps or set(steps) != {"today"} or len(steps) > depth:
        return None
    return [("today/", "Today")] if len(steps) < depth else []
