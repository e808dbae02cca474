"""The background's side of issuing."""

from __future__ import annotations

from django.db import transaction
from django.tasks import task

from suyuan.issuing.models import SetPlan


@task
def activate_rest(organisation_id: int, number: str) -> None:
    """Activate what is left of sets, from where they stand; again changes nothing."""
    from suyuan.issuing.services.set_activation import go_on  # noqa: PLC0415 - it enqueues this

    go_on(organisation_id, number)


def begin(plan: SetPlan) -> None:
    """Let the background begin once the transaction that asks for it is stored."""
    organisation_id, number = plan.organisation_id, plan.number
    transaction.on_commit(lambda: activate_rest.enqueue(organisation_id, number))
