"""Take a complaint from the consumer's page.

Owns: the form's fields and how often a network may send it. The form carries no token: there is
no session that somebody could ride on, and anybody may complain.
"""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from suyuan.quality.models import Complaint
from suyuan.quality.reporters import Reporter
from suyuan.quality.services import file_public_complaint
from suyuan.verification import limits
from suyuan.verification.facts import ProductFacts
from suyuan.web.consumer.address import Asked

# Five at once from one network, then one in two minutes.
_SENT: Final = limits.Limiter(limits.Allowance(burst=5, rate=1 / 120))


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


def file_complaint(
    *, form: ComplaintForm, facts: ProductFacts, asked: Asked, address: str
) -> Complaint | None:
    """Store a complaint that the form has found valid; None for one that a machine wrote.

    Raises:
        TooManyAsked: the network has sent too many.
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
    )


def bound_form(request: HttpRequest) -> ComplaintForm:
    """Read the form that was sent."""
    return ComplaintForm(request.POST)
