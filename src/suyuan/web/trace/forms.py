"""Filters of the event browser and of the jobs: what a query string says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.core.epcis.vocabulary import DISPOSITIONS, STEPS, EventType
from suyuan.web import vocabulary
from suyuan.web.choices import offer
from suyuan.web.trace.names import Names

TYPE_NAMES = {
    "ObjectEvent": pgettext_lazy("event type", "Observation"),
    "AggregationEvent": pgettext_lazy("event type", "Packing"),
    "TransactionEvent": pgettext_lazy("event type", "Business transaction"),
    "TransformationEvent": pgettext_lazy("event type", "Production"),
    "AssociationEvent": pgettext_lazy("event type", "Association"),
}
_ANY = ("", _("All"))
_LARGEST = (1 << 63) - 1


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EventFilterForm(forms.Form):
    """Which events to list."""

    q = forms.CharField(
        label=_("Code, order or waybill"), required=False, max_length=500, strip=True
    )
    type = forms.ChoiceField(label=_("Kind of event"), required=False)
    step = forms.ChoiceField(label=_("Business step"), required=False)
    disposition = forms.ChoiceField(label=pgettext_lazy("event", "State"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    since = forms.DateField(label=_("Happened from"), required=False, widget=_Day)
    until = forms.DateField(label=_("Happened until"), required=False, widget=_Day)
    job = forms.IntegerField(
        required=False, min_value=1, max_value=_LARGEST, widget=forms.HiddenInput
    )

    def __init__(self, data: Mapping[str, Any], *, names: Names) -> None:
        """Offer the words of the standard and the organisation's places."""
        super().__init__(data)
        offer(self, "type", [_ANY, *((kind.name, TYPE_NAMES[kind.name]) for kind in EventType)])
        offer(self, "step", [_ANY, *sorted_words(STEPS, vocabulary.step)])
        offer(self, "disposition", [_ANY, *sorted_words(DISPOSITIONS, vocabulary.status)])
        offer(self, "place", [_ANY, *((row.code, name) for row, name in names.places())])

    def clean(self) -> dict[str, Any]:
        """Turn days into moments: `until` is the first moment that is no longer meant."""
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        values["since"] = _midnight(since) if since else None
        values["until"] = _midnight(until) + timedelta(days=1) if until else None
        return values


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def sorted_words(words: list[str], word: Any) -> list[tuple[str, str]]:
    """Return words of the standard with their labels, by label."""
    return sorted(((code, str(word(code).label)) for code in words), key=lambda pair: pair[1])
