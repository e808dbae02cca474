"""Readers, the batches that they sent, and the tags in their fields."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.masterdata.models import Location


class Purpose(models.TextChoices):
    """What it means that a tag appears in, or leaves, a reader's field."""

    RECEIVING = "receiving"  # appears: received
    SHIPPING = "shipping"  # leaves: departed
    PASSAGE = "passage"  # leaves: arrived or departed, by the side that saw it last
    ZONE = "zone"  # appears: stored; leaves: no event


class Reader(TenantModel):
    """A reader with its antennas, at one place."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    location_id = models.BigIntegerField()
    location = TenantRelation(Location, "location_id", models.PROTECT)
    purpose = models.CharField(max_length=10, choices=Purpose)
    # Ports on the side of the goods' own house; what is no port of these is outside.
    inner_antennas = models.JSONField(default=list)
    window_seconds = models.PositiveIntegerField(default=10)
    least_reads = models.PositiveIntegerField(default=1)
    least_rssi = models.FloatField(null=True)  # dBm; weaker reads are of what stands nearby
    watermark = models.BigIntegerField(default=0)  # the latest read, microseconds since 1970
    watermark_heard_at = models.DateTimeField(null=True)
    batches = models.PositiveBigIntegerField(default=0)
    reads = models.PositiveBigIntegerField(default=0)
    last_heard_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="reader_code_once")
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.name


class ReadBatch(TenantModel):
    """One report of a reader, and what became of it."""

    reader_id = models.BigIntegerField()
    reader = TenantRelation(Reader, "reader_id", models.CASCADE)
    request_key = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    reads = models.PositiveIntegerField()
    weak = models.PositiveIntegerField(default=0)
    tags = models.PositiveIntegerField()
    appeared = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    late = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField()
    events = models.JSONField(default=list)  # numbers of the events that it made

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "reader_id", "request_key"], name="read_batch_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "reader_id", "-received_at"], name="read_batch_recent"
            )
        ]


class Outcome(models.TextChoices):
    """What a stay in a field came to."""

    PRESENT = "present"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    TURNED_BACK = "turned_back"  # went out by the side that it had come from
    PASSED = "passed"  # left; the reader makes no event of that
    NOISE = "noise"  # seen less often than the reader asks for
    UNKNOWN = "unknown"  # left; the tag leads to nothing of ours


class Presence(TenantModel):
    """A tag's stay in a reader's field, from its first read to its last."""

    reader_id = models.BigIntegerField()
    reader = TenantRelation(Reader, "reader_id", models.CASCADE)
    epc = models.CharField(max_length=128)
    key = models.BigIntegerField()  # capture key; -1: leads to nothing of ours
    reason = models.CharField(max_length=20, blank=True)  # why it leads to nothing
    first_at = models.BigIntegerField()  # microseconds since 1970
    last_at = models.BigIntegerField()
    count = models.PositiveBigIntegerField()
    first_antenna = models.PositiveIntegerField()
    last_antenna = models.PositiveIntegerField()
    best_antenna = models.PositiveIntegerField()
    best_rssi = models.FloatField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PRESENT)
    announced = models.BooleanField(default=False)  # its appearance made an event
    event_seq = models.BigIntegerField(null=True)  # the event that it made
    left_at = models.DateTimeField(null=True)  # when its stay was taken to have ended

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "reader_id", "epc"],
                condition=Q(left_at=None),
                name="presence_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "reader_id", "-last_at"], name="presence_recent"),
            # What is in a field is few rows among all that ever were.
            models.Index(
                fields=["organisation", "reader_id", "last_at"],
                condition=Q(left_at=None),
                name="presence_open",
            ),
            models.Index(
                fields=["organisation", "reader_id", "-event_seq"],
                condition=Q(event_seq__isnull=False),
                name="presence_events",
            ),
        ]
