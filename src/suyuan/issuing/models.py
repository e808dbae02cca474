"""Code orders, counters, and what became of an order's ranges.

Positions are counted from 0 within an order; a set of them is a bitmap (`issuing.positions`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.masterdata.models import Location, Lot, Product


class OrderStatus(models.TextChoices):
    """How far a code order is."""

    ISSUED = "issued"  # no code, or only a part of them, is active
    COMMISSIONED = "commissioned"  # every code that is not withdrawn is active
    WITHDRAWN = "withdrawn"  # every code is withdrawn


class ProductCounter(TenantModel):
    """The next index of a product that nobody ordered yet; it never goes back.

    It runs on through numbering keys: an index names one item of a product for ever.
    """

    product_id = models.BigIntegerField()
    product = TenantRelation(Product, "product_id", models.CASCADE)
    next = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "product_id"], name="product_counter_once"
            )
        ]


class CodeOrder(TenantModel):
    """A range of a product's indexes: `start` up to `start + count - 1`."""

    number = models.CharField(max_length=20)
    product_id = models.BigIntegerField()
    product = TenantRelation(Product, "product_id", models.PROTECT)
    lot_id = models.BigIntegerField(null=True)
    lot = TenantRelation(Lot, "lot_id", models.PROTECT, null=True)
    key_version = models.PositiveIntegerField()
    start = models.BigIntegerField()
    count = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=OrderStatus, default=OrderStatus.ISSUED)
    commissioned_count = models.PositiveIntegerField(default=0)
    packed_count = models.PositiveIntegerField(default=0)
    withdrawn_count = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    request_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)  # as in the audit trail

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="code_order_number"),
            # Also the index that answers "who issued this one": the highest start not above it.
            models.UniqueConstraint(
                fields=["organisation", "product_id", "key_version", "start"],
                name="code_order_start_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "request_key"],
                condition=~Q(request_key=""),
                name="code_order_request_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="code_order_recent")
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.number

    @property
    def end(self) -> int:
        """The first index after the order."""
        return self.start + self.count


class Activation(TenantModel):
    """A part of an order that was commissioned: `count` codes from the order's `first`.

    Codes within it that were withdrawn before are not active.
    """

    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    first = models.PositiveIntegerField()  # counted from the order's start
    count = models.PositiveIntegerField()
    lot_id = models.BigIntegerField()
    lot = TenantRelation(Lot, "lot_id", models.PROTECT)
    location_id = models.BigIntegerField()
    location = TenantRelation(Location, "location_id", models.PROTECT)
    disposition = models.CharField(max_length=80)
    time = models.DateTimeField()
    first_seq = models.BigIntegerField()  # the events that say so
    last_seq = models.BigIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "order_id", "first"], name="activation_once"
            )
        ]

    @property
    def end(self) -> int:
        """The first position after it."""
        return self.first + self.count


class Packing(TenantModel):
    """A part of an order that was packed by plan: cases of N items, pallets of M cases.

    The cases have `cases` numbers from `first_number` of the prefix's series, then the pallets
    theirs: a plan costs one row, however many units it makes.
    """

    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    per_case = models.PositiveIntegerField()
    per_pallet = models.PositiveIntegerField(default=0)  # 0: no pallets
    prefix = models.CharField(max_length=12)
    first_number = models.BigIntegerField()
    cases = models.PositiveIntegerField()
    pallets = models.PositiveIntegerField(default=0)
    location_id = models.BigIntegerField()
    location = TenantRelation(Location, "location_id", models.PROTECT)
    time = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "order_id", "first"], name="packing_once"
            )
        ]

    @property
    def end(self) -> int:
        """The first position after it."""
        return self.first + self.count


class AllotmentKind(models.TextChoices):
    """What put the codes on labels, or is to do so."""

    PRINT = "print"  # a printing job here
    PACKAGE = "package"  # a package for a print house
    SET = "set"  # sets claimed them: no label yet


class Allotment(TenantModel):
    """A part of an order that was claimed for labels: `count` codes from the order's `first`.

    Two claims overlap only where the later one says why (`again`): so no serial is on two labels
    unnoticed.
    """

    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=AllotmentKind)
    reference = models.CharField(max_length=40)  # number of the job, the package or the sets
    copy = models.PositiveSmallIntegerField()  # 1: the first labels; 0: sets without labels yet
    again = models.CharField(max_length=200, blank=True)  # why it was printed once more
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    released_at = models.DateTimeField(null=True)  # the labels were never made
    released_by = models.CharField(max_length=160, blank=True)
    released_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "order_id", "first"], name="allotment_of_order"),
            models.Index(fields=["organisation", "reference"], name="allotment_reference"),
        ]

    @property
    def end(self) -> int:
        """The first position after it."""
        return self.first + self.count


class Withdrawal(TenantModel):
    """Codes of an order that will never be on goods: spoiled, lost, voided."""

    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    first = models.PositiveIntegerField()  # the lowest position, to find the row by
    last = models.PositiveIntegerField()  # the highest
    count = models.PositiveIntegerField()
    positions = models.BinaryField()
    reason = models.CharField(max_length=200)
    reference = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "order_id", "first"], name="withdrawal_of_order")
        ]


class SetPlan(TenantModel):
    """Sets: cases, and pallets of them, that know their items before anything is active.

    The numbers of its cases and pallets lie as those of a `Packing`: one row, however many.
    """

    number = models.CharField(max_length=20)
    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    per_case = models.PositiveIntegerField()
    per_pallet = models.PositiveIntegerField(default=0)  # 0: no pallets
    prefix = models.CharField(max_length=12)
    first_number = models.BigIntegerField()
    cases = models.PositiveIntegerField()
    pallets = models.PositiveIntegerField(default=0)
    active_units = models.BinaryField(default=b"")  # bitmap: case i is i, pallet i is `cases` + i
    active_cases = models.PositiveIntegerField(default=0)
    active_pallets = models.PositiveIntegerField(default=0)
    # What the background is to activate the rest with: lot, location, time, by whom; and the fault
    # that it stopped at, if it did.
    filling = models.JSONField(null=True)
    request_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="set_plan_number"),
            # Also the index that answers "whose case is this": the highest number not above it.
            models.UniqueConstraint(
                fields=["organisation", "prefix", "first_number"], name="set_plan_units_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "request_key"],
                condition=~Q(request_key=""),
                name="set_plan_request_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "order_id", "first"], name="set_plan_of_order"),
            models.Index(fields=["organisation", "-created_at"], name="set_plan_recent"),
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.number

    @property
    def end(self) -> int:
        """The first position after it."""
        return self.first + self.count

    @property
    def units(self) -> int:
        """How many cases and pallets it has."""
        return self.cases + self.pallets

    @property
    def in_background(self) -> bool:
        """Whether the background is activating it."""
        return self.filling is not None and "fault" not in self.filling
