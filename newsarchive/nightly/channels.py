"""The ways to tell people, as the configuration names them: kinds, keys, and what is wrong with a table of them.

    [notify.editors]
    kind = "email"
    when = ["failure", "alarm", "recovery"]
    host = "mail.example.org"
    password = "${SMTP_PASSWORD}"

Nothing secret is read here: `${NAME}` stays as it is until a message is sent (notify_secrets.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal
from urllib.parse import urlsplit

from newsarchive.errors import ConfigurationError
from newsarchive.sites.secrets import REFERENCE, malformed_reference

ChannelKind = Literal["email", "webhook", "ntfy", "ping", "prometheus"]
When = Literal["always", "failure", "alarm", "recovery"]
KeyKind = Literal["text", "secret", "url", "number", "flag", "texts", "table", "choice"]

WHEN: tuple[When, ...] = ("always", "failure", "alarm", "recovery")
LOUD: tuple[When, ...] = ("failure", "alarm", "recovery")
"""What a person wants to be woken for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a channel's table."""

    name: str
    kind: KeyKind
    help: str
    """One sentence."""
    default: Any = None
    """None: nothing, unless `is_required`."""
    is_required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float = 0
    maximum: float = 65535


TIMEOUT = Key(name="timeout_seconds", kind="number", default=10.0, minimum=1, maximum=60, help="Seconds one try may take.")
TRIES = Key(name="tries", kind="number", default=3, minimum=1, maximum=5, help="Tries where a later one may succeed.")
_CA = Key(name="ca_file", kind="text", help="PEM file of certificates to trust instead of the system's.")
_PROXY = Key(
    name="proxy", kind="url", help="HTTP proxy, http://[USER:PASSWORD@]HOST:PORT; `environment` takes HTTPS_PROXY, HTTP_PROXY and NO_PROXY."
)
_HEADERS = Key(name="headers", kind="table", help="Headers to add, name = value; a value may hold ${NAME}.")

KEYS: Mapping[ChannelKind, tuple[Key, ...]] = {
    "email": (
        Key(name="host", kind="text", is_required=True, help="Mail server."),
        Key(name="port", kind="number", minimum=1, help="Its port; by default 587 for starttls, 465 for tls, 25 for none."),
        Key(
            name="security", kind="choice", choices=("starttls", "tls", "none"), default="starttls", help="How the connection is protected."
        ),
        Key(name="username", kind="text", help="Login; none is tried without."),
        Key(name="password", kind="secret", help="Its password, ${NAME}; or `password_file`."),
        Key(name="sender", kind="text", is_required=True, help="Address the mail comes from."),
        Key(name="recipients", kind="texts", is_required=True, help="Addresses it goes to."),
        _CA,
    ),
    "webhook": (
        Key(name="url", kind="url", is_required=True, help="Where the message is posted; may hold ${NAME}; or `url_file`."),
        Key(name="format", kind="choice", choices=("slack", "json"), default="json", help="Slack's text, or everything as JSON."),
        Key(name="secret", kind="secret", help="Signs the body (HMAC-SHA256), ${NAME}; or `secret_file`."),
        _HEADERS,
        _PROXY,
        _CA,
    ),
    "ntfy": (
        Key(name="url", kind="url", is_required=True, help="Server and topic, https://ntfy.example.org/my-topic; or `url_file`."),
        Key(name="token", kind="secret", help="Access token, ${NAME}; or `token_file`."),
        _PROXY,
        _CA,
    ),
    "ping": (
        Key(name="url", kind="url", is_required=True, help="Address of the check, without /start or /fail; or `url_file`."),
        Key(name="start", kind="flag", default=True, help="Whether the start of a run is told."),
        Key(name="alarm_is_failure", kind="flag", default=True, help="Whether a night with alarms fails the check."),
        _PROXY,
        _CA,
    ),
    "prometheus": (
        Key(name="path", kind="text", is_required=True, help="File to write, in the textfile folder of the node exporter; ends in .prom."),
    ),
}
"""Kind -> its own keys; `kind`, `when`, `timeout_seconds` and `tries` are for all."""

DEFAULT_WHEN: Mapping[ChannelKind, tuple[When, ...]] = {
    "email": LOUD,
    "webhook": LOUD,
    "ntfy": LOUD,
    "ping": ("always",),
    "prometheus": ("always",),
}
FROM_FILES = ("url", "password", "token", "secret", "username")
"""Keys that may be given as KEY_file: the name of a file whose first line is the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to tell somebody, checked."""

    name: str
    """As in the configuration."""
    kind: ChannelKind
    when: frozenset[When]
    timeout_seconds: float = 10.0
    tries: int = 3
    values: Mapping[str, Any] = field(default_factory=dict)
    """Key -> value as written, defaults included; secrets still as `${NAME}` or KEY_file."""


def read_channels(table: Mapping[str, Any], place: str = "notify") -> tuple[Channel, ...]:
    """The channels of a configuration's table; raises ConfigurationError with the place, the key and the nearest right name."""
    channels = []
    for name, given in table.items():
        where = f"{place}.{name}"
        if not isinstance(given, Mapping):
            raise ConfigurationError(f'{where}: write it as a table, [{place}.{name}] with kind = "email" or another kind')
        channels.append(_channel(name, given, where))
    return tuple(channels)


def _channel(name: str, given: Mapping[str, Any], where: str) -> Channel:
    named = given.get("kind")
    kind: ChannelKind | None = next((known for known in KEYS if known == named), None)
    if kind is None:
        raise ConfigurationError(f"{where}.kind: {_shown(named)} is no kind; it is one of {', '.join(KEYS)}{_near(named, tuple(KEYS))}")
    own = {key.name: key for key in (*KEYS[kind], TIMEOUT, TRIES)}
    files = {f"{key}_file" for key in FROM_FILES if key in own}
    for key in given:
        if key not in own and key not in files and key not in ("kind", "when"):
            known = (*own, *sorted(files), "kind", "when")
            raise ConfigurationError(f"{where}.{key}: not known for kind {kind!r}{_near(key, known)}")
    values = {key.name: _value(key, given, where) for key in own.values()}
    values |= {key: _text(given[key], f"{where}.{key}") for key in files if key in given}
    channel = Channel(
        name=str(name),
        kind=kind,
        when=_when(given.get("when", DEFAULT_WHEN[kind]), where),
        timeout_seconds=float(values.pop("timeout_seconds")),
        tries=int(values.pop("tries")),
        values=values,
    )
    _check_together(channel, where)
    return channel


def _when(given: object, where: str) -> frozenset[When]:
    words = [given] if isinstance(given, str) else given
    if not isinstance(words, list | tuple) or not words:
        raise ConfigurationError(f"{where}.when: write a list of {', '.join(WHEN)}")
    for word in words:
        if word not in WHEN:
            raise ConfigurationError(f"{where}.when: {_shown(word)} is not known; it is one of {', '.join(WHEN)}{_near(word, WHEN)}")
    return frozenset(words)


def _value(key: Key, given: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401 - a TOML value
    place = f"{where}.{key.name}"
    in_file = f"{key.name}_file" if key.name in FROM_FILES else None
    if key.name not in given:
        if key.is_required and not (in_file and in_file in given):
            raise ConfigurationError(f"{place} is missing: {key.help}")
        return key.default
    if in_file and in_file in given:
        raise ConfigurationError(f"{place} and {in_file} are both given; leave one out")
    return _CHECKS[key.kind](key, given[key.name], place)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ConfigurationError(f"{place}: write a text on one line")
    fault = malformed_reference(value)
    if fault:
        raise ConfigurationError(f"{place}: {fault!r} is no reference to an environment variable; write it like ${{SMTP_PASSWORD}}")
    return value.strip()


def _check_text(key: Key, value: object, place: str) -> str:
    return _text(value, place)


def _check_secret(key: Key, value: object, place: str) -> str:
    text = _text(value, place)
    if not REFERENCE.search(text):
        raise ConfigurationError(
            f"{place}: no secret in this file; write ${{NAME}} and set that environment variable, or use {key.name}_file"
        )
    return text


def _check_url(key: Key, value: object, place: str) -> str:
    text = _text(value, place)
    if key.name == "proxy" and text == "environment":
        return text
    fault = None if text.startswith("${") else url_fault(text)
    if fault:
        raise ConfigurationError(f"{place}: {fault}")
    userinfo = text.rpartition("@")[0].partition("://")[2] if not text.startswith("${") and "@" in urlsplit(text).netloc else ""
    if ":" in REFERENCE.sub("", userinfo).rstrip(":") or (":" in userinfo and not REFERENCE.search(userinfo)):
        raise ConfigurationError(f"{place}: no password in this file; write ${{NAME}} in its place and set that environment variable")
    return text


def _check_number(key: Key, value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not key.minimum <= value <= key.maximum:
        raise ConfigurationError(f"{place}: {_shown(value)} is not right; write a number from {key.minimum:g} to {key.maximum:g}")
    return value


def _check_flag(key: Key, value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"{place}: {_shown(value)} is not right; write true or false")
    return value


def _check_texts(key: Key, value: object, place: str) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not items:
        raise ConfigurationError(f"{place}: write a list of texts")
    return tuple(_text(item, place) for item in items)


def _check_table(key: Key, value: object, place: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{place}: write a table of names and values")
    for name, item in value.items():
        _text(item, f"{place}.{name}")
        if not name.replace("-", "").isalnum() or not name.isascii():
            raise ConfigurationError(f"{place}.{_shown(name)}: no name of a header")
    return {str(name): str(item) for name, item in value.items()}


def _check_choice(key: Key, value: object, place: str) -> str:
    if value not in key.choices:
        raise ConfigurationError(f"{place}: {_shown(value)} is not known; it is one of {', '.join(key.choices)}{_near(value, key.choices)}")
    return str(value)


_CHECKS: Mapping[KeyKind, Any] = {
    "text": _check_text,
    "secret": _check_secret,
    "url": _check_url,
    "number": _check_number,
    "flag": _check_flag,
    "texts": _check_texts,
    "table": _check_table,
    "choice": _check_choice,
}


def _check_together(channel: Channel, where: str) -> None:
    """What two keys say together."""
    values = channel.values
    if channel.kind == "email":
        has_login = ("username" in values and values["username"]) or "username_file" in values
        has_password = values["password"] or "password_file" in values
        if bool(has_login) != bool(has_password):
            raise ConfigurationError(f"{where}: a login needs both username and password; give both or neither")
        if has_login and values["security"] == "none" and values["host"] not in ("localhost", "127.0.0.1", "::1"):
            raise ConfigurationError(f'{where}.security: no password is sent without TLS; write "starttls" or "tls"')
        for address in (values["sender"], *values["recipients"]):
            if "@" not in address or any(char in address for char in "<>,; "):
                raise ConfigurationError(f"{where}: {_shown(address)} is no mail address; write it like you@example.org")
    if channel.kind == "prometheus" and not values["path"].endswith(".prom"):
        raise ConfigurationError(f"{where}.path: the node exporter reads files that end in .prom alone; {_shown(values['path'])} does not")
    if channel.kind == "ntfy" and values["url"] and not REFERENCE.search(values["url"]) and not urlsplit(values["url"]).path.strip("/"):
        raise ConfigurationError(f"{where}.url: the topic is missing; write it like https://ntfy.example.org/my-topic")


def url_fault(text: str) -> str | None:
    """What is wrong with an address that something is sent to; None where it is right. The address is not repeated: it may be secret."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no address; write it like https://example.org/hook"
    if parts.scheme not in ("http", "https"):
        return f"messages go to http and https addresses, not to {parts.scheme[:20] or 'nothing'!r}"
    return None if host else "the address names no host"


def _shown(value: object) -> str:
    return repr(value)[:60]


def _near(value: object, known: tuple[str, ...]) -> str:
    near = get_close_matches(str(value), known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""
