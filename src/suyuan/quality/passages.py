"""At which places items have been, for many items at once.

Owns: what counts as having been at a place (a stay there, or setting out from there), the sample
of a large set.
Does not own: stays (lineage.stays).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

import numpy as np

from suyuan.core.keyset import Keys, KeySet
from suyuan.lineage.alike import Alike, alike
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.stays import Stays, stays_of

MOST: Final = 100_000
_SEED: Final = 20_260_301  # the same question has the same answer


@dataclass(frozen=True, slots=True)
class Passage:
    """One item was at one place.

    Attributes:
        item: its key.
        place: the place's key.
        since: when it came, microseconds since 1970.
        until: when it left; its coming, if it is still there.
    """

    item: int
    place: int
    since: int
    until: int


def sample_of(items: KeySet, most: int = MOST) -> Keys:
    """Return at most `most` of the items, each as likely as any other; always the same ones."""
    keys = items.to_array()
    if keys.size <= most:
        return keys
    chosen = random.Random(_SEED).sample(range(keys.size), most)  # noqa: S311 - a sample, no secret
    return keys[np.sort(np.array(chosen, dtype=np.int64))]


def _known(organisation_id: int, items: Keys) -> tuple[Alike, Stays]:
    groups = alike(entries_of(organisation_id, items))
    stays = stays_of(organisation_id, groups)
    return groups, stays.only(stays.places >= 0)


def counts_by_place(organisation_id: int, items: Keys) -> dict[int, int]:
    """Return how many of `items` (ascending, distinct) have been at each place."""
    if not items.size:
        return {}
    groups, stays = _known(organisation_id, items)
    pairs = np.unique(np.stack((stays.groups, stays.places), axis=1), axis=0)
    places, inverse = np.unique(pairs[:, 1], return_inverse=True)
    counts = np.zeros(places.size, dtype=np.int64)
    np.add.at(counts, inverse.reshape(-1), groups.counts[pairs[:, 0]])
    return dict(zip(places.tolist(), counts.tolist(), strict=True))


def passages_of(organisation_id: int, items: Keys) -> list[Passage]:
    """Return where each of `items` (ascending, distinct; hundreds of them) has been."""
    if not items.size:
        return []
    groups, stays = _known(organisation_id, items)
    until = np.where(stays.until >= 0, stays.until, stays.since)
    rows = zip(
        *(one.tolist() for one in (stays.groups, stays.places, stays.since, until)), strict=True
    )
    by_group: dict[int, list[tuple[int, int, int]]] = {}
    for group, place, since, left in rows:
        by_group.setdefault(group, []).append((place, since, left))
    return [
        Passage(item, *one)
        for item, group in zip(groups.items.tolist(), groups.group.tolist(), strict=True)
        for one in by_group.get(group, ())
    ]
