"""How much one network may ask.

Owns: token buckets, one for all requests and one for misses, per client network.

The rule: a network is a /24 of IPv4 or a /48 of IPv6, because that is what one asker can move
within. Behind one mobile gateway stand thousands of consumers, so codes that exist cost almost
nothing: 600 at once, 100 a second. Codes that do not exist cost from a second bucket: 60 at once,
then one every two seconds. A network whose misses are used up still gets answers for real codes.
That tells an asker nothing: of 70-bit serials a guess hits once in 10^12.

Each process counts for itself; with n worker processes a network may ask n times as much. Memory
is bounded: the networks not heard of for longest are forgotten first, which gives them full
buckets again.
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from suyuan.kernel import clock
from suyuan.verification.errors import TooManyAsked
from suyuan.verification.memory import forgets

NETWORKS_KEPT: Final = 65_536


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many at once, and how many a second after that."""

    burst: float
    rate: float


ALL: Final = Allowance(burst=600, rate=100)
MISSES: Final = Allowance(burst=60, rate=0.5)


def network_of(address: str) -> str:
    """Return the network that an address belongs to, as text; "" for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and (mapped := parsed.ipv4_mapped):
        parsed = mapped
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))


@dataclass(slots=True)
class Limiter:
    """Token buckets by network, in this process.

    `spend` refuses when the bucket is empty.
    """

    allowance: Allowance
    kept: int = NETWORKS_KEPT
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Be emptied with everything else that a process remembers."""
        forgets(self.forget)

    def spend(self, network: str) -> None:
        """Take one token.

        Raises:
            TooManyAsked: there is none; `seconds` says when there will be.
        """
        now = clock.now().timestamp()
        allowance = self.allowance
        with self._lock:
            left, since = self._buckets.pop(network, (allowance.burst, now))
            # A clock that is set back gives nothing, and takes nothing away.
            left = min(allowance.burst, left + max(0.0, now - since) * allowance.rate)
            taken = left >= 1
            self._buckets[network] = (left - 1 if taken else left, now)
            if len(self._buckets) > self.kept:
                self._buckets.popitem(last=False)
        if not taken:
            raise TooManyAsked(seconds=math.ceil((1 - left) / allowance.rate))

    def forget(self) -> None:
        """Give every network full buckets."""
        with self._lock:
            self._buckets.clear()


every_request = Limiter(ALL)
misses = Limiter(MISSES)
