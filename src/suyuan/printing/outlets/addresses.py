"""Which machines a printer's address may lead to.

Owns: resolving a host, and the check of what it resolves to.
Invariant: a connection goes to an address that was checked, never to a name that is resolved anew;
a name of which any address lies outside the allowed networks is refused.

Whoever may set up a printer makes this server open connections. By default it opens them to
private and loopback networks only (RFC 1918, RFC 4193); link-local ones, where clouds keep their
machines' secrets, are not among them. `SUYUAN_PRINTER_NETWORKS` names other networks.
"""

from __future__ import annotations

import socket
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from django.conf import settings

from suyuan.printing.errors import PrinterFault

type Network = IPv4Network | IPv6Network

PRIVATE: Final = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)


@lru_cache(maxsize=8)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in networks)


def allowed(address: str) -> bool:
    """Tell whether a connection to a numeric address may be opened."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped  # ::ffff:8.8.8.8 leads where 8.8.8.8 does
    networks = _parsed(tuple(settings.ENVIRONMENT.printer_networks) or PRIVATE)
    return any(found.version == network.version and found in network for network in networks)


def resolve(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Return the addresses of a printer that may be connected to, in the order to try them.

    Raises:
        PrinterFault: `printer_unknown_host`, `printer_address_refused`.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PrinterFault("printer_unknown_host", host=host) from error
    found: list[tuple[socket.AddressFamily, str]] = []
    found += [(family, str(target[0])) for family, _, _, _, target in answers]
    for _family, address in found:
        if not allowed(address):
            raise PrinterFault("printer_address_refused", host=host, address=address)
    return found
