"""The form for recording a step by hand."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from suyuan.issuing import selectors
from suyuan.masterdata.regions import REGIONS
from suyuan.web.choices import offer
from suyuan.web.issuing.forms import location_choices, moment_field, party_choices
from suyuan.web.process.steps import Step

_ORDERS = 100
_LEVELS = (
    ("outer", _("Outermost units: pallets, cases, loose items")),
    ("cases", _("Cases")),
    ("items", _("Every item")),
)
_NUMBER = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class StepForm(forms.Form):
    """All fields that some step asks for; a step's form keeps its own."""

    order = forms.ChoiceField(
        label=_("A whole code order"),
        required=False,
        help_text=_("Takes all of its active codes, so that nothing has to be scanned."),
    )
    level = forms.ChoiceField(label=_("Of the order"), choices=_LEVELS, required=False)
    units = forms.CharField(
        label=_("Codes, one a line"),
        required=False,
        max_length=4_000_000,
        help_text=_("Scan or paste links, serial links, element strings or SSCCs."),
        widget=forms.Textarea(
            attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off", "class": "sy-code"}
        ),
    )
    parent = forms.CharField(
        label=_("Case or pallet (SSCC)"), max_length=300, required=False, widget=_NUMBER
    )
    location = forms.ChoiceField(label=_("Where it happened"), required=False)
    to_location = forms.ChoiceField(label=_("To the location"), required=False)
    to_party = forms.ChoiceField(label=_("To the party"), required=False)
    region = forms.ChoiceField(label=_("To the region"), required=False)
    despatch_advice = forms.CharField(
        label=_("Despatch advice no."), max_length=80, required=False, widget=_NUMBER
    )
    order_number = forms.CharField(
        label=_("Shop order no."), max_length=80, required=False, widget=_NUMBER
    )
    waybill = forms.CharField(label=_("Waybill no."), max_length=80, required=False, widget=_NUMBER)
    going_back = forms.BooleanField(
        label=_("Recalled goods on their way back"),
        required=False,
        help_text=_("Tick only what goes to quarantine, to its maker, or to destruction."),
    )
    time = moment_field(_("When"))

    def __init__(self, step: Step, organisation_id: int, *args: object, **kwargs: object) -> None:
        """Keep the step's fields, and offer orders, places and parties."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.step = step
        kept = {"order", "level", "units", "time", *step.fields}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        for name in step.needed:
            self.fields[name].required = True
        offers = {
            "order": _orders,
            "location": location_choices,
            "to_location": location_choices,
            "to_party": party_choices,
            "region": _regions,
        }
        for name, choices in offers.items():
            if name in self.fields:
                offer(self, name, choices(organisation_id))

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields of the step itself, in its order, and the time."""
        return [self[name] for name in (*self.step.fields, "time")]


def _orders(organisation_id: int) -> list[tuple[str, str]]:
    language = get_language() or ""
    rows = selectors.orders(organisation_id).filter(commissioned_count__gt=0)[:_ORDERS]
    return [
        ("", "—"),
        *(
            (
                row.number,
                f"{row.number} · {row.product.name(language)} · {row.commissioned_count:,}",
            )
            for row in rows
        ),
    ]


def _regions(_organisation_id: int) -> list[tuple[str, str]]:
    english = (get_language() or "").startswith("en")
    return [
        ("", "—"),
        *((code, area.name_en if english else area.name_zh) for code, area in REGIONS.items()),
    ]
