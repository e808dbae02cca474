"""Read readers, batches and stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity
from suyuan.core.instants import moment
from suyuan.core.keyset import INDEX_BITS
from suyuan.docks.models import Outcome, Presence, Purpose, ReadBatch, Reader
from suyuan.kernel.errors import NotFound
from suyuan.kernel.lists import select
from suyuan.lineage.recalled import RecalledUnit, recalled_among

_WAYS_OUT = (Purpose.SHIPPING, Purpose.PASSAGE)
_MOST_JUDGED = 2_000


@dataclass(frozen=True, slots=True)
class Move:
    """Tags that an event of a reader is about."""

    seq: int
    departed: bool
    tags: int
    at: datetime


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
    """Return the readers by name, with their locations."""
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


def recalled_present(reader: Reader, *, most: int = _MOST_JUDGED) -> list[RecalledUnit]:
    """Return what is recalled, or holds recalled goods, of what is in a door's field now.

    A door through which goods leave must stop them; where goods only arrive, or lie, the answer is
    empty. Looks at the `most` tags seen last.
    """
    if reader.purpose not in _WAYS_OUT:
        return []
    rows = presences(reader, present=True).filter(key__gte=0)
    keys = list(rows.values_list("key", flat=True)[:most])
    return recalled_among(reader.organisation_id, list(dict.fromkeys(keys)))


def kinds_present(reader: Reader) -> list[tuple[Identity, int]]:
    """Return how many tags of each product, or series of units, are in a reader's field.

    Each kind is named by one of its identities; the most numerous come first.
    """
    rows = select(
        "SELECT MIN(key), COUNT(*) FROM docks_presence "  # noqa: S608 - a number from code
        "WHERE organisation_id = %s AND reader_id = %s AND left_at IS NULL AND key >= 0 "
        f"GROUP BY key >> {INDEX_BITS}",
        [reader.organisation_id, reader.id],
    )
    named = identities_of(reader.organisation_id, [key for key, _ in rows])
    kinds = [(named[key], count) for key, count in rows if key in named]
    return sorted(kinds, key=lambda kind: -kind[1])


def moves(reader: Reader, *, most: int) -> list[Move]:
    """Return the latest events of a reader, the newest first."""
    rows = Presence.objects.filter(
        organisation_id=reader.organisation_id, reader_id=reader.id, event_seq__isnull=False
    )
    told = rows.values("event_seq").annotate(
        tags=Count("id"), first=Max("first_at"), last=Max("last_at"), outcome=Min("outcome")
    )
    return [
        Move(
            seq=row["event_seq"] or 0,
            departed=row["outcome"] == Outcome.DEPARTED,
            tags=row["tags"],
            at=moment(row["last"] if row["outcome"] == Outcome.DEPARTED else row["first"]),
        )
        for row in told.order_by("-event_seq")[:most]
    ]


def batches(reader: Reader) -> QuerySet[ReadBatch]:
    """Return a reader's reports, the latest first."""
    rows = ReadBatch.objects.filter(organisation_id=reader.organisation_id, reader_id=reader.id)
    return rows.order_by("-received_at", "-id")


def batch_of_request(reader: Reader, request_key: str) -> ReadBatch | None:
    """Return the batch that this request made, if it did."""
    return batches(reader).filter(request_key=request_key).first()
