"""Why something is in a scope: the chain of events from a start to it.

Owns: following a trail back, and telling each link.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from suyuan.capture.identities import identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.identifiers import Identity
from suyuan.lineage.fetch import entries_of_few
from suyuan.lineage.history import Row, happening, read_rows
from suyuan.lineage.scope.grades import GRADES, Reason, Trail
from suyuan.lineage.values import Link

_MOST_LINKS: Final = 1_000
_WORDS: Final = 1 << 16  # numbers above are keys of URIs, not of CBV words
_FROM_GOODS: Final = frozenset({"birth", "transformation", "same_class", "held"})
_BORN: Final = frozenset({Role.EPC, Role.OUTPUT})


def chain(organisation_id: int, trail: Trail, key: int) -> list[Link]:
    """Return the links from a start to `key`, the start first; none if it is not in the scope."""
    steps = [
        (target, _dated(organisation_id, target, reason)) for target, reason in _steps(trail, key)
    ]
    rows = read_rows(organisation_id, {reason.seq for _, reason in steps if reason.seq >= 0})
    wanted = {one for target, reason in steps for one in (target, reason.source) if one >= 0}
    for row in rows.values():
        wanted |= {spot for spot in (row.read_point, row.location) if spot is not None}
        wanted |= {word for word in (row.step, row.disposition) if word > _WORDS}
    names = identities_of(organisation_id, wanted)
    return [_link(target, reason, rows, names) for target, reason in steps]


def _steps(trail: Trail, key: int) -> list[tuple[int, Reason]]:
    """Return (target, reason) from a start to `key`."""
    steps: list[tuple[int, Reason]] = []
    met: set[int] = set()
    while key not in met and len(steps) < _MOST_LINKS:
        met.add(key)
        reason = trail.reason(key)
        if reason is None:
            break
        steps.append((key, reason))
        if reason.rule not in _FROM_GOODS:
            break
        if reason.rule == "held":
            start = Reason("start", reason.source, -1, 0)
            steps.append((reason.source, start))
            break
        key = reason.source
    return steps[::-1]


def _dated(organisation_id: int, target: int, reason: Reason) -> Reason:
    """Return a reason with its event: that of a birth is looked up when it is asked for."""
    if reason.rule != "birth":
        return reason
    entries = entries_of_few(organisation_id, [target, reason.source])
    named = {seq for seq, role in entries[reason.source] if role == Role.LOT}
    births = [seq for seq, role in entries[target] if seq in named and role in _BORN]
    rows = read_rows(organisation_id, births).values()
    first = min(rows, key=lambda row: (row.voided, row.time, row.seq), default=None)
    return reason if first is None else reason._replace(seq=first.seq)


def _link(
    target: int, reason: Reason, rows: Mapping[int, Row], names: Mapping[int, Identity]
) -> Link:
    source = reason.source if reason.source >= 0 else target
    row = rows.get(reason.seq)
    return Link(
        source=source,
        target=target,
        rule=reason.rule,
        certainty=GRADES[reason.grade],
        happening=None if row is None else happening(row, names),
        source_identity=names[source],
        target_identity=names[target],
    )
