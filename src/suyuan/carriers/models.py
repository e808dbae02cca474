"""Carriers bound to units."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.core.identifiers import Identity, parse_identity
from suyuan.kernel.models import TenantModel, TenantRelation

VALUE_LENGTH = 500


class CarrierKind(models.TextChoices):
    """What bears the value."""

    QR = "qr"
    DATAMATRIX = "datamatrix"
    RFID = "rfid"  # the value is the tag's EPC or TID, in hex
    NFC = "nfc"  # the value is the chip's UID, in hex
    OTHER = "other"


class Reason(models.TextChoices):
    """Why a carrier no longer leads to its unit."""

    DAMAGED = "damaged"
    LOST = "lost"
    RELABELLED = "relabelled"
    WRONG = "wrong"
    OTHER = "other"


class Carrier(TenantModel):
    """A binding: a value of a kind leads to a unit, from `bound_at` up to `ended_at`.

    `key` is the unit's capture key, `unit` its canonical text. Rows are never deleted.
    """

    kind = models.CharField(max_length=10, choices=CarrierKind)
    value = models.CharField(max_length=VALUE_LENGTH)  # as `carriers.values` writes it
    key = models.BigIntegerField()
    unit = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    bound_at = models.DateTimeField()
    bound_by = models.CharField(max_length=260)  # as in the audit trail
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=260, blank=True)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    end_note = models.CharField(max_length=500, blank=True)
    replaces_id = models.BigIntegerField(null=True)
    replaces = TenantRelation("carriers.Carrier", "replaces_id", models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "value"],
                condition=Q(ended_at=None),
                name="carrier_live_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "value"], name="carrier_value"),
            models.Index(fields=["organisation", "key"], name="carrier_unit"),
            models.Index(fields=["organisation", "-bound_at"], name="carrier_recent"),
            models.Index(fields=["organisation", "replaces_id"], name="carrier_replaces"),
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return f"{self.kind}:{self.value}"

    @property
    def is_live(self) -> bool:
        """Whether it leads to its unit now."""
        return self.ended_at is None

    @property
    def identity(self) -> Identity:
        """The unit that it leads to, or led to."""
        return parse_identity(self.unit)
