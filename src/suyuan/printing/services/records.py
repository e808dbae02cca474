"""Write down what became void."""

from __future__ import annotations

from suyuan.issuing import positions
from suyuan.kernel import clock
from suyuan.printing.models import After, LabelVoid, PrintJob, VoidReason
from suyuan.printing.standing import Labels
from suyuan.tenancy.actor import Actor


def write_void(
    actor: Actor,
    found: Labels,
    *,
    reason: VoidReason,
    note: str,
    after: After = After.REPRINT,
    reprint: PrintJob | None = None,
    request_key: str = "",
) -> LabelVoid:
    """Store that labels of a job are void, with its audit row."""
    job = found.job
    row = LabelVoid(
        organisation=actor.organisation,
        order_id=job.order_id,
        job_id=job.id,
        items=positions.write(found.items),
        units=positions.write(found.units),
        count=len(found),
        reason=reason,
        note=note,
        after=after,
        reprint_id=reprint.id if reprint else None,
        request_key=request_key,
        at=clock.now(),
        by=actor.name,
    )
    row.save(force_insert=True)
    actor.audit(
        "labels.void",
        kind="print_job",
        object_id=job.number,
        changes={
            "void": [None, row.count],
            "reason": [None, reason.value],
            "after": [None, after.value],
            **({"reprint": [None, reprint.number]} if reprint else {}),
        },
    )
    return row
