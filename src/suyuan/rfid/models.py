"""Ranges of tags."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.core.identifiers.binary import TagScheme
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.masterdata.models import Product


class TagRange(TenantModel):
    """Tags of an order's items `first` up to `first + count - 1`: one row, however many.

    With `serial_start` the tag of the range's n-th item (from 0) has the serial `serial_start` + n;
    without it each tag bears its item's own serial.
    """

    number = models.CharField(max_length=20)
    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    product_id = models.BigIntegerField()  # the order's: tag serials are unique within a product
    product = TenantRelation(Product, "product_id", models.PROTECT)
    first = models.PositiveIntegerField()  # counted from the order's start
    count = models.PositiveIntegerField()
    scheme = models.CharField(max_length=12)
    filter = models.PositiveSmallIntegerField()
    prefix_length = models.PositiveSmallIntegerField(null=True)  # None: the scheme needs none
    serial_start = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    request_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)  # as in the audit trail
    ended_at = models.DateTimeField(null=True)  # since then its tags lead nowhere
    ended_by = models.CharField(max_length=160, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="tag_range_number"),
            # Also the index that answers "whose serial is this": the highest start not above it.
            models.UniqueConstraint(
                fields=["organisation", "product_id", "serial_start"],
                condition=Q(serial_start__isnull=False),
                name="tag_range_serial_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "order_id", "first"],
                condition=Q(ended_at=None),
                name="tag_range_first_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "request_key"],
                condition=~Q(request_key=""),
                name="tag_range_request_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="tag_range_recent")
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.number

    @property
    def end(self) -> int:
        """The first position of the order after it."""
        return self.first + self.count

    @property
    def tag_scheme(self) -> TagScheme:
        """How its tags are written."""
        return TagScheme(self.scheme)

    @property
    def is_live(self) -> bool:
        """Whether its tags lead to its items."""
        return self.ended_at is None
