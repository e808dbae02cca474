"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.lineage.values import Whereabouts
from suyuan.recalls.models import CaseStatus
from suyuan.recalls.rules import OWN, REGIMES
from suyuan.recalls.selectors import CURRENT
from suyuan.web import vocabulary
from suyuan.web.issuing.forms import at, moment_field

CASE_STATUS_NAMES = {
    CaseStatus.PROPOSED: pgettext_lazy("recall", "To be approved"),
    CaseStatus.APPROVED: pgettext_lazy("recall", "Being carried out"),
    CaseStatus.REJECTED: pgettext_lazy("recall", "Rejected"),
    CaseStatus.WITHDRAWN: pgettext_lazy("recall", "Withdrawn"),
    CaseStatus.CLOSED: pgettext_lazy("recall", "Closed"),
}
_ANY = ("", _("All"))


def regime_choices() -> list[tuple[str, object]]:
    """Return the rules that can set deadlines."""
    english = (get_language() or "").startswith("en")
    rows = [
        (
            row.code,
            _("%(name)s, class %(level)s: begin in %(hours)s h, end in %(days)s working days")
            % {
                "name": row.regulation_en if english else row.regulation,
                "level": row.level,
                "hours": row.begin_hours,
                "days": row.end_days,
            },
        )
        for row in REGIMES.values()
    ]
    return [("", _("No deadlines")), *rows, (OWN, _("Own limits, as entered below"))]


class CaseFilter(forms.Form):
    """Which cases to list."""

    q = forms.CharField(label=_("Number, title or reason"), required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("recall", "Status"),
        required=False,
        choices=[_ANY, (CURRENT, _("Not ended")), *CASE_STATUS_NAMES.items()],
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
        label=_(
            "Once approved, hold all goods: warehouses must not dispatch them, consumers see it"
        ),
        required=False,
        initial=True,
    )
    precaution = forms.BooleanField(
        label=_("Hold at once, as a precaution, what is in house or on its way"),
        required=False,
        initial=True,
        help_text=_("Goods that are sold are left alone until the recall is approved."),
    )
    known_at = moment_field(_("When the danger was known"))
    regime = forms.ChoiceField(
        label=_("Rule that sets the deadlines"), required=False, choices=regime_choices
    )
    begin_hours = forms.IntegerField(
        label=_("Hours until it has to begin"),
        min_value=1,
        required=False,
        help_text=_("Empty: as the rule says."),
    )
    end_days = forms.IntegerField(
        label=_("Working days until it has to end"),
        min_value=1,
        required=False,
        help_text=_("From approval, Mondays to Fridays; public holidays are not counted out."),
    )
    rule_read = forms.BooleanField(
        label=_("I have checked these limits against the regulation"),
        required=False,
    )
    expected_items = forms.IntegerField(
        label=_("Type the number of affected items"),
        min_value=0,
        help_text=_("So that nobody recalls more, or less, than was looked at."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take an empty time for now."""
        super().__init__(*args, **kwargs)
        self.fields["known_at"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask whoever takes a regulation's limits to have read them."""
        values = super().clean() or {}
        if values.get("regime") in REGIMES and not values.get("rule_read"):
            self.add_error("rule_read", _("These limits are a template. Check them first."))
        values.pop("rule_read", None)
        if values.get("known_at"):
            values["known_at"] = at(values["known_at"])
        return values


class DecisionForm(forms.Form):
    """What a second person says to a proposal."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What you add"),
        max_length=2000,
        required=False,
        help_text=_("Needed where you reject it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WithdrawForm(forms.Form):
    """Why a recall is called off."""

    note = forms.CharField(
        label=_("Why it is called off"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class TakeUpForm(forms.Form):
    """The scope as it is now, to be frozen anew."""

    why = forms.CharField(
        label=_("Why the scope is frozen anew"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expected_items = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class GiveUpForm(forms.Form):
    """Items that will not come back."""

    codes = forms.CharField(
        label=_("Items that will not come back, one a line"),
        max_length=200_000,
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "class": "sy-code"}
        ),
    )
    why = forms.CharField(
        label=_("What is known of them"),
        max_length=300,
        help_text=_("Eaten, thrown away, buyer not to be found …"),
    )


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
