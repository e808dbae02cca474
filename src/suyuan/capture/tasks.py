"""The background's side of capture."""

from __future__ import annotations

from django.db import transaction
from django.tasks import task

from suyuan.capture.columns import building


@task
def build_columns(organisation_id: int) -> None:
    """Make the segments that are full; again changes nothing."""
    building.build_segments(organisation_id)


def columns_grow(organisation_id: int, start: int, end: int) -> None:
    """Let the background make segments, if numbers from `start` to before `end` fill one.

    After the transaction that stores those events: a segment never tells of what was rolled back.
    """
    if start // building.SEGMENT != end // building.SEGMENT:
        transaction.on_commit(lambda: build_columns.enqueue(organisation_id))
