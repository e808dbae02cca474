"""Make a printing job: claim its codes, then leave it to the background.

Owns: the rows of new jobs and their claims.
Invariant: a job and its claims are stored in one transaction; of two that want the same codes at
the same moment one is refused, and learns who was faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from pyroaring import BitMap

from suyuan.core.labels.fields import JobData, LabelData
from suyuan.issuing import positions
from suyuan.issuing import selectors as issuing
from suyuan.issuing.counters import hold
from suyuan.issuing.errors import AlreadyAllotted
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.services import allot
from suyuan.kernel.errors import Invalid
from suyuan.labels import selectors as labels
from suyuan.labels.errors import TemplateArchived
from suyuan.masterdata.rules import Text
from suyuan.printing import selectors, standing, tasks
from suyuan.printing.content import Filler, plan_of_job, sequence_of
from suyuan.printing.errors import AlreadyPrinted, LabelsToCome
from suyuan.printing.models import Form, PrintJob, Source, Tier, UnitClaim, VoidReason
from suyuan.printing.services.planning import planned
from suyuan.printing.services.records import write_void
from suyuan.printing.values import Output, SetLabels, Wanted
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

NOTE: Final = Text(200)
REQUEST_KEY: Final = Text(80)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a job would be, before anything is claimed.

    Attributes:
        job: its row, not stored.
        first_label: the values of its first label.
        job_data: those that all its labels share.
        pages: sheets, or rows of a roll, that it takes; 0 for a table.
        taken: claims of others on its codes: printing needs a reason.
    """

    job: PrintJob
    first_label: LabelData
    job_data: JobData
    pages: int
    taken: tuple[AlreadyPrinted, ...]


def preview_job(
    *,
    actor: Actor,
    order_number: str,
    template: str,
    wanted: Wanted,
    output: Output,
    version: int | None = None,
    note: str = "",
) -> Preview:
    """Say what a job would print; nothing is stored, nothing is claimed.

    Raises:
        As `create_job`, but for codes that are on labels already, which it tells.
    """
    actor.require(Right.LABELS_PRINT)
    order = issuing.get_order(actor.organisation_id, order_number)
    chosen = labels.get_template(actor.organisation_id, template, version)
    job = planned(actor, order=order, template=chosen, wanted=wanted, output=output)
    job.note = NOTE.check(note, "note")
    filler = Filler(job)
    return Preview(
        job=job,
        first_label=next(filler.labels(0, 1)),
        job_data=filler.job,
        pages=selectors.pages_of(job),
        taken=tuple(_taken(order, job)),
    )


def create_job(
    *,
    actor: Actor,
    order_number: str,
    template: str,
    wanted: Wanted,
    output: Output,
    version: int | None = None,
    note: str = "",
    again: str = "",
    reason: VoidReason = VoidReason.OTHER,
    request_key: str = "",
) -> PrintJob:
    """Make a printing job; it begins in the background.

    A repeated `request_key` returns the first call's job, whatever else it says.

    Args:
        actor: Who acts.
        order_number: The code order whose labels they are.
        template: Number of the label template.
        wanted: Which labels.
        output: Where they go.
        version: Of the template; None takes the newest.
        note: What `{note}` says on the labels.
        again: Why codes that are on labels already get new ones; the old labels become void.
        reason: Why those are void, as a code.
        request_key: Chosen by the caller, up to 80 characters.

    Raises:
        Forbidden: without `labels.print`; without `codes.download` for a table of codes.
        NotFound: no such order, template, sets or printer in the organisation.
        Invalid: see `planning.planned`; `reason_required` for listed codes without a reason.
        AlreadyPrinted: some codes are on labels; with numbers, job, person and time.
        TemplateArchived, PrinterInactive, LabelsRefused: see there.
    """
    actor.require(Right.LABELS_PRINT)
    key = REQUEST_KEY.check(request_key, "request_key")
    if (first := selectors.job_of_request(actor.organisation_id, key)) is not None:
        return first
    why, remark = NOTE.check(again, "again"), NOTE.check(note, "note")
    chosen = labels.get_template(actor.organisation_id, template, version)
    if chosen.template.archived_at is not None:
        raise TemplateArchived(place="template", number=chosen.number)
    try:
        with transaction.atomic():
            order = hold(issuing.get_order(actor.organisation_id, order_number))
            job = planned(actor, order=order, template=chosen, wanted=wanted, output=output)
            if job.source == Source.LISTED and not why:
                raise Invalid("reason_required", place="again")
            job.note, job.again, job.request_key = remark, why, key
            within = wanted.number if isinstance(wanted, SetLabels) else ""
            store(actor, job, within=within)
            if why:
                _void_older(actor, job, reason, why)
    except IntegrityError:
        # The same request, sent twice at once: the other one has won.
        if (first := selectors.job_of_request(actor.organisation_id, key)) is not None:
            return first
        raise
    return job


def store(actor: Actor, job: PrintJob, *, within: str = "") -> None:
    """Number a planned job, claim its codes and units, store it, and let it begin.

    Raises:
        Forbidden: a table of codes without `codes.download`.
        AlreadyPrinted: some are claimed, and `job.again` does not say why they are to be again.
    """
    if job.form == Form.CSV:
        actor.require(Right.CODES_DOWNLOAD)
    job.number = yearly_number(organisation_id=actor.organisation_id, prefix="PJ", series="print")
    _claim_items(actor, job, within)
    tiers = _claimed_tiers(job)
    if tiers:
        job.copy = max(job.copy, *(_next_copy(job, tier) for tier in tiers))
    job.save(force_insert=True)
    _claim_units(job, tiers)
    actor.audit(
        "labels.print",
        kind="print_job",
        object_id=job.number,
        changes={
            "order": [None, job.order.number],
            "template": [None, f"{job.template.number} v{job.template.version}"],
            "labels": [None, job.total],
            "to": [None, job.printer.code if job.printer else job.form],
            **({"again": [None, job.again]} if job.again else {}),
        },
    )
    tasks.begin(job)


def _claim_items(actor: Actor, job: PrintJob, within: str) -> None:
    items = sequence_of(job).items(0, job.total)
    # A range is claimed as it was asked for; the codes withdrawn in it get no label anyway.
    runs = [(job.first, job.first + job.count)] if job.source != Source.LISTED and items else None
    for first, end in runs or positions.runs(items):
        try:
            claim = allot(
                actor=actor,
                order_number=job.order.number,
                first=first,
                count=end - first,
                kind="print",
                reference=job.number,
                again=job.again,
                within=within,
            )
        except AlreadyAllotted as error:
            raise _named(job.order, str(error.data["reference"]), error.data) from error
        job.copy = max(job.copy, claim.copy)


def _named(order: CodeOrder, reference: str, data: dict[str, object]) -> AlreadyPrinted:
    """Say of a claim by whom and when it was made."""
    claims = issuing.allotment_of(order.organisation_id, reference)
    claim = next((row for row in claims if row.first == data["first"]), None)
    first, count = int(str(data["first"])), int(str(data["count"]))
    return AlreadyPrinted(
        place="first",
        order=order.number,
        from_number=first + 1,
        to_number=first + count,
        reference=reference,
        by=claim.created_by if claim else "",
        at=claim.created_at.isoformat() if claim else "",
    )


def _taken(order: CodeOrder, job: PrintJob) -> list[AlreadyPrinted]:
    if job.source == Source.LISTED or not sequence_of(job).items(0, job.total):
        return []
    within = job.set_plan.number if job.set_plan else ""
    return [
        _named(order, row.reference, {"first": row.first, "count": row.count})
        for row in issuing.overlapping(order, job.first, job.first + job.count)
        if not (within and row.reference == within)
    ]


def _claimed_tiers(job: PrintJob) -> list[Tier]:
    """Return the tiers whose every unit gets a label; listed units are no claim of that kind."""
    plan = plan_of_job(job)
    if plan is None or job.source == Source.LISTED or job.tier == Tier.ITEMS:
        return []
    wanted = [Tier(job.tier)] if job.tier else [Tier.CASES, Tier.PALLETS]
    return [tier for tier in wanted if tier == Tier.CASES or plan.pallets]


def _next_copy(job: PrintJob, tier: Tier) -> int:
    plan = plan_of_job(job)
    assert plan is not None  # noqa: S101 - a job that claims units has a plan
    rows = UnitClaim.objects.filter(
        organisation_id=job.organisation_id,
        prefix=plan.prefix,
        first_number=plan.first_number,
        tier=tier,
    )
    last = rows.select_related("job").order_by("-copy").first()
    if last is None:
        return 1
    if not job.again:
        raise AlreadyPrinted(
            place="tier",
            order=job.order.number,
            from_number=job.first + 1,
            to_number=job.first + job.count,
            reference=last.job.number,
            by=last.job.created_by,
            at=last.job.created_at.isoformat(),
        )
    return last.copy + 1


def _claim_units(job: PrintJob, tiers: list[Tier]) -> None:
    plan = plan_of_job(job)
    for tier in tiers:
        assert plan is not None  # noqa: S101 - a job that claims units has a plan
        UnitClaim(
            organisation=job.organisation,
            prefix=plan.prefix,
            first_number=plan.first_number,
            tier=tier,
            copy=_next_copy(job, tier),
            job_id=job.id,
        ).save(force_insert=True)


def _void_older(actor: Actor, job: PrintJob, reason: VoidReason, note: str) -> None:
    """Make the standing labels void that a new job prints again.

    Raises:
        LabelsToCome: another job is still going to make some of them.
    """
    mine = sequence_of(job)
    items, units = mine.items(0, job.total), mine.units(0, job.total)
    plan = plan_of_job(job)
    for older in standing.jobs_of(job.order, job.first, job.first + job.count):
        if older.id == job.id:
            continue
        theirs = units if plan is not None and plan_of_job(older) == plan else BitMap()
        if standing.to_come(older).among(items, theirs):
            raise LabelsToCome(place="again", job=older.number)
        if found := standing.standing(older).among(items, theirs):
            write_void(actor, found, reason=reason, note=note, reprint=job)
