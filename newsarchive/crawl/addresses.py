"""Which network addresses a crawl may connect to.

Private, loopback, link-local and other special addresses are refused whatever they are spelt like, because the check is
made on the address that is about to be connected to, not on the text of the URL.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from newsarchive.errors import ConfigurationError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def embedded_address(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64, Teredo server side), else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address.sixtofour:
            return address.sixtofour
        if address.teredo:
            return address.teredo[1]
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the public internet (IANA special-purpose registries, as `ipaddress` knows them).

    False for what is no IP address.
    """
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    inner = embedded_address(parsed)
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def split_host_port(text: str) -> tuple[str, int | None]:
    """`host`, `host:port`, `[v6]:port` or a bare IPv6 address, in lower case. Raises ConfigurationError for anything else."""
    value = text.strip().lower()
    try:
        if value.count(":") > 1 and not value.startswith("["):
            return str(ipaddress.ip_address(value)), None
        parts = urlsplit(f"//{value}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or "/" in value or "@" in value:
        raise ConfigurationError(f"--allow-address {text!r} is no HOST or HOST:PORT; write it like 127.0.0.1:8000")
    return host, port


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What the operator allowed beyond public addresses, and where names are to be connected to instead of where they resolve."""

    allowed: frozenset[tuple[str, int | None]] = frozenset()
    """(host or IP, port or None for all ports)."""
    connect_to: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    """(host, port) of a URL -> (address, port) to connect to."""

    @classmethod
    def parse(cls, allow_addresses: Sequence[str] = (), connect_to: Sequence[str] = ()) -> AddressRules:
        """Read the options `--allow-address` and `--connect-to`. Raises ConfigurationError naming the wrong one."""
        return cls(frozenset(split_host_port(item) for item in allow_addresses), dict(_parse_connect_to(item) for item in connect_to))

    def target(self, host: str, port: int) -> tuple[str, int]:
        """Where to connect for a URL's host and port."""
        return self.connect_to.get((host.lower(), port), (host, port))

    def is_allowed(self, host: str, port: int, address: str | None = None) -> bool:
        """Whether the operator named this host (or the address behind it), or mapped it with `--connect-to`."""
        if (host.lower(), port) in self.connect_to:
            return True
        names = {host.lower()} | ({address.lower()} if address else set())
        return any((name, None) in self.allowed or (name, port) in self.allowed for name in names)

    def refusal(self, host: str, port: int, address: str) -> str | None:
        """Why this address may not be connected to for a URL's host and port, or None when it may."""
        if self.is_allowed(host, port, address) or is_public(address):
            return None
        return f"{host} is at {address}, which is not a public address; allow it with --allow-address {host}:{port}"


def _parse_connect_to(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """One HOST:PORT:ADDRESS:PORT as in curl; IPv6 addresses in brackets."""
    pieces: list[str] = []
    rest = text.strip().lower()
    while rest:
        if rest.startswith("["):
            inner, _, rest = rest[1:].partition("]")
            pieces.append(inner)
            rest = rest.removeprefix(":")
        else:
            piece, _, rest = rest.partition(":")
            pieces.append(piece)
    if len(pieces) == 4 and pieces[0] and pieces[2] and pieces[1].isdigit() and pieces[3].isdigit():
        host, port, address, target = pieces
        if 0 < int(port) < 65536 and 0 < int(target) < 65536:
            return (host, int(port)), (address, int(target))
    raise ConfigurationError(f"--connect-to {text!r} is no HOST:PORT:ADDRESS:PORT; write it like example.com:443:127.0.0.1:8443")
