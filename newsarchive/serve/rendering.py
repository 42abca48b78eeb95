"""How values become text on a page. Everything is escaped; only http(s) addresses become links; nothing is loaded."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsarchive.archive.search import Hit
from newsarchive.serve.outcomes import duration, words_of
from newsarchive.serve.plot_data import number_text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
"""Characters that XML and HTML do not allow; page texts hold none, addresses and headers might."""


@cache
def environment() -> Environment:
    """The templates in `html/`."""
    found = Environment(
        loader=PackageLoader("newsarchive.serve", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"moment": moment, "number": number, "marked": marked, "part": part, "plural": plural, "day": day}
    found.filters |= {"outcome": words_of, "duration": duration, "figure": number_text}
    found.tests["web_address"] = is_web_address
    return found


def render(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """A page of `html/`."""
    return environment().get_template(template).render(**values).translate(_CONTROLS)


def is_web_address(text: object) -> bool:
    """Whether a text is an address that may become a link: http or https with a host, and nothing else that a browser would run."""
    if not isinstance(text, str) or not text.lower().startswith(("http://", "https://")):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def part(text: object) -> str:
    """A text as one part of a path."""
    return quote(str(text), safe="")


def number(value: float) -> str:
    """A number with its thousands apart: `12,345`."""
    return f"{value:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def moment(text: str | None, *, with_time: bool = True) -> Markup:
    """An ISO date or moment for people, as precise as it is, in a `time` element; `no date` for None."""
    if not text:
        return Markup('<span class="quiet">no date</span>')
    shown = _spoken(text) if not with_time else _spoken(text) + _clock(text)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(text, text, shown)


def day(text: str | None) -> Markup:
    """The day of a moment."""
    return moment(text, with_time=False)


def _spoken(text: str) -> str:
    pieces = text[:10].split("-")
    try:
        named = [str(int(pieces[2]))] if len(pieces) > 2 else []
        named += [MONTHS[int(pieces[1]) - 1]] if len(pieces) > 1 else []
    except (ValueError, IndexError):
        return text
    return " ".join([*named, pieces[0]])


def _clock(text: str) -> str:
    if len(text) < 16 or text[10] not in "T ":
        return ""
    zone = text[16:].lstrip("0123456789:.")
    return f", {text[11:16]}" + (" UTC" if zone in ("Z", "+00:00") else f" {zone}" if zone else "")


def marked(hit: Hit) -> Markup:
    """The snippet of a hit with the words found in `mark` elements."""
    parts, end = [Markup()], 0
    for start, stop in hit.marks:
        parts += [Markup("{}<mark>{}</mark>").format(hit.snippet[end:start], hit.snippet[start:stop])]
        end = stop
    return Markup().join([*parts, hit.snippet[end:]])
