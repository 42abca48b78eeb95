"""The options of a crawl and the environment variables, each in one place with name, type, unit, default and help.

The command line, the spiders' arguments and docs/reference/options.md are made from these tables. Whatever is unknown or
mistyped stops the program before the first request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from newsarchive.errors import ConfigurationError

OptionKind = Literal["text", "integer", "number", "date", "choice", "path", "contact"]
OptionValue = str | int | float | date | Path

MAX_CONTACT_CHARS = 200
"""Characters. A contact goes into a header of every request; mail systems cut addresses at 254, and nobody's is near 200."""
_MAIL = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:.]+(\.[^\s@<>()\",;:.]+)+")
_WEB = re.compile(r"https?://[^\s<>()\",;]+\.[^\s<>()\",;]+")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


OBEYABLE = ("noarchive", "noindex", "nosnippet", "noai", "noimageai", "tdm-reservation")
"""Opt-out signals that `--obey` and a site profile can name. The last three are obeyed in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a crawl."""

    name: str
    """The field of `CrawlPlan`, and the name as a spider argument (`-a max_pages=5`)."""
    flag: str
    """As typed on the command line."""
    kind: OptionKind
    metavar: str
    """What stands for the value in the help."""
    help: str
    """One sentence."""
    default: str | None = None
    """As the help shows it; None where the option is off unless given."""
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    is_repeated: bool = False
    """Whether the option can be given several times (as a spider argument: separated by spaces)."""


CRAWL_OPTIONS: tuple[Option, ...] = (
    Option(
        name="archive",
        flag="--archive",
        kind="path",
        metavar="PATH",
        default="data/archive.db in a checkout",
        help="The SQLite file to write to; made when it does not exist. NEWSARCHIVE_ARCHIVE sets it, too.",
    ),
    Option(
        name="contact",
        flag="--contact",
        kind="contact",
        metavar="EMAIL_OR_URL",
        help="Who answers for the crawl: goes into the user agent. Remembered when it was asked for. NEWSARCHIVE_CONTACT sets it, too.",
    ),
    Option(
        name="sites",
        flag="--sites",
        kind="path",
        metavar="PATH",
        default="data/sites in a checkout",
        help="Folder of the site profiles. NEWSARCHIVE_SITES sets it, too.",
    ),
    Option(
        name="since",
        flag="--since",
        kind="date",
        metavar="DATE",
        help="Leave out articles known to be older (2026-03-01, 2026-03 or 2026).",
    ),
    Option(
        name="until",
        flag="--until",
        kind="date",
        metavar="DATE",
        help="Leave out articles known to be newer than this day.",
    ),
    Option(
        name="max_pages",
        flag="--max",
        kind="integer",
        metavar="N",
        minimum=1,
        unit="articles",
        help="Stop when this many articles are stored.",
    ),
    Option(
        name="max_per_site",
        flag="--max-per-site",
        kind="integer",
        metavar="N",
        minimum=1,
        unit="articles",
        help="Store at most this many articles of one site.",
    ),
    Option(
        name="time_limit_seconds",
        flag="--time-limit",
        kind="number",
        metavar="SECONDS",
        minimum=1,
        unit="seconds",
        help="End the crawl in order after so long; the same command goes on where it stopped.",
    ),
    Option(
        name="delay_seconds",
        flag="--delay",
        kind="number",
        metavar="SECONDS",
        minimum=0,
        maximum=3600,
        default="1",
        unit="seconds",
        help="Wait this long between two requests to a host. A larger Crawl-delay of the site wins.",
    ),
    Option(
        name="concurrency_per_host",
        flag="--concurrency-per-host",
        kind="integer",
        metavar="N",
        minimum=1,
        maximum=16,
        default="2",
        unit="requests",
        help="Requests to one host at the same time.",
    ),
    Option(
        name="obey",
        flag="--obey",
        kind="choice",
        metavar="SIGNAL",
        choices=OBEYABLE,
        is_repeated=True,
        help="Store no page with this opt-out signal, beyond those always obeyed (noai, noimageai, tdm-reservation). Can be repeated.",
    ),
    Option(
        name="allow_addresses",
        flag="--allow-address",
        kind="text",
        metavar="HOST[:PORT]",
        is_repeated=True,
        help="Allow this private or loopback address (an intranet, a test server). Can be repeated.",
    ),
    Option(
        name="connect_to",
        flag="--connect-to",
        kind="text",
        metavar="HOST:PORT:ADDRESS:PORT",
        is_repeated=True,
        help="Connect to ADDRESS:PORT for URLs of HOST:PORT, as in curl. Can be repeated.",
    ),
    Option(
        name="revisit",
        flag="--revisit",
        kind="choice",
        metavar="WHEN",
        choices=("now", "due", "never"),
        default="due",
        help="Known articles: fetch again now (once in this run), when they are due, or never.",
    ),
)
"""The options of `newsarchive crawl` that become fields of the plan, in the order of the help."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable."""

    name: str
    help: str


ENVIRONMENT: tuple[Variable, ...] = (
    Variable("NEWSARCHIVE_ARCHIVE", "Path of the archive where --archive is not given."),
    Variable("NEWSARCHIVE_CONTACT", "E-mail address or URL for the user agent where --contact is not given."),
    Variable("NEWSARCHIVE_SITES", "Folder of the site profiles where none is named; otherwise data/sites in a checkout."),
    Variable("NEWSARCHIVE_NIGHTLY", "Configuration of `newsarchive run`; otherwise nightly.toml beside the folder of the site profiles."),
    Variable("NEWSARCHIVE_DEBUG", "Set to 1: faults of the program are shown with their traceback."),
    Variable("NO_COLOR", "Set to anything: no colours."),
)
"""All environment variables that newsarchive reads, and only when a command runs, never when a module is imported."""


def parse(option: Option, text: str) -> OptionValue:
    """The value of one option. Raises ConfigurationError naming the option, the text and what is expected."""
    text = text.strip()
    if option.kind == "integer":
        return _number(option, text, whole=True)
    if option.kind == "number":
        return _number(option, text, whole=False)
    if option.kind == "date":
        return parse_date(text, name=option.flag)
    if option.kind == "contact":
        return parse_contact(text)
    if option.kind == "path":
        if not text or "\0" in text:
            raise ConfigurationError(
                f"{option.flag} is empty or no path; name one, such as {'data/archive.db' if option.name == 'archive' else 'data/sites'}"
            )
        return Path(text).expanduser()
    if option.kind == "choice" and text not in option.choices:
        raise ConfigurationError(
            f"{option.flag} {text!r} is not known; it is one of {', '.join(option.choices)}{_suggestion(text, option.choices)}"
        )
    return text


def parse_named(values: Mapping[str, str]) -> dict[str, OptionValue | tuple[OptionValue, ...]]:
    """Options given by name, as a spider's arguments are. Raises ConfigurationError for unknown names, with the nearest known one."""
    known = {option.name: option for option in CRAWL_OPTIONS}
    parsed: dict[str, OptionValue | tuple[OptionValue, ...]] = {}
    for name, text in values.items():
        option = known.get(name)
        if option is None:
            raise ConfigurationError(f"option {name!r} is not known{_suggestion(name, tuple(known))}")
        parsed[name] = tuple(parse(option, piece) for piece in text.split()) if option.is_repeated else parse(option, text)
    return parsed


def parse_contact(text: str) -> str:
    """A contact for the user agent: an e-mail address or an http(s) URL. Raises ConfigurationError for anything else."""
    contact = text.strip().removeprefix("mailto:")
    if (
        len(contact) <= MAX_CONTACT_CHARS
        and contact.isprintable()
        and contact.isascii()
        and (_MAIL.fullmatch(contact) or _WEB.fullmatch(contact))
    ):
        return contact
    raise ConfigurationError(
        f"contact {text[:80]!r} is no e-mail address or web address; write it like you@example.org or https://example.org/crawler"
    )


def parse_date(text: str, *, name: str) -> date:
    """A day as 2026-03-01; a month or a year stands for its first day. Raises ConfigurationError naming the option."""
    found = _DATE.fullmatch(text.strip())
    try:
        if found:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        pass
    raise ConfigurationError(f"{name} {text[:40]!r} is no date; write it like 2026-03-01")


def _number(option: Option, text: str, *, whole: bool) -> int | float:
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        value = float("nan")
    above = option.minimum is None or value >= option.minimum
    below = option.maximum is None or value <= option.maximum
    if value == value and above and below:  # NaN is not equal to itself
        return value
    limits = " ".join(
        part
        for part in (
            f"from {option.minimum:g}" if option.minimum is not None else "",
            f"to {option.maximum:g}" if option.maximum is not None else "",
        )
        if part
    )
    raise ConfigurationError(f"{option.flag} {text[:40]!r} is not right; it is a {'whole ' if whole else ''}number {limits}".rstrip())


def _suggestion(text: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(text, known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""
