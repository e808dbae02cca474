"""Grades as numbers, and why something has one.

Owns: the order of grades; the reasons that a walk leaves behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.values import Certainty

GRADES: Final = (Certainty.PROVEN, Certainty.POSSIBLE, Certainty.UNKNOWN)  # the best first
PROVEN: Final = 0
POSSIBLE: Final = 1
UNKNOWN: Final = 2


class Reason(NamedTuple):
    """The link by which something was met.

    Attributes:
        rule: as in `values.Link`.
        source: key of what led here: a lot, an item, a container, a place; -1: itself.
        seq: the event that says so; -1: it is found when it is asked for.
        grade: of this link alone.
    """

    rule: str
    source: int
    seq: int
    grade: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Items that were met by the same link."""

    keys: KeySet
    reason: Reason

    def of(self, key: int) -> Reason | None:
        """Return the link by which an item was met, None if it is not among them."""
        return self.reason if key in self.keys else None


@dataclass(frozen=True, slots=True)
class Marked:
    """Items that were met by events of their own; arrays of shape (n,), items ascending."""

    items: Keys
    sources: Keys
    seqs: Keys
    rule: str
    grade: int

    @property
    def keys(self) -> KeySet:
        """The items."""
        return KeySet.from_array(self.items)

    def of(self, key: int) -> Reason | None:
        """Return the link by which an item was met, None if it is not among them."""
        at = int(np.searchsorted(self.items, key))
        if at == self.items.size or self.items[at] != key:
            return None
        return Reason(self.rule, int(self.sources[at]), int(self.seqs[at]), self.grade)


type Met = Alike | Marked


@dataclass(slots=True)
class Trail:
    """How each lot and item of a scope was met; the first that tells of an item counts."""

    lots: dict[int, Reason] = field(default_factory=dict)
    items: list[Met] = field(default_factory=list)

    def reason(self, key: int) -> Reason | None:
        """Return the link by which something was met, None if it is not in the scope."""
        found = self.lots.get(key)
        if found is not None:
            return found
        reasons = (met.of(key) for met in self.items)
        return next((reason for reason in reasons if reason is not None), None)
