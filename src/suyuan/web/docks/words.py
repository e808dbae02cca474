"""The words for what readers are for, and what became of a tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.docks.models import Outcome, Purpose


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """What a purpose is called, where such a reader stands, what it makes of tags."""

    label: Promise
    icon: str
    where: Promise
    appears: Promise
    leaves: Promise


PURPOSES: Final[dict[str, PurposeWords]] = {
    Purpose.RECEIVING: PurposeWords(
        pgettext_lazy("reader purpose", "Receiving door"),
        "package-import",
        _("Goods only come in here."),
        _("A tag appears: its item is received here."),
        _("It leaves the field: nothing more is recorded."),
    ),
    Purpose.SHIPPING: PurposeWords(
        pgettext_lazy("reader purpose", "Shipping door"),
        "truck-loading",
        _("Goods only go out here."),
        _("A tag appears: nothing is recorded yet, it may only stand by the door."),
        _("It leaves the field: its item has departed."),
    ),
    Purpose.PASSAGE: PurposeWords(
        pgettext_lazy("reader purpose", "Passage, both ways"),
        "arrows-sort",
        _("Goods come in and go out here; some antennas look inside, the others outside."),
        _("A tag appears: which side saw it first is kept."),
        _(
            "It leaves the field: seen last by an inner antenna it is received, by an outer one it"
            " has departed; on the side it came from, nothing is recorded."
        ),
    ),
    Purpose.ZONE: PurposeWords(
        pgettext_lazy("reader purpose", "Storage zone"),
        "grid-dots",
        _("Goods stay here: a shelf, a cold room, a cage."),
        _("A tag appears: its item is stored here."),
        _("It leaves the field: nothing more is recorded."),
    ),
}

OUTCOMES: Final[dict[str, tuple[Promise, str, str]]] = {
    Outcome.PRESENT: (pgettext_lazy("tag stay", "In the field"), "info", "access-point"),
    Outcome.ARRIVED: (pgettext_lazy("tag stay", "Arrived"), "good", "package-import"),
    Outcome.DEPARTED: (pgettext_lazy("tag stay", "Departed"), "special", "truck-delivery"),
    Outcome.TURNED_BACK: (pgettext_lazy("tag stay", "Turned back"), "quiet", "arrow-back-up"),
    Outcome.PASSED: (pgettext_lazy("tag stay", "Left"), "quiet", "minus"),
    Outcome.NOISE: (pgettext_lazy("tag stay", "Seen too seldom"), "warn", "activity"),
    Outcome.UNKNOWN: (pgettext_lazy("tag stay", "Unknown tag, left"), "warn", "help-circle"),
}


def outcome_of(outcome: str) -> dict[str, object]:
    """Return how an outcome is shown."""
    label, tone, icon = OUTCOMES[outcome]
    return {"label": label, "tone": tone, "icon": icon}
