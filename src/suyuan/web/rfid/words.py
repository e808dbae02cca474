"""The words for schemes, filter values and what became of a tag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from suyuan.core.identifiers import Scheme
from suyuan.core.identifiers.binary import FilterMeaning, TagScheme, filter_meaning
from suyuan.rfid.prefixes import PrefixLength, PrefixSource
from suyuan.rfid.values import TagReason

FILTERS: Final[dict[FilterMeaning, Promise]] = {
    FilterMeaning.ALL_OTHERS: pgettext_lazy("RFID filter", "All others"),
    FilterMeaning.ITEM: pgettext_lazy("RFID filter", "Item for sale"),
    FilterMeaning.CASE: pgettext_lazy("RFID filter", "Full case"),
    FilterMeaning.INNER_PACK: pgettext_lazy("RFID filter", "Inner pack"),
    FilterMeaning.UNIT_LOAD: pgettext_lazy("RFID filter", "Pallet or other unit load"),
    FilterMeaning.COMPONENT: pgettext_lazy("RFID filter", "Part inside an item"),
    FilterMeaning.RAIL_VEHICLE: pgettext_lazy("RFID filter", "Rail vehicle"),
    FilterMeaning.TRAVEL_DOCUMENT: pgettext_lazy("RFID filter", "Travel document"),
    FilterMeaning.RESERVED: pgettext_lazy("RFID filter", "Reserved"),
}

SCHEMES: Final[dict[TagScheme, Promise]] = {
    TagScheme.SGTIN_96: gettext_lazy("SGTIN-96: a number of its own, on any tag"),
    TagScheme.SGTIN_198: gettext_lazy("SGTIN-198: the item's serial, on tags with 208 bits"),
    TagScheme.SGTIN_PLUS: gettext_lazy("SGTIN+: the item's serial, on tags with 160 bits"),
}

REASONS: Final[dict[TagReason, tuple[Promise, str, str]]] = {
    TagReason.KNOWN: (pgettext_lazy("tag", "Known"), "good", "circle-check"),
    TagReason.MALFORMED: (pgettext_lazy("tag", "No EPC"), "bad", "circle-x"),
    TagReason.UNASSIGNED: (pgettext_lazy("tag", "Never given out"), "bad", "shield-x"),
    TagReason.ENDED: (pgettext_lazy("tag", "No longer valid"), "warn", "ban"),
    TagReason.UNUSED: (pgettext_lazy("tag", "Ours, not in use yet"), "info", "circle-dashed"),
    TagReason.FOREIGN: (pgettext_lazy("tag", "Somebody else's"), "quiet", "help-circle"),
}

_SOURCES: Final[dict[PrefixSource, Promise]] = {
    PrefixSource.OWN: gettext_lazy(
        "Your GS1 company prefix: %(digits)s digits, partition %(partition)s."
    ),
    PrefixSource.RESTRICTED: gettext_lazy(
        "This number is for use inside this installation only, so it has no GS1 company prefix. "
        "The tag is divided after %(digits)s digits (partition %(partition)s); elsewhere it means "
        "nothing, or something else."
    ),
    PrefixSource.GIVEN: gettext_lazy(
        "As you said: %(digits)s digits, partition %(partition)s. Tags are divided alike only if "
        "this is right."
    ),
}


def filter_label(scheme: Scheme, value: int) -> str:
    """Name a filter value."""
    return f"{value} · {FILTERS[filter_meaning(scheme, value)]}"


def filter_choices(scheme: Scheme, values: Iterable[int]) -> list[tuple[str, str]]:
    """Return filter values to choose from."""
    return [(str(value), filter_label(scheme, value)) for value in values]


def prefix_note(length: PrefixLength | None) -> str:
    """Say how a tag is divided and why."""
    if length is None:
        return _("This kind of tag holds the number as it is; no company prefix need be known.")
    sentence = str(_SOURCES[length.source])
    return sentence % {"digits": length.digits, "partition": length.partition}
