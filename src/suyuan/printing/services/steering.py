"""Pause, go on with, and cancel printing jobs.

Owns: what a person may ask of a job at which state.
A job that is being made right now is only asked: whoever makes it obeys after the labels in hand.
"""

from __future__ import annotations

import contextlib

from django.db import transaction
from django.db.models import F

from suyuan.issuing.services import release_allotment
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.printing import selectors, tasks
from suyuan.printing.content import sequence_of
from suyuan.printing.errors import (
    JobChangedMeanwhile,
    JobNotOpen,
    JobRunning,
    LabelsInDoubt,
)
from suyuan.printing.models import (
    JobState,
    PrintedRange,
    PrintFile,
    PrintJob,
    Source,
    UnitClaim,
    Wish,
)
from suyuan.printing.outlets import folders
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


def pause_job(*, actor: Actor, number: str) -> PrintJob:
    """Stop a job where it is; it can go on later. A job that is paused stays so.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such job in the organisation.
        JobNotOpen: it is done or cancelled.
        JobChangedMeanwhile: see there.
    """
    actor.require(Right.LABELS_PRINT)
    with transaction.atomic():
        job = _open_job(actor, number)
        if job.state in {JobState.PAUSED, JobState.FAILED} or job.wish == Wish.PAUSE:
            return job
        if is_being_made(job):
            _change(job, wish=Wish.PAUSE)
        else:
            _change(job, state=JobState.PAUSED, runner="", lease_until=None)
        _audit(actor, "labels.pause", job)
    return selectors.get_job(actor.organisation_id, number)


def resume_job(*, actor: Actor, number: str, came_out: int | None = None) -> PrintJob:
    """Let a job go on: one that was paused, failed, or whose worker is gone.

    Args:
        actor: Who acts.
        number: The job.
        came_out: How many of the labels in doubt came out well; the others are printed again.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such job in the organisation.
        JobNotOpen, JobRunning, JobChangedMeanwhile: see there.
        LabelsInDoubt: labels are in doubt, and `came_out` does not say what became of them.
        Invalid: `came_out_range`.
    """
    actor.require(Right.LABELS_PRINT)
    with transaction.atomic():
        job = _open_job(actor, number)
        if is_being_made(job):
            raise JobRunning(number=job.number)
        well = _well(job, came_out)
        if well:
            write_range(job, job.done, well, by=actor.name, doubtful=True)
        finished = job.done + well == job.total
        _change(
            job,
            state=JobState.DONE if finished else JobState.WAITING,
            done=job.done + well,
            in_doubt=0,
            wish=Wish.NONE,
            fault_code="",
            fault_data={},
            runner="",
            lease_until=None,
            run_by=actor.name,
            finished_at=clock.now() if finished else None,
        )
        _audit(actor, "labels.resume", job, came_out=well if job.in_doubt else None)
        if not finished:
            tasks.begin(job)
    return selectors.get_job(actor.organisation_id, number)


def _well(job: PrintJob, came_out: int | None) -> int:
    if not job.in_doubt:
        return 0
    if came_out is None:
        raise LabelsInDoubt(place="came_out", count=job.in_doubt, first=job.done + 1)
    if not 0 <= came_out <= job.in_doubt:
        raise Invalid("came_out_range", place="came_out", most=job.in_doubt)
    return came_out


def cancel_job(*, actor: Actor, number: str) -> PrintJob:
    """Give a job up. The codes of labels that were not made are free again.

    Of a printer's labels, those made and those in doubt stay claimed; of files, those that were
    downloaded; the other files are removed.

    Raises:
        Forbidden: without `labels.print`.
        NotFound: no such job in the organisation.
        JobNotOpen, JobChangedMeanwhile: see there.
    """
    actor.require(Right.LABELS_PRINT)
    with transaction.atomic():
        job = _open_job(actor, number)
        if is_being_made(job):
            _change(job, wish=Wish.CANCEL)
        else:
            settle_cancelled(actor, job)
        _audit(actor, "labels.cancel", job)
    return selectors.get_job(actor.organisation_id, number)


def settle_cancelled(actor: Actor, job: PrintJob) -> None:
    """Make a job cancelled that nobody is making; call it in a transaction."""
    if job.printer_id is None:
        kept = _keep_taken_files(job)
    else:
        kept = job.done + job.in_doubt
        if job.in_doubt:
            write_range(job, job.done, job.in_doubt, by=actor.name, doubtful=True)
    _release(actor, job, kept)
    _change(
        job,
        state=JobState.CANCELLED,
        done=kept,
        in_doubt=0,
        wish=Wish.NONE,
        runner="",
        lease_until=None,
        finished_at=clock.now(),
    )


def _keep_taken_files(job: PrintJob) -> int:
    """Remove the files that nobody downloaded; return the labels in the others."""
    rows = PrintFile.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    taken = rows.filter(taken_at__isnull=False).order_by("-part").first()
    kept = taken.end if taken else 0
    runs = PrintedRange.objects.filter(organisation_id=job.organisation_id, job_id=job.id)
    runs.filter(first__gte=kept).delete()
    runs.filter(first__lt=kept, first__gt=kept - F("count")).update(count=kept - F("first"))
    rows.filter(first__gte=kept).delete()
    here = (job.organisation_id, job.number, job.form)
    parts = list(rows.values_list("part", flat=True))
    transaction.on_commit(lambda: folders.keep_only(*here, parts))
    return kept


def _release(actor: Actor, job: PrintJob, kept: int) -> None:
    labels = sequence_of(job)
    items = labels.items(0, kept)
    if job.source == Source.LISTED:
        positions = len(items)
    else:
        # Claimed as one range, in which withdrawn codes have no label.
        positions = items.max() + 1 - job.first if items else 0
    with contextlib.suppress(NotFound):  # a job of units alone has no claim on codes
        release_allotment(actor=actor, reference=job.number, why="cancelled", kept=positions)
    if not kept:
        UnitClaim.objects.filter(organisation_id=job.organisation_id, job_id=job.id).delete()


def is_being_made(job: PrintJob) -> bool:
    """Tell whether somebody makes the job's labels right now."""
    lease = job.lease_until
    return job.state == JobState.RUNNING and lease is not None and lease > clock.now()


def write_range(
    job: PrintJob, first: int, count: int, *, by: str, doubtful: bool = False
) -> PrintedRange:
    """Store that labels were made."""
    row = PrintedRange(
        organisation_id=job.organisation_id,
        job_id=job.id,
        first=first,
        count=count,
        doubtful=doubtful,
        began_at=clock.now(),
        ended_at=clock.now(),
        by=by,
    )
    row.save(force_insert=True)
    return row


def _open_job(actor: Actor, number: str) -> PrintJob:
    job = selectors.get_job(actor.organisation_id, number)
    if not job.open:
        raise JobNotOpen(number=job.number, state=job.state)
    return job


def _change(job: PrintJob, **values: object) -> None:
    """Change a job's row, unless it has changed since it was read."""
    rows = PrintJob.objects.filter(
        organisation_id=job.organisation_id,
        id=job.id,
        state=job.state,
        done=job.done,
        in_doubt=job.in_doubt,
        runner=job.runner,
    )
    if not rows.update(**values):
        raise JobChangedMeanwhile(number=job.number)


def _audit(actor: Actor, action: str, job: PrintJob, **facts: object) -> None:
    changes: dict[str, object] = {"done": [None, job.done], "labels": [None, job.total]}
    changes |= {name: [None, value] for name, value in facts.items() if value is not None}
    actor.audit(action, kind="print_job", object_id=job.number, changes=changes)
