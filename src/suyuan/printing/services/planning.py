"""From what somebody asks for to a job's row, not stored yet.

Owns: which labels a request means, whether the template and the output can take them.
"""

from __future__ import annotations

from typing import Final

from pyroaring import BitMap

from suyuan.core.labels.design import Design, Roll, Sheet
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder, Packing, SetPlan
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.labels.models import LabelTemplateVersion
from suyuan.printing import codes, selectors
from suyuan.printing.content import shows_tags, whole_sequence
from suyuan.printing.errors import PrinterInactive
from suyuan.printing.models import Form, PrinterKind, PrintJob, Source, Tier
from suyuan.printing.sequence import Sequence
from suyuan.printing.values import (
    DPIS,
    LABEL_LIMIT,
    PDF_LIMIT,
    ListedCodes,
    OrderRange,
    Output,
    PackingLabels,
    SetLabels,
    Wanted,
)
from suyuan.rfid import selectors as rfid
from suyuan.tenancy.actor import Actor

# What a code on a label for an item, and for a unit, can bear.
_FOR_ITEMS: Final = frozenset({"link", "elements", "inner", "inner_link", "epc"})
_FOR_UNITS: Final = frozenset({"link", "sscc"})
_HIDDEN: Final = frozenset({"inner", "inner_link"})


def planned(
    actor: Actor,
    *,
    order: CodeOrder,
    template: LabelTemplateVersion,
    wanted: Wanted | codes.Named,
    output: Output,
) -> PrintJob:
    """Return the row of a job that is not stored: no number, nothing claimed.

    Raises:
        NotFound: no such sets, packed part or printer.
        Invalid: `print_range`, `print_nothing_left`, `print_nothing`, `print_too_many`,
            `print_tier`, `sheet_offset`, `print_form`, `print_dpi`, `template_content`, and what
            `codes.only_named` raises.
        LabelsRefused: a listed code is not one of the order's.
        PrinterInactive: see there.
    """
    job = PrintJob(
        organisation=actor.organisation,
        order=order,
        order_id=order.id,
        template=template,
        template_id=template.id,
        created_at=clock.now(),
        created_by=actor.name,
        run_by=actor.name,
    )
    _put_source(job, order, wanted)
    whole = whole_sequence(job)
    gone = _places_gone(whole, job, issuing.withdrawn(order) if order.withdrawn_count else None)
    job.gone = positions.write(gone)
    job.total = whole.total - len(gone)
    _put_output(job, output)
    if job.total < 1:
        raise Invalid("print_nothing", place="count")
    limit = PDF_LIMIT if job.form == Form.PDF else LABEL_LIMIT
    if job.total > limit:
        raise Invalid("print_too_many", place="count", given=job.total, limit=limit)
    _check_template(job, template.design, whole)
    return job


def _put_source(job: PrintJob, order: CodeOrder, wanted: Wanted | codes.Named) -> None:
    match wanted:
        case OrderRange(first, count):
            job.source = Source.ORDER
            job.first, job.count = _range(order, first, count)
        case SetLabels(number, tier):
            job.source = Source.SET
            plan = issuing.get_set(order.organisation_id, number)
            if plan.order_id != order.id or plan.cancelled_at is not None:
                raise NotFound(kind="set_plan")
            if tier and tier not in Tier.values:
                raise Invalid("print_tier", place="tier", given=tier)
            _put_plan(job, plan, tier)
        case PackingLabels(first, tier):
            job.source = Source.PACKING
            if tier not in {Tier.CASES, Tier.PALLETS}:
                raise Invalid("print_tier", place="tier", given=tier)
            rows = [row for row in issuing.packings(order) if row.first == first]
            if not rows:
                raise NotFound(kind="packing")
            _put_plan(job, rows[0], tier)
        case ListedCodes(texts):
            _put_listed(job, codes.only_named(order, list(texts)))
        case codes.Named():
            _put_listed(job, wanted)


def _range(order: CodeOrder, first: int | None, count: int | None) -> tuple[int, int]:
    """Return first and count; what is left open becomes the first free stretch."""
    if first is None:
        free = issuing.unallotted_ranges(order)
        if not free:
            raise Invalid("print_nothing_left", place="first", order=order.number)
        first, end = free[0]
        count = min(count, end - first) if count is not None else end - first
    elif count is None:
        count = order.count - first
    if first < 0 or count < 1 or first + count > order.count:
        raise Invalid("print_range", place="count", order_count=order.count)
    return first, count


def _put_plan(job: PrintJob, plan: SetPlan | Packing, tier: str) -> None:
    if isinstance(plan, SetPlan):
        job.set_plan, job.set_plan_id = plan, plan.id
    else:
        job.packing, job.packing_id = plan, plan.id
    job.tier, job.first, job.count = tier, plan.first, plan.count


def _put_listed(job: PrintJob, named: codes.Named) -> None:
    """Let a job print what was named.

    Raises:
        Invalid: `several_plans` where units of more than one plan were named.
    """
    if len(named.units) > 1:
        raise Invalid("several_plans", place="codes")
    job.source = Source.LISTED
    units = BitMap()
    for plan, chosen in named.units.values():
        _put_plan(job, plan, "")
        units = chosen
    if named.items:
        job.first = named.items.min()
        job.count = named.items.max() - named.items.min() + 1
    job.items, job.units = positions.write(named.items), positions.write(units)


def _places_gone(whole: Sequence, job: PrintJob, withdrawn: BitMap | None) -> BitMap:
    """Return the places of labels that make no sense any more: of withdrawn codes.

    A case or pallet of which every item was withdrawn goes with them.
    """
    gone = BitMap()
    if not withdrawn:
        return gone
    within = withdrawn & whole.items(0, whole.total)
    gone.update(place for item in within if (place := whole.place_of_item(item)) is not None)
    plan = job.set_plan
    if plan is None or job.source != Source.SET:
        return gone
    lost = withdrawn & positions.of_ranges([(plan.first, plan.end)])
    empty_cases = _empty(lost, plan.first, plan.per_case, plan.end)
    units = set(empty_cases)
    if plan.per_pallet:
        held = plan.per_case * plan.per_pallet
        units |= {plan.cases + at for at in _empty(lost, plan.first, held, plan.end)}
    gone.update(place for unit in units if (place := whole.place_of_unit(unit)) is not None)
    return gone


def _empty(lost: BitMap, first: int, size: int, end: int) -> set[int]:
    """Return the groups of `size` positions from `first` of which every one is lost."""
    touched = {(at - first) // size for at in lost}
    return {
        group
        for group in touched
        if positions.within(lost, first + group * size, min(first + (group + 1) * size, end))
        == min(size, end - first - group * size)
    }


def _put_output(job: PrintJob, output: Output) -> None:
    if output.printer:
        printer = selectors.get_printer(job.organisation_id, output.printer)
        if not printer.active:
            raise PrinterInactive(place="printer", printer=printer.code)
        job.printer, job.printer_id = printer, printer.id
        job.form, job.dpi = printer.kind, printer.dpi
        job.rfid = printer.rfid and printer.kind == PrinterKind.ZPL
    else:
        if output.form not in Form.values:
            raise Invalid("print_form", place="form", given=output.form)
        if output.dpi not in DPIS:
            raise Invalid("print_dpi", place="dpi", given=output.dpi)
        job.form, job.dpi = output.form, output.dpi
        job.rfid = output.tags and output.form == Form.ZPL
    sheet = job.template.sheet
    most = sheet.per_page - 1 if isinstance(sheet, Sheet) and job.form == Form.PDF else 0
    if not 0 <= output.offset <= most:
        raise Invalid("sheet_offset", place="offset", most=most)
    job.sheet_offset = output.offset


def _check_template(job: PrintJob, design: Design, whole: Sequence) -> None:
    """Refuse a design that wants what some of the labels do not have.

    Raises:
        Invalid: `template_content` with the content that is missing; `tags_incomplete`.
    """
    items = whole.items(0, whole.total)
    can = _FOR_ITEMS | _FOR_UNITS
    if whole.units(0, whole.total):
        can &= _FOR_UNITS
    if items:
        can &= _FOR_ITEMS
        if not job.order.product.has_inner_codes:
            can -= _HIDDEN
    if missing := sorted(design.contents - can):
        raise Invalid("template_content", place="template", content=missing[0])
    untagged = items - _tagged(job.order) if items else BitMap()
    only_items = not whole.units(0, whole.total)
    job.rfid = job.rfid and only_items and len(untagged) < len(items)
    if job.rfid and job.template.sheet.per_page > 1 and isinstance(job.template.sheet, Roll):
        raise Invalid("paper_rfid", place="template")
    if untagged and (job.rfid or shows_tags(design)):
        raise Invalid("tags_incomplete", place="template", count=len(untagged))


def _tagged(order: CodeOrder) -> BitMap:
    return positions.of_ranges((row.first, row.end) for row in rfid.ranges_of_order(order))
