"""Scans, how often each item was seen, hidden codes that were opened, and the salts of devices.

Invariant: no row says who scanned. `Scan.device` is a digest under a salt that is thrown away
after two days; from then on it can be compared with nothing.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.kernel.models import TenantModel
from suyuan.verification.values import Verdict


class Scan(TenantModel):
    """A consumer looked at a code."""

    key = models.BigIntegerField()  # of the item or lot (`capture.identities`); 0: no identity
    at = models.DateTimeField()
    gtin = models.CharField(max_length=14)
    code = models.CharField(max_length=20)  # the serial or the lot, as asked for
    verdict = models.CharField(
        max_length=16, choices=[(word.value, word.value) for word in Verdict]
    )
    region = models.CharField(max_length=6, blank=True)  # `masterdata.regions`; "" unknown
    device = models.BigIntegerField()
    language = models.CharField(max_length=7, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "key", "at"], name="scan_of_key"),
            models.Index(fields=["organisation", "-at"], name="scan_recent"),
            models.Index(fields=["organisation", "verdict", "-at"], name="scan_verdict"),
            models.Index(fields=["organisation", "gtin", "-at"], name="scan_product"),
        ]


class ScanTally(TenantModel):
    """How often an item was looked at: one row, whose id is the item's key.

    It makes “first” a fact rather than a race: the row is made once, by one scan. And an item that
    is seen a million times still costs one look-up.
    """

    scans = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    first_region = models.CharField(max_length=6, blank=True)
    first_device = models.BigIntegerField()
    last_at = models.DateTimeField()
    last_device = models.BigIntegerField()


class Reveal(TenantModel):
    """What became of an item's hidden code: one row, whose id is the item's key.

    `tries` counts wrong entries; at five the code is locked. `opening` names the entry that was
    the first right one, so that of two at once exactly one is told that it was the first.
    """

    tries = models.PositiveSmallIntegerField(default=0)
    last_wrong = models.BigIntegerField(default=0)  # digest: the same mistake twice counts once
    last_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    opened_region = models.CharField(max_length=6, blank=True)
    opened_device = models.BigIntegerField(default=0)
    opening = models.BigIntegerField(default=0)


class DeviceSalt(models.Model):
    """A day's secret for device digests; global, because a device is asked before a tenant."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField()
