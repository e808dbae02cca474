"""Where messages may be sent.

Owns: what a receiver's address may be, and which machines it may lead to.
Invariant: a connection goes to an address that was checked, never to a name that is resolved anew
(DNS rebinding); a name of which any address is refused is refused.

Whoever names a receiver makes this server open connections. By default it opens them to addresses
of the public Internet only, over TLS: private, loopback and link-local ones (where clouds keep
their machines' secrets), and those that hide such an address inside (IPv4-mapped, NAT64, 6to4,
Teredo) are refused. `SUYUAN_WEBHOOK_ALLOW` names hosts and networks to which the operator allows
more: private addresses, and plain HTTP.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from suyuan.kernel.errors import Invalid, SuyuanError

type _Address = IPv4Address | IPv6Address
type _Network = IPv4Network | IPv6Network

_LONGEST: Final = 2_000
_PORTS: Final = {"https": 443, "http": 80}
_NAT64: Final = ip_network("64:ff9b::/96")
_6TO4: Final = ip_network("2002::/16")
_SITE_LOCAL: Final = ip_network("fec0::/10")
# What resolvers read as an IPv4 address in decimal, octal or hexadecimal.
_ODD_NUMBER: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?")
_HOST: Final = re.compile(r"[A-Za-z0-9._\-:%\[\]]+")


class DestinationRefused(Invalid):
    """No message may be sent to that address."""


class DestinationFault(SuyuanError):
    """A receiver cannot be reached, or must not be; `code` says which."""

    status = 502

    def __init__(self, code: str, **data: object) -> None:
        """Narrow the code."""
        super().__init__(place="", **data)
        self.code = code  # type: ignore[misc]  # an instance may narrow its class's code


@dataclass(frozen=True, slots=True)
class Destination:
    """A receiver's address, taken apart.

    Attributes:
        url: as it was given.
        secure: over TLS.
        host: name or numeric address, without brackets.
        port: its port.
        target: path and query, for the request line.
    """

    url: str
    secure: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The `Host` header's value."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (
            host
            if self.port == _PORTS["https" if self.secure else "http"]
            else (f"{host}:{self.port}")
        )


def read_destination(url: str) -> Destination:
    """Take an address apart, and refuse what can be seen without asking the network.

    A name is not resolved here: who names one should learn nothing of names within our network,
    and what it means is checked each time that it is used.

    Raises:
        DestinationRefused: `dest_url` (no address of the web), `dest_user` (it has a password),
            `dest_plain` (plain HTTP), `dest_private` (a numeric address that is not public).
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise DestinationRefused("dest_url", place="dest") from None
    host, scheme = parts.hostname or "", parts.scheme.lower()
    text = url.strip()
    sound = text.isascii() and text.isprintable() and " " not in text and len(text) <= _LONGEST
    if not sound or scheme not in _PORTS or not _HOST.fullmatch(host) or port == 0:
        raise DestinationRefused("dest_url", place="dest", given=url[:80])
    if "@" in parts.netloc:
        raise DestinationRefused("dest_user", place="dest")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = Destination(text, scheme == "https", host, port or _PORTS[scheme], target)
    try:
        numeric = ip_address(host.partition("%")[0])
    except ValueError:
        numeric = None
        if _ODD_NUMBER.fullmatch(host):
            raise DestinationRefused("dest_url", place="dest", given=url[:80]) from None
    if not found.secure and not _excepted(host, numeric):
        raise DestinationRefused("dest_plain", place="dest")
    if numeric is not None and not allowed(host, numeric):
        raise DestinationRefused("dest_private", place="dest")
    return found


def resolve(where: Destination) -> list[tuple[socket.AddressFamily, str]]:
    """Return the addresses of a receiver that may be connected to, in the order to try them.

    Raises:
        DestinationFault: `host_unknown`, `address_refused`.
    """
    try:
        answers = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DestinationFault("host_unknown") from error
    found = [(family, str(target[0])) for family, _, _, _, target in answers]
    for _family, address in found:
        if not allowed(where.host, ip_address(address.partition("%")[0])):
            raise DestinationFault("address_refused")
    if not where.secure and not all(
        _excepted(where.host, ip_address(address.partition("%")[0])) for _, address in found
    ):
        raise DestinationFault("address_refused")
    return list(dict.fromkeys(found))


def allowed(host: str, address: _Address) -> bool:
    """Tell whether a connection to an address, under a name, may be opened."""
    return _excepted(host, address) or all(_is_public(one) for one in _meant(address))


def _is_public(address: _Address) -> bool:
    # `is_global` alone lets multicast through, and the private addresses of IPv6's first years.
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _SITE_LOCAL
        and not _hides_behind_isatap(address)
    )


def _hides_behind_isatap(address: _Address) -> bool:
    """Tell whether an address is an IPv4 one within a site (RFC 5214 §6.1)."""
    return isinstance(address, IPv6Address) and (int(address) >> 32) & 0xFCFF_FFFF == 0x5EFE


def _meant(address: _Address) -> list[_Address]:
    """Return an address and those that it hides inside, where a gateway would take them out."""
    found: list[_Address] = [address]
    if not isinstance(address, IPv6Address):
        return found
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address.sixtofour is not None:
        found.append(address.sixtofour)
    if address.teredo is not None:
        found.extend(address.teredo)
    return found


def _excepted(host: str, address: _Address | None) -> bool:
    """Tell whether the operator allows a host, or the network that an address lies in."""
    hosts, networks = _read(tuple(settings.ENVIRONMENT.webhook_allow))
    name = host.lower().rstrip(".")
    if name in hosts:
        return True
    if address is None:
        return False
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    meant = plain or address
    return any(meant.version == network.version and meant in network for network in networks)


@lru_cache(maxsize=8)
def _read(given: tuple[str, ...]) -> tuple[frozenset[str], tuple[_Network, ...]]:
    hosts: set[str] = set()
    networks: list[_Network] = []
    for text in given:
        try:
            networks.append(ip_network(text))
        except ValueError:
            hosts.add(text.lower().rstrip("."))
    return frozenset(hosts), tuple(networks)
