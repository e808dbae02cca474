"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.masterdata.selectors import list_locations
from suyuan.web.choices import offer
from suyuan.web.docks.words import OUTCOMES, PURPOSES

_MOST_PLACES: Final = 500
_MACHINE: Final = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class ReaderForm(forms.Form):
    """A reader; one that is known keeps its code."""

    code = forms.CharField(
        label=pgettext_lazy("reader", "Short code"),
        max_length=40,
        help_text=_("Letters, digits and - _ . such as GATE-1. It is in the reader's address."),
        widget=forms.TextInput(attrs=_MACHINE),
    )
    name = forms.CharField(label=pgettext_lazy("reader", "Name"), max_length=80)
    location_code = forms.ChoiceField(label=_("Where the reader stands"))
    purpose = forms.ChoiceField(
        label=_("What the reader is for"),
        choices=[(value, words.label) for value, words in PURPOSES.items()],
    )
    inner_antennas = forms.CharField(
        label=_("Antennas that look inside"),
        required=False,
        max_length=400,
        help_text=_("For a passage only: their numbers, such as 1, 2. All others look outside."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_MACHINE}),
    )
    window_seconds = forms.IntegerField(
        label=_("Seconds without a read until a tag has left"),
        min_value=1,
        initial=10,
        help_text=_("Longer at a door where goods are stacked, 60 or more in a storage zone."),
    )
    least_reads = forms.IntegerField(
        label=_("Reads until a tag counts"),
        min_value=1,
        initial=1,
        help_text=_("2 or 3 keep out tags that only flash by."),
    )
    least_rssi = forms.FloatField(
        label=_("Weakest read that counts, in dBm"),
        required=False,
        help_text=_("Such as -65; weaker reads come from goods nearby. Empty: all count."),
    )
    active = forms.BooleanField(label=_("Takes reports"), required=False, initial=True)

    def __init__(
        self, organisation_id: int, *args: Any, known: bool = False, **kwargs: Any
    ) -> None:
        """Offer the locations."""
        super().__init__(*args, **kwargs)
        language = get_language() or ""
        places = list(list_locations(organisation_id)[:_MOST_PLACES])
        self.has_places = bool(places)
        named = [(row.code, f"{row.name(language)} · {row.code}") for row in places]
        offer(self, "location_code", [("", "—"), *named])
        del self.fields["code" if known else "active"]

    def clean_inner_antennas(self) -> list[int]:
        """Return the numbers."""
        text = str(self.cleaned_data["inner_antennas"])
        for sign in ",，、;；":
            text = text.replace(sign, " ")
        words = text.split()
        if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
            raise forms.ValidationError(_("Write the antennas' numbers, such as 1, 2."))
        return [int(word) for word in words]


class TryForm(forms.Form):
    """A report, pasted."""

    report = forms.CharField(
        label=_("The report"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "class": "sy-code", **_MACHINE}),
    )


class StayFilter(forms.Form):
    """Which stays to list."""

    q = forms.CharField(label=_("EPC begins with"), required=False, max_length=128)
    outcome = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[("", _("All")), *((value, words[0]) for value, words in OUTCOMES.items())],
    )
