"""Draw what a drill begins with: at random, the recent rather than the old, and repeatably.

Owns: the candidates, their weights, the draw.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from suyuan.capture import identities
from suyuan.core.identifiers import Identity
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.recalls.errors import NothingToDraw
from suyuan.recalls.models import DrillSample

MOST_CANDIDATES: Final = 500
HALF_LIFE_DAYS: Final = 30.0  # a lot that is so much older is drawn half as often
_LEAST_WEIGHT: Final = 0.001


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn.

    Attributes:
        start: canonical text of what people are told.
        begins: canonical texts of what the recall begins with: of an item, its lot.
        drawn_from: how many candidates there were.
    """

    start: str
    begins: tuple[str, ...]
    drawn_from: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    identity: Identity
    key: int
    day: date


def draw(organisation_id: int, sample: DrillSample, seed: int) -> Draw:
    """Draw a start. The same seed over the same lots gives the same one.

    Raises:
        NothingToDraw: no event names a lot of that kind yet.
    """
    candidates = _known(organisation_id, _DAYS[sample](organisation_id))
    if not candidates:
        raise NothingToDraw(sample=sample.value)
    chance = random.Random(seed)  # noqa: S311 - it must be repeatable, not secret
    if sample is not DrillSample.ITEM:
        found = chance.choices(candidates, _weights(candidates))[0]
        text = found.identity.digital_link()
        return Draw(text, (text,), len(candidates))
    rest = list(candidates)
    while rest:
        found = chance.choices(rest, _weights(rest))[0]
        items = lineage.lot_items(organisation_id=organisation_id, key=found.key)
        if items:
            key = int(items.to_array()[chance.randrange(len(items))])
            item = identities.identity_of(organisation_id, key).digital_link()
            return Draw(item, (found.identity.digital_link(),), len(candidates))
        rest.remove(found)
    raise NothingToDraw(sample=sample.value)


def _known(organisation_id: int, days: Sequence[tuple[Identity, date]]) -> list[_Candidate]:
    """Return those that events name, in a fixed order."""
    keys = identities.find_keys(organisation_id, [identity for identity, _ in days])
    found = [_Candidate(one, keys[one], day) for one, day in days if one in keys]
    return sorted(found, key=lambda one: (one.day, one.identity.primary, one.identity.secondary))


def _weights(candidates: Sequence[_Candidate]) -> list[float]:
    newest = max(one.day for one in candidates)
    ages = [(newest - one.day).days for one in candidates]
    return [max(_LEAST_WEIGHT, 0.5 ** (age / HALF_LIFE_DAYS)) for age in ages]


def _lots(organisation_id: int) -> list[tuple[Identity, date]]:
    rows = masterdata.list_lots(organisation_id)[:MOST_CANDIDATES]
    return [(row.identity, row.produced_on) for row in rows]


def _material_lots(organisation_id: int) -> list[tuple[Identity, date]]:
    rows = masterdata.list_material_lots(organisation_id)[:MOST_CANDIDATES]
    return [(row.identity, row.received_on or row.created_at.date()) for row in rows]


_DAYS: Final[Mapping[DrillSample, Callable[[int], list[tuple[Identity, date]]]]] = {
    DrillSample.LOT: _lots,
    DrillSample.MATERIAL_LOT: _material_lots,
    DrillSample.ITEM: _lots,
}
