"""Recall cases, and the groups that their frozen scope consists of.

Invariant: what was frozen is never updated; only a case's status and its closing are.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from suyuan.core.keyset import KeySet
from suyuan.kernel.models import TenantModel, TenantRelation


class CaseStatus(models.TextChoices):
    """Whether the goods are still being called back."""

    OPEN = "open"
    CLOSED = "closed"


class RecallCase(TenantModel):
    """A decision to call goods back, with the scope as it was known at that moment."""

    number = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    reason = models.TextField(max_length=2000)
    status = models.CharField(max_length=6, choices=CaseStatus, default=CaseStatus.OPEN)
    starts = models.JSONField(default=list)  # canonical texts of what the recall began with
    request_key = models.CharField(max_length=80, blank=True)
    frozen_at = models.DateTimeField()
    at_seq = models.BigIntegerField()  # the last event that the scope has seen
    items = models.BinaryField()  # KeySet
    item_count = models.BigIntegerField()
    summary = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # recalls.summary.Summary
    hold = models.BooleanField(default=True)  # an event marks the goods as recalled
    took_ms = models.PositiveIntegerField(default=0)  # from the question to the frozen answer
    opened_by = models.CharField(max_length=260)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=260, blank=True)
    closing_note = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="recall_number_once"),
            models.UniqueConstraint(
                fields=["organisation", "request_key"],
                condition=~Q(request_key=""),
                name="recall_request_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-frozen_at"], name="recall_recent")
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.number

    @property
    def item_keys(self) -> KeySet:
        """The affected items."""
        return KeySet.from_bytes(bytes(self.items))

    @property
    def is_open(self) -> bool:
        """Whether goods are still being called back."""
        return self.status == CaseStatus.OPEN


class GroupKind(models.TextChoices):
    """What holds the items of a group together."""

    LOT = "lot"  # affected as a whole
    ORIGIN = "origin"  # the lot of items that were called back one by one
    PLACE = "place"
    SHIPMENT = "shipment"


class ScopeGroup(TenantModel):
    """Affected items of one lot, at one place, or in one parcel, as frozen."""

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    kind = models.CharField(max_length=8, choices=GroupKind)
    position = models.PositiveIntegerField()
    whereabouts = models.CharField(max_length=12, blank=True)
    certainty = models.CharField(max_length=8, blank=True)
    place = models.CharField(max_length=300, blank=True)  # location, or a shipment's destination
    unit = models.CharField(max_length=300, blank=True)  # the lot, or the logistic unit
    waybill = models.CharField(max_length=120, blank=True)
    order_number = models.CharField(max_length=120, blank=True)
    depth = models.SmallIntegerField(default=0)  # of a lot: negative towards materials
    time = models.DateTimeField(null=True)  # of a shipment
    item_count = models.BigIntegerField()
    items = models.BinaryField()  # KeySet

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "case_id", "kind", "position"], name="scope_group_once"
            )
        ]

    def __str__(self) -> str:
        """Name it by what it is in the case."""
        return f"{self.kind} {self.position}"

    @property
    def item_keys(self) -> KeySet:
        """The items of this group."""
        return KeySet.from_bytes(bytes(self.items))
