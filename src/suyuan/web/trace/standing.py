"""What is true of goods now, in sentences: where they are, whether they are genuine or recalled.

Owns: the first thing that a trace page says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suyuan.issuing.models import CodeOrder, Withdrawal
from suyuan.lineage.values import State, Whereabouts
from suyuan.web.trace.names import Names, PlaceName

_LOOKS: Final[dict[Whereabouts, tuple[str, str]]] = {
    Whereabouts.IN_HOUSE: ("good", "building-warehouse"),
    Whereabouts.IN_TRANSIT: ("info", "truck"),
    Whereabouts.SOLD: ("special", "shopping-cart"),
    Whereabouts.RETURNED: ("special", "truck-return"),
    Whereabouts.DESTROYED: ("quiet", "trash"),
    Whereabouts.NOT_SEEN: ("quiet", "help-circle"),
}
_SENTENCES: Final[dict[tuple[Whereabouts, bool], Promise]] = {
    (Whereabouts.IN_HOUSE, True): gettext_lazy("At %(place)s since %(time)s"),
    (Whereabouts.IN_HOUSE, False): gettext_lazy("In house since %(time)s, the place is not told"),
    (Whereabouts.IN_TRANSIT, True): gettext_lazy("On its way to %(place)s since %(time)s"),
    (Whereabouts.IN_TRANSIT, False): gettext_lazy("On its way since %(time)s"),
    (Whereabouts.SOLD, True): gettext_lazy("Sold and delivered to %(place)s on %(time)s"),
    (Whereabouts.SOLD, False): gettext_lazy("Sold and delivered on %(time)s"),
    (Whereabouts.RETURNED, True): gettext_lazy("Returned to %(place)s on %(time)s"),
    (Whereabouts.RETURNED, False): gettext_lazy("Returned on %(time)s"),
    (Whereabouts.DESTROYED, True): gettext_lazy("Destroyed at %(place)s on %(time)s"),
    (Whereabouts.DESTROYED, False): gettext_lazy("Destroyed on %(time)s"),
}
_UNDER_WAY: Final = frozenset({Whereabouts.IN_TRANSIT, Whereabouts.SOLD})


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence with its tone."""

    tone: str
    icon: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Whereis:
    """Where something is now."""

    notice: Notice
    place: PlaceName | None
    destination: PlaceName | None


def where_is(state: State, names: Names) -> Whereis:
    """Return where something is, in a sentence."""
    tone, icon = _LOOKS[state.whereabouts]
    place = names.place(state.location) if state.location else None
    going = names.place(state.destination) if state.destination else None
    told = going if state.whereabouts in _UNDER_WAY else place
    sentence = _SENTENCES.get((state.whereabouts, told is not None))
    if sentence is None or state.since is None:
        text = _("No event has told where it is")
    else:
        time = timezone.localtime(state.since).strftime("%Y-%m-%d %H:%M")
        text = str(sentence) % {"place": told.name if told else "", "time": time}
    return Whereis(Notice(tone, icon, text), place, going)


def genuineness(
    state: State | None,
    order: CodeOrder | None,
    *,
    own: bool,
    withdrawal: Withdrawal | None = None,
) -> Notice:
    """Return whether an item is what it says: by our own records of its number and its birth.

    Args:
        state: what events say; None when no event names it.
        order: the code order that its number belongs to.
        own: whether the organisation answers for the product.
        withdrawal: how the code was withdrawn before it came on goods, if it was.
    """
    number = {"number": order.number if order else ""}
    if state is not None and state.recalled:
        return Notice(
            "bad",
            "alert-triangle",
            _("Recalled"),
            _("A recall holds this item. It must not be shipped or sold."),
        )
    if withdrawal is not None:
        return _withdrawn(withdrawal)
    if state is None:
        return Notice(
            "warn",
            "circle-dashed",
            _("Issued, but not seen yet"),
            _("The code belongs to code order %(number)s; no event has put it on goods.") % number,
        )
    if not state.commissioned:
        return Notice(
            "warn",
            "help-circle",
            _("Seen, but never activated"),
            _("Events name this item, but none of them reports its commissioning."),
        )
    if order is not None:
        return Notice(
            "good",
            "shield-check",
            _("Genuine"),
            _("Issued with code order %(number)s and activated.") % number,
        )
    if own:
        return Notice(
            "info",
            "shield-check",
            _("Activated, numbered elsewhere"),
            _("Its commissioning was captured; its number is of no code order of ours."),
        )
    return Notice("info", "info-circle", _("A partner’s goods"), _("Known from captured events."))


def _withdrawn(withdrawal: Withdrawal) -> Notice:
    time = timezone.localtime(withdrawal.created_at).strftime("%Y-%m-%d %H:%M")
    known = {"time": time, "reason": withdrawal.reason, "reference": withdrawal.reference}
    text = _("On %(time)s its label was taken out: %(reason)s. It can never be activated.")
    if withdrawal.reference:
        text = _(
            "On %(time)s its label was taken out (%(reference)s): %(reason)s. It can never be"
            " activated."
        )
    return Notice("bad", "ban", _("Withdrawn code"), text % known)
