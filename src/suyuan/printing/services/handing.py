"""Hand out a job's files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.printing import selectors
from suyuan.printing.errors import FileMissing
from suyuan.printing.models import Form, PrintFile
from suyuan.printing.outlets import folders
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out.

    Attributes:
        path: where it lies.
        name: what the browser shall call it.
    """

    path: Path
    name: str
    form: str
    size: int


def download_file(*, actor: Actor, number: str, part: int = 1) -> Download:
    """Return a finished file of a job; who took it is audited.

    Raises:
        Forbidden: without `labels.print`; a table of codes without `codes.download`.
        NotFound: no such job in the organisation, or no such part.
        FileMissing: it is not finished, or not on the disk any more.
    """
    actor.require(Right.LABELS_PRINT)
    job = selectors.get_job(actor.organisation_id, number)
    if job.form == Form.CSV:
        actor.require(Right.CODES_DOWNLOAD)
    if job.printer_id is not None or not 1 <= part < 2**31:
        raise NotFound(kind="print_file")
    rows = PrintFile.objects.filter(organisation_id=actor.organisation_id, job_id=job.id)
    row = rows.filter(part=part, made_at__isnull=False).first()
    path = folders.path_of(job.organisation_id, job.number, job.form, part)
    if row is None or not path.is_file():
        raise FileMissing(number=job.number, part=part)
    with transaction.atomic():
        rows.filter(id=row.id, taken_at=None).update(taken_at=clock.now())
        actor.audit(
            "labels.download",
            kind="print_job",
            object_id=job.number,
            changes={"part": [None, part], "labels": [None, row.count]},
        )
    name = job.number if len(selectors.files(job)) == 1 else f"{job.number}-{part}"
    return Download(path, f"{name}.{job.form}", job.form, row.size)
