"""What has become of the affected items: counted from the events, each item once.

Owns: the rule from where an item was and is to its outcome.
Does not own: keeping a count (services.counting).

An item is where lineage says. In house or returned: `stopped` if it was there when it was first
frozen, else `recovered`. Destroyed: `destroyed`. Anywhere else: `unreachable` if a live event since
the case was opened says so (disposition `unknown` or `stolen`), else `out`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from suyuan.capture.facets import Facet, events_with
from suyuan.core.epcis.vocabulary import DISPOSITION_NUMBERS
from suyuan.core.keyset import KeySet
from suyuan.lineage.fold import CODE_OF
from suyuan.lineage.history import read_rows
from suyuan.lineage.present import present
from suyuan.lineage.values import Whereabouts
from suyuan.recalls.models import GroupKind, Outcome, RecallCase, ScopeGroup, ScopeVersion

LOST: Final = ("unknown", "stolen")
"""Dispositions of goods that nobody will get back."""

_CHUNK: Final = 1 << 20  # items at a time
_BACK: Final = (CODE_OF[Whereabouts.IN_HOUSE], CODE_OF[Whereabouts.RETURNED])
_GONE: Final = CODE_OF[Whereabouts.DESTROYED]
_HOUSE: Final = (Whereabouts.IN_HOUSE.value, Whereabouts.RETURNED.value)
_MOST_EVENTS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Effect:
    """The items of a case by outcome.

    Attributes:
        outcomes: disjoint; together the items of the version in force.
        at_seq: the last event that was looked at.
    """

    outcomes: Mapping[Outcome, KeySet]
    at_seq: int

    @property
    def counts(self) -> dict[str, int]:
        """How many items came to each end, in the order of `Outcome`."""
        return {word.value: len(self.outcomes[word]) for word in Outcome}


def effect_of(case: RecallCase) -> Effect:
    """Count the items of the version in force, now."""
    items = case.item_keys.to_array()
    back, gone, latest = KeySet(), KeySet(), case.at_seq
    for at in range(0, items.size, _CHUNK):
        now = present(case.organisation_id, items[at : at + _CHUNK])
        back = back | KeySet.from_array(now.items[np.isin(now.codes, _BACK)])
        gone = gone | KeySet.from_array(now.items[now.codes == _GONE])
        latest = max(latest, now.latest)
    stopped = back & _were_in_house(case)
    away = case.item_keys - back - gone
    lost = away & _lost(case) if away else KeySet()
    return Effect(
        {
            Outcome.STOPPED: stopped,
            Outcome.RECOVERED: back - stopped,
            Outcome.DESTROYED: gone,
            Outcome.UNREACHABLE: lost,
            Outcome.OUT: away - lost,
        },
        latest,
    )


def _were_in_house(case: RecallCase) -> KeySet:
    """Return the items that were in house in the first version that named them."""
    found, seen = KeySet(), KeySet()
    mine = {"organisation_id": case.organisation_id, "case_id": case.id}
    versions = ScopeVersion.objects.filter(**mine, version__lte=case.version)
    for version in versions.only("organisation_id", "id", "version", "items").order_by("version"):
        rows = ScopeGroup.objects.filter(
            **mine, version=version.version, kind=GroupKind.PLACE, whereabouts__in=_HOUSE
        )
        for row in rows:
            found = found | (row.item_keys - seen)
        seen = seen | version.item_keys
    return found


def _lost(case: RecallCase) -> KeySet:
    """Return the items of which a live event since the opening says that they are lost."""
    words = [DISPOSITION_NUMBERS[word] for word in LOST]
    first = (
        ScopeVersion.objects.filter(
            organisation_id=case.organisation_id, case_id=case.id, version=1
        )
        .values_list("at_seq", flat=True)
        .first()
    )
    reach = ((case.at_seq if first is None else first) + 1, 1 << 62)
    seqs = events_with(case.organisation_id, Facet.DISPOSITION, words, reach, _MOST_EVENTS)
    found = KeySet()
    for row in read_rows(case.organisation_id, seqs or ()).values():
        if not row.voided:
            found = found | KeySet.from_bytes(row.epcs)
    return found
