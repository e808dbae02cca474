"""Forms of partners: connect, deliver, share, token, people, a document.

Owns: what is asked and how it is read; services and selectors do the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.core.epcis.vocabulary import STEPS
from suyuan.kernel import clock
from suyuan.masterdata.models import Location, Party, Product
from suyuan.partners.models import Delivery
from suyuan.partners.services.connecting import DeliveryRule
from suyuan.partners.services.sharing import Limits
from suyuan.web import vocabulary
from suyuan.web.choices import offer

type Choices = list[tuple[str, Any]]

_SHOWN: Final = 500  # of a list of places, parties or products
# What partners do most, first; the others follow in the standard's order.
_USUAL: Final = (
    "commissioning packing shipping receiving unpacking transforming storing inspecting "
    "loading departing arriving unloading retail_selling destroying"
).split()
_LIVES: Final = {"90": _("90 days"), "365": _("1 year"), "": _("Does not expire")}


def step_choices() -> Choices:
    """Return the standard's steps by what people call them."""
    words = [*(word for word in _USUAL if word in STEPS), *STEPS]
    return [(word, vocabulary.step(word).label) for word in dict.fromkeys(words)]


def _named(rows: Iterable[Location | Party]) -> Choices:
    language = get_language() or ""
    return [(row.code, f"{row.name(language)}（{row.code}）") for row in rows]


def place_choices(organisation_id: int) -> Choices:
    """Return the locations of an organisation."""
    rows = Location.objects.filter(organisation_id=organisation_id).order_by("code")
    return _named(rows[:_SHOWN])


def party_choices(organisation_id: int) -> Choices:
    """Return the parties of an organisation."""
    return _named(Party.objects.filter(organisation_id=organisation_id).order_by("code")[:_SHOWN])


def product_choices(organisation_id: int) -> Choices:
    """Return the products of an organisation."""
    language = get_language() or ""
    rows = Product.objects.filter(organisation_id=organisation_id).order_by("gtin")[:_SHOWN]
    return [(row.gtin, f"{row.name(language)}（{row.gtin}）") for row in rows]


def _several(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


class DeliveryForm(forms.Form):
    """Whom to ask, and what the partner may deliver."""

    contact = forms.CharField(
        label=pgettext_lazy("partner", "Contact"),
        max_length=200,
        required=False,
        help_text=_("Name, telephone or e-mail of whoever answers questions."),
    )
    delivery = forms.ChoiceField(
        label=_("May tell what happens at"),
        widget=forms.RadioSelect,
        initial=Delivery.OWN.value,
        choices=[
            (Delivery.OWN.value, _("its own places, and those ticked below")),
            (Delivery.ALL.value, _("every place")),
            (Delivery.NOTHING.value, _("no place: it only sees what is shared with it")),
        ],
    )
    places = _several(_("Further places"))
    steps = _several(_("Only these steps"), _("Nothing ticked means every step."))

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer the organisation's places."""
        super().__init__(*args, **kwargs)
        offer(self, "places", place_choices(organisation_id))
        offer(self, "steps", step_choices())

    def rule(self) -> DeliveryRule:
        """Return what was chosen."""
        given = self.cleaned_data
        return DeliveryRule(given["delivery"], given["places"], given["steps"])


class ConnectForm(DeliveryForm):
    """Which party is connected."""

    party = forms.ChoiceField(label=pgettext_lazy("partner", "Party"))
    field_order = ("party", "contact", "delivery", "places", "steps")

    def __init__(
        self, organisation_id: int, parties: Iterable[Party], *args: Any, **kw: Any
    ) -> None:
        """Offer the parties that are not connected."""
        super().__init__(organisation_id, *args, **kw)
        offer(self, "party", _named(parties))


_ANY: Final = pgettext_lazy("share", "any")


class ShareForm(forms.Form):
    """What is shared: an event must fit every answer that is given."""

    where = forms.ChoiceField(
        label=pgettext_lazy("share", "Where it happens"),
        widget=forms.RadioSelect,
        initial="own",
        choices=[
            ("own", _("at one of the partner’s own places")),
            ("listed", _("at the places ticked here")),
            ("any", _ANY),
        ],
    )
    places = _several(pgettext_lazy("share", "Places"))
    between = forms.ChoiceField(
        label=pgettext_lazy("share", "From or to whom"),
        widget=forms.RadioSelect,
        initial="any",
        choices=[
            ("own", _("the partner sends or receives")),
            ("listed", _("one of these sends or receives")),
            ("any", _ANY),
        ],
    )
    parties = _several(pgettext_lazy("share", "Parties"))
    gtins = _several(pgettext_lazy("share", "Only these products"), _("Nothing ticked: all."))
    steps = _several(pgettext_lazy("share", "Only these steps"), _("Nothing ticked: all."))
    since = forms.DateField(
        label=pgettext_lazy("share", "From day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=pgettext_lazy("share", "To day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    note = forms.CharField(label=pgettext_lazy("share", "What for"), max_length=200, required=False)
    everything = forms.BooleanField(
        label=_("I mean every event of the brand, now and later."), required=False
    )

    def __init__(self, organisation_id: int, *args: Any, **kwargs: Any) -> None:
        """Offer the organisation's places, parties and products."""
        super().__init__(*args, **kwargs)
        offer(self, "places", place_choices(organisation_id))
        offer(self, "parties", party_choices(organisation_id))
        offer(self, "gtins", product_choices(organisation_id))
        offer(self, "steps", step_choices())

    def limits(self) -> Limits:
        """Return what was chosen; the last day is meant whole."""
        given = self.cleaned_data
        until = given["until"]
        return Limits(
            own_places=given["where"] == "own",
            places=given["places"] if given["where"] == "listed" else (),
            own_party=given["between"] == "own",
            parties=given["parties"] if given["between"] == "listed" else (),
            gtins=given["gtins"],
            steps=given["steps"],
            since=_midnight(given["since"]),
            until=_midnight(until + timedelta(days=1)) if until else None,
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the list where a list was announced: an empty one would limit nothing."""
        given = super().clean() or {}
        for choice, name in (("where", "places"), ("between", "parties")):
            if given.get(choice) == "listed" and not given.get(name):
                self.add_error(name, _("Tick at least one."))
        return given


def _midnight(day: Any) -> datetime | None:
    """Return the beginning of a day where the installation is."""
    return timezone.make_aware(datetime.combine(day, time())) if day else None


class TokenForm(forms.Form):
    """A token for a partner's machines."""

    name = forms.CharField(
        label=_("Where it is used"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("for example: ERP, line 3")}),
    )
    life = forms.ChoiceField(
        label=_("Valid for"), choices=list(_LIVES.items()), initial="365", required=False
    )

    def expires_at(self) -> datetime | None:
        """Return the end of the chosen life."""
        days = self.cleaned_data["life"]
        return clock.now() + timedelta(days=int(days)) if days else None


class PersonForm(forms.Form):
    """Somebody who will speak for a partner."""

    email = forms.EmailField(label=_("E-mail address"))


class DocumentForm(forms.Form):
    """A document, pasted or as a file; a file wins."""

    file = forms.FileField(
        label=_("Choose a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.xml,.txt"}),
    )
    document = forms.CharField(
        label=pgettext_lazy("epcis", "Document"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 14,
                "spellcheck": "false",
                "autocapitalize": "off",
                "wrap": "off",
                "placeholder": '{ "type": "EPCISDocument", … }   <epcis:EPCISDocument …>',
            }
        ),
    )

    def body(self) -> bytes:
        """Return the document's bytes: a browser sends pasted lines with CRLF."""
        file = self.cleaned_data["file"]
        if file:
            content: bytes = file.read()
            return content
        text: str = self.cleaned_data["document"]
        return text.replace("\r\n", "\n").encode()
