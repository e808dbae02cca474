"""What is affected by something that is known to be bad, how sure that is, and where it is now.

Owns: putting the answer together. The rules are written down in docs/algorithms/scope.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from suyuan.capture.identities import class_names_of, identities_of
from suyuan.capture.keyspace import ClassKind
from suyuan.core.keyset import INDEX_BITS, KeySet
from suyuan.lineage.scope.amounts import amounts_of
from suyuan.lineage.scope.balances import balances
from suyuan.lineage.scope.cycles import circular
from suyuan.lineage.scope.extent import note_circles, note_whole_brand
from suyuan.lineage.scope.findings import Findings
from suyuan.lineage.scope.grades import GRADES, Trail
from suyuan.lineage.scope.groups import Shipments, joined, places
from suyuan.lineage.scope.movements import movements
from suyuan.lineage.scope.reasons import chain
from suyuan.lineage.scope.starting import begin
from suyuan.lineage.scope.walk import Walk
from suyuan.lineage.starts import Start
from suyuan.lineage.values import Certainty, FindingCode, Link, Node, Scope


def scope(*, organisation_id: int, starts: Sequence[Start]) -> Scope:
    """Return what `starts` affect, how sure that is, and where it is now."""
    findings = Findings()
    walk = Walk(organisation_id, findings)
    held = begin(walk, starts)
    walk.run()
    now, grades = joined(walk.parts)
    items = KeySet.union(walk.items)
    for seq in circular(walk.whole, _led_to(walk), walk.guessed):
        findings.note(FindingCode.CYCLE, seqs=[seq])
    _note_guesses(walk, findings)
    _note_lotless(walk, findings)
    note_circles(organisation_id, walk.parts, findings)
    note_whole_brand(organisation_id, items, findings)
    lots = _nodes(walk)
    amounts = amounts_of(organisation_id, walk.grades, findings)
    sums = balances(
        organisation_id, walk.born, [node.key for node in lots], walk.items, amounts, findings
    )
    return Scope(
        starts=list(starts),
        lots=lots,
        items=items,
        places=places(organisation_id, now, grades),
        shipments=Shipments(organisation_id, now, grades),
        certainty=_graded(walk),
        movements=movements(organisation_id, walk.grades, amounts, held),
        findings=findings.told(organisation_id),
        balances=sums,
        at_seq=now.latest,
        trail=walk.trail,
    )


def why(*, organisation_id: int, found: Scope | Sequence[Start], key: int) -> list[Link]:
    """Return the chain of events from a start to a lot or item, along its best grade.

    Args:
        organisation_id: whose events.
        found: a scope that was just computed, or the starts of one.
        key: the lot or item; the chain is empty if it is not in the scope.
    """
    if isinstance(found, Scope):
        trail = found.trail
        starts = found.starts
    else:
        trail, starts = None, found
    if not isinstance(trail, Trail):
        walk = Walk(organisation_id, Findings(), looking=False)
        begin(walk, starts)
        walk.run()
        trail = walk.trail
    return chain(organisation_id, trail, key)


def _led_to(walk: Walk) -> dict[int, KeySet]:
    """Return the items that births lead to from each lot, those declared errors included."""
    none = KeySet()
    return {lot: items | walk.withdrawn.get(lot, none) for lot, items in walk.born.items()}


def _graded(walk: Walk) -> dict[Certainty, KeySet]:
    graded = zip(GRADES, walk.items, strict=True)
    return {grade: keys for grade, keys in graded if keys or grade is Certainty.PROVEN}


def _nodes(walk: Walk) -> list[Node]:
    names = identities_of(walk.organisation_id, walk.grades)
    return [
        Node(
            key,
            names[key],
            walk.depths[key],
            len(walk.born.get(key, ())),
            GRADES[grade],
        )
        for key, grade in walk.grades.items()
        if key in names
    ]


def _note_guesses(walk: Walk, findings: Findings) -> None:
    """Note transformations that may have used an affected lot, and what is less sure for that."""
    unsure = KeySet.union(walk.items[1:])
    for lot, seq in walk.guessed:
        event = walk.transformations.get(seq)
        if event is None:
            continue
        outputs = (*event.outputs, *event.output_lots)
        units = KeySet.union([event.output_items, *(walk.born.get(o, KeySet()) for o in outputs)])
        place = min(event.places, default=-1)
        findings.note(
            FindingCode.LOT_NOT_RECORDED,
            seqs=[seq],
            units=units & unsure,
            place=place,
            since=event.time,
            until=event.time,
            lots=(lot,),
        )


def _note_lotless(walk: Walk, findings: Findings) -> None:
    """Note the transformations that made something without saying of which lot."""
    keys = {key for event in walk.transformations.values() for key in event.outputs}
    names = class_names_of(walk.organisation_id, {key >> INDEX_BITS for key in keys})
    for event in walk.transformations.values():
        bare = tuple(
            key
            for key in sorted(event.outputs)
            if names.get(key >> INDEX_BITS) == (ClassKind.OTHER, "gtin")
        )
        if bare:
            findings.note(FindingCode.OUTPUT_WITHOUT_LOT, seqs=[event.seq], lots=bare)
