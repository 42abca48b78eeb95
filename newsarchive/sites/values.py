"""What each kind of value in a site profile may be. Every function gives the typed value or raises `Wrong`, which says how to write it."""

from __future__ import annotations

import re
import warnings
from datetime import timedelta
from difflib import get_close_matches
from functools import lru_cache
from urllib.parse import urlsplit

from newsarchive.errors import ConfigurationError, InvalidUrl
from newsarchive.options import CRAWL_OPTIONS, OBEYABLE, parse_contact
from newsarchive.sites.pattern_cost import costly_repeat
from newsarchive.sites.secrets import REFERENCE, looks_secret, malformed_reference, proxy_fault
from newsarchive.urls import host_of, normalise, registrable_domain

MAX_PATTERN_CHARS = 300
"""Characters of a regular expression. What tells articles from sections on real sites takes some dozens."""

MAX_SELECTOR_CHARS = 500
"""Characters of a CSS selector; a path copied from a browser's inspector reaches 200."""

MAX_HEADER_CHARS = 8190
"""Characters of a header's value: the line length at which common servers refuse."""

MAX_INTERVAL = timedelta(days=366)
"""Longest interval of a schedule or a revisit plan; a longer one is a slip (`300w`)."""

RESERVED_HEADERS = {
    "host": "it follows from the address",
    "content-length": "it follows from the request",
    "transfer-encoding": "it follows from the request",
    "connection": "it belongs to the connection",
    "user-agent": "it is made from `contact`, so that the publisher can reach you",
    "cookie": "write each cookie under `cookies`",
    "accept-encoding": "it must name what the program can unpack",
    "range": "pages are stored whole",
    "if-none-match": "the crawl sets it from the last visit",
    "if-modified-since": "the crawl sets it from the last visit",
}
"""Headers a profile may not set, and why."""

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_INTERVAL = re.compile(r"(\d{1,6})([mhdw])")
_HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_CRON_MACROS = ("@hourly", "@daily", "@weekly", "@monthly")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_CRON_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("weekday", 0, 7, _DAYS),
)
_CRON_PART = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d{1,3}))?")


class Wrong(Exception):
    """Raised for a value that cannot be. It never leaves the package: the checker adds the place and makes a Problem of it."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.suggestion = message, suggestion


def nearest(text: str, known: tuple[str, ...]) -> str | None:
    """The known name most like the text, or None."""
    near = get_close_matches(text.lower(), known, n=1)
    return near[0] if near else None


def domain(text: str) -> str:
    """A host, with a port where one is meant, in lower case and ASCII."""
    if "://" in text or "/" in text:
        raise Wrong(f"{_shown(text)} is an address; name the host alone", host_of(text if "://" in text else f"https://{text}") or None)
    if "*" in text:
        raise Wrong(f"{_shown(text)}: subdomains are included anyway; leave out the star", text.replace("*.", "").replace("*", "") or None)
    try:
        host = host_of(normalise(f"https://{text.strip()}/"))
    except InvalidUrl:
        host = ""
    host = host.removesuffix(":80")
    if not _HOST.fullmatch(host):
        raise Wrong(f"{_shown(text)} is no host; write it like example.com")
    if registrable_domain(f"www.site.{host}") == f"site.{host}":
        raise Wrong(f"{_shown(text)} is a public suffix, under which many sites stand; name the site's own domain")
    return host


def address(text: str) -> str:
    """An http(s) address, normalised."""
    try:
        return normalise(text)
    except InvalidUrl:
        suggestion = f"https://{text}" if "://" not in text and "." in text.split("/")[0] else None
        raise Wrong(f"{_shown(text)} is no http or https address", suggestion) from None


def pattern(text: str) -> str:
    """A regular expression that compiles, is of sane length and cannot take exponential time."""
    if not text:
        raise Wrong("an empty pattern fits every address")
    if len(text) > MAX_PATTERN_CHARS:
        raise Wrong(f"the pattern has {len(text)} characters, {MAX_PATTERN_CHARS} are allowed; split it into several")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(text)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        raise Wrong(f"{_shown(text)} is no regular expression ({error})") from None
    if compiled.search(""):
        raise Wrong(f"{_shown(text)} fits every address, even an empty one")
    repeat = costly_repeat(text)
    if repeat:
        raise Wrong(f"{_shown(text)}: {repeat}; an address made for it would stop the crawl")
    return text


def selector(text: str, *, of_element: bool = False) -> str:
    """A CSS selector that parsel can use. `of_element`: it must name elements, not their text or an attribute."""
    from cssselect import SelectorError

    if not text.strip():
        raise Wrong("the selector is empty")
    if len(text) > MAX_SELECTOR_CHARS:
        raise Wrong(f"the selector has {len(text)} characters, {MAX_SELECTOR_CHARS} are allowed")
    try:
        _translator().css_to_xpath(text)
    except (SelectorError, RecursionError) as error:
        hint = "; XPath is not read here" if text.lstrip().startswith(("/", "./", "(")) else ""
        raise Wrong(f"{_shown(text)} is no CSS selector ({_folded(error)}){hint}") from None
    if of_element and ("::text" in text or "::attr" in text):
        raise Wrong(f"{_shown(text)}: name the element itself here", re.sub(r"::(?:text|attr\([^)]*\))", "", text).strip() or None)
    return text


@lru_cache(maxsize=1)
def _translator():  # type: ignore[no-untyped-def] # noqa: ANN202 - parsel's translator, imported when it is needed
    from parsel.csstranslator import HTMLTranslator

    return HTMLTranslator()


def timezone(text: str) -> str:
    """An IANA time zone this machine knows."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        known = available_timezones()
        if not known:
            raise Wrong("this machine has no time zone data; install it with: pip install tzdata") from None
        by_lower = {name.lower(): name for name in known} | {name.rsplit("/", 1)[-1].lower(): name for name in sorted(known, reverse=True)}
        near = get_close_matches(text.lower().replace(" ", "_"), by_lower, n=1)
        raise Wrong(f"{_shown(text)} is no time zone; write it like Europe/Oslo", by_lower[near[0]] if near else None) from None
    return text


def number_of(value: object, option_name: str) -> float | int:
    """A number within the limits that the option of that name has in the options table."""
    option = next(option for option in CRAWL_OPTIONS if option.name == option_name)
    whole = option.kind == "integer"
    is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    low, high = option.minimum or 0, option.maximum or float("inf")
    if not is_number or not low <= value <= high:  # type: ignore[operator]  # a number here; NaN compares false
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        raise Wrong(f"{shown:.60} is not right; it is a {'whole ' if whole else ''}number from {low:g} to {high:g} ({option.unit})")
    return value  # type: ignore[return-value]  # checked above


def contact(text: str) -> str:
    """An e-mail address or a web address."""
    try:
        return parse_contact(text)
    except ConfigurationError as error:
        raise Wrong(str(error)) from None


def interval(text: str) -> timedelta:
    """`15m`, `6h`, `1d` or `2w`."""
    found = _INTERVAL.fullmatch(text.strip())
    if not found:
        raise Wrong(f"{_shown(text)} is no interval; write it like 15m, 6h, 1d or 2w")
    length = int(found[1]) * _UNITS[found[2]]
    if not timedelta(minutes=1) <= length <= MAX_INTERVAL:
        raise Wrong(f"{_shown(text)} is not right; an interval is 1m to {MAX_INTERVAL.days}d")
    return length


def schedule(text: str) -> str:
    """An interval or a cron expression of five fields, as it was written."""
    text = text.strip()
    if text in _CRON_MACROS:
        return text
    if text.startswith("@"):
        raise Wrong(f"{_shown(text)} is not known; there are {', '.join(_CRON_MACROS)}", nearest(text, _CRON_MACROS))
    pieces = text.split()
    if len(pieces) == 1:
        interval(text.removeprefix("every "))
        return text
    if len(pieces) != len(_CRON_FIELDS):
        names = " ".join(name for name, *_ in _CRON_FIELDS)
        raise Wrong(f"{_shown(text)} has {len(pieces)} fields; write an interval (6h) or a cron expression of five: {names}")
    for piece, (name, low, high, words) in zip(pieces, _CRON_FIELDS, strict=True):
        for part in piece.split(","):
            _cron_part(part, name, low, high, words)
    return text


def _cron_part(part: str, name: str, low: int, high: int, words: tuple[str, ...]) -> None:
    found = _CRON_PART.fullmatch(part)
    if not found:
        raise Wrong(f"{_shown(part)} is no {name}; write a number, a range (1-5), a step (*/6) or *")
    ends = [_cron_number(end, low, words) for end in found.groups()[:2] if end is not None]
    if any(end is None or not low <= end <= high for end in ends) or (len(ends) == 2 and ends[0] > ends[1]):  # type: ignore[operator]
        raise Wrong(f"{_shown(part)} is no {name}; it goes from {low} to {high}")
    if found[3] is not None and not 0 < int(found[3]) <= high:
        raise Wrong(f"{_shown(part)}: a step of {found[3]} is not possible for a {name}")


def _cron_number(text: str, low: int, words: tuple[str, ...]) -> int | None:
    if text.isdecimal():
        return int(text)
    return words.index(text.lower()) + low if text.lower() in words else None


def header(name: str, value: str) -> str:
    """The value of a header that a profile may set."""
    if not _HEADER_NAME.fullmatch(name):
        raise Wrong(f"{_shown(name)} is no name of a header")
    if name.lower() in RESERVED_HEADERS:
        raise Wrong(f"{name} cannot be set here: {RESERVED_HEADERS[name.lower()]}")
    if len(value) > MAX_HEADER_CHARS or any((char < " " and char != "\t") or char == "\x7f" or char > "\xff" for char in value):
        raise Wrong("a header's value is one line of printable Latin-1 text")
    return secret_text(name, value)


def cookie(name: str, value: str) -> str:
    """The value of a cookie (RFC 6265 section 4.1.1)."""
    if not _HEADER_NAME.fullmatch(name):
        raise Wrong(f"{_shown(name)} is no name of a cookie")
    if not _COOKIE_VALUE.fullmatch(REFERENCE.sub("", value)):
        raise Wrong("a cookie's value holds no spaces, commas, semicolons, quotes or backslashes; percent-encode them")
    return secret_text(name, value)


def secret_text(name: str, value: str) -> str:
    """A text that may hold secrets as `${NAME}`, and must not hold them otherwise."""
    wrong = malformed_reference(value)
    if wrong:
        raise Wrong(f"{_shown(wrong)} is no reference to an environment variable; write it like ${{SITE_TOKEN}}")
    if looks_secret(name, value):
        raise Wrong(
            f"this looks like a secret, which does not belong in a file; set an environment variable and write ${{{_variable(name)}}}"
        )
    return value


def _variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET"


def proxy(text: str) -> str:
    """`${NAME}`, or the address of a proxy whose password, if it has one, is a `${NAME}`."""
    secret_text("", text)
    if REFERENCE.fullmatch(text.strip()):
        return text.strip()
    plain = REFERENCE.sub("x", text.strip())
    fault = proxy_fault(plain)
    if fault:
        raise Wrong(fault)
    password = text.rpartition("@")[0].rpartition("://")[2].partition(":")[2]
    if (password and not REFERENCE.fullmatch(password)) or (urlsplit(plain).password and not password):
        raise Wrong("a password does not belong in a file; write http://user:${PROXY_PASSWORD}@proxy.example:3128")
    return text.strip()


def signal(text: str) -> str:
    """An opt-out signal."""
    if text not in OBEYABLE:
        raise Wrong(f"{_shown(text)} is no opt-out signal; there are {', '.join(OBEYABLE)}", nearest(text, OBEYABLE))
    return text


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")


def _folded(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
