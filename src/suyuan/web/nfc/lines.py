"""Chips as lines of a list: names, words and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from suyuan.core.identifiers import Identity, Scheme
from suyuan.nfc.models import Chip
from suyuan.nfc.selectors import units_of_chips
from suyuan.tenancy.actor import Actor
from suyuan.web.nfc.words import SEAL_STATES
from suyuan.web.trace.addresses import address_of
from suyuan.web.trace.names import Names


@dataclass(frozen=True, slots=True)
class SealBadge:
    """The state of a seal as a badge."""

    label: str | Promise
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ChipLine:
    """A chip, ready to be shown; `unit_code` is empty where it leads nowhere."""

    chip: Chip
    seal: SealBadge | None
    unit_name: str = ""
    unit_code: str = ""
    unit_href: str = ""


def lines_of(actor: Actor, chips: Sequence[Chip]) -> list[ChipLine]:
    """Return chips as lines; a fixed number of queries."""
    units = units_of_chips(actor.organisation_id, [chip.uid for chip in chips])
    names = Names(actor)
    names.learn(one.primary for one in units.values() if one.scheme is Scheme.SGTIN)
    return [_line(actor, chip, units.get(chip.uid), names) for chip in chips]


def seal_badge(chip: Chip) -> SealBadge | None:
    """Return how a chip's seal is; what was once found open stays opened."""
    state = "opened" if chip.opened_at is not None and chip.seal == "intact" else chip.seal
    return SealBadge(*SEAL_STATES[state]) if state in SEAL_STATES else None


def _line(actor: Actor, chip: Chip, unit: Identity | None, names: Names) -> ChipLine:
    seal = seal_badge(chip)
    if unit is None:
        return ChipLine(chip, seal)
    is_item = unit.scheme is Scheme.SGTIN
    return ChipLine(
        chip,
        seal,
        unit_name=names.good(unit.primary).name if is_item else "SSCC",
        unit_code=unit.secondary if is_item else unit.primary,
        unit_href=address_of(actor.organisation.slug, unit) or "",
    )
