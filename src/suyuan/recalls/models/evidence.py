"""What a case keeps as evidence: each version of its scope, and each count of its effect.

Invariant: neither is ever deleted; a version's scope and a count are never updated, only a
version's decision is written into it.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from suyuan.core.keyset import KeySet
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.recalls.models.cases import RecallCase


class VersionStatus(models.TextChoices):
    """What was decided on a version of a scope."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    REPLACED = "replaced"  # by a later one, before anybody decided


class ScopeVersion(TenantModel):
    """A scope as it was known at one moment."""

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=VersionStatus, default=VersionStatus.PROPOSED)
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=260)
    frozen_by_user = models.BigIntegerField(null=True)  # of a token: who made it; None: the system
    at_seq = models.BigIntegerField()
    items = models.BinaryField()  # KeySet
    item_count = models.BigIntegerField()
    added = models.BigIntegerField(default=0)  # items, against the version in force then
    removed = models.BigIntegerField(default=0)
    summary = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # recalls.details.Details
    digest = models.CharField(max_length=64, blank=True)
    took_ms = models.PositiveIntegerField(default=0)
    why = models.TextField(max_length=2000, blank=True)  # why another version was taken up
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=260, blank=True)
    note = models.TextField(max_length=2000, blank=True)  # of whoever decided

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "case_id", "version"], name="scope_version_once"
            )
        ]

    def __str__(self) -> str:
        """Name it by its number in the case."""
        return f"version {self.version}"

    @property
    def item_keys(self) -> KeySet:
        """The affected items."""
        return KeySet.from_bytes(bytes(self.items))


class Outcome(models.TextChoices):
    """What has become of an affected item since the case was opened; each item has one."""

    STOPPED = "stopped"  # in house when the scope was frozen, and still
    RECOVERED = "recovered"  # was out, and is back in house or returned
    DESTROYED = "destroyed"
    UNREACHABLE = "unreachable"  # out, and a person said that it will not come back
    OUT = "out"  # on its way, sold, or not seen


class EffectCount(TenantModel):
    """How many items came to which end, counted from the events at one moment."""

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    position = models.PositiveIntegerField()
    version = models.PositiveIntegerField()  # of the scope that was counted
    counted_at = models.DateTimeField()
    counted_by = models.CharField(max_length=260)
    at_seq = models.BigIntegerField()
    is_final = models.BooleanField(default=False)  # the one that closed the case
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "case_id", "position"], name="effect_count_once"
            )
        ]

    def __str__(self) -> str:
        """Name it by its number in the case."""
        return f"count {self.position}"


class OutcomeGroup(TenantModel):
    """The items that came to one end, as counted at one moment."""

    count_id = models.BigIntegerField()
    count = TenantRelation(EffectCount, "count_id", models.CASCADE)
    outcome = models.CharField(max_length=12, choices=Outcome)
    item_count = models.BigIntegerField()
    items = models.BinaryField()  # KeySet

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "count_id", "outcome"], name="outcome_group_once"
            )
        ]

    def __str__(self) -> str:
        """Name it by its outcome."""
        return self.outcome

    @property
    def item_keys(self) -> KeySet:
        """The items of this group."""
        return KeySet.from_bytes(bytes(self.items))
