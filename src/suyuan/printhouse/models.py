"""Print houses, packages, and the lists that come back.

A package's file is kept nowhere: it follows from its row, byte for byte, whenever it is asked for.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.issuing.models import CodeOrder, SetPlan
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.masterdata.models import Party


class PrintHouse(TenantModel):
    """What is agreed with a party that prints: the password of its packages, the usual roll."""

    party_id = models.BigIntegerField()
    party = TenantRelation(Party, "party_id", models.CASCADE)
    password = models.BinaryField(default=b"")  # sealed; empty: each package has its own
    password_at = models.DateTimeField(null=True)
    password_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "party_id"], name="print_house_once")
        ]


class PackageState(models.TextChoices):
    """How far a package is."""

    PREPARING = "preparing"  # its file is being summed up
    PREPARED = "prepared"
    SENT = "sent"
    RETURNED = "returned"  # the first list is applied
    RECONCILED = "reconciled"  # nothing more is expected
    CANCELLED = "cancelled"


class PasswordKind(models.TextChoices):
    """What a package is locked with."""

    ONCE = "once"  # a password of its own, shown when it was made and kept nowhere
    AGREED = "agreed"  # the print house's


class Package(TenantModel):
    """Codes of one order for one print house, on rolls of equal length.

    Line n of its file, counted from 1, is the n-th of `positions`; roll `first_roll` has the first
    `roll_size` lines.
    """

    number = models.CharField(max_length=20)
    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    set_plan_id = models.BigIntegerField(null=True)
    set_plan = TenantRelation(SetPlan, "set_plan_id", models.PROTECT, null=True)
    party_id = models.BigIntegerField()
    party = TenantRelation(Party, "party_id", models.PROTECT)
    positions = models.BinaryField()
    lines = models.PositiveIntegerField()
    roll_size = models.PositiveIntegerField()
    first_roll = models.PositiveIntegerField(default=1)
    has_links = models.BooleanField(default=True)
    has_inner = models.BooleanField(default=False)
    password_kind = models.CharField(max_length=8, choices=PasswordKind)
    seals = models.BinaryField()  # the keys of its files, sealed; no password
    facts = models.JSONField()  # what its files say of product, order and people, as it then was
    state = models.CharField(max_length=12, choices=PackageState, default=PackageState.PREPARING)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True)
    request_key = models.CharField(max_length=80, blank=True)
    used = models.BinaryField(default=b"")  # positions, by the lists that were applied
    spoiled = models.BinaryField(default=b"")
    used_count = models.PositiveIntegerField(default=0)  # with those that were only counted
    spoiled_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    prepared_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)  # the file was first downloaded
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=160, blank=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # reconciled or cancelled
    closed_by = models.CharField(max_length=160, blank=True)
    closed_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="package_number"),
            models.UniqueConstraint(
                fields=["organisation", "request_key"],
                condition=~Q(request_key=""),
                name="package_request_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="package_recent"),
            models.Index(fields=["organisation", "order_id"], name="package_of_order"),
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.number

    @property
    def rolls(self) -> int:
        """How many rolls it fills."""
        return -(-self.lines // self.roll_size)

    @property
    def last_roll(self) -> int:
        """The number of its last roll."""
        return self.first_roll + self.rolls - 1

    @property
    def missing_count(self) -> int:
        """Codes of which no list that was applied says what became of them."""
        return self.lines - self.used_count - self.spoiled_count


class ReturnList(TenantModel):
    """A list of used and spoiled codes that came back: previewed, and then applied or not."""

    package_id = models.BigIntegerField()
    package = TenantRelation(Package, "package_id", models.CASCADE)
    ordinal = models.PositiveIntegerField()  # within the package, from 1
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    used = models.BinaryField()  # positions
    spoiled = models.BinaryField()
    used_unnamed = models.PositiveIntegerField(default=0)  # counted by roll, codes not named
    spoiled_unnamed = models.PositiveIntegerField(default=0)
    counted_rolls = models.JSONField(default=list)  # rolls with codes that were only counted
    used_count = models.PositiveIntegerField()
    spoiled_count = models.PositiveIntegerField()
    missing_count = models.PositiveIntegerField()  # in the package, once this is applied
    fault_count = models.PositiveIntegerField()
    findings = models.BinaryField()  # compressed JSON: the lines that do not fit, with their faults
    based_on = models.PositiveIntegerField()  # lists applied before it
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "package_id", "ordinal"], name="return_list_ordinal"
            )
        ]
