"""A history as days of steps, for `partials/timeline.html`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step.

    Attributes:
        time: Aware. step: Business step (CBV word), for name, icon and tone.
        title: Instead of the step's name. place: Where. href: What is behind it.
        via: The container that was seen instead of the thing itself, as shown; via_href: its page.
        status: A disposition, shown as a badge. notes: More lines.
        voided: An error declaration says that it did not happen so.
    """

    time: datetime
    step: str = ""
    title: str = ""
    place: str = ""
    href: str = ""
    via: str = ""
    via_href: str = ""
    status: str = ""
    notes: tuple[str, ...] = ()
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The steps of one day in the installation's zone."""

    date: date
    entries: list[TimelineEntry] = field(default_factory=list)


def by_day(entries: Iterable[TimelineEntry], *, newest_first: bool = False) -> list[Day]:
    """Group entries by day, in order of time."""
    ordered = sorted(entries, key=lambda entry: entry.time, reverse=newest_first)
    return [
        Day(day, list(group))
        for day, group in groupby(ordered, key=lambda entry: timezone.localtime(entry.time).date())
    ]
