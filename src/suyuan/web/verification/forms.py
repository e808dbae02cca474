"""The filter of the list of scans."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suyuan.core.identifiers import Gtin, IdentifierError
from suyuan.kernel import clock
from suyuan.verification.values import Verdict
from suyuan.web import vocabulary
from suyuan.web.choices import offer

_DAYS = 30


class ScanFilter(forms.Form):
    """Verdict, product, code, period; the last thirty days when nothing is said."""

    verdict = forms.ChoiceField(label=_("Verdict"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    code = forms.CharField(label=_("Serial or batch"), required=False, max_length=20)
    begin = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, products: list[tuple[str, str]]) -> None:
        """Offer the organisation's products."""
        super().__init__(data)
        words = [(word.value, vocabulary.status(word.value).label) for word in Verdict]
        offer(self, "verdict", [("", _("All verdicts")), *words])
        offer(self, "product", [("", _("All products")), *products])

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        data = super().clean() or {}
        begin, end = data.get("begin"), data.get("end")
        if begin and end and end < begin:
            self.add_error("end", _("The period must end after it begins."))
        return data

    def wanted(self) -> dict[str, Any]:
        """Return the arguments of `verification.selectors.list_scans`."""
        data = self.cleaned_data if self.is_valid() else {}
        today = timezone.localtime(clock.now()).date()
        begin = data.get("begin") or (data.get("end") or today) - timedelta(days=_DAYS - 1)
        end = data.get("end") or max(today, begin)
        return {
            "verdict": data.get("verdict", ""),
            "gtin": _gtin(data.get("product", "")),
            "code": data.get("code", "").strip(),
            "since": _midnight(begin),
            "until": _midnight(end + timedelta(days=1)),
        }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _gtin(text: str) -> str:
    try:
        return Gtin.parse(text).value if text else ""
    except IdentifierError:
        return ""
