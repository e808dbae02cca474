"""The filter of suppliers' scorecards: a period, and what counts as late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suyuan.kernel import clock

_DAYS: Final = timedelta(days=364)
_LATE_HOURS: Final = 24


class _DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        """Write dates as browsers want them in every language."""
        super().__init__(format="%Y-%m-%d")


class PeriodFilter(forms.Form):
    """Which lots and deliveries count."""

    begin = forms.DateField(label=_("Received from"), widget=_DateInput())
    end = forms.DateField(label=_("Received to"), widget=_DateInput())
    late = forms.IntegerField(label=_("Late after hours"), min_value=1, max_value=2160)


@dataclass(frozen=True, slots=True)
class Period:
    """What was asked for."""

    since: date
    until: date
    late_after: timedelta

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it."""
        return {
            "begin": self.since.isoformat(),
            "end": self.until.isoformat(),
            "late": str(self.late_after // timedelta(hours=1)),
        }


def read_period(given: Mapping[str, str]) -> tuple[PeriodFilter, Period]:
    """Return the filter's form, and the period: the last year where nothing sound is said."""
    today = timezone.localdate(clock.now())
    usual = Period(today - _DAYS, today, timedelta(hours=_LATE_HOURS))
    form = PeriodFilter({**usual.query, **{k: v for k, v in given.items() if v}})
    if not form.is_valid():
        return form, usual
    wanted = form.cleaned_data
    since, until = sorted((wanted["begin"], wanted["end"]))
    return form, Period(since, until, timedelta(hours=wanted["late"]))
