"""The event store and its index, as tables.

Invariant: rows of `StoredEvent`, `TraceEntry`, `Correction`, `KeyClass` and `ForeignIdentity` are
never updated or deleted (but for the counters of `KeyClass` and `Sequence`). Segments are made of
events, and can be made again.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.kernel.models import TenantModel


class _TenantRow(models.Model):
    """A row that begins with its organisation; the rest of its key is its own."""

    organisation = models.ForeignKey(
        "tenancy.Organisation",
        models.CASCADE,
        related_name="+",
        db_index=False,  # the primary key begins with it
        db_constraint=False,  # a look-up for each row of the hot path would buy nothing
    )

    class Meta:
        abstract = True


class EventSequence(models.Model):
    """The number of the next event of an organisation; its row is capture's lock."""

    organisation = models.OneToOneField(
        "tenancy.Organisation", models.CASCADE, primary_key=True, related_name="+"
    )
    next = models.BigIntegerField(default=1)


class KeyClass(_TenantRow):
    """The upper 23 bits of a key: what its index counts."""

    pk = models.CompositePrimaryKey("organisation_id", "number")
    number = models.IntegerField()
    kind = models.SmallIntegerField()
    stem = models.CharField(max_length=64)
    next_index = models.BigIntegerField(default=0)  # for kinds numbered by a dictionary

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "kind", "stem"], name="key_class_once")
        ]


class ForeignIdentity(_TenantRow):
    """An identity that no arithmetic turns into a key: one row, once."""

    pk = models.CompositePrimaryKey("organisation_id", "digest")
    digest = models.BinaryField(max_length=16)
    key = models.BigIntegerField()
    scheme = models.CharField(max_length=8)
    primary = models.TextField()
    secondary = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "key"], name="foreign_identity_key")
        ]


class CaptureJob(TenantModel):
    """One captured document and what became of it."""

    created_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    actor = models.CharField(max_length=160)
    holder = models.BigIntegerField(null=True)  # the partner that sent it
    error_behaviour = models.CharField(max_length=10)
    total = models.IntegerField()
    stored = models.IntegerField()
    duplicates = models.IntegerField()
    # Of the duplicates, those that somebody else had told: new to the partner that sent them.
    claimed = models.IntegerField(default=0)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    faults = models.JSONField(default=list)
    context = models.JSONField(null=True)  # the document's @context, for its extensions

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="job_recent"),
            models.Index(fields=["organisation", "holder", "first_seq"], name="job_of_holder"),
        ]

    @property
    def told_stored(self) -> int:
        """How many events were new, as its sender may know it."""
        return self.stored + self.claimed

    @property
    def told_duplicates(self) -> int:
        """How many events its sender had told before."""
        return self.duplicates - self.claimed


class DocumentHeader(_TenantRow):
    """What a captured document told in its header: master data above all.

    `packed` is JSON, deflated: it is never searched, and may hold text that no JSON column takes.
    """

    pk = models.CompositePrimaryKey("organisation_id", "job")
    job = models.BigIntegerField()
    packed = models.BinaryField()


class StoredEvent(_TenantRow):
    """An accepted event.

    Times are microseconds since 1970 in UTC. `step` and `disposition` are the numbers of CBV
    words, or keys of URIs. `epcs` holds the EPC list, the children or the inputs; `outputs` the
    outputs; `body` the rest of the document (`core.epcis.body`).
    """

    pk = models.CompositePrimaryKey("organisation_id", "seq")
    seq = models.BigIntegerField()
    time = models.BigIntegerField()
    zone = models.SmallIntegerField()
    record_time = models.BigIntegerField()
    type = models.SmallIntegerField()
    action = models.SmallIntegerField()
    step = models.BigIntegerField()
    disposition = models.BigIntegerField()
    read_point = models.BigIntegerField(null=True)
    location = models.BigIntegerField(null=True)
    parent = models.BigIntegerField(null=True)
    id_hash = models.BigIntegerField()  # of the event ID; equal hashes are compared in full
    content_digest = models.BinaryField(max_length=16)
    declares_error = models.BooleanField()
    job = models.BigIntegerField()
    epcs = models.BinaryField()
    outputs = models.BinaryField()
    body = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "id_hash"], name="event_id_hash"),
            # A walk in time looks at no more than this index.
            models.Index(
                fields=[
                    *("organisation", "time", "seq", "step", "disposition"),
                    *("read_point", "location", "type", "action"),
                ],
                name="event_in_time",
            ),
        ]


class TraceEntry(_TenantRow):
    """Which events an identity, or a block of 256 neighbours, takes part in."""

    pk = models.CompositePrimaryKey("organisation_id", "key", "seq", "role")
    key = models.BigIntegerField()
    seq = models.BigIntegerField()
    role = models.SmallIntegerField()
    bits = models.BinaryField(null=True)


class FacetEntry(_TenantRow):
    """The events of one document that share a type, a step, a disposition, a place or a party."""

    pk = models.CompositePrimaryKey("organisation_id", "facet", "key", "seq")
    facet = models.SmallIntegerField()
    key = models.BigIntegerField()
    seq = models.BigIntegerField()  # the first of them
    seqs = models.BinaryField()


class SeenPrefix(_TenantRow):
    """A GS1 company prefix that some captured URN showed: a link alone does not tell its length."""

    pk = models.CompositePrimaryKey("organisation_id", "prefix")
    prefix = models.CharField(max_length=12)


class Claim(_TenantRow):
    """An event that a partner sent too, when it was there already: the partner sees it as its own.

    Without this row the answer would tell that somebody else had captured the same event.
    """

    pk = models.CompositePrimaryKey("organisation_id", "holder", "seq")
    holder = models.BigIntegerField()
    seq = models.BigIntegerField()
    job = models.BigIntegerField()  # the partner's


class EndedPageToken(_TenantRow):
    """A token for a next page that was given back before it expired."""

    pk = models.CompositePrimaryKey("organisation_id", "digest")
    digest = models.BinaryField(max_length=16)
    expires_at = models.DateTimeField()


class Correction(_TenantRow):
    """An event that an error declaration has voided."""

    pk = models.CompositePrimaryKey("organisation_id", "seq", "declared_by")
    seq = models.BigIntegerField()
    declared_by = models.BigIntegerField()


class Segment(_TenantRow):
    """Consecutive events as columns (`capture.columns`): which they are, what its pages hold.

    `least` and `greatest` are arrays: the smallest and the greatest key of each page of runs.
    """

    pk = models.CompositePrimaryKey("organisation_id", "first")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    events = models.IntegerField()
    least = models.BinaryField()
    greatest = models.BinaryField()


class SegmentPage(_TenantRow):
    """Some columns of a segment, packed (`capture.columns.packing`)."""

    pk = models.CompositePrimaryKey("organisation_id", "number")
    number = models.BigIntegerField()
    packed = models.BinaryField()
