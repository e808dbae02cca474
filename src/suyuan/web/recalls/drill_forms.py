"""Forms of drills: announce one, answer its tasks, end it, plan the next ones."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.lineage.values import Whereabouts
from suyuan.recalls.models import DrillSample
from suyuan.web import vocabulary
from suyuan.web.choices import offer
from suyuan.web.recalls.picture import Names

SAMPLE_NAMES: Final = {
    DrillSample.LOT: pgettext_lazy("drill", "A product lot"),
    DrillSample.MATERIAL_LOT: pgettext_lazy("drill", "A material lot"),
    DrillSample.ITEM: pgettext_lazy("drill", "An item, whose lot has to be found first"),
}
_ELSEWHERE: Final = tuple(word for word in Whereabouts if word is not Whereabouts.IN_HOUSE)
_DIGITS: Final = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


def _minutes() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Everything answered within (minutes)"),
        initial=240,
        min_value=1,
        max_value=10_080,
        help_text=_("Four hours is what large buyers and many auditors ask for."),
    )


class AnnounceForm(forms.Form):
    """A drill now."""

    sample = forms.ChoiceField(label=_("Begin with"), choices=list(SAMPLE_NAMES.items()))
    target_minutes = _minutes()


class PlanForm(forms.Form):
    """Drills to come."""

    active = forms.BooleanField(label=_("Announce drills unexpectedly"), required=False)
    sample = forms.ChoiceField(label=_("Begin with"), choices=list(SAMPLE_NAMES.items()))
    every_days = forms.IntegerField(
        label=_("About every so many days"), initial=90, min_value=1, max_value=366
    )
    from_hour = forms.IntegerField(
        label=_("Not before (hour)"), initial=9, min_value=0, max_value=23
    )
    to_hour = forms.IntegerField(label=_("Not after (hour)"), initial=17, min_value=1, max_value=24)
    weekends = forms.BooleanField(label=_("At weekends too"), required=False)
    target_minutes = _minutes()


class CountForm(forms.Form):
    """A number as an answer."""

    count = forms.IntegerField(label=_("Your number"), min_value=0, widget=_DIGITS)


class PlacesForm(forms.Form):
    """Places as an answer."""

    places = forms.MultipleChoiceField(
        label=_("Where are they?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, names: Names, *args: Any, **kwargs: Any) -> None:
        """Offer the locations, and the states of what is at none of them."""
        super().__init__(*args, **kwargs)
        own = {row.identifier: row.name(names.language) for row in names.locations.values()}
        states = [(word.value, vocabulary.status(word.value).label) for word in _ELSEWHERE]
        offer(self, "places", [*own.items(), *states])


class EndForm(forms.Form):
    """How a drill went."""

    note = forms.CharField(
        label=_("What went well, what will be changed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
