"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.masterdata.pictures import MOST_BYTES
from suyuan.quality.errors import FileRefused
from suyuan.quality.files import FILE_LIMIT
from suyuan.quality.models import Channel, ComplaintStatus, Result, TargetKind
from suyuan.quality.pictures import MOST_PICTURES
from suyuan.quality.services.reports import MOST_FILES
from suyuan.web.choices import offer
from suyuan.web.messages import sentence

KIND_NAMES = {
    TargetKind.PRODUCT_LOT: _("A product lot"),
    TargetKind.MATERIAL_LOT: _("A material lot"),
    TargetKind.PRODUCT: _("A product, whatever the lot"),
    TargetKind.ITEMS: _("Single items of a product"),
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


class _SeveralInput(forms.FileInput):
    """Lets a browser choose several files at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files of one field; `most` of them, each of at most `limit` bytes."""

    widget = _SeveralInput

    def __init__(
        self, *, most: int, limit: int, too_many: str, too_large: str, **kwargs: Any
    ) -> None:
        """Keep the limits, and the codes of what is said about them."""
        super().__init__(required=False, **kwargs)
        self.most, self.limit = most, limit
        self._too_many, self._too_large = too_many, too_large

    def clean(
        self,
        data: Any,
        initial: Any = None,  # noqa: ARG002 - Django's signature
    ) -> Sequence[UploadedFile[bytes]]:
        """Refuse what is too much before it is read."""
        uploads = [] if not data else list(data) if isinstance(data, list | tuple) else [data]
        if len(uploads) > self.most:
            raise forms.ValidationError(sentence(Invalid(self._too_many, most=self.most)))
        if any((upload.size or 0) > self.limit for upload in uploads):
            fault = Invalid(self._too_large, limit_mb=self.limit // 2**20, most_megapixels=40)
            raise forms.ValidationError(sentence(fault))
        return uploads


def refuse_within(form: forms.Form, error: SuyuanError) -> None:
    """Show a refusal at its field; what is wrong in one of its lines is told with the line."""
    field, _slash, line = error.place.partition("/")
    if field not in form.fields:
        form.add_error(None, sentence(error))
    elif line.isdigit():
        given = str(error.data.get("given", ""))
        told = {"line": line, "fault": sentence(error), "given": f"{given}: " if given else ""}
        form.add_error(field, _("No. %(line)s: %(given)s%(fault)s") % told)
    else:
        form.add_error(field, sentence(error))


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
    items = forms.CharField(
        label=_("The items"),
        max_length=60_000,
        required=False,
        help_text=_(
            "For a report on single items: one code or serial on each line, or a range with … "
            "between its first and last."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
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
    more = SeveralFilesField(
        label=_("More files"),
        help_text=_("Further pages, photographs of the sample: up to nine, of the same kinds."),
        widget=_SeveralInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg", "multiple": True}),
        most=MOST_FILES - 1,
        limit=FILE_LIMIT,
        too_many="too_many_files",
        too_large="file_too_large",
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
    pictures = SeveralFilesField(
        label=_("Pictures"),
        help_text=_("Up to three. Where and when they were taken is removed from them."),
        widget=_SeveralInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
        most=MOST_PICTURES,
        limit=MOST_BYTES,
        too_many="too_many_photos",
        too_large="picture_too_large",
    )


class CommonFilter(forms.Form):
    """Which complaints to compare, and with what."""

    gtin = forms.ChoiceField(label=_("Product"), required=False)
    q = forms.CharField(label=_("Words in the complaint"), required=False, max_length=200)
    begin = forms.DateField(label=_("Reported from"), required=False, widget=_DateInput())
    end = forms.DateField(label=_("Reported to"), required=False, widget=_DateInput())
    made_since = forms.DateField(label=_("Made from"), required=False, widget=_DateInput())
    made_until = forms.DateField(label=_("Made to"), required=False, widget=_DateInput())
    lot = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, products: list[tuple[str, str]]) -> None:
        """Offer the products that somebody complained of."""
        super().__init__(data)
        offer(self, "gtin", [("", _("All products")), *products])


class WordsForm(forms.Form):
    """A note, an answer or the end of a complaint."""

    text = forms.CharField(
        label=_("Your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
