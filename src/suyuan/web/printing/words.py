"""The words of printing that are no errors: states, reasons, forms, sources."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from suyuan.printing.models import After, Form, JobState, PrinterKind, PrintJob, Tier, VoidReason
from suyuan.printing.models import Source as PrintSource
from suyuan.web.templatetags.ui import person

type Text = str | Promise

FORMS: Final[dict[str, Text]] = {
    Form.PDF: gettext_lazy("PDF file, for sheets or an office printer"),
    Form.ZPL: gettext_lazy("ZPL file, for Zebra and compatible printers"),
    Form.TSPL: gettext_lazy("TSPL file, for TSC and compatible printers"),
    Form.CSV: gettext_lazy("CSV table, for a program that lays labels out itself"),
}
KINDS: Final[dict[str, Text]] = {
    PrinterKind.ZPL: gettext_lazy("ZPL (Zebra and compatible)"),
    PrinterKind.TSPL: gettext_lazy("TSPL (TSC and compatible)"),
    PrinterKind.PDF: gettext_lazy("PDF (office printers that take PDF directly)"),
}
REASONS: Final[dict[str, Text]] = {
    VoidReason.SPOILED: pgettext_lazy("label", "Spoiled"),
    VoidReason.MISPRINT: pgettext_lazy("label", "Misprinted"),
    VoidReason.LOST: pgettext_lazy("label", "Lost"),
    VoidReason.OTHER: pgettext_lazy("label", "Another reason"),
}
AFTER: Final[dict[str, Text]] = {
    After.REPRINT: gettext_lazy("Print the same codes again on new labels"),
    After.WITHDRAW: gettext_lazy("Withdraw the codes: they will never be used"),
}
TIERS: Final[dict[str, Text]] = {
    "": pgettext_lazy("labels of", "everything, in packing order"),
    Tier.ITEMS: pgettext_lazy("labels of", "items only"),
    Tier.CASES: pgettext_lazy("labels of", "cases only"),
    Tier.PALLETS: pgettext_lazy("labels of", "pallets only"),
}
STATES: Final[dict[str, Text]] = {
    JobState.WAITING: pgettext_lazy("print job", "Waiting"),
    JobState.RUNNING: pgettext_lazy("print job", "Printing"),
    JobState.PAUSED: pgettext_lazy("print job", "Paused"),
    JobState.DONE: pgettext_lazy("print job", "Done"),
    JobState.FAILED: pgettext_lazy("print job", "Failed"),
    JobState.CANCELLED: pgettext_lazy("print job", "Cancelled"),
}
STATE_LOOKS: Final[dict[str, tuple[str, str]]] = {
    JobState.WAITING: ("quiet", "clock"),
    JobState.RUNNING: ("info", "printer"),
    JobState.PAUSED: ("warn", "hand-stop"),
    JobState.DONE: ("good", "check"),
    JobState.FAILED: ("bad", "alert-triangle"),
    JobState.CANCELLED: ("quiet", "ban"),
}
LABEL_STATES: Final[dict[str, tuple[Text, str, str]]] = {
    "waiting": (pgettext_lazy("a label", "Waits to be printed"), "quiet", "clock"),
    "in_doubt": (pgettext_lazy("a label", "In doubt"), "warn", "help-circle"),
    "made": (pgettext_lazy("a label", "Printed"), "good", "printer"),
    "void": (pgettext_lazy("a label", "Void"), "bad", "ban"),
    "not_made": (pgettext_lazy("a label", "Never printed"), "quiet", "minus"),
}


def state_of(job: PrintJob) -> dict[str, object]:
    """Return how a job's state is shown."""
    tone, icon = STATE_LOOKS[job.state]
    return {"label": STATES[job.state], "tone": tone, "icon": icon}


def source_of(job: PrintJob) -> str:
    """Say which labels a job prints."""
    span = {"first": f"{job.first + 1:,}", "last": f"{job.first + job.count:,}"}
    if job.source == PrintSource.ORDER:
        return _("Codes %(first)s–%(last)s") % span
    if job.source == PrintSource.LISTED:
        said = ngettext("%(count)s listed code", "%(count)s listed codes", job.total)
        return said % {"count": f"{job.total:,}"}
    tier = str(TIERS[job.tier])
    if job.set_plan is not None:
        return _("Sets %(number)s: %(tier)s") % {"number": job.set_plan.number, "tier": tier}
    return _("Packed codes %(first)s–%(last)s: %(tier)s") % (span | {"tier": tier})


def target_of(job: PrintJob) -> str:
    """Say where a job's labels go."""
    if job.printer is not None:
        return str(job.printer.name)
    return _("%(form)s file") % {"form": job.form.upper()}


def why_of(job: PrintJob) -> str:
    """Say why a job prints again."""
    return str(REASONS.get(job.again, job.again))


def claimed(data: dict[str, object]) -> dict[str, object]:
    """Return an earlier claim's data as people read it."""
    at = parse_datetime(str(data.get("at", "")))
    shown = timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
    return data | {"by": person(str(data.get("by", ""))), "at": shown}
