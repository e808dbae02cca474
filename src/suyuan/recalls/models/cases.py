"""Recall cases, and the groups that their frozen scope consists of.

Invariant: what was frozen is never updated. A case shows the version of its scope that is in force:
the one first proposed until another is approved. Only that choice, what is held, and the case's
status and ending change.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.models import TenantModel, TenantRelation


class CaseStatus(models.TextChoices):
    """How far a recall has come."""

    PROPOSED = "proposed"  # frozen as evidence; a second person has to approve it
    APPROVED = "approved"  # all goods are held, partners and buyers may be told
    REJECTED = "rejected"  # the second person said no
    WITHDRAWN = "withdrawn"  # called off, before or after approval
    CLOSED = "closed"  # carried out, and its effect counted


OPEN_STATUSES = (CaseStatus.PROPOSED, CaseStatus.APPROVED)
PUBLIC_STATUSES = (CaseStatus.APPROVED, CaseStatus.CLOSED)
"""Of cases that the public may read of."""


class RecallCase(TenantModel):
    """A decision to call goods back, with the scope that is in force."""

    number = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    reason = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.PROPOSED)
    starts = models.JSONField(default=list)  # canonical texts of what the recall began with
    request_key = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField(default=clock.now)  # when it was proposed
    opened_by = models.CharField(max_length=260)

    # Of the version in force (`ScopeVersion`).
    version = models.PositiveIntegerField(default=1)
    frozen_at = models.DateTimeField()
    at_seq = models.BigIntegerField()  # the last event that the scope has seen
    items = models.BinaryField()  # KeySet
    item_count = models.BigIntegerField()
    summary = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # recalls.summary.Summary
    digest = models.CharField(max_length=64, blank=True)  # "": frozen before digests were kept
    took_ms = models.PositiveIntegerField(default=0)  # from the question to the frozen answer

    # What the case's events have marked as recalled, and not cleared again.
    hold = models.BooleanField(default=True)  # whether approval marks the goods
    precaution = models.BooleanField(default=False)  # whether the proposal marked goods at hand
    held = models.BinaryField(default=bytes)  # KeySet of items; b"": none
    held_count = models.BigIntegerField(default=0)
    held_lots = models.JSONField(default=list)  # canonical texts

    # The rule of its category, as confirmed by the person who proposed it.
    rule = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # recalls.rules.Rule
    known_at = models.DateTimeField(null=True)  # when the danger was known
    begin_by = models.DateTimeField(null=True)
    end_by = models.DateTimeField(null=True)

    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=260, blank=True)
    self_approved = models.BooleanField(default=False)  # nobody else in the organisation may act

    # How it ended: closed, withdrawn or rejected.
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
            models.Index(fields=["organisation", "-opened_at"], name="recall_recent")
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.number

    @property
    def item_keys(self) -> KeySet:
        """The affected items."""
        return KeySet.from_bytes(bytes(self.items))

    @property
    def held_keys(self) -> KeySet:
        """The items that the case's events mark as recalled."""
        return KeySet.from_bytes(bytes(self.held))

    @property
    def is_open(self) -> bool:
        """Whether it is still being decided on, or carried out."""
        return self.status in OPEN_STATUSES

    @property
    def is_approved(self) -> bool:
        """Whether it is being carried out: partners, buyers and the public may be told."""
        return self.status == CaseStatus.APPROVED


class GroupKind(models.TextChoices):
    """What holds the items of a group together."""

    LOT = "lot"  # affected as a whole
    ORIGIN = "origin"  # the lot of items that were called back one by one
    PLACE = "place"
    SHIPMENT = "shipment"


class ScopeGroup(TenantModel):
    """Affected items of one lot, at one place, or in one parcel, as frozen in one version.

    Read them through `recalls.selectors` (`lots_of`, `places_of`, `shipments_of`), which give
    those of the version in force.
    """

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    version = models.PositiveIntegerField(default=1)
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
                fields=["organisation", "case_id", "version", "kind", "position"],
                name="scope_group_once",
            )
        ]

    def __str__(self) -> str:
        """Name it by what it is in the case."""
        return f"{self.kind} {self.position}"

    @property
    def item_keys(self) -> KeySet:
        """The items of this group."""
        return KeySet.from_bytes(bytes(self.items))
