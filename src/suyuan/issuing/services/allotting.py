"""Claim an order's codes for labels, and give a claim back.

Owns: `Allotment` rows.
Invariant: two claims share a position only where the later one says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.db import transaction

from suyuan.issuing import selectors
from suyuan.issuing.counters import hold
from suyuan.issuing.errors import AlreadyAllotted
from suyuan.issuing.models import Allotment, AllotmentKind, CodeOrder
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.masterdata.rules import Text
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

type Kind = Literal["print", "package", "set"]

_RIGHTS: Final = {
    AllotmentKind.PRINT: Right.LABELS_PRINT,
    AllotmentKind.PACKAGE: Right.CODES_DOWNLOAD,
    AllotmentKind.SET: Right.CODES_ORDER,
}
_REFERENCE: Final = Text(40, required=True)
_WHY: Final = Text(200)


def allot(
    *,
    actor: Actor,
    order_number: str,
    first: int,
    count: int,
    kind: Kind,
    reference: str,
    again: str = "",
    within: str = "",
) -> Allotment:
    """Claim codes of an order for labels.

    The same claim again, by the same reference, returns the first outcome. Codes in the range that
    were withdrawn get no label: `selectors.withdrawn` names them.

    Args:
        actor: Who acts.
        order_number: The order.
        first: Position within the order, from 0.
        count: How many from there.
        kind: What the labels are made by.
        reference: Number of the job, the package or the sets, up to 40 characters.
        again: Why codes that are on labels already get new ones; empty for first labels. The
            claim's `copy` then is one more than the highest before.
        within: Number of the sets whose labels these are: their own claim does not stand in the
            way.

    Raises:
        Forbidden: without `labels.print`, `codes.download` or `codes.order`, by kind.
        NotFound: no such order in the organisation.
        Invalid: `allotment_range`, and what is wrong with the texts.
        AlreadyAllotted: with the first, count and reference of the earlier claim.
    """
    which = AllotmentKind(kind)
    actor.require(_RIGHTS[which])
    name = _REFERENCE.check(reference, "reference")
    why = _WHY.check(again, "again")
    with transaction.atomic():
        order = hold(selectors.get_order(actor.organisation_id, order_number))
        if first < 0 or count < 1 or first + count > order.count:
            raise Invalid("allotment_range", place="count", first=first, order_count=order.count)
        met = selectors.overlapping(order, first, first + count)
        for row in met:
            if (row.kind, row.reference, row.first, row.count) == (which, name, first, count):
                return row
        copy = _copy(which, met, within=within, again=why)
        claim = _Claim(order, first, count, which, name, why, copy)
        return _write(actor, claim)


@dataclass(frozen=True, slots=True)
class _Claim:
    order: CodeOrder
    first: int
    count: int
    kind: AllotmentKind
    reference: str
    again: str
    labels: int  # which ones: 1 for the first, 0 for sets without any yet


def _copy(kind: AllotmentKind, met: list[Allotment], *, within: str, again: str) -> int:
    """Return which labels of these codes they are: 1 for the first ones.

    Raises:
        AlreadyAllotted: there are some, and nobody says why there should be more.
    """
    others = [
        row
        for row in met
        if not (within and row.kind == AllotmentKind.SET and row.reference == within)
    ]
    if others and not again:
        earlier = others[0]
        raise AlreadyAllotted(
            place="first",
            first=earlier.first,
            count=earlier.count,
            reference=earlier.reference,
        )
    own = 0 if kind is AllotmentKind.SET else 1
    return max((row.copy for row in others), default=0) + own


def _write(actor: Actor, claim: _Claim) -> Allotment:
    order = claim.order
    row = Allotment(
        organisation=actor.organisation,
        order_id=order.id,
        first=claim.first,
        count=claim.count,
        kind=claim.kind,
        reference=claim.reference,
        copy=claim.labels,
        again=claim.again,
        created_at=clock.now(),
        created_by=actor.name,
    )
    row.save(force_insert=True)
    actor.audit(
        "codes.allot",
        kind="code_order",
        object_id=order.number,
        changes={
            "allotted": [None, f"{claim.first}+{claim.count}"],
            "reference": [None, claim.reference],
            "copy": [None, claim.labels],
            **({"again": [None, claim.again]} if claim.again else {}),
        },
    )
    return row


def release_allotment(*, actor: Actor, reference: str, why: str, kept: int = 0) -> None:
    """Give back the claims of a job, package or sets whose labels were not made.

    Args:
        actor: Who acts.
        reference: What claimed.
        why: Why it was given back.
        kept: So many codes, from the first, did get their labels; their claim stays.

    Raises:
        Forbidden: as for `allot`.
        NotFound: nothing is claimed under this reference.
    """
    reason = _WHY.check(why, "why")
    with transaction.atomic():
        rows = [
            row
            for row in selectors.allotment_of(actor.organisation_id, reference)
            if row.released_at is None
        ]
        if not rows:
            raise NotFound(kind="allotment")
        for row in rows:
            actor.require(_RIGHTS[AllotmentKind(row.kind)])
            hold(row.order)
            done, kept = min(kept, row.count), max(0, kept - row.count)
            if done == row.count:
                continue
            _release(actor, row, done, reason)


def _release(actor: Actor, row: Allotment, kept: int, why: str) -> None:
    before = f"{row.first}+{row.count}"
    if kept:
        row.count = kept
    else:
        row.released_at, row.released_by, row.released_why = clock.now(), actor.name, why
    row.save()
    actor.audit(
        "codes.release",
        kind="code_order",
        object_id=row.order.number,
        changes={
            "allotted": [before, f"{row.first}+{kept}" if kept else None],
            "reference": [row.reference, row.reference if kept else None],
            "why": [None, why],
        },
    )
