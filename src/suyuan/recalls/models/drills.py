"""Drills: mock recalls with a clock, what people answered, and when the next one comes.

Invariant: a drill's frozen answer is never updated; a task has one answer. Nothing here is an
event, so that no drill touches stock or is seen by a consumer.
"""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from suyuan.core.keyset import KeySet
from suyuan.kernel.models import TenantModel, TenantRelation


class DrillSample(models.TextChoices):
    """What a drill begins with, drawn at random."""

    LOT = "lot"
    MATERIAL_LOT = "material_lot"
    ITEM = "item"


class DrillStatus(models.TextChoices):
    """Whether the clock runs."""

    RUNNING = "running"
    FINISHED = "finished"
    ABANDONED = "abandoned"


class DrillTask(models.TextChoices):
    """What people have to find out, in this order."""

    SCOPE = "scope"  # how many items are affected
    PLACES = "places"  # where most of them are now
    BALANCE = "balance"  # how many of the lot cannot be accounted for


class Drill(TenantModel):
    """A mock recall: a start drawn at random, and what follows from it, as known at that moment."""

    number = models.CharField(max_length=20)
    sample = models.CharField(max_length=12, choices=DrillSample)
    seed = models.BigIntegerField()  # of the draw
    drawn_from = models.PositiveIntegerField()  # how many it was drawn from
    start = models.CharField(max_length=300)  # canonical text of what people are told
    begins = models.JSONField(default=list)  # canonical texts of what the recall begins with
    status = models.CharField(max_length=9, choices=DrillStatus, default=DrillStatus.RUNNING)
    announced_at = models.DateTimeField()
    announced_by = models.CharField(max_length=260)
    scheduled = models.BooleanField(default=False)
    target_minutes = models.PositiveIntegerField()
    at_seq = models.BigIntegerField()  # the last event that the answer has seen
    items = models.BinaryField()  # KeySet
    item_count = models.BigIntegerField()
    summary = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # recalls.summary.Summary
    balances = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    findings = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # {code: how often}
    took_ms = models.PositiveIntegerField(default=0)  # of the engine
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=260, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    score = models.PositiveSmallIntegerField(null=True)  # of 100
    parts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # {part: points}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="drill_number_once"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(status="running"),
                name="drill_one_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-announced_at"], name="drill_recent")
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.number

    @property
    def item_keys(self) -> KeySet:
        """The items that a recall would affect."""
        return KeySet.from_bytes(bytes(self.items))

    @property
    def is_running(self) -> bool:
        """Whether the clock runs."""
        return self.status == DrillStatus.RUNNING


class DrillAnswer(TenantModel):
    """What was answered to one task of a drill."""

    drill_id = models.BigIntegerField()
    drill = TenantRelation(Drill, "drill_id", models.CASCADE)
    task = models.CharField(max_length=8, choices=DrillTask)
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=260)
    by_engine = models.BooleanField(default=False)  # somebody let the product answer
    given = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    right = models.FloatField()  # from 0, wrong, to 1, right

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "drill_id", "task"], name="drill_answer_once"
            )
        ]

    def __str__(self) -> str:
        """Name it by its task."""
        return self.task


class DrillPlan(TenantModel):
    """How often an organisation is drilled unannounced: one row for each, or none."""

    active = models.BooleanField(default=True)
    sample = models.CharField(max_length=12, choices=DrillSample)
    every_days = models.PositiveSmallIntegerField()  # a drill comes at a random moment within them
    from_hour = models.PositiveSmallIntegerField()  # of the display's clock
    to_hour = models.PositiveSmallIntegerField()
    weekends = models.BooleanField(default=False)
    target_minutes = models.PositiveIntegerField()
    next_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="drill_plan_once"),
        ]

    def __str__(self) -> str:
        """Name it by its rhythm."""
        return f"every {self.every_days} days"
