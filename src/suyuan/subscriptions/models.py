"""Stored queries, subscriptions to them, and what was or could not be delivered."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from suyuan.kernel.models import TenantModel, TenantRelation

OWN: Final = 0
"""The `holder` of what is the organisation's own; a partner's row bears the partner's id.

A null would let two rows of one name stand beside each other (SQL holds no null equal to another).
"""


class NamedQuery(TenantModel):
    """A query that was given a name; it never changes, so that subscribers know what they get."""

    holder = models.BigIntegerField(default=OWN)
    name = models.CharField(max_length=128)
    query = models.JSONField()  # {parameter: value}, as `core.epcis.query.read_query` takes it
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "holder", "name"], name="named_query_once"
            )
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.name


class SubscriptionState(models.TextChoices):
    """Whether anything is sent."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person
    STOPPED = "stopped"  # by us: the receiver is gone for good, or the query fails


class Subscription(TenantModel):
    """Whom to tell what a query finds among new events: at once, or by a schedule.

    `name` is the standard's subscriptionID. What was looked at lies at or before `after_seq`.
    """

    holder = models.BigIntegerField(default=OWN)
    name = models.CharField(max_length=128)
    query_name = models.CharField(max_length=128)
    query = models.JSONField()  # as the named query's; a SOAP client gives parameters of its own
    dest = models.CharField(max_length=2_000)
    host = models.CharField(max_length=255)  # of `dest`: one host gets few messages at a time
    secret = models.BinaryField(null=True)  # the signature token, sealed
    stream = models.BooleanField()
    schedule = models.JSONField(null=True)  # {"hour": "1", "minute": "5"}
    report_if_empty = models.BooleanField(default=False)
    initial_record_time = models.DateTimeField()
    media = models.CharField(max_length=4, default="json")  # or "xml"
    version = models.CharField(max_length=4, default="2.0")  # of XML
    epc_format = models.CharField(max_length=24)
    web_uris = models.BooleanField(default=False)
    batch = models.PositiveIntegerField()  # events in one message; halved for who finds it large
    state = models.CharField(
        max_length=8, choices=SubscriptionState, default=SubscriptionState.ACTIVE
    )
    after_seq = models.BigIntegerField()
    last_run_at = models.DateTimeField(null=True)
    next_run_at = models.DateTimeField(null=True)  # of a schedule
    last_notified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "holder", "name"], name="subscription_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "holder", "query_name"], name="subscription_of_query"
            ),
            # The worker asks over all organisations what is due.
            models.Index(
                fields=["next_run_at"], condition=Q(state="active"), name="subscription_due"
            ),
            models.Index(
                fields=["organisation", "after_seq"],
                condition=Q(state="active", stream=True),
                name="subscription_stream",
            ),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.name


class DeliveryState(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting"  # to be sent, or to be sent again
    DELIVERED = "delivered"
    DEAD = "dead"  # given up; it can be replayed


class Delivery(TenantModel):
    """One message to a receiver: which events, and what came of sending them.

    The body is made anew from the events for each attempt, so that what a partner may no longer
    see is no longer told.
    """

    subscription_id = models.BigIntegerField()
    subscription = TenantRelation(Subscription, "subscription_id", models.CASCADE)
    number = models.BigIntegerField()  # in its subscription
    seqs = models.JSONField(default=list)  # numbers of events; none: an empty report
    fault = models.CharField(max_length=64, blank=True)  # tell this code instead of events
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_status = models.PositiveIntegerField(null=True)  # HTTP
    last_error = models.CharField(max_length=40, blank=True)  # a code of `sending`
    last_answer = models.CharField(max_length=200, blank=True)  # the beginning of what came back
    last_took_ms = models.PositiveIntegerField(null=True)
    body_size = models.PositiveIntegerField(null=True)
    body_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of what was sent last
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "subscription_id", "number"], name="delivery_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="waiting"), name="delivery_due"
            ),
            models.Index(
                fields=["organisation", "subscription_id", "state"], name="delivery_of_state"
            ),
        ]
