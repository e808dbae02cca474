"""What the starts of a scope are about.

Owns: from starts to the lots and items that a walk begins with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

import numpy as np

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.rules import names_a_class
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import KeySet
from suyuan.lineage.fetch import entries_of_one
from suyuan.lineage.scope.grades import POSSIBLE, PROVEN, Alike, Reason
from suyuan.lineage.scope.happened import About, about, handled
from suyuan.lineage.scope.held import Load, containers_among, held_by, loads, loose
from suyuan.lineage.scope.presence import present_then
from suyuan.lineage.scope.walk import Walk
from suyuan.lineage.starts import Goods, Handling, Presence, Start, Told
from suyuan.lineage.values import FindingCode

_CLASS_ROLES: Final = frozenset(
    {
        Role.QUANTITY,
        Role.CHILD_QUANTITY,
        Role.INPUT_QUANTITY,
        Role.OUTPUT_QUANTITY,
        Role.LOT,
    }
)


def begin(walk: Walk, starts: Sequence[Start]) -> list[Load]:
    """Let a walk meet what its starts are about; return what stands in containers unnumbered."""
    goods = list(dict.fromkeys(start.key for start in starts if isinstance(start, Goods)))
    found = _goods(walk, goods)
    for start in starts:
        match start:
            case Goods():
                continue
            case Presence():
                sure, maybe = present_then(walk.organisation_id, start, walk.findings)
                walk.meet_items(sure, grade=PROVEN)
                walk.meet_items(maybe, grade=POSSIBLE)
            case Handling():
                _about(walk, handled(walk.organisation_id, start, walk.findings), "handled")
            case Told():
                seqs = np.unique(np.array(start.seqs, dtype=np.int64))
                _about(walk, about(walk.organisation_id, seqs, "told"), "told")
            case _:
                assert_never(start)
    return found


def _goods(walk: Walk, goods: Sequence[int]) -> list[Load]:
    # A key that names nothing is no goods: a scope may be asked for with any number.
    names = identities_of(walk.organisation_id, goods)
    classes = _classes(walk.organisation_id, names)
    units = [key for key in goods if key in names and key not in classes]
    for key in classes:
        walk.meet_lot(key, Reason("start", key, -1, PROVEN), grade=PROVEN)
    for key in units:
        walk.meet_items(Alike(KeySet([key]), Reason("start", key, -1, PROVEN)), grade=PROVEN)
    found: list[Load] = []
    for container in containers_among(walk.organisation_id, units):
        held, inner = held_by(walk.organisation_id, container)
        walk.meet_items(held, grade=PROVEN)
        here = loads(walk.organisation_id, container, inner)
        for load in here:
            _unnumbered(walk, load)
        found += here
    return found


def _unnumbered(walk: Walk, load: Load) -> None:
    """Let a walk meet the items that may be what a container holds without their serials."""
    items = loose(walk.organisation_id, load.lot, load.row.time, load.row.seq)
    walk.findings.note(
        FindingCode.UNNUMBERED_CONTENTS,
        seqs=[load.row.seq],
        units=items,
        lots=(load.lot,),
        amount=load.amount,
    )
    reason = Reason("held", load.container, load.row.seq, POSSIBLE)
    walk.meet_items(Alike(items, reason), grade=POSSIBLE)


def _about(walk: Walk, found: About, rule: str) -> None:
    for lot, (seq, place) in found.lots.items():
        walk.meet_lot(lot, Reason(rule, place, seq, PROVEN), grade=PROVEN)
    walk.meet_items(found.items, grade=PROVEN)


def _classes(organisation_id: int, names: Mapping[int, Identity]) -> list[int]:
    """Return the keys of those that name a class of goods rather than one unit."""
    found = []
    for key, identity in names.items():
        if names_a_class(identity):
            found.append(key)
        elif identity.scheme is Scheme.URI:
            roles = {role for _, role in entries_of_one(organisation_id, key)}
            found += [key] if roles & _CLASS_ROLES else []
    return found
