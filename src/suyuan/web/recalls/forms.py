"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.lineage.values import Whereabouts
from suyuan.recalls.models import CaseStatus
from suyuan.web import vocabulary

CASE_STATUS_NAMES = {
    CaseStatus.OPEN: pgettext_lazy("recall", "Open"),
    CaseStatus.CLOSED: pgettext_lazy("recall", "Closed"),
}
_ANY = ("", _("All"))


class CaseFilter(forms.Form):
    """Which cases to list."""

    q = forms.CharField(label=_("Number, title or reason"), required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("recall", "Status"),
        required=False,
        choices=[_ANY, *CASE_STATUS_NAMES.items()],
    )


class StartsForm(forms.Form):
    """What is known to be bad: one code on each line."""

    start = forms.CharField(
        label=_("What is known to be bad"),
        max_length=20_000,
        help_text=_(
            "A lot, a material lot, an item or a logistic unit; one on each line, in any form:"
            " (01)…(10)…, a code's link, an SSCC."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )


class OpenForm(forms.Form):
    """The decision."""

    title = forms.CharField(label=_("Title of the recall"), max_length=160)
    reason = forms.CharField(
        label=_("Reason for the recall"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hold = forms.BooleanField(
        label=_("Hold the goods: warehouses must not dispatch them, consumers are warned"),
        required=False,
        initial=True,
    )
    expected_items = forms.IntegerField(
        label=_("Type the number of affected items"),
        min_value=0,
        help_text=_("So that nobody recalls more, or less, than was looked at."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput)


class CloseForm(forms.Form):
    """How a recall ended."""

    note = forms.CharField(
        label=_("How it ended"),
        max_length=2000,
        help_text=_("What came back, what was destroyed, what is beyond reach."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def whereabouts_choices() -> list[tuple[str, object]]:
    """Return the choices of a filter by whereabouts."""
    return [_ANY, *((word.value, vocabulary.status(word.value).label) for word in Whereabouts)]


class ParcelFilter(forms.Form):
    """Which parcels to list."""

    q = forms.CharField(label=_("Waybill, order or SSCC"), required=False)
    whereabouts = forms.ChoiceField(
        label=_("Where it is now"), required=False, choices=whereabouts_choices
    )
