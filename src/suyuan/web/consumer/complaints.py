"""Take a complaint from the consumer's page.

Owns: the form's fields, how much it may send, and how often a network may. The form carries no
token: there is no session that somebody could ride on, and anybody may complain.
Invariant: no picture is decoded before the network has paid for the complaint.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from suyuan.kernel.errors import Invalid
from suyuan.masterdata.pictures import MOST_BYTES
from suyuan.quality.models import Complaint
from suyuan.quality.pictures import MOST_PICTURES, MOST_SENT
from suyuan.quality.reporters import Reporter
from suyuan.quality.services import file_public_complaint
from suyuan.verification import limits
from suyuan.verification.facts import ProductFacts
from suyuan.web.consumer.address import Asked

# Five at once from one network, then one in two minutes.
MOST_POSTED: Final = MOST_SENT + 64 * 1024
"""What a post may hold: the pictures, and some for the words."""

_SENT: Final = limits.Limiter(limits.Allowance(burst=5, rate=1 / 120))


TOO_MANY: Final = pgettext_lazy("complaint", "Please send no more than three pictures.")
UNREADABLE: Final = pgettext_lazy(
    "complaint", "One of the pictures cannot be read. Send JPEG, PNG or WebP, at most 8 MB each."
)


class ComplaintForm(forms.Form):
    """What happened, and how to answer. `website` is bait: a person does not see it."""

    text = forms.CharField(
        label=pgettext_lazy("complaint", "What is wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    order_number = forms.CharField(
        label=pgettext_lazy("complaint", "Order number"), max_length=80, required=False
    )
    contact = forms.CharField(
        label=pgettext_lazy("complaint", "Telephone or e-mail, if you want an answer"),
        max_length=120,
        required=False,
    )
    website = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse pictures that are too many or too large, before any of them is read."""
        given = self.files.getlist("pictures") if self.files else []
        shown = [upload for upload in given if upload.size]  # an empty field sends an empty file
        if len(shown) > MOST_PICTURES:
            self.add_error(None, TOO_MANY)
        elif any((upload.size or 0) > MOST_BYTES for upload in shown):
            self.add_error(None, UNREADABLE)
        self.cleaned_data["pictures"] = shown
        return self.cleaned_data


def file_complaint(
    *, form: ComplaintForm, facts: ProductFacts, asked: Asked, address: str
) -> Complaint | None:
    """Store a complaint that the form has found valid; None for one that a machine wrote.

    Raises:
        TooManyAsked: the network has sent too many.
        Invalid: a picture cannot be read.
    """
    if form.cleaned_data["website"]:
        return None
    _SENT.spend(limits.network_of(address))
    return file_public_complaint(
        organisation=facts.organisation,
        text=form.cleaned_data["text"],
        target=f"https://id.gs1.org{asked.path}",
        order_number=form.cleaned_data["order_number"],
        reporter=Reporter(contact=form.cleaned_data["contact"]),
        uploads=[upload.read() for upload in form.cleaned_data["pictures"]],
    )


def bound_form(request: HttpRequest) -> ComplaintForm:
    """Read the form that was sent."""
    return ComplaintForm(request.POST, request.FILES)


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether a post holds more than any complaint may; nothing of it has been read yet."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > MOST_POSTED


def blame_picture(form: ComplaintForm, error: Invalid) -> bool:
    """Tell the form that a picture cannot be read, if that is what the error says."""
    if not error.place.startswith("pictures"):
        return False
    form.add_error(None, UNREADABLE)
    return True
