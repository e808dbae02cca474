"""Partners and what is agreed with each, as tables.

Owns: the rows. What they mean is said in `rules`.
Invariant: places, parties and products are kept by codes and GTINs, which never change; a rule is
never changed, only ended, so that what was shared when can be told later.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.masterdata.models import Party


class Delivery(models.TextChoices):
    """From where a partner may deliver events."""

    NOTHING = "nothing"
    OWN = "own"  # its own places and those listed
    ALL = "all"


class Partner(TenantModel):
    """A party that is connected: it delivers events, and sees what is shared with it."""

    party_id = models.BigIntegerField()
    party = TenantRelation(Party, "party_id", models.PROTECT)
    contact = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=8, choices=Delivery, default=Delivery.OWN)
    delivery_places = models.JSONField(default=list)  # codes of locations beside its own
    delivery_steps = models.JSONField(default=list)  # empty: every step
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "party_id"], name="partner_once")
        ]

    def __str__(self) -> str:
        """Name it as its address does; reads the party."""
        return self.code

    @property
    def code(self) -> str:
        """The code of its party, which is its address; reads the party."""
        code: str = self.party.code
        return code

    @property
    def active(self) -> bool:
        """Whether it is connected now."""
        return self.ended_at is None

    def name(self, language: str) -> str:
        """Return the party's name; reads the party."""
        name: str = self.party.name(language)
        return name


class ShareRule(TenantModel):
    """One agreement to share events: an event must fit in every respect that is limited.

    A list that is empty limits nothing; `own_places` and `own_party` limit by themselves, also
    where the partner has none.
    """

    partner_id = models.BigIntegerField()
    partner = TenantRelation(Partner, "partner_id", models.CASCADE)
    number = models.PositiveIntegerField()  # within the partner
    own_places = models.BooleanField(default=False)  # the partner's, now and later
    places = models.JSONField(default=list)  # codes of locations
    own_party = models.BooleanField(default=False)
    parties = models.JSONField(default=list)  # codes of parties
    gtins = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=260)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "partner_id", "number"], name="share_rule_once"
            )
        ]

    @property
    def active(self) -> bool:
        """Whether it shares anything now."""
        return self.ended_at is None

    @property
    def unlimited(self) -> bool:
        """Whether it shares every event."""
        limits = (self.own_places, self.places, self.own_party, self.parties, self.gtins)
        return not any((*limits, self.steps, self.since, self.until))
