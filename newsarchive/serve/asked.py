"""What a request asks for: the parts of its path and its parameters, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from newsarchive.errors import ConfigurationError

MAX_PARAMETERS = 200
"""Of one address. The largest form has ten fields; several values of each leave room."""
MAX_PARAMETER_CHARS = 2_000
"""Characters of one value that are used: no search that a person types is longer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a page."""

    path: str
    """The page's own address without the format: `/site/example.com`."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Named parts of the path, decoded."""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The parameters, each with all its values that are not empty."""

    def text(self, name: str, default: str = "") -> str:
        """The last value of a parameter."""
        found = self.values.get(name)
        return found[-1] if found else default

    def several(self, name: str) -> tuple[str, ...]:
        """All values of a parameter, each once."""
        return tuple(dict.fromkeys(self.values.get(name, ())))

    def flag(self, name: str) -> bool:
        """Whether a parameter is there and says no no."""
        return self.text(name).lower() not in ("", "0", "no", "off", "false")

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number between two bounds. Raises ConfigurationError for anything else."""
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10) or not lowest <= int(text) <= highest:
            raise ConfigurationError(f"{name}={text!r} is not a number from {lowest} to {highest}")
        return int(text)

    def one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of some words. Raises ConfigurationError for another one."""
        text = self.text(name, default)
        if text not in choices:
            raise ConfigurationError(f"{name}={text!r} is not one of {', '.join(choices)}")
        return text

    def address(self, kind: str = "", /, **changes: object) -> str:
        """The address of this page, perhaps as `csv` or `json`, with some parameters set to others (None or empty: left out)."""
        values: dict[str, Sequence[str]] = dict(self.values)
        for name, value in changes.items():
            values[name] = [str(item) for item in value] if isinstance(value, list | tuple) else [] if value in (None, "") else [str(value)]
        query = urlencode([(name, item) for name, items in values.items() for item in items])
        path = self.path if not kind else ("/home" if self.path == "/" else self.path) + "." + kind
        return quote(path, safe="/:@") + ("?" + query if query else "")


def asked(path: str, query: str, parts: Mapping[str, str]) -> Asked:
    """The question of a path and its query string. Raises ConfigurationError for more parameters than anybody needs."""
    try:
        pairs = parse_qsl(query, max_num_fields=MAX_PARAMETERS, errors="replace")
    except ValueError:
        raise ConfigurationError(f"more than {MAX_PARAMETERS} parameters in one address") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        value = value.replace("\x00", "").strip()[:MAX_PARAMETER_CHARS]
        if value:
            values.setdefault(name, []).append(value)
    return Asked(path, parts, values)
