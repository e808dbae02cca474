"""Who is told of a recall, how it went, and what they answered; what came back.

Invariant: how to reach a buyer is sealed at rest, stands nowhere else, and is erased for good. An
answer's link is computed (`recalls.notices.links`): no table holds what would open it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.core.keyset import KeySet
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.recalls.models.cases import RecallCase


class RecipientKind(models.TextChoices):
    """Who a recipient is."""

    PARTNER = "partner"  # a party that holds goods, or was sent some
    BUYER = "buyer"  # of a parcel, known by order or waybill
    CONSUMER = "consumer"  # who complained of affected goods and left a way to answer


class NoticeChannel(models.TextChoices):
    """How a notice travels."""

    EMAIL = "email"
    SMS = "sms"
    MARKETPLACE = "marketplace"  # a message of the shop, by order number
    NONE = "none"


class NoticeState(models.TextChoices):
    """How far a notice has come."""

    READY = "ready"
    NO_CONTACT = "no_contact"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"  # the address does not exist, or refuses
    UNSURE = "unsure"  # cut off in the middle: it may have arrived


class AnswerKind(models.TextChoices):
    """What became of goods, in the words of who had them."""

    HAVE = "have"
    USED = "used"
    THROWN_AWAY = "thrown_away"
    SENT_BACK = "sent_back"
    NOT_RECEIVED = "not_received"


class Notice(TenantModel):
    """One recipient of a case's notice."""

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    number = models.PositiveIntegerField()  # within the case
    kind = models.CharField(max_length=8, choices=RecipientKind)
    recipient = models.CharField(max_length=320)  # what it is known by, see notices.recipients
    name = models.CharField(max_length=130, blank=True)  # a partner's; never a person's
    waybill = models.CharField(max_length=120, blank=True)
    order_number = models.CharField(max_length=120, blank=True)
    destination = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField()  # of the scope that the items are from
    item_count = models.BigIntegerField()
    items = models.BinaryField()  # KeySet
    language = models.CharField(max_length=8, default="zh-hans")
    channel = models.CharField(max_length=11, choices=NoticeChannel, default=NoticeChannel.NONE)
    contact = models.BinaryField(null=True)  # sealed: recalls.notices.contacts.Contact
    forgotten_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=10, choices=NoticeState)
    reminding = models.BooleanField(default=False)  # what is under way repeats an earlier notice
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)  # of a message that is being sent: its lease
    error = models.CharField(max_length=40, blank=True)  # a code
    detail = models.CharField(max_length=200, blank=True)  # the other server's own words
    template_version = models.PositiveIntegerField(null=True)  # 0: as shipped
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    opened_at = models.DateTimeField(null=True)  # when the answer's page was first looked at
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=260, blank=True)  # "": by the link
    answer = models.JSONField(default=dict)  # AnswerKind -> number of items

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "case_id", "recipient"], name="notice_recipient_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "case_id", "number"], name="notice_number_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "case_id", "kind", "state"], name="notice_of_case"
            ),
            # The worker looks for what is due of every organisation.
            models.Index(
                fields=["state", "next_attempt_at"],
                condition=models.Q(state__in=("queued", "sending")),
                name="notice_due",
            ),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return str(self.number)

    @property
    def item_keys(self) -> KeySet:
        """The affected items that the recipient has, or had."""
        return KeySet.from_bytes(bytes(self.items))

    @property
    def is_answered(self) -> bool:
        """Whether the recipient has said what became of the goods."""
        return self.answered_at is not None


class NoticeTemplate(TenantModel):
    """An organisation's own words for a notice, in one language; the latest version counts."""

    name = models.CharField(max_length=20)  # recalls.notices.templates.NAMES
    language = models.CharField(max_length=8)
    version = models.PositiveIntegerField()  # from 1
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=8000)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name", "language", "version"], name="notice_template_once"
            )
        ]

    def __str__(self) -> str:
        """Name it with its version."""
        return f"{self.name} {self.language} {self.version}"


class NoticeDoor(TenantModel):
    """Where an organisation's short messages go: a service's webhook."""

    channel = models.CharField(max_length=11, choices=NoticeChannel)
    url = models.CharField(max_length=2000)
    secret = models.BinaryField()  # sealed; signs each message
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "channel"], name="notice_door_once")
        ]

    def __str__(self) -> str:
        """Name it by its channel."""
        return self.channel


class Announcement(TenantModel):
    """What a case says in public, when it reminds, and when it forgets who was told."""

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    public_id = models.CharField(max_length=16)
    advice_zh = models.TextField(max_length=1000, blank=True)  # "": the usual words
    advice_en = models.TextField(max_length=1000, blank=True)
    hotline = models.CharField(max_length=120, blank=True)
    remind_after_days = models.PositiveSmallIntegerField(null=True)  # None: only when asked to
    forget_after_days = models.PositiveSmallIntegerField(default=90)  # after the case's end
    prepared_at = models.DateTimeField(null=True)
    prepared_version = models.PositiveIntegerField(default=0)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "case_id"], name="announcement_once")
        ]
        # The public address has no organisation in it.
        indexes: ClassVar = [models.Index(fields=["public_id"], name="announcement_public")]

    def __str__(self) -> str:
        """Name it as its public address does."""
        return self.public_id


class ReturnScan(TenantModel):
    """An affected item that was scanned at the returns' counter: once in a case."""

    case_id = models.BigIntegerField()
    case = TenantRelation(RecallCase, "case_id", models.CASCADE)
    key = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=260)
    location = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "case_id", "key"], name="return_scan_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "case_id", "-at"], name="return_scan_recent")
        ]

    def __str__(self) -> str:
        """Name it by its item's key."""
        return str(self.key)
