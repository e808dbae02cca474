"""Forms: what a browser sent, as values. The rules are the services'."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.epcis.forms import EpcFormat
from suyuan.core.epcis.vocabulary import EventType
from suyuan.web.choices import offer
from suyuan.web.partners.forms import step_choices
from suyuan.web.subscriptions.words import FORMATS, MESSAGES

_MACHINE: Final = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
_TYPES: Final[dict[EventType, Promise]] = {
    EventType.ObjectEvent: pgettext_lazy("event type", "Objects seen or changed"),
    EventType.AggregationEvent: pgettext_lazy("event type", "Packed or unpacked"),
    EventType.TransactionEvent: pgettext_lazy("event type", "Tied to an order or a paper"),
    EventType.TransformationEvent: pgettext_lazy("event type", "Made into something else"),
    EventType.AssociationEvent: pgettext_lazy("event type", "Fixed to something, or taken off"),
}
_FORMS: Final[dict[str, Promise]] = {
    EpcFormat.LINK: _("GS1 Digital Links"),
    EpcFormat.URN: _("EPC URNs"),
    EpcFormat.NEVER: _("As they were captured"),
}
_WHEN: Final[dict[str, Promise]] = {
    "stream": _("At once, as events come in"),
    "quarter": _("Every 15 minutes"),
    "hour": _("Every hour"),
    "day": _("Every day"),
    "week": _("Every week"),
    "own": _("By a schedule of my own"),
}
_DAYS: Final[dict[str, Promise]] = {
    "1": _("Monday"),
    "2": _("Tuesday"),
    "3": _("Wednesday"),
    "4": _("Thursday"),
    "5": _("Friday"),
    "6": _("Saturday"),
    "7": _("Sunday"),
}


def _json(text: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ValidationError: it is none.
    """
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise forms.ValidationError(_('Write a JSON object, such as {"hour": "1"}.'))
    return found


class SubscriptionForm(forms.Form):
    """Whom to tell what, when and how."""

    query_name = forms.ChoiceField(label=_("What to tell"))
    dest = forms.CharField(
        label=_("The receiver's address"),
        max_length=2_000,
        help_text=_("Such as https://erp.example.com/suyuan. Messages are posted there."),
        widget=forms.URLInput(attrs={"placeholder": "https://", **_MACHINE}),
    )
    signature_token = forms.CharField(
        label=_("Signature token"),
        required=False,
        max_length=512,
        help_text=_(
            "A secret that you and the receiver share. Messages are signed with it, so that the"
            " receiver knows that they come from here. It is kept encrypted and never shown again."
        ),
        widget=forms.TextInput(attrs={"class": "sy-code", **_MACHINE}),
    )
    when = forms.ChoiceField(label=_("When"), choices=list(_WHEN.items()))
    at = forms.TimeField(
        label=_("At what time"),
        required=False,
        input_formats=["%H:%M"],
        help_text=_("For every day and every week; midnight if empty."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    weekday = forms.ChoiceField(
        label=_("On which day"),
        required=False,
        choices=list(_DAYS.items()),
        help_text=_("For every week."),
    )
    own = forms.CharField(
        label=_("Schedule of my own"),
        required=False,
        max_length=1_000,
        help_text=_(
            "The standard's fields as JSON: second, minute, hour, dayOfMonth, month, dayOfWeek;"
            ' numbers, lists and ranges, such as {"hour": "[8-18]", "dayOfWeek": "1,3"}.'
        ),
        widget=forms.TextInput(attrs={"class": "sy-code", **_MACHINE}),
    )
    report_if_empty = forms.BooleanField(
        label=_("Tell also that nothing was found"),
        required=False,
        help_text=_("For schedules: the receiver then sees that the line is alive."),
    )
    initial_record_time = forms.DateTimeField(
        label=_("Beginning with events captured since"),
        required=False,
        help_text=_("Empty: from now on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    format = forms.ChoiceField(label=_("Format"), choices=list(FORMATS.items()))
    epcs = forms.ChoiceField(label=_("Identifiers"), choices=list(_FORMS.items()))

    def __init__(self, queries: Iterable[str], *args: Any, **kwargs: Any) -> None:
        """Offer the stored queries."""
        super().__init__(*args, **kwargs)
        names = list(queries)
        self.has_queries = bool(names)
        offer(self, "query_name", [(name, name) for name in names])

    def clean_own(self) -> dict[str, Any]:
        """Return the fields of a schedule."""
        return _json(self.cleaned_data["own"])

    def schedule(self) -> dict[str, object] | None:
        """Return the standard's QuerySchedule; None to tell at once."""
        told = self.cleaned_data
        hour, minute = (told["at"].hour, told["at"].minute) if told["at"] else (0, 0)
        daily = {"hour": str(hour), "minute": str(minute)}
        schedules: dict[str, dict[str, object] | None] = {
            "stream": None,
            "quarter": {"minute": "0,15,30,45"},
            "hour": {"minute": "0"},
            "day": {**daily},
            "week": {**daily, "dayOfWeek": told["weekday"] or "1"},
            "own": told["own"],
        }
        return schedules[told["when"]]


class QueryForm(forms.Form):
    """A stored query."""

    name = forms.CharField(
        label=pgettext_lazy("stored query", "Name"),
        max_length=128,
        help_text=_("It stands in the query's address and cannot be changed later."),
        widget=forms.TextInput(attrs=_MACHINE),
    )
    types = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        choices=[(kind.name, label) for kind, label in _TYPES.items()],
        help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple,
    )
    steps = forms.MultipleChoiceField(
        label=_("Business steps"),
        required=False,
        help_text=_("None chosen: all."),
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.ChoiceField(label=_("Where it happened"), required=False)
    gtin = forms.ChoiceField(label=_("Product"), required=False)
    more = forms.CharField(
        label=_("Further parameters"),
        required=False,
        max_length=20_000,
        help_text=_('Any of the standard\'s, as JSON, such as {"EQ_disposition": ["in_transit"]}.'),
        widget=forms.Textarea(attrs={"rows": 4, "class": "sy-code", **_MACHINE}),
    )

    def __init__(
        self,
        places: Iterable[tuple[str, str]],
        products: Iterable[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Offer places and products."""
        super().__init__(*args, **kwargs)
        offer(self, "steps", step_choices())
        offer(self, "place", [("", _("All")), *places])
        offer(self, "gtin", [("", _("All")), *products])

    def clean_more(self) -> dict[str, Any]:
        """Return the further parameters."""
        return _json(self.cleaned_data["more"])

    def query(self) -> dict[str, object]:
        """Return the query as the standard has it."""
        told = self.cleaned_data
        parts = {
            "eventType": told["types"],
            "EQ_bizStep": told["steps"],
            "EQ_bizLocation": [told["place"]] if told["place"] else [],
        }
        if told["gtin"]:
            parts["MATCH_anyEPC"] = [told["gtin"]]
        chosen: dict[str, object] = {name: value for name, value in parts.items() if value}
        return {**chosen, **told["more"]}


class DeliveryFilter(forms.Form):
    """Which messages to list."""

    state = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[("", _("All")), *((value, row[0]) for value, row in MESSAGES.items())],
    )
