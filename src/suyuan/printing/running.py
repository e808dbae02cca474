"""Make a job's labels, chunk by chunk, each with its checkpoint.

Owns: who makes a job, its progress, and the state in which it ends.
Invariant: `done` labels are made and `in_doubt` labels after them were sent and never confirmed;
nothing is sent that is not noted as in doubt first. Whoever finds labels in doubt stops: only a
person can look at them.

A job belongs to one runner at a time, by a lease that is renewed while work goes on. A runner whose
lease was taken over stops at its next checkpoint. A job gives way to others after half a minute.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from suyuan.core.labels.faults import DesignFault, LabelFault
from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.printing import selectors, tasks
from suyuan.printing.errors import PrinterFault
from suyuan.printing.models import Form, JobState, PrintedRange, PrintFile, PrintJob, Wish
from suyuan.printing.outlets.files import LinesFile, PdfFiles, StartOver
from suyuan.printing.outlets.network import PATIENCE, Patience
from suyuan.printing.outlets.printers import PrinterOutlet
from suyuan.printing.services.steering import settle_cancelled
from suyuan.printing.values import LEASE_SECONDS, SLICE_SECONDS
from suyuan.tenancy.actor import system_actor

_LOG: Final = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 1.0
_STOPPED: Final = {Wish.PAUSE: JobState.PAUSED, Wish.CANCEL: JobState.CANCELLED}


class LeaseLost(Exception):
    """Somebody else makes the job now, or it was taken away."""


def run(
    organisation_id: int,
    number: str,
    *,
    runner: str,
    patience: Patience = PATIENCE,
    slice_seconds: float = SLICE_SECONDS,
) -> None:
    """Make the labels of a job from where it stands.

    Nothing happens when somebody else makes it, when it is not its turn at its printer, or when it
    is not to be made. `runner` names the caller: the same name takes up at once what it left.
    """
    held = _take(selectors.get_job(organisation_id, number), runner)
    if held is None:
        return
    try:
        if held.job.in_doubt:
            held.end(JobState.PAUSED, "print_interrupted")
            return
        _make(held, patience, slice_seconds)
    except LeaseLost:
        return
    except (LabelFault, DesignFault) as error:
        held.end(JobState.FAILED, error.code, dict(error.data))
    except SuyuanError as error:
        held.end(JobState.FAILED, error.code, {k: str(v) for k, v in error.data.items()})
    except PrinterFault as fault:
        held.end(JobState.PAUSED if fault.sent else JobState.FAILED, fault.code, fault.data)
    except OSError:
        _LOG.exception("job %s cannot be written", number)
        held.end(JobState.FAILED, "print_file_failed")
    except Exception:  # noqa: BLE001 - the job has to say that it stopped, whatever it was
        _LOG.exception("job %s failed", number)
        held.end(JobState.FAILED, "print_unexpected")
    _begin_next(held.job)


def _take(job: PrintJob, runner: str) -> Held | None:
    """Make the job the runner's own, if it may be made now."""
    now = clock.now()
    rows = PrintJob.objects.filter(organisation_id=job.organisation_id, id=job.id)
    free = Q(state=JobState.WAITING) | (
        Q(state=JobState.RUNNING)
        & (Q(runner=runner) | Q(lease_until__lte=now) | Q(lease_until=None))
    )
    try:
        with transaction.atomic():
            taken = rows.filter(free).update(
                state=JobState.RUNNING,
                runner=runner,
                lease_until=now + timedelta(seconds=LEASE_SECONDS),
                started_at=job.started_at or now,
                fault_code="",
                fault_data={},
            )
    except IntegrityError:  # another job is on this printer; its end begins this one
        return None
    return Held(selectors.get_job(job.organisation_id, job.number), runner) if taken else None


class Held:
    """A job in a runner's hands: its progress in the database."""

    def __init__(self, job: PrintJob, runner: str) -> None:
        """Begin a run."""
        self.job = job
        self._runner = runner
        self._range: PrintedRange | None = None
        self._looked = time.monotonic()
        self.wish = Wish(job.wish)

    def _update(self, **values: object) -> None:
        """Change the row, renew the lease, and read what was wished meanwhile.

        Raises:
            LeaseLost: the job is not this runner's any more.
        """
        job = self.job
        rows = PrintJob.objects.filter(
            organisation_id=job.organisation_id,
            id=job.id,
            runner=self._runner,
            state=JobState.RUNNING,
        )
        lease = clock.now() + timedelta(seconds=LEASE_SECONDS)
        if not rows.update(**({"lease_until": lease} | values)):
            raise LeaseLost
        for name, value in values.items():
            setattr(job, name, value)
        self._looked = time.monotonic()

    def look(self, fault: str = "") -> None:
        """Say once a second that the work goes on, or what it waits for."""
        if fault != self.job.fault_code:
            self._update(fault_code=fault)
        elif time.monotonic() - self._looked > _LOOK_SECONDS:
            self._update()

    def sending(self, size: int) -> None:
        """Note that the next labels are about to be sent."""
        self._update(in_doubt=size)

    def made(self, size: int, file: PrintFile | None = None) -> None:
        """Store a checkpoint: the next labels are made."""
        job = self.job
        with transaction.atomic():
            self._update(done=job.done + size, in_doubt=0)
            self._note_range(job.done - size, size)
            if file is not None:
                file.save()
        rows = PrintJob.objects.filter(organisation_id=job.organisation_id, id=job.id)
        self.wish = Wish(rows.values_list("wish", flat=True).get())

    def _note_range(self, first: int, size: int) -> None:
        now = clock.now()
        if self._range is None:
            self._range = PrintedRange(
                organisation_id=self.job.organisation_id,
                job_id=self.job.id,
                first=first,
                count=0,
                began_at=now,
                by=self.job.run_by,
            )
        self._range.count += size
        self._range.ended_at = now
        self._range.save()

    def start_over(self) -> None:
        """Forget what was made: its file is not there."""
        job = self.job
        with transaction.atomic():
            self._update(done=0)
            for rows in (PrintedRange.objects, PrintFile.objects):
                rows.filter(organisation_id=job.organisation_id, job_id=job.id).delete()

    def give_way(self) -> None:
        """Let others have their turn; the job goes on after them."""
        with transaction.atomic():
            self._update(runner="", lease_until=clock.now())
            tasks.begin(self.job)

    def end(self, state: JobState, fault: str = "", data: dict[str, object] | None = None) -> None:
        """End the run in a state; nothing happens if the job is somebody else's by now."""
        done = state in {JobState.DONE, JobState.CANCELLED}
        try:
            self._update(
                state=state,
                wish=Wish.NONE,
                runner="",
                lease_until=None,
                fault_code=fault,
                fault_data=dict(data or {}),
                finished_at=clock.now() if done else None,
            )
        except LeaseLost:
            _LOG.warning("job %s was taken over", self.job.number)

    def obey(self) -> None:
        """Pause or cancel the job, as somebody wishes."""
        if self.wish == Wish.PAUSE:
            self.end(JobState.PAUSED)
            return
        with transaction.atomic():
            self._update()
            settle_cancelled(system_actor(self.job.organisation), self.job)


def _make(held: Held, patience: Patience, slice_seconds: float) -> None:
    ends = time.monotonic() + slice_seconds
    made = _print(held, patience, ends) if held.job.printer_id else _write(held, ends)
    if held.wish and not made:
        held.obey()
    elif made:
        held.end(JobState.DONE)
    else:
        held.give_way()


def _write(held: Held, ends: float) -> bool:
    """Write files until all labels are in them, or something comes between; tell which."""
    job = held.job
    kind = PdfFiles if job.form == Form.PDF else LinesFile
    try:
        outlet = kind(job)
    except StartOver:
        held.start_over()
        outlet = kind(job)
    with closing(outlet):
        while job.done < job.total:
            if held.wish or time.monotonic() > ends:
                return False
            size = outlet.size(job.done)
            held.made(size, outlet.make(job.done, size, held.look))
    return True


def _print(held: Held, patience: Patience, ends: float) -> bool:
    """Print until all labels are out, or something comes between; tell which."""
    job = held.job
    outlet = PrinterOutlet(job, patience, held.look)
    outlet.open()
    with closing(outlet):
        while job.done < job.total:
            if held.wish or time.monotonic() > ends:
                return False
            size = outlet.size(job.done)
            outlet.prepare(job.done, size)
            held.sending(size)
            try:
                outlet.send(size)
            except PrinterFault as fault:
                if not fault.sent:
                    held.sending(0)
                raise
            held.made(size)
    return True


def _begin_next(job: PrintJob) -> None:
    """Begin the next job that waits for the same printer."""
    if job.printer_id is None or job.state == JobState.RUNNING:
        return
    waiting = selectors.jobs(job.organisation_id, state=JobState.WAITING)
    following = waiting.filter(printer_id=job.printer_id).order_by("created_at", "id").first()
    if following is not None:
        tasks.begin(following)
