"""Secrets of a profile: written as `${NAME}`, read from the environment, never from the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from newsarchive.errors import ConfigurationError
from newsarchive.sites.profile import SiteProfile

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""`${NAME}`, as shells write it."""

MIN_SECRET_CHARS = 20
"""Characters of an unbroken mixture of letters and digits that is taken for a key. Consent cookies, versions and dates are
shorter or hold no letters; the shortest keys of common services have 20."""

_SECRET_NAMES = re.compile(r"auth|token|secret|passw|pwd|api[-_]?key|session|sess?id|\bsid\b|credential|jwt", re.IGNORECASE)
_KEY = re.compile(rf"(?=[^\s]*[A-Za-z])(?=[^\s]*[0-9])[A-Za-z0-9+/_=.~-]{{{MIN_SECRET_CHARS},}}")
_SCHEME_AND_KEY = re.compile(r"^(?:bearer|basic|token|digest)\s+\S+", re.IGNORECASE)


def looks_secret(name: str, value: str) -> bool:
    """Whether a value written in the file is likely a secret: by the name it stands under, or by its look."""
    literal = REFERENCE.sub("", value).strip()
    if not literal or (literal != value.strip() and not _KEY.search(literal)):
        return False
    return bool(_SECRET_NAMES.search(name) or _SCHEME_AND_KEY.search(literal) or _KEY.search(literal))


def malformed_reference(value: str) -> str | None:
    """The first `$` with a brace, or in front of a name alone, that is no `${NAME}`; None where all are right."""
    rest = REFERENCE.sub("", value)
    found = re.search(r"\$\{[^}]*\}?|^\$[A-Za-z_]\w*$", rest)
    return found.group() if found else None


def variables_of(profile: SiteProfile) -> list[str]:
    """Names of the environment variables that the profile reads, each once, in the order of the keys."""
    return list(dict.fromkeys(name for _, text in _texts(profile) for name in REFERENCE.findall(text)))


def _texts(profile: SiteProfile) -> Iterator[tuple[str, str]]:
    """Every value that may hold a reference, with its key."""
    yield from ((f"headers.{name}", text) for name, text in profile.headers.items())
    yield from ((f"cookies.{name}", text) for name, text in profile.cookies.items())
    if profile.login is not None:
        yield from ((f"login.fields.{name}", text) for name, text in profile.login.fields.items())
    if profile.proxy is not None:
        yield "proxy", profile.proxy


def revealed(text: str, environment: Mapping[str, str]) -> str:
    """The text with its references replaced. Raises ConfigurationError for a variable that is not set, or holds a line break."""

    def value_of(found: re.Match[str]) -> str:
        value = environment.get(found[1], "")
        if not value:
            raise ConfigurationError(f"the environment variable {found[1]} is not set; a site profile needs it")
        if any(char in value for char in "\r\n\0"):
            raise ConfigurationError(f"the environment variable {found[1]} holds a line break; a header cannot")
        return value

    return REFERENCE.sub(value_of, text)


def proxy_of(profile: SiteProfile, environment: Mapping[str, str]) -> str | None:
    """The proxy's address with its secrets, or None. Raises ConfigurationError where a variable is missing or gives no proxy address."""
    if profile.proxy is None:
        return None
    address = revealed(profile.proxy, environment)
    fault = proxy_fault(address)
    if fault:
        raise ConfigurationError(f"{profile.path or profile.name}: proxy: {fault}")
    return address


def proxy_fault(address: str) -> str | None:
    """What is wrong with a proxy's address; None where it is right. The address itself, which may hold a password, is not repeated."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no address; write it like http://proxy.example:3128"
    if parts.scheme not in ("http", "https"):
        return f"a proxy is reached by http or https, not by {parts.scheme[:20] or 'nothing'!r}; write it like http://proxy.example:3128"
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        return "names no host, or more than a host; write it like http://proxy.example:3128"
    return None
