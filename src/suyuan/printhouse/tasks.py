"""The background's side of packages."""

from __future__ import annotations

from django.db import transaction
from django.tasks import task

from suyuan.printhouse.models import Package


@task
def sum_up(organisation_id: int, number: str) -> None:
    """Work out the size and the SHA-256 of a package's file; again changes nothing."""
    from suyuan.printhouse.services.summing import sum_up as act  # noqa: PLC0415 - it enqueues this

    act(organisation_id, number)


def begin(package: Package) -> None:
    """Sum a package up once the transaction that made it is stored."""
    organisation_id, number = package.organisation_id, package.number
    transaction.on_commit(lambda: sum_up.enqueue(organisation_id, number))
