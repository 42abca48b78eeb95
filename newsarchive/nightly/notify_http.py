"""One HTTP request to a service that tells people: http and https alone, no redirects, bounded time and size, through a proxy if asked."""

from __future__ import annotations

import base64
import http.client
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from newsarchive.nightly.channels import url_fault
from newsarchive.nightly.notify_secrets import Opened
from newsarchive.version import __version__

MAX_ANSWER_BYTES = 4096
"""Bytes of an answer that are read: services answer with a word or a small JSON."""
MAX_SAID_CHARS = 120
"""Characters of a refusing answer that are noted."""
MAX_WAIT_SECONDS = 10.0
"""Seconds. A longer Retry-After is not waited for: the run has ended and somebody may wait for the process."""


class NotTold(Exception):
    """Raised when a message did not arrive. `is_temporary`: another try may succeed, after `wait_seconds` where the service named them."""

    def __init__(self, sentence: str, *, is_temporary: bool = False, wait_seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.is_temporary = is_temporary
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. Raises NotTold where it is no http(s) address."""

    scheme: str
    host: str
    port: int
    path: str
    authorization: str | None

    @classmethod
    def of(cls, url: str) -> Target:
        """The parts of an address; user and password become a header."""
        fault = url_fault(url)
        if fault:
            raise NotTold(fault)
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not path.isascii() or any(char <= " " for char in path):
            raise NotTold("the address holds white space or characters that must be percent-encoded")
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username is not None else None
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return cls(parts.scheme, parts.hostname or "", port, path, _basic(pair) if pair is not None else None)


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def post(opened: Opened, url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Post a body. Returns `HTTP 200`; raises NotTold for everything that is not 2xx, and for every trouble on the way."""
    target = Target.of(url)
    sent = {"User-Agent": f"newsarchive/{__version__}", "Content-Length": str(len(body)), "Connection": "close", **headers}
    if target.authorization:
        sent["Authorization"] = target.authorization
    connection = None
    try:
        connection, path = _connect(opened, target, sent)
        connection.request("POST", path, body, sent)
        answer = connection.getresponse()
        said = answer.read(MAX_ANSWER_BYTES)
    except ssl.SSLCertVerificationError as error:
        raise NotTold(f"the certificate of {target.host} is not trusted: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise NotTold(f"no TLS connection to {target.host}: {error.reason or error}", is_temporary=True) from None
    except TimeoutError:
        raise NotTold(f"{target.host} did not answer within {opened.channel.timeout_seconds:g} s", is_temporary=True) from None
    except (OSError, http.client.HTTPException) as error:
        raise NotTold(f"no connection to {target.host}: {error or type(error).__name__}", is_temporary=True) from None
    finally:
        if connection is not None:
            connection.close()
    return _judge(target, answer, said)


def _judge(target: Target, answer: http.client.HTTPResponse, said: bytes) -> str:
    if 200 <= answer.status < 300:
        return f"HTTP {answer.status}"
    if 300 <= answer.status < 400:
        raise NotTold(f"{target.host} answered HTTP {answer.status}, a redirect, which is not followed; give the address it leads to")
    words = said.decode("utf-8", "replace").strip()[:MAX_SAID_CHARS]
    temporary = answer.status >= 500 or answer.status in (408, 425, 429)
    wait = answer.headers.get("Retry-After", "")
    raise NotTold(
        f"{target.host} answered HTTP {answer.status}" + (f": {words}" if words else ""),
        is_temporary=temporary,
        wait_seconds=min(float(wait), MAX_WAIT_SECONDS) if wait.isascii() and wait.isdigit() else None,
    )


def tls_context(opened: Opened) -> ssl.SSLContext:
    """Certificates and host names are always verified; `ca_file` takes the place of the system's authorities. Raises NotTold."""
    try:
        return ssl.create_default_context(cafile=opened.text("ca_file") or None)
    except (OSError, ssl.SSLError) as error:
        raise NotTold(f"ca_file cannot be read: {type(error).__name__}") from None


def _connect(opened: Opened, target: Target, headers: dict[str, str]) -> tuple[http.client.HTTPConnection, str]:
    """A connection, not yet made, and what to ask for on it; a proxy's login goes into the headers where the proxy reads them."""
    timeout = opened.channel.timeout_seconds
    proxy = _proxy_of(opened, target)
    secure: dict[str, Any] = {"context": tls_context(opened)} if target.scheme == "https" else {}
    if proxy is None:
        if secure:
            return http.client.HTTPSConnection(target.host, target.port, timeout=timeout, **secure), target.path
        return http.client.HTTPConnection(target.host, target.port, timeout=timeout), target.path
    if proxy.scheme != "http":
        raise NotTold("the proxy is to be reached by http; write it like http://proxy.example:3128")
    login = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
    if secure:
        through = http.client.HTTPSConnection(proxy.host, proxy.port, timeout=timeout, **secure)
        through.set_tunnel(target.host, target.port, login)
        return through, target.path
    headers.update(login)
    shown = f"[{target.host}]" if ":" in target.host else target.host
    return http.client.HTTPConnection(proxy.host, proxy.port, timeout=timeout), f"http://{shown}:{target.port}{target.path}"


def _proxy_of(opened: Opened, target: Target) -> Target | None:
    """The proxy for this target: the one named, or the environment's where the channel says so."""
    named = opened.text("proxy")
    if named != "environment":
        return Target.of(named) if named else None
    found = "" if urllib.request.proxy_bypass(target.host) else urllib.request.getproxies().get(target.scheme, "")
    return Target.of(found if "://" in found else f"http://{found}") if found else None
