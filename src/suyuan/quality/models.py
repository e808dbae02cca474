"""Inspection reports and their files, complaints, their pictures and the notes beside them.

Invariant: a reporter's name, contact and pictures are never stored in the clear, and leave no trace
once erased.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.core.identifiers import Gtin, Identity, Scheme
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.models import TenantModel, TenantRelation


class TargetKind(models.TextChoices):
    """What an inspection report speaks of."""

    MATERIAL_LOT = "material_lot"
    PRODUCT_LOT = "product_lot"
    PRODUCT = "product"
    ITEMS = "items"  # single items of a product


class Result(models.TextChoices):
    """What the laboratory found."""

    PASS = "pass"  # noqa: S105 - a laboratory's word
    FAIL = "fail"


class InspectionReport(TenantModel):
    """A laboratory's report on a lot or a product; its file is named by its content."""

    number = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    target_kind = models.CharField(max_length=12, choices=TargetKind)
    gtin = models.CharField(max_length=14)
    lot = models.CharField(max_length=20, blank=True)  # "" for a report on the product itself
    issued_by = models.CharField(max_length=160)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    result = models.CharField(max_length=4, choices=Result)
    items = models.BinaryField(default=b"")  # KeySet, of a report on single items
    item_count = models.PositiveIntegerField(default=0)
    # The report itself; what came with it are `ReportFile` rows.
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="report_number_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "gtin", "lot"], name="report_by_target"),
            models.Index(fields=["organisation", "-issued_on"], name="report_recent"),
            # The public address has no organisation in it, only the file's name.
            models.Index(fields=["sha256"], name="report_file"),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.number

    @property
    def published(self) -> bool:
        """Whether consumers may see it."""
        return self.published_at is not None and self.revoked_at is None

    @property
    def passed(self) -> bool:
        """Whether the result is good."""
        return self.result == Result.PASS

    @property
    def expired(self) -> bool:
        """Whether its validity is over today (UTC)."""
        return self.valid_until is not None and self.valid_until < clock.now().date()

    @property
    def stands(self) -> bool:
        """Whether it may be relied on: neither withdrawn nor over."""
        return self.revoked_at is None and not self.expired

    @property
    def item_keys(self) -> KeySet:
        """The items that it speaks of; empty for a report on a lot or a product."""
        return KeySet.from_bytes(bytes(self.items))

    @property
    def public_path(self) -> str:
        """The file's address for consumers; answers only while published."""
        return f"/media/r/{self.sha256}"

    @property
    def gtin_display(self) -> str:
        """The number as it is printed: without the zeros in front."""
        return Gtin(self.gtin).display

    @property
    def identity(self) -> Identity:
        """The lot or the product that it speaks of."""
        if self.lot:
            return Identity(Scheme.LGTIN, self.gtin, self.lot)
        return Identity(Scheme.GTIN, self.gtin)


class ReportFile(TenantModel):
    """A file that came with a report: a further page, a photograph of the sample."""

    report_id = models.BigIntegerField()
    report = TenantRelation(InspectionReport, "report_id", models.CASCADE)
    position = models.PositiveSmallIntegerField()  # from 2: the first is the report's own
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "report_id", "position"], name="report_file_once"
            )
        ]
        # The public address has no organisation in it, only the file's name.
        indexes: ClassVar = [models.Index(fields=["sha256"], name="report_more_file")]

    def __str__(self) -> str:
        """Name it by its place."""
        return str(self.position)

    @property
    def public_path(self) -> str:
        """The file's address for consumers; answers only while its report is published."""
        return f"/media/r/{self.sha256}"


class ComplaintStatus(models.TextChoices):
    """How far a complaint has come."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Channel(models.TextChoices):
    """How a complaint reached the organisation."""

    CONSUMER_PAGE = "consumer_page"
    SHOP = "shop"
    PHONE = "phone"
    CHAT = "chat"
    MAIL = "mail"
    AUTHORITY = "authority"
    OTHER = "other"


class Complaint(TenantModel):
    """What somebody complained of, about which goods."""

    number = models.CharField(max_length=20)
    target = models.CharField(max_length=300, blank=True)  # as it was given
    identity = models.CharField(max_length=300, blank=True)  # canonical text, if it could be read
    gtin = models.CharField(max_length=14, blank=True)
    lot = models.CharField(max_length=20, blank=True)
    order_number = models.CharField(max_length=80, blank=True)
    text = models.TextField(max_length=4000)
    reported_at = models.DateTimeField()
    channel = models.CharField(max_length=14, choices=Channel)
    reporter = models.BinaryField(null=True)  # sealed: name and contact
    erased_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=8, choices=ComplaintStatus, default=ComplaintStatus.OPEN)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=260)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="complaint_number_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "gtin", "lot"], name="complaint_by_target"),
            models.Index(
                fields=["organisation", "status", "-reported_at"], name="complaint_by_status"
            ),
            models.Index(fields=["organisation", "-reported_at"], name="complaint_recent"),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.number

    @property
    def gtin_display(self) -> str:
        """The number as it is printed: without the zeros in front."""
        return Gtin(self.gtin).display if self.gtin else ""


class ComplaintPicture(TenantModel):
    """A picture that a reporter gave; its file is sealed, and goes when the row goes."""

    complaint_id = models.BigIntegerField()
    complaint = TenantRelation(Complaint, "complaint_id", models.CASCADE)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)  # of the file; it tells nothing of the content
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "complaint_id", "position"], name="complaint_picture_once"
            )
        ]

    def __str__(self) -> str:
        """Name it by its place."""
        return str(self.position)


class NoteKind(models.TextChoices):
    """What was done when a note was written."""

    NOTE = "note"
    ANSWER = "answer"
    CLOSE = "close"


class ComplaintNote(TenantModel):
    """What colleagues wrote beside a complaint, in order."""

    complaint_id = models.BigIntegerField()
    complaint = TenantRelation(Complaint, "complaint_id", models.CASCADE)
    kind = models.CharField(max_length=6, choices=NoteKind)
    at = models.DateTimeField()
    author = models.CharField(max_length=260)
    text = models.TextField(max_length=4000)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "complaint_id", "at"], name="note_of_complaint")
        ]

    def __str__(self) -> str:
        """Show the beginning."""
        return self.text[:40]
