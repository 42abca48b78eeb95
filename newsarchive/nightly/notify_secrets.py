"""The secrets of a channel, read at the moment a message is sent: from environment variables and files that its table names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsarchive.errors import ConfigurationError
from newsarchive.nightly.channels import FROM_FILES, Channel
from newsarchive.redaction import Redactor
from newsarchive.sites.secrets import REFERENCE

MAX_SECRET_BYTES = 4096
"""Bytes of a secret's file that are read; a key is a line."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel with everything needed to send."""

    channel: Channel
    values: Mapping[str, Any] = field(repr=False)
    """As in the channel, with the secrets in place."""
    redactor: Redactor = field(repr=False)
    """Takes this channel's secrets out of texts."""

    def text(self, name: str) -> str:
        """A value as text; empty where there is none."""
        return str(self.values.get(name) or "")


def open_channel(channel: Channel, environment: Mapping[str, str]) -> Opened:
    """Read the secrets. Raises ConfigurationError naming the variable or file that is missing, never its content."""
    redactor = Redactor()
    values: dict[str, Any] = {}
    for name, value in channel.values.items():
        base = name.removesuffix("_file")
        if name.endswith("_file") and base in FROM_FILES:
            values[base] = _from_file(_revealed(value, environment, redactor), name, redactor)
        elif isinstance(value, str):
            values[name] = _revealed(value, environment, redactor)
        elif isinstance(value, Mapping):
            values[name] = {key: _revealed(item, environment, redactor) for key, item in value.items()}
        elif value is not None or name not in values:
            values[name] = value
    for name in ("url", "proxy"):
        _learn_address(str(values.get(name) or ""), redactor)
    return Opened(channel, values, redactor)


def _revealed(text: str, environment: Mapping[str, str], redactor: Redactor) -> str:
    for name in REFERENCE.findall(text):
        value = environment.get(name, "")
        if not value.strip():
            raise ConfigurationError(f"the environment variable {name} is not set")
        if any(char in value.strip() for char in "\r\n\0"):
            raise ConfigurationError(f"the environment variable {name} holds a line break")
        if name != "CREDENTIALS_DIRECTORY":
            redactor.learn(value.strip())
    return REFERENCE.sub(lambda found: environment[found[1]].strip(), text)


def _from_file(path: str, name: str, redactor: Redactor) -> str:
    try:
        with Path(path).expanduser().open("rb") as file:
            text = file.read(MAX_SECRET_BYTES).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ConfigurationError(f"{name}: {path} cannot be read ({type(error).__name__})") from None
    if not text or not text.isprintable():
        raise ConfigurationError(f"{name}: {path} is empty, or holds more than one line")
    redactor.learn(text)
    return text


def _learn_address(address: str, redactor: Redactor) -> None:
    """The path and query of an address are often its secret (hooks, pings, topics): only scheme and host are ever written."""
    try:
        parts = urlsplit(address)
        password = parts.password
    except ValueError:
        redactor.learn(address)
        return
    rest = address.partition("://")[2].partition("/")[2]
    redactor.learn(*(piece for piece in (rest, parts.path, parts.path.strip("/").rpartition("/")[2], parts.query, password) if piece))
