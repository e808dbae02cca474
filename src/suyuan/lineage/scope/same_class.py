"""Transformations that name an input without its lot: which lots may have gone into them.

Owns: the rule "same class" of the grades.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from suyuan.capture.identities import class_names_of, find_keys
from suyuan.capture.keyspace import ClassKind
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import INDEX_BITS
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.scope.grades import POSSIBLE, UNKNOWN
from suyuan.lineage.scope.telling import Told, tell
from suyuan.lineage.transformations import Transformation, Transformations


class Guess(NamedTuple):
    """A transformation that may have used a lot.

    Attributes:
        lot: the affected lot.
        seq: the event that names the class alone.
        grade: how likely it is.
        event: the same event as read.
    """

    lot: int
    seq: int
    grade: int
    event: Transformation


def guesses(organisation_id: int, lots: Sequence[int]) -> list[Guess]:
    """Return the transformations that may have used `lots`, without saying so."""
    gtins = _gtins(organisation_id, lots)
    identities = [Identity(Scheme.GTIN, gtin) for gtin in sorted(set(gtins.values()))]
    classes = {one.primary: key for one, key in find_keys(organisation_id, identities).items()}
    wanted = np.array(sorted(classes.values()), dtype=np.int64)
    told = tell(organisation_id, entries_of(organisation_id, wanted))
    facts = told.facts
    used = told.only(
        (told.roles == Role.INPUT_QUANTITY)
        & (facts.types[told.at] == EventType.TransformationEvent)
    )
    if not used.keys.size:
        return []
    read = Transformations(organisation_id).read(np.unique(used.seqs).tolist())
    inputs = {key for events in read.values() for one in events for key in one.inputs}
    named = _gtins(organisation_id, sorted(inputs))
    about = tell(organisation_id, entries_of(organisation_id, np.array(sorted(gtins))))
    found: list[Guess] = []
    for key, seq in zip(used.keys.tolist(), used.seqs.tolist(), strict=True):
        gtin = next(gtin for gtin, one in classes.items() if one == key)
        events = read[seq]
        if any(named.get(one) == gtin for event in events for one in event.inputs):
            continue
        event = next(one for one in events if one.seq == seq)
        for lot in (lot for lot, of in gtins.items() if of == gtin):
            grade = _grade(about, lot, event)
            if grade is not None:
                found.append(Guess(lot, seq, grade, event))
    return found


def _gtins(organisation_id: int, keys: Sequence[int]) -> dict[int, str]:
    """Return the GTIN of each key that is a lot of a product."""
    names = class_names_of(organisation_id, {key >> INDEX_BITS for key in keys})
    found = {}
    for key in keys:
        kind, stem = names.get(key >> INDEX_BITS, (None, ""))
        if kind is ClassKind.LOT:
            found[key] = stem
    return found


def _grade(about: Told, lot: int, event: Transformation) -> int | None:
    """Return how likely it is that an event used a lot, None if it was before there was any."""
    low, high = np.searchsorted(about.keys, [lot, lot + 1])
    at = about.at[low:high][about.times[low:high] <= event.time]
    if not at.size:
        return None
    if not event.places:
        return POSSIBLE
    ours = np.array(sorted(event.places))
    read_points, locations = about.facts.read_points[at], about.facts.locations[at]
    near = np.isin(read_points, ours) | np.isin(locations, ours)
    nowhere = (read_points < 0) & (locations < 0)
    return POSSIBLE if np.any(near | nowhere) else UNKNOWN
