"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.carriers.models import VALUE_LENGTH
from suyuan.carriers.values import likely_kind
from suyuan.web.carriers.sheets import SheetField
from suyuan.web.carriers.words import KINDS, REASONS

_ANY = ("", _("All"))
_TOLD_BY_VALUE = ("", pgettext_lazy("carrier", "Told by the value"))
_NOTE = 500


def _scanned(**more: object) -> forms.TextInput:
    """Return an input that a scanner types into; Enter moves on (`frontend/src/app/wedge.ts`)."""
    plain = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    return forms.TextInput(attrs={**plain, "data-wedge": "", **more})


class CarrierFilter(forms.Form):
    """Which carriers to list."""

    q = forms.CharField(label=_("Value, unit or note"), required=False)
    kind = forms.ChoiceField(
        required=False, choices=[_ANY, *KINDS.items()], widget=forms.HiddenInput
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("carrier", "State"),
        required=False,
        choices=[
            _ANY,
            ("live", pgettext_lazy("carrier", "In use")),
            ("ended", pgettext_lazy("carrier", "Ended")),
        ],
    )


class BindForm(forms.Form):
    """A unit and what is to lead to it: two scans."""

    unit = forms.CharField(
        label=_("Code of the item or logistic unit"),
        max_length=500,
        widget=_scanned(),
        help_text=_("Scan or paste its code, serial number, SSCC, or a carrier that it has."),
    )
    value = forms.CharField(
        label=_("Value of the new carrier"),
        max_length=2 * VALUE_LENGTH,
        widget=_scanned(),
        help_text=_("EPC or TID of a tag, UID of a chip, or whatever stands on the code."),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("carrier", "Kind"),
        required=False,
        choices=[_TOLD_BY_VALUE, *KINDS.items()],
    )
    note = forms.CharField(label=pgettext_lazy("carrier", "Note"), max_length=_NOTE, required=False)

    def values(self) -> dict[str, str]:
        """Return what was sent, with a kind."""
        given: dict[str, str] = {**self.cleaned_data}
        given["kind"] = given["kind"] or likely_kind(given["value"])
        return given


class EndForm(forms.Form):
    """Why a carrier no longer leads to its unit."""

    reason = forms.ChoiceField(label=pgettext_lazy("carrier", "Reason"), choices=[*REASONS.items()])
    note = forms.CharField(
        label=pgettext_lazy("carrier", "Note"),
        max_length=_NOTE,
        required=False,
        help_text=_("Say in a few words what happened; needed for “another reason”."),
    )


class ReplaceForm(EndForm):
    """What takes its place."""

    field_order = ("new_value", "new_kind", "reason", "note")
    new_value = forms.CharField(
        label=_("Value of the new carrier"), max_length=2 * VALUE_LENGTH, widget=_scanned()
    )
    new_kind = forms.ChoiceField(label=pgettext_lazy("carrier", "Kind"), choices=[*KINDS.items()])


class UploadForm(forms.Form):
    """A file of bindings."""

    file = SheetField(label=_("File of bindings"))


class UnlockForm(forms.Form):
    """Why a hidden code may be entered again."""

    gtin = forms.CharField(max_length=14, widget=forms.HiddenInput)
    serial = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why the consumer is believed"),
        max_length=300,
        help_text=_("Such as: sent a picture of the label, order number known."),
    )
