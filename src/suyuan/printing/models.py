"""Printers, print jobs, what they printed, what became void."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from suyuan.issuing.models import CodeOrder, Packing, SetPlan
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.labels.models import LabelTemplateVersion
from suyuan.masterdata.models import Location


class PrinterKind(models.TextChoices):
    """The language that a printer reads."""

    ZPL = "zpl"
    TSPL = "tspl"
    PDF = "pdf"


class Form(models.TextChoices):
    """What a job makes."""

    PDF = "pdf"
    ZPL = "zpl"
    TSPL = "tspl"
    CSV = "csv"


class Source(models.TextChoices):
    """Where a job's labels come from."""

    ORDER = "order"  # a range of a code order
    SET = "set"  # sets: pallet, case, its items
    PACKING = "packing"  # the cases or pallets of a packed part of an order
    LISTED = "listed"  # items and units named one by one, printed again


class Tier(models.TextChoices):
    """Which labels of sets or of a packing; none of these is all of them."""

    ITEMS = "items"
    CASES = "cases"
    PALLETS = "pallets"


class JobState(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Wish(models.TextChoices):
    """What a person asked of a running job; whoever runs it obeys after the chunk in hand."""

    NONE = ""
    PAUSE = "pause"
    CANCEL = "cancel"


class VoidReason(models.TextChoices):
    """Why a label is void."""

    SPOILED = "spoiled"
    MISPRINT = "misprint"
    LOST = "lost"
    OTHER = "other"


class After(models.TextChoices):
    """What follows on a void label."""

    REPRINT = "reprint"  # the same code on a new label
    WITHDRAW = "withdraw"  # the code is never used


class Printer(TenantModel):
    """A printer that takes jobs on a TCP port."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=PrinterKind)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=9100)
    dpi = models.PositiveIntegerField(default=203)
    rfid = models.BooleanField(default=False)  # writes tags while it prints
    reports = models.BooleanField(default=False)  # answers when asked for its status
    location_id = models.BigIntegerField(null=True)
    location = TenantRelation(Location, "location_id", models.PROTECT, null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)  # as in the audit trail

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="printer_code_once")
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.code


class PrintJob(TenantModel):
    """Labels of one order to make, in one sequence that never changes.

    `first` and `count` are positions within the order: its items, or those that its units hold;
    of listed ones the lowest, and how far it is to the highest. `total` counts labels. The sequence
    of labels follows from the row (`content.sequence_of`).
    """

    number = models.CharField(max_length=20)
    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    template_id = models.BigIntegerField()
    template = TenantRelation(LabelTemplateVersion, "template_id", models.PROTECT)
    source = models.CharField(max_length=8, choices=Source)
    first = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    set_plan_id = models.BigIntegerField(null=True)  # whose numbers its units have
    set_plan = TenantRelation(SetPlan, "set_plan_id", models.PROTECT, null=True)
    packing_id = models.BigIntegerField(null=True)  # likewise
    packing = TenantRelation(Packing, "packing_id", models.PROTECT, null=True)
    tier = models.CharField(max_length=8, choices=Tier, blank=True)
    items = models.BinaryField(default=b"")  # listed: positions of the order, a bitmap
    units = models.BinaryField(default=b"")  # listed: units from the plan's first number
    gone = models.BinaryField(default=b"")  # places left out: codes withdrawn before the job
    total = models.PositiveIntegerField()

    form = models.CharField(max_length=4, choices=Form)
    printer_id = models.BigIntegerField(null=True)
    printer = TenantRelation(Printer, "printer_id", models.PROTECT, null=True)
    sheet_offset = models.PositiveIntegerField(default=0)
    dpi = models.PositiveIntegerField(default=203)
    rfid = models.BooleanField(default=False)  # the printer writes tags, too
    note = models.CharField(max_length=200, blank=True)  # what `{note}` says on the labels
    copy = models.PositiveIntegerField(default=1)  # 1 for the first print
    again = models.CharField(max_length=200, blank=True)  # why it is printed again

    state = models.CharField(max_length=9, choices=JobState, default=JobState.WAITING)
    wish = models.CharField(max_length=6, choices=Wish, blank=True)
    done = models.PositiveIntegerField(default=0)  # labels known to be made
    in_doubt = models.PositiveIntegerField(default=0)  # labels after them, sent, never confirmed
    fault_code = models.CharField(max_length=60, blank=True)
    fault_data = models.JSONField(default=dict)
    run_by = models.CharField(max_length=160)  # who let it run: made it, or let it go on
    runner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)

    request_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="print_job_number"),
            models.UniqueConstraint(
                fields=["organisation", "request_key"],
                condition=~Q(request_key=""),
                name="print_job_request_once",
            ),
            # Two jobs at once on a printer would mix their labels on its roll.
            models.UniqueConstraint(
                fields=["organisation", "printer_id"],
                condition=Q(state="running", printer_id__isnull=False),
                name="print_job_one_a_printer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="print_job_recent"),
            models.Index(fields=["organisation", "order_id", "created_at"], name="print_job_order"),
        ]

    def __str__(self) -> str:
        """Name it as its page does."""
        return self.number

    @property
    def open(self) -> bool:
        """Whether it can still make labels."""
        return self.state not in {JobState.DONE, JobState.CANCELLED}

    @property
    def left(self) -> int:
        """Labels that are neither made nor in doubt."""
        return self.total - self.done - self.in_doubt


class UnitClaim(TenantModel):
    """A job's claim to the labels of a plan's cases or pallets, which no allotment covers.

    A plan is named by its first unit's number. The first print has copy 1; each that prints them
    all again has the next.
    """

    prefix = models.CharField(max_length=12)
    first_number = models.BigIntegerField()
    tier = models.CharField(max_length=8, choices=Tier)
    copy = models.PositiveIntegerField()
    job_id = models.BigIntegerField()
    job = TenantRelation(PrintJob, "job_id", models.CASCADE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "prefix", "first_number", "tier", "copy"],
                name="unit_claim_once",
            )
        ]


class PrintedRange(TenantModel):
    """Labels of a job that one run made: `count` from the job's label `first`, counted from 0."""

    job_id = models.BigIntegerField()
    job = TenantRelation(PrintJob, "job_id", models.CASCADE)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    doubtful = models.BooleanField(default=False)  # a person said so, the printer did not
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    by = models.CharField(max_length=160)  # who let it run

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "job_id", "first"], name="printed_range_job")
        ]

    @property
    def end(self) -> int:
        """The first label after it."""
        return self.first + self.count


class PrintFile(TenantModel):
    """A file of a job: labels `first` up to `first + count - 1`."""

    job_id = models.BigIntegerField()
    job = TenantRelation(PrintJob, "job_id", models.CASCADE)
    part = models.PositiveIntegerField()  # from 1
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    size = models.BigIntegerField(default=0)  # bytes known to be on the disk
    made_at = models.DateTimeField(null=True)  # when it was whole
    taken_at = models.DateTimeField(null=True)  # when somebody downloaded it first

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "job_id", "part"], name="print_file_part_once"
            )
        ]

    @property
    def end(self) -> int:
        """The first label after it."""
        return self.first + self.count


class LabelVoid(TenantModel):
    """Labels of a job that no longer count."""

    order_id = models.BigIntegerField()
    order = TenantRelation(CodeOrder, "order_id", models.PROTECT)
    job_id = models.BigIntegerField()
    job = TenantRelation(PrintJob, "job_id", models.PROTECT)
    items = models.BinaryField()  # positions of the order, a bitmap
    units = models.BinaryField()  # units of the job's plan, a bitmap
    count = models.PositiveIntegerField()  # labels
    reason = models.CharField(max_length=8, choices=VoidReason)
    note = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=8, choices=After)
    reprint_id = models.BigIntegerField(null=True)
    reprint = TenantRelation(PrintJob, "reprint_id", models.PROTECT, null=True)
    request_key = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["organisation", "request_key", "job_id"],
                condition=~Q(request_key=""),
                name="label_void_request_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "order_id", "at"], name="label_void_order"),
            models.Index(fields=["organisation", "job_id", "at"], name="label_void_job"),
        ]
