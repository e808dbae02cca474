"""The words for states, for what goes wrong on the way to a receiver, and for schedules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.subscriptions.models import DeliveryState, SubscriptionState

type Look = tuple[Promise, str, str]

STATES: Final[dict[str, Look]] = {
    SubscriptionState.ACTIVE: (pgettext_lazy("subscription", "Active"), "good", "circle-check"),
    SubscriptionState.PAUSED: (pgettext_lazy("subscription", "Paused"), "quiet", "hand-stop"),
    SubscriptionState.STOPPED: (pgettext_lazy("subscription", "Stopped"), "bad", "ban"),
}
TROUBLED: Final[Look] = (pgettext_lazy("subscription", "Retrying"), "warn", "refresh")

MESSAGES: Final[dict[str, Look]] = {
    DeliveryState.WAITING: (pgettext_lazy("delivery", "Waiting"), "info", "clock"),
    DeliveryState.DELIVERED: (pgettext_lazy("delivery", "Delivered"), "good", "check"),
    DeliveryState.DEAD: (pgettext_lazy("delivery", "Given up"), "bad", "circle-x"),
}

# What a message's last attempt came to, where it did not arrive.
ERRORS: Final[Mapping[str, Promise]] = {
    "host_unknown": _("The receiver's name is unknown."),
    "address_refused": _("The name leads to an address that is not public."),
    "unreachable": _("Nobody answers at that address."),
    "tls": _("The receiver's certificate is not valid."),
    "timeout": _("The receiver took too long."),
    "broken": _("The connection broke off."),
    "redirect": _("The receiver sends us elsewhere; redirects are not followed."),
    "refused": _("The receiver refused the message."),
    "dest_plain": _("Plain HTTP is no longer allowed to this receiver."),
    "dest_private": _("This private address is no longer allowed."),
    "dest_url": _("The address is no longer one that messages go to."),
    "message_failed": _("The message could not be made; the server's log says why."),
    "seal_broken": _("The signature token was sealed under a key that is no longer there."),
}

FIELDS: Final[Mapping[str, Promise]] = {
    "month": pgettext_lazy("schedule", "month"),
    "dayOfMonth": pgettext_lazy("schedule", "day of the month"),
    "dayOfWeek": pgettext_lazy("schedule", "day of the week"),
    "hour": pgettext_lazy("schedule", "hour"),
    "minute": pgettext_lazy("schedule", "minute"),
    "second": pgettext_lazy("schedule", "second"),
}
FORMATS: Final[Mapping[str, Promise]] = {
    "json": _("JSON-LD (EPCIS 2.0)"),
    "xml": _("XML (EPCIS 2.0)"),
    "xml-1.2": _("XML (EPCIS 1.2)"),
}


def look(row: Look) -> dict[str, object]:
    """Return a row for `{% badge %}`."""
    return {"label": row[0], "tone": row[1], "icon": row[2]}


def spoken(schedule: Mapping[str, object] | None) -> str:
    """Say when a subscription looks."""
    if schedule is None:
        return gettext("At once, event by event")
    told = [
        gettext("%(field)s %(values)s") % {"field": FIELDS[name], "values": schedule[name]}
        for name in FIELDS
        if schedule.get(name) not in (None, "")
    ]
    return gettext(", ").join(told)


def error_of(code: str) -> str:
    """Say what went wrong; "" for nothing."""
    return str(ERRORS.get(code, code))
