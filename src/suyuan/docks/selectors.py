"""Read readers, batches and stays."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from suyuan.docks.models import Presence, ReadBatch, Reader
from suyuan.kernel.errors import NotFound


def get_reader(organisation_id: int, code: str) -> Reader:
    """Return a reader with its location.

    Raises:
        NotFound: unknown, or another organisation's.
    """
    rows = Reader.objects.filter(organisation_id=organisation_id, code=code[:40])
    reader = rows.select_related("location").first() if "\0" not in code else None
    if reader is None:
        raise NotFound(kind="reader")
    return reader


def readers(organisation_id: int) -> QuerySet[Reader]:
    """Return the readers by name, each with `present`: how many tags are in its field."""
    rows = Reader.objects.filter(organisation_id=organisation_id)
    return rows.select_related("location").order_by("name", "code")


def present_counts(organisation_id: int, readers: Iterable[Reader]) -> dict[int, tuple[int, int]]:
    """Return, by reader's id, how many tags are in its field, and how many of these are unknown."""
    rows = Presence.objects.filter(
        organisation_id=organisation_id,
        reader_id__in=[reader.id for reader in readers],
        left_at=None,
    )
    counted = rows.values_list("reader_id").annotate(
        tags=Count("id"), unknown=Count("id", filter=Q(key__lt=0))
    )
    return {reader_id: (tags, unknown) for reader_id, tags, unknown in counted.order_by()}


def presences(reader: Reader, *, present: bool | None = None) -> QuerySet[Presence]:
    """Return stays in a reader's field, the latest first."""
    rows = Presence.objects.filter(organisation_id=reader.organisation_id, reader_id=reader.id)
    if present is not None:
        rows = rows.filter(left_at__isnull=present)
    return rows.order_by("-last_at", "-id")


def batches(reader: Reader) -> QuerySet[ReadBatch]:
    """Return a reader's reports, the latest first."""
    rows = ReadBatch.objects.filter(organisation_id=reader.organisation_id, reader_id=reader.id)
    return rows.order_by("-received_at", "-id")


def batch_of_request(reader: Reader, request_key: str) -> ReadBatch | None:
    """Return the batch that this request made, if it did."""
    return batches(reader).filter(request_key=request_key).first()
