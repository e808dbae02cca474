"""What is asked of time, as the address says it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.lineage.values import Whereabouts
from suyuan.monitoring.dwell import By, Question, Subject
from suyuan.web.choices import offer

SAMPLE: Final = 20_000  # items that a screen looks at; commands and the API look at more


class QuestionForm(forms.Form):
    """Period, product, place, partner, and by what stays are put together."""

    begin = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    product = forms.ChoiceField(label=_("Product"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    partner = forms.ChoiceField(label=pgettext_lazy("who has a place", "Partner"), required=False)
    by = forms.ChoiceField(
        required=False, choices=[(one.value, one.value) for one in By], widget=forms.HiddenInput()
    )

    def __init__(
        self,
        data: Any,
        *,
        products: list[tuple[str, str]],
        places: list[tuple[str, str]],
        partners: list[tuple[str, str]],
    ) -> None:
        """Offer what the organisation has."""
        super().__init__(data)
        offer(self, "product", [("", _("All products")), *products])
        offer(self, "place", [("", _("All places")), *places])
        offer(self, "partner", [("", _("All partners")), *partners])

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or {}
        begin, end = data.get("begin"), data.get("end")
        if begin and end and end < begin:
            self.add_error("end", _("The period must end after it begins."))
        return data

    def question(self) -> Question:
        """Return the question; what is wrong in the address is left out."""
        self.is_valid()
        data = self.cleaned_data
        end = data.get("end")
        return Question(
            since=_midnight(data["begin"]) if data.get("begin") else None,
            until=_midnight(end + timedelta(days=1)) - timedelta(microseconds=1) if end else None,
            gtin=data.get("product", ""),
            place=data.get("place", ""),
            partner=data.get("partner", ""),
            by=By(data.get("by") or By.STAGE),
            sample=SAMPLE,
        )


class SubjectForm(forms.Form):
    """One group, and perhaps one bar of its distribution."""

    step = forms.CharField(required=False, max_length=500)
    next_step = forms.CharField(required=False, max_length=500)
    whereabouts = forms.ChoiceField(
        required=False, choices=[(one.value, one.value) for one in Whereabouts]
    )
    at = forms.CharField(required=False, max_length=500)
    of = forms.CharField(required=False, max_length=40)
    gtin = forms.CharField(required=False, max_length=14)
    bin = forms.IntegerField(required=False, min_value=0, max_value=100)

    def subject(self) -> Subject | None:
        """Return the group, None if the address makes no sense."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Subject(
            step=data["step"],
            next_step=data["next_step"],
            whereabouts=data["whereabouts"],
            place=data["at"],
            partner=data["of"],
            gtin=data["gtin"],
        )


def subject_query(subject: Subject) -> dict[str, str]:
    """Return what `SubjectForm` reads."""
    words = {
        "step": subject.step,
        "next_step": subject.next_step,
        "whereabouts": subject.whereabouts,
        "at": subject.place,
        "of": subject.partner,
        "gtin": subject.gtin,
    }
    return {name: value for name, value in words.items() if value}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
