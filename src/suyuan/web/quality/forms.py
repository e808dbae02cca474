"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.quality.errors import FileRefused
from suyuan.quality.files import FILE_LIMIT
from suyuan.quality.models import Channel, ComplaintStatus, Result, TargetKind
from suyuan.web.messages import sentence

KIND_NAMES = {
    TargetKind.PRODUCT_LOT: _("A product lot"),
    TargetKind.MATERIAL_LOT: _("A material lot"),
    TargetKind.PRODUCT: _("A product, whatever the lot"),
}
RESULT_NAMES = {
    Result.PASS: pgettext_lazy("inspection", "Passed"),
    Result.FAIL: pgettext_lazy("inspection", "Failed"),
}
CHANNEL_NAMES = {
    Channel.CONSUMER_PAGE: _("Code page"),
    Channel.SHOP: _("Shop platform"),
    Channel.PHONE: _("Telephone"),
    Channel.CHAT: _("Chat"),
    Channel.MAIL: _("E-mail"),
    Channel.AUTHORITY: _("Authority"),
    Channel.OTHER: _("Other channel"),
}
STATUS_NAMES = {
    ComplaintStatus.OPEN: pgettext_lazy("complaint", "Open"),
    ComplaintStatus.ANSWERED: pgettext_lazy("complaint", "Answered"),
    ComplaintStatus.CLOSED: pgettext_lazy("complaint", "Closed"),
}
_SHOWN_NAMES = (
    ("published", _("Shown to consumers")),
    ("internal", _("Internal")),
    ("revoked", _("Withdrawn")),
)
_ANY = ("", _("All"))
_MOMENT = "%Y-%m-%dT%H:%M"


def channel_name(channel: str) -> str:
    """Return a channel's name in the reader's language."""
    return str(CHANNEL_NAMES[Channel(channel)])


def kind_name(kind: str) -> str:
    """Return the name of a report's kind of target in the reader's language."""
    return str(KIND_NAMES[TargetKind(kind)])


class _DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        """Write dates as browsers want them in every language."""
        super().__init__(format="%Y-%m-%d")


class ReportFilter(forms.Form):
    """Which reports to list."""

    q = forms.CharField(label=_("Number, title, GTIN, lot or laboratory"), required=False)
    kind = forms.ChoiceField(label=_("About"), required=False, choices=[_ANY, *KIND_NAMES.items()])
    result = forms.ChoiceField(
        label=pgettext_lazy("inspection", "Result"),
        required=False,
        choices=[_ANY, *RESULT_NAMES.items()],
    )
    shown = forms.ChoiceField(label=_("Visibility"), required=False, choices=[_ANY, *_SHOWN_NAMES])
    gtin = forms.CharField(required=False, widget=forms.HiddenInput)
    lot = forms.CharField(required=False, widget=forms.HiddenInput)


class ReportForm(forms.Form):
    """A new report with its file."""

    title = forms.CharField(label=_("Title of the report"), max_length=160)
    target_kind = forms.ChoiceField(label=_("About"), choices=list(KIND_NAMES.items()))
    gtin = forms.CharField(
        label=_("GTIN, or material code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lot = forms.CharField(
        label=_("Lot code"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty for a report on the product as such."),
    )
    issued_by = forms.CharField(label=_("Laboratory"), max_length=160)
    result = forms.ChoiceField(
        label=pgettext_lazy("inspection", "Result"), choices=list(RESULT_NAMES.items())
    )
    issued_on = forms.DateField(label=_("Date of the report"), widget=_DateInput())
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=_DateInput())
    file = forms.FileField(
        label=_("The report's file"),
        help_text=_("PDF, PNG or JPEG, at most 10 MB. It is kept exactly as it is."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    publish = forms.BooleanField(label=_("Show it to consumers on the code's page"), required=False)

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > FILE_LIMIT:
            error = FileRefused("file_too_large", place="file", limit_mb=FILE_LIMIT // 2**20)
            raise forms.ValidationError(sentence(error))
        return upload


class ReasonForm(forms.Form):
    """Why a report is withdrawn."""

    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=300)


class ComplaintFilter(forms.Form):
    """Which complaints to list."""

    q = forms.CharField(label=_("Number, code, lot, order or words"), required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("complaint", "Status"),
        required=False,
        choices=[_ANY, *STATUS_NAMES.items()],
    )
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[_ANY, *CHANNEL_NAMES.items()]
    )
    gtin = forms.CharField(required=False, widget=forms.HiddenInput)
    lot = forms.CharField(required=False, widget=forms.HiddenInput)


class ComplaintForm(forms.Form):
    """A complaint that reached a colleague."""

    text = forms.CharField(
        label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    target = forms.CharField(
        label=_("The code on the goods"),
        max_length=300,
        required=False,
        help_text=_("Scan or paste it in any form; words do too. The batch is found from it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    order_number = forms.CharField(label=_("Order number"), max_length=80, required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=list(CHANNEL_NAMES.items()), initial=Channel.PHONE.value
    )
    reported_at = forms.DateTimeField(
        label=_("Reported at"),
        required=False,
        input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S"],
        help_text=_("Leave it empty for now."),
        widget=forms.DateTimeInput(format=_MOMENT, attrs={"type": "datetime-local"}),
    )
    reporter_name = forms.CharField(
        label=_("Who reported it"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reporter_contact = forms.CharField(
        label=_("How to reach them"),
        max_length=120,
        required=False,
        help_text=_("Name and contact are kept encrypted, and can be erased."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WordsForm(forms.Form):
    """A note, an answer or the end of a complaint."""

    text = forms.CharField(
        label=_("Your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
