"""What is asked and what is answered when a consumer scans a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from suyuan.lineage.values import History


class Verdict(StrEnum):
    """What is said of a code; the words are stable."""

    GENUINE_FIRST = "genuine_first"  # nobody but this device has looked at it
    GENUINE_SEEN = "genuine_seen"  # ours, but looked at before
    NOT_ACTIVATED = "not_activated"  # issued, but never reported as put on goods
    NEVER_ISSUED = "never_issued"  # no code of ours
    RECALLED = "recalled"
    LOT_GENUINE = "lot_genuine"
    LOT_RECALLED = "lot_recalled"
    LOT_UNKNOWN = "lot_unknown"


MISSES = frozenset({Verdict.NEVER_ISSUED, Verdict.LOT_UNKNOWN})
"""Verdicts that somebody who tries codes at random would get."""

GENUINE = frozenset({Verdict.GENUINE_FIRST, Verdict.GENUINE_SEEN, Verdict.LOT_GENUINE})


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Who asks: as little as a verdict and a limit need. The address is never stored."""

    address: str = ""  # of the client, as text
    agent: str = ""  # its User-Agent
    region: str = ""  # a code of `masterdata.regions`
    language: str = ""
    counts: bool = True  # False for a preview or a prefetch: answered, but no scan


@dataclass(frozen=True, slots=True)
class Seen:
    """How often an item has been looked at, this time included."""

    scans: int
    first_at: datetime
    first_region: str
    own_first: bool  # the first look was this device's, minutes ago


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to one scan."""

    verdict: Verdict
    organisation_id: int
    gtin: str
    serial: str = ""
    lot: str = ""  # the lot by our records; as asked for if we have none
    lot_differs: bool = False  # the code names another lot than our records
    key: int | None = None
    seen: Seen | None = None
    history: History | None = None

    @property
    def recalled(self) -> bool:
        """Whether the goods are being called back."""
        return self.verdict in {Verdict.RECALLED, Verdict.LOT_RECALLED}
