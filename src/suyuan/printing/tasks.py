"""The background's side of printing."""

from __future__ import annotations

from django.db import transaction
from django.tasks import TaskContext, task

from suyuan.printing.models import PrintJob


@task(takes_context=True)
def run_job(context: TaskContext[..., None], organisation_id: int, number: str) -> None:
    """Make a job's labels, from where it stands.

    Begun anew after its worker died, the task bears the same name and takes its job up at once.
    """
    from suyuan.printing.running import run  # noqa: PLC0415 - services and runner know each other

    run(organisation_id, number, runner=str(context.task_result.id))


def begin(job: PrintJob) -> None:
    """Let a job begin once the transaction that says so is stored."""
    organisation_id, number = job.organisation_id, job.number
    transaction.on_commit(lambda: run_job.enqueue(organisation_id, number))
