"""Key profiles, their versions, the public tap addresses, chips."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.core.nfc.seal import Seal
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.tenancy.models import Organisation

PUBLIC_ID_LENGTH = 10


class LinkTo(models.TextChoices):
    """What a chip's link leads to."""

    ITEM = "item"  # the item's Digital Link: each chip has a link of its own
    DOOR = "door"  # the profile's tap address: all chips have one link


class KeySource(models.TextChoices):
    """Where keys come from."""

    GENERATED = "generated"
    IMPORTED = "imported"


class KeyProfile(TenantModel):
    """Chips that are written alike. Its `public_id` names it in addresses."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH)
    name = models.CharField(max_length=60)
    link_to = models.CharField(max_length=4, choices=LinkTo, default=LinkTo.ITEM)
    test = models.BooleanField(default=False)  # published keys are taken: nothing is proven
    version = models.PositiveIntegerField(default=1)  # the newest `ProfileVersion`
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)  # as in the audit trail

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "public_id"], name="nfc_profile_public_once"
            ),
            models.UniqueConstraint(fields=["organisation", "name"], name="nfc_profile_name_once"),
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.name


class ProfileVersion(TenantModel):
    """Keys of a profile, sealed, and how chips with these keys write.

    Never changed but for its revocation: chips in the field go on writing as they were told.
    """

    profile_id = models.BigIntegerField()
    profile = TenantRelation(KeyProfile, "profile_id", models.PROTECT)
    version = models.PositiveIntegerField()
    layout = models.JSONField()  # `core.nfc.layout.Layout`
    slots = models.JSONField()  # `core.nfc.template.Slots`
    system = models.CharField(max_length=48, blank=True)  # hex; "": keys are not diversified
    keys = models.BinaryField()  # `nfc.keys`
    checks = models.JSONField()  # by key, a check value that tells whether two are the same
    source = models.CharField(max_length=9, choices=KeySource)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    revoked_at = models.DateTimeField(null=True)  # since then nothing under these keys is genuine
    revoked_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "profile_id", "version"], name="nfc_version_once"
            )
        ]


class TapDoor(models.Model):
    """Which organisation and profile a public tap address belongs to.

    Its key does not begin with the organisation: a tap says only the address. It holds nothing but
    the way to the profile (a reference table on Citus).
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, primary_key=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    profile_id = models.BigIntegerField()
    profile = TenantRelation(KeyProfile, "profile_id", models.CASCADE)


class Chip(TenantModel):
    """A chip that an encoder reported, or whose genuine message was read.

    Which unit it leads to is a carrier of kind `nfc`, by its UID.
    """

    uid = models.CharField(max_length=14)  # hex, upper case
    profile_id = models.BigIntegerField()
    profile = TenantRelation(KeyProfile, "profile_id", models.PROTECT)
    key_version = models.PositiveIntegerField()
    counter = models.IntegerField(default=-1)  # the highest that was used; -1: never tapped
    taps = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    last_device = models.BigIntegerField(default=0)  # `verification.device`, a number for two days
    seal = models.CharField(
        max_length=8, blank=True, choices=[(one.value, one.value) for one in Seal]
    )  # as the last tap told it
    opened_at = models.DateTimeField(null=True)  # the first tap that told of an open seal
    registered_at = models.DateTimeField(null=True)  # null: known only by its taps
    registered_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "uid"], name="nfc_chip_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "profile_id"], name="nfc_chip_profile"),
            models.Index(fields=["organisation", "-last_at"], name="nfc_chip_recent"),
            models.Index(fields=["organisation", "opened_at"], name="nfc_chip_opened"),
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.uid
