"""The tabs of the pages of chips, as far as the reader's rights go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.shell import navigation

_TABS: Final = (
    ("chips", pgettext_lazy("nfc", "Chips"), Right.CARRIERS_VIEW),
    ("profiles", _("Key profiles"), Right.CARRIERS_VIEW),
    ("plain", _("Chips without keys"), Right.CODES_DOWNLOAD),
    ("test", _("Try a link"), Right.CARRIERS_KEYS),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages beside each other."""

    name: str
    label: str | Promise
    href: str


def tabs(actor: Actor) -> list[Tab]:
    """Return the tabs that a reader may open."""
    return [
        Tab(name, label, navigation.href(f"nfc:{name}", actor))
        for name, label, right in _TABS
        if actor.may(right)
    ]
