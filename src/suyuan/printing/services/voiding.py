"""Make labels void, and print them again.

Owns: which labels may become void, and what follows.
Invariant: all that was named becomes void, or nothing does, and every code that stands in the way
is named with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from pyroaring import BitMap

from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.counters import hold
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.numbers import sscc
from suyuan.issuing.services import withdraw_codes
from suyuan.kernel.errors import Invalid
from suyuan.labels import selectors as labels
from suyuan.masterdata.rules import Choice
from suyuan.printing import codes, selectors, standing
from suyuan.printing.content import plan_of, plan_of_job
from suyuan.printing.errors import LabelsRefused, NothingToReprint
from suyuan.printing.models import After, LabelVoid, PrintJob, VoidReason
from suyuan.printing.services import creating
from suyuan.printing.services.planning import planned
from suyuan.printing.services.records import write_void
from suyuan.printing.values import ListedCodes, Output
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_NAMED = 100  # codes that a refusal names


@dataclass(frozen=True, slots=True)
class Voided:
    """What became void.

    Attributes:
        rows: a record for each job whose labels they were.
        count: labels.
        withdrawn: codes that were withdrawn with them.
    """

    rows: tuple[LabelVoid, ...]
    count: int
    withdrawn: int


def void_labels(
    *,
    actor: Actor,
    order_number: str,
    texts: Sequence[str] = (),
    first: int | None = None,
    count: int | None = None,
    reason: str,
    note: str = "",
    after: str = After.REPRINT.value,
    request_key: str = "",
) -> Voided:
    """Make standing labels of an order void.

    A repeated `request_key` returns the first call's outcome.

    Args:
        actor: Who acts.
        order_number: The code order whose labels they are.
        texts: Their codes as scanned, bare serials, SSCCs, or `serial..serial`.
        first: Or a range: position within the order, from 0.
        count: How many codes from there.
        reason: One of `VoidReason`.
        note: For colleagues; up to 200 characters.
        after: One of `After`: print the same codes again, or withdraw them.
        request_key: Chosen by the caller, up to 80 characters.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such order in the organisation.
        Invalid: `codes_required`, `codes_at_once`, `too_many_stretches`, `print_range`.
        LabelsRefused: codes of another order, never printed, void already, or units that cannot
            be withdrawn; nothing is void then.
        AlreadyActive: codes to withdraw that are on goods.
    """
    actor.require(Right.LABELS_PRINT)
    key = creating.REQUEST_KEY.check(request_key, "request_key")
    why = VoidReason(Choice(VoidReason.values).check(reason, "reason"))
    then = After(Choice(After.values).check(after, "after"))
    remark = creating.NOTE.check(note, "note")
    with transaction.atomic():
        order = hold(issuing.get_order(actor.organisation_id, order_number))
        if key and (rows := _rows_of_request(actor, order, key)):
            return _outcome(rows)
        named = _named(order, texts, first, count)
        found = _standing(order, named, withdraw=then == After.WITHDRAW)
        rows = [
            write_void(actor, labels_of_job, reason=why, note=remark, after=then, request_key=key)
            for labels_of_job in found
        ]
        if then == After.WITHDRAW:
            withdraw_codes(
                actor=actor,
                order_number=order.number,
                positions=named.items,
                reason=remark or why.value,
                reference=found[0].job.number,
            )
    return _outcome(rows)


def _rows_of_request(actor: Actor, order: CodeOrder, key: str) -> list[LabelVoid]:
    rows = LabelVoid.objects.filter(
        organisation_id=actor.organisation_id, request_key=key, order_id=order.id
    )
    return list(rows.select_related("job"))


def _outcome(rows: Sequence[LabelVoid]) -> Voided:
    total = sum(row.count for row in rows)
    gone = sum(row.count for row in rows if row.after == After.WITHDRAW)
    return Voided(tuple(rows), total, gone)


def _named(
    order: CodeOrder, texts: Sequence[str], first: int | None, count: int | None
) -> codes.Named:
    if first is None:
        return codes.only_named(order, texts)
    size = 1 if count is None else count
    if first < 0 or size < 1 or first + size > order.count:
        raise Invalid("print_range", place="first", order_count=order.count)
    named = codes.only_named(order, texts) if texts else codes.Named()
    named.items |= positions.of_ranges([(first, first + size)])
    return named


def _standing(order: CodeOrder, named: codes.Named, *, withdraw: bool) -> list[standing.Labels]:
    """Return the standing labels that were named, by job.

    Raises:
        LabelsRefused: some of what was named has none.
    """
    if withdraw and named.units:
        raise LabelsRefused(_refused_units(named, "unit_not_withdrawable"))
    found: list[standing.Labels] = []
    left = BitMap(named.items)
    units_left = {key: BitMap(units) for key, (_, units) in named.units.items()}
    for job in standing.jobs_of(order):
        plan = plan_of_job(job)
        key = (plan.prefix, plan.first_number) if plan else ("", 0)
        mine = standing.standing(job).among(left, units_left.get(key, BitMap()))
        if mine:
            found.append(mine)
            left -= mine.items
            if key in units_left:
                units_left[key] -= mine.units
    for key, (row, _units) in list(named.units.items()):
        named.units[key] = (row, units_left[key])
    if left or any(units for units in units_left.values()):
        raise LabelsRefused(
            _refused_items(order, left) + _refused_units(named, "label_not_standing")
        )
    return found


def _refused_items(order: CodeOrder, items: BitMap) -> list[dict[str, str]]:
    """Name codes without a standing label: never printed, or void already."""
    void = BitMap()
    for job in standing.jobs_of(order):
        void |= standing.void(job).items
    refused = []
    for position in items[:_NAMED]:
        serial = issuing.serials(order, first=position)[0]
        reason = "label_void_already" if position in void else "label_not_printed"
        refused.append({"given": serial, "reason": reason})
    more = len(items) - len(refused)
    return refused + [{"given": "", "reason": "label_not_printed"}] * min(more, _NAMED)


def _refused_units(named: codes.Named, reason: str) -> list[dict[str, str]]:
    return [
        {"given": sscc(plan_of(row).prefix, row.first_number + unit), "reason": reason}
        for row, units in named.units.values()
        for unit in units[:_NAMED]
    ]


def reprint_void(
    *,
    actor: Actor,
    number: str,
    output: Output,
    template: str = "",
    request_key: str = "",
) -> PrintJob:
    """Print the void labels of a job again that wait for it: the same codes, a new job.

    Args:
        actor: Who acts.
        number: The job whose labels are void.
        output: Where the new ones go.
        template: Number of another template; empty takes the job's own version.
        request_key: Chosen by the caller, up to 80 characters.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such job, template or printer in the organisation.
        NothingToReprint: no void label of the job waits to be printed again.
    """
    actor.require(Right.LABELS_PRINT)
    key = creating.REQUEST_KEY.check(request_key, "request_key")
    if (first := selectors.job_of_request(actor.organisation_id, key)) is not None:
        return first
    with transaction.atomic():
        old = selectors.get_job(actor.organisation_id, number)
        order = hold(old.order)
        waiting = selectors.awaiting(old)
        if not waiting:
            raise NothingToReprint(number=old.number)
        voids = [row for row in selectors.voids(old) if row.after == After.REPRINT]
        chosen = labels.get_template(actor.organisation_id, template) if template else old.template
        named = codes.Named(items=waiting.items)
        if waiting.units and (plan := old.set_plan or old.packing):
            named.units[(plan.prefix, plan.first_number)] = (plan, waiting.units)
        job = planned(actor, order=order, template=chosen, wanted=named, output=output)
        job.note, job.request_key = old.note, key
        job.again = voids[0].note or voids[0].reason
        creating.store(actor, job)
        for row in voids:
            if row.reprint_id is None and _meets(row, waiting):
                LabelVoid.objects.filter(organisation_id=row.organisation_id, id=row.id).update(
                    reprint_id=job.id
                )
    return job


def _meets(row: LabelVoid, waiting: standing.Labels) -> bool:
    items, units = positions.read(row.items), positions.read(row.units)
    return bool(items & waiting.items) or bool(units & waiting.units)


def reprint_labels(
    *,
    actor: Actor,
    order_number: str,
    texts: Sequence[str],
    reason: str,
    note: str = "",
    template: str,
    output: Output,
    request_key: str = "",
) -> PrintJob:
    """Print listed codes again; their standing labels become void.

    It takes codes that a print house printed as well as those of jobs here.

    Raises:
        As `creating.create_job`.
    """
    actor.require(Right.LABELS_PRINT)
    why = VoidReason(Choice(VoidReason.values).check(reason, "reason"))
    return creating.create_job(
        actor=actor,
        order_number=order_number,
        template=template,
        wanted=ListedCodes(tuple(texts)),
        output=output,
        again=note or why.value,
        reason=why,
        request_key=request_key,
    )
