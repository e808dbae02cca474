"""Forms for what a recall begins with: one for each kind, and what a form becomes.

Owns: from what a browser sent to the canonical text of a start, and back.
Does not own: what a start may say (`recalls.starts.texts`), what is found by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.core.epcis.vocabulary import STEPS
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Lot, PartyKind
from suyuan.quality import selectors as quality
from suyuan.recalls.starts.texts import Said, said_of
from suyuan.web import vocabulary
from suyuan.web.choices import offer
from suyuan.web.issuing.forms import MOMENT, day_field

_MOST_OPTIONS: Final = 500
_MOST_COMPLAINTS: Final = 100
_WIDE: Final = {"spellcheck": "false", "autocomplete": "off"}
MEASURES: Final = (
    ("Temperature", pgettext_lazy("measure", "Temperature")),
    ("RelativeHumidity", pgettext_lazy("measure", "Relative humidity")),
    ("Illuminance", pgettext_lazy("measure", "Light")),
    ("Acceleration", pgettext_lazy("measure", "Shock or tilt")),
    ("Pressure", pgettext_lazy("measure", "Pressure")),
)
UNITS: Final = (
    ("CEL", "°C"),
    ("FAH", "°F"),
    ("A93", "g/m³"),
    ("P1", "%"),
    ("LUX", "lx"),
    ("K40", "g"),
    ("KPA", "kPa"),
    ("", pgettext_lazy("unit of measure", "any unit")),
)


def _moment(label: object) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,  # type: ignore[arg-type]  # a lazy sentence
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )


def _places(*, required: bool = True) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("At these places"), required=required, widget=forms.CheckboxSelectMultiple
    )


class StartForm(forms.Form):
    """A form for a start of one kind."""

    kind: ClassVar[str] = ""

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer what the organisation has."""
        super().__init__(*args, **kwargs)
        self.organisation_id = organisation_id
        self.offer()

    def offer(self) -> None:
        """Fill the choices."""

    def said(self) -> Said:
        """Return the start. Raises `Invalid` as `said_of`."""
        return said_of(self.kind, {k: v for k, v in self.values().items() if v})

    def values(self) -> Mapping[str, object]:
        """Return the start's fields as the form has them."""
        return {name: _told(value) for name, value in self.cleaned_data.items()}

    @classmethod
    def initial_of(cls, said: Said) -> dict[str, object]:
        """Return what the form begins with to change a start."""
        found: dict[str, object] = {}
        for name, some in said.fields.items():
            field = cls.base_fields.get(name)
            if isinstance(field, forms.DateTimeField):
                moment = said.since if name == "since" else said.until
                found[name] = timezone.localtime(moment)
            elif isinstance(field, forms.MultipleChoiceField):
                found[name] = list(some)
            elif isinstance(field, forms.BooleanField):
                found[name] = bool(some)
            else:
                found[name] = some[0]
        return found


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value


class SupplyForm(StartForm):
    """What a supplier delivered in a period."""

    kind = "supply"
    supplier = forms.ChoiceField(label=pgettext_lazy("start", "Supplier"))
    material = forms.ChoiceField(
        label=pgettext_lazy("start", "Material"),
        required=False,
        help_text=_("Leave it open for everything that came from this supplier."),
    )
    since = day_field(pgettext_lazy("start", "Received from"))
    until = day_field(pgettext_lazy("start", "Received to"))

    def offer(self) -> None:
        """Offer suppliers first, then the other parties; and materials."""
        rows = list(masterdata.list_parties(self.organisation_id)[:_MOST_OPTIONS])
        rows.sort(key=lambda row: row.kind != PartyKind.SUPPLIER)
        offer(self, "supplier", [("", "—"), *_named(rows)])
        materials = masterdata.list_materials(self.organisation_id)[:_MOST_OPTIONS]
        offer(self, "material", [("", _("All materials")), *_named(materials)])


class MadeForm(StartForm):
    """What was made by whom, where and when."""

    kind = "made"
    line = forms.ChoiceField(label=_("Production line"), required=False)
    team = forms.ChoiceField(label=_("Team or shift"), required=False)
    product = forms.ChoiceField(label=pgettext_lazy("start", "Product"), required=False)
    location = forms.ChoiceField(label=pgettext_lazy("start", "Made at"), required=False)
    since = day_field(pgettext_lazy("start", "Made from"))
    until = day_field(pgettext_lazy("start", "Made to"))

    def offer(self) -> None:
        """Offer the lines and teams that lots name, products and locations."""
        for name in ("line", "team"):
            used = _used(self.organisation_id, name)
            offer(self, name, [("", pgettext_lazy("start", "Any")), *((one, one) for one in used)])
        products = masterdata.list_products(self.organisation_id)[:_MOST_OPTIONS]
        offer(
            self,
            "product",
            [
                ("", _("All products")),
                *((row.gtin, f"{row.name(_language())} · {row.gtin_display}") for row in products),
            ],
        )
        places = masterdata.list_locations(self.organisation_id)[:_MOST_OPTIONS]
        offer(self, "location", [("", _("Anywhere")), *_named(places)])


class StayedForm(StartForm):
    """What was at places in a period."""

    kind = "stayed"
    place = _places()
    since = _moment(_("From when"))
    until = _moment(_("To when"))

    def offer(self) -> None:
        """Offer the locations."""
        offer_places(self)


class HandledForm(StayedForm):
    """What was worked on at places in a period."""

    kind = "handled"
    step = forms.MultipleChoiceField(
        label=_("Only in these steps"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none for every step."),
    )
    field_order = ("place", "since", "until", "step")

    def offer(self) -> None:
        """Offer the locations and the steps of the standard."""
        super().offer()
        words = [(word, vocabulary.step(word).label) for word in STEPS]
        offer(self, "step", sorted(words, key=lambda pair: str(pair[1])))


class MeasuredForm(StartForm):
    """Readings beyond a limit."""

    kind = "measured"
    type = forms.ChoiceField(label=_("What was measured"), choices=MEASURES)
    unit = forms.ChoiceField(
        label=_("Unit of the limits"), choices=UNITS, required=False, initial="CEL"
    )
    above = forms.FloatField(label=_("Bad above"), required=False)
    below = forms.FloatField(
        label=_("Bad below"), required=False, help_text=_("One of the two limits is enough.")
    )
    since = _moment(_("Readings from"))
    until = _moment(_("Readings to"))
    place = _places(required=False)
    device = forms.CharField(
        label=_("Only this sensor"),
        required=False,
        max_length=300,
        help_text=_("Its device identifier, as events name it."),
        widget=forms.TextInput(attrs=_WIDE),
    )
    whole = forms.BooleanField(
        label=_("All that was at the place, even where a reading names its goods"), required=False
    )

    def offer(self) -> None:
        """Offer the locations."""
        offer_places(self)

    def clean(self) -> dict[str, Any]:
        """Ask for a limit."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("above") is None and found.get("below") is None and not self.errors:
            self.add_error("above", str(_("Enter at least one limit.")))
        return found

    def values(self) -> Mapping[str, object]:
        """Return the fields; zero is a limit too."""
        found = dict(super().values())
        for name in ("above", "below"):
            found[name] = "" if found.get(name) is None else str(found[name])
        return found


class ComplaintsForm(StartForm):
    """What people complained of."""

    kind = "complaints"
    number = forms.MultipleChoiceField(
        label=_("Complaints"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The latest that name goods."),
    )
    more = forms.CharField(
        label=_("Other complaint numbers"),
        required=False,
        max_length=4_000,
        widget=forms.TextInput(attrs=_WIDE),
    )
    lots = forms.BooleanField(
        label=_("Their whole lots, not only the items complained of"), required=False
    )

    def offer(self) -> None:
        """Offer the latest complaints about goods that can be found."""
        rows = quality.list_complaints(self.organisation_id)[:_MOST_COMPLAINTS]
        labels = [
            (row.number, f"{row.number} · {row.identity or row.lot} · {row.text[:60]}")
            for row in rows
            if row.lot or row.identity
        ]
        offer(self, "number", labels)

    def values(self) -> Mapping[str, object]:
        """Return the numbers, ticked and typed."""
        found = dict(super().values())
        typed = str(found.pop("more", "")).replace(",", " ").replace("，", " ").split()
        return {**found, "number": [*self.cleaned_data["number"], *typed]}

    @classmethod
    def initial_of(cls, said: Said) -> dict[str, object]:
        """Return the numbers ticked, and typed: the list offers only the latest."""
        found = super().initial_of(said)
        return {**found, "more": " ".join(said.all("number")), "number": []}


class EventsForm(StartForm):
    """What certain events were about."""

    kind = "events"
    id = forms.CharField(
        label=_("Event IDs, one on each line"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "sy-code", **_WIDE}),
    )

    def values(self) -> Mapping[str, object]:
        """Return the IDs."""
        return {"id": self.cleaned_data["id"].split()}

    @classmethod
    def initial_of(cls, said: Said) -> dict[str, object]:
        """Return the IDs, one on each line."""
        return {"id": "\n".join(said.all("id"))}


START_FORMS: Final[Mapping[str, type[StartForm]]] = {
    form.kind: form
    for form in (
        SupplyForm,
        MadeForm,
        HandledForm,
        StayedForm,
        MeasuredForm,
        ComplaintsForm,
        EventsForm,
    )
}


def offer_places(form: forms.Form) -> None:
    """Let `place` offer the locations by name, as events name them."""
    assert isinstance(form, StartForm)  # noqa: S101 - else the form's class is wrong
    rows = masterdata.list_locations(form.organisation_id)[:_MOST_OPTIONS]
    offer(form, "place", [(row.identifier, _label(row)) for row in rows])


def _named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.code, _label(row)) for row in rows]


def _label(row: Any) -> str:
    return f"{row.name(_language())} · {row.code}"


def _language() -> str:
    return get_language() or ""


def _used(organisation_id: int, field: str) -> list[str]:
    rows: QuerySet[Lot] = Lot.objects.filter(organisation_id=organisation_id)
    used = rows.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct()
    return list(used[:_MOST_OPTIONS])
