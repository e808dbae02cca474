"""Which unit a text names: the other end of a binding.

Owns: reading what was typed or scanned as an item or a logistic unit, one or thousands.

A unit is an item whose serial one of our numbering keys made, a logistic unit of a prefix of ours,
or either of any origin that an event names: labels are bound before goods are active, and cases
before they are filled. Another carrier that leads to the unit names it too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from suyuan.capture.identities import find_keys, identities_of
from suyuan.capture.services import give_keys
from suyuan.carriers.models import Carrier
from suyuan.carriers.values import forms
from suyuan.core.codespace import SERIAL_LENGTH, normalise
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.fetch import entries_of_few
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.numbering import code_spaces_by_gtin
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.selectors import company_prefixes

_UNITS: Final = frozenset({Scheme.SGTIN, Scheme.SSCC})
_MOST_PRODUCTS: Final = 500  # whose numbering a bare serial is tried against
_FEW: Final = 20  # bare texts that are looked for among foreign serials too
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Unit:
    """What a carrier can lead to."""

    identity: Identity
    key: int

    @property
    def text(self) -> str:
        """Its canonical text."""
        return self.identity.digital_link()


def read_unit(organisation: Organisation, text: str) -> Unit:
    """Return the unit that a text names, with its key; a new one is made if it has none.

    Raises:
        Invalid: `required`, or `unit_unknown` for what names no item and no logistic unit of ours.
    """
    if not text.strip():
        raise Invalid("required", place="unit")
    unit = read_units(organisation, (text,)).get(text)
    if unit is None:
        raise Invalid("unit_unknown", place="unit", given=text.strip()[:80])
    return unit


def read_units(organisation: Organisation, texts: Collection[str]) -> dict[str, Unit]:
    """Return the units that texts name; texts that name none are left out.

    A fixed number of queries for texts that say whose they are; bare serials are tried under every
    numbering key, by the array.
    """
    found = _carried(organisation.pk, texts)
    meanings = {text: _meanings(text) for text in texts if text not in found}
    bare = [text for text, read in meanings.items() if not read]
    own_bare = _own_bare(organisation.pk, bare)
    meanings |= {text: [identity] for text, identity in own_bare.items()}
    left = [text for text in bare if text not in own_bare]
    if 0 < len(left) <= _FEW:
        gtins = _gtins(organisation.pk)
        meanings |= {text: _meanings(text, gtins) for text in left}
    ours = _ours(organisation, {one for read in meanings.values() for one in read})
    chosen = {
        text: identity
        for text, read in meanings.items()
        if (identity := next((one for one in read if one in ours), None)) is not None
    }
    keys = give_keys(organisation_id=organisation.pk, identities=set(chosen.values()))
    return found | {text: Unit(one, keys[one]) for text, one in chosen.items()}


def units_of(organisation_id: int, keys: Iterable[int]) -> dict[int, Unit]:
    """Return the units of keys that were given out."""
    return {key: Unit(one, key) for key, one in identities_of(organisation_id, keys).items()}


def named_units(organisation: Organisation, texts: Collection[str]) -> dict[str, Unit]:
    """Return what of ours each text is the identity of, carriers left aside; makes no key."""
    meanings = {text: _meanings(text) for text in texts}
    every = {one for read in meanings.values() for one in read}
    ours = _ours(organisation, every)
    keys = find_keys(organisation.pk, ours)
    # An own serial whose class has no key yet still names its item, so it must be told apart.
    return {
        text: Unit(identity, keys.get(identity, -1))
        for text, read in meanings.items()
        if (identity := next((one for one in read if one in ours), None)) is not None
    }


def _meanings(text: str, gtins: Sequence[str] = ()) -> list[Identity]:
    """Return the items and units that a text may name; serials typed by hand are set right."""
    found: list[Identity] = []
    for one in lineage.identities_in_text(text, gtins):
        if one.scheme in _UNITS:
            found.append(one)
            if one.scheme is Scheme.SGTIN and (meant := normalise(one.secondary)) != one.secondary:
                found.append(Identity(one.scheme, one.primary, meant))
    return found


def _gtins(organisation_id: int) -> list[str]:
    rows = masterdata.list_products(organisation_id).values_list("gtin", flat=True)
    return list(rows[:_MOST_PRODUCTS])


def _carried(organisation_id: int, texts: Collection[str]) -> dict[str, Unit]:
    """Return the units that texts lead to as carriers."""
    wanted: dict[tuple[str, str], str] = {}
    for text in texts:
        for kind, value in forms(text).items():
            wanted[kind, value] = text
    values = sorted({value for _, value in wanted})
    keys: dict[str, int] = {}
    for at in range(0, len(values), _CHUNK):
        rows = Carrier.objects.filter(
            organisation_id=organisation_id, ended_at=None, value__in=values[at : at + _CHUNK]
        ).values_list("kind", "value", "key")
        keys |= {wanted[kind, value]: key for kind, value, key in rows if (kind, value) in wanted}
    units = units_of(organisation_id, set(keys.values()))
    return {text: units[key] for text, key in keys.items() if key in units}


def _own_bare(organisation_id: int, texts: Sequence[str]) -> dict[str, Identity]:
    """Return the items whose serials stand alone, as far as our numbering made them."""
    meant = {text: normalise(text.strip()) for text in texts}
    meant = {text: serial for text, serial in meant.items() if len(serial) == SERIAL_LENGTH}
    if not meant:
        return {}
    asked, serials = list(meant), list(meant.values())
    found: dict[str, Identity] = {}
    for gtin, spaces in code_spaces_by_gtin(organisation_id, _gtins(organisation_id)).items():
        for space in spaces:
            for at in np.flatnonzero(space.indexes(serials) >= 0).tolist():
                found.setdefault(asked[at], Identity(Scheme.SGTIN, gtin, serials[at]))
    return found


def _ours(organisation: Organisation, identities: Collection[Identity]) -> set[Identity]:
    """Return those that our numbering made, or that an event names."""
    ours = _own_items(organisation.pk, identities) | _own_units(organisation, identities)
    keys = find_keys(organisation.pk, [one for one in identities if one not in ours])
    events = entries_of_few(organisation.pk, set(keys.values())) if keys else {}
    return ours | {one for one, key in keys.items() if events[key]}


def _own_items(organisation_id: int, identities: Collection[Identity]) -> set[Identity]:
    serials: dict[str, list[str]] = {}
    for one in identities:
        if one.scheme is Scheme.SGTIN and len(one.secondary) == SERIAL_LENGTH:
            serials.setdefault(one.primary, []).append(one.secondary)
    own: set[Identity] = set()
    spaces = code_spaces_by_gtin(organisation_id, serials.keys()) if serials else {}
    for gtin, versions in spaces.items():
        texts = serials[gtin]
        for space in versions:
            hits = np.flatnonzero(space.indexes(texts) >= 0).tolist()
            own |= {Identity(Scheme.SGTIN, gtin, texts[at]) for at in hits}
    return own


def _own_units(organisation: Organisation, identities: Collection[Identity]) -> set[Identity]:
    units = [one for one in identities if one.scheme is Scheme.SSCC]
    if not units:
        return set()
    # Who has no GS1 prefix numbers units under 2 and the company's number here.
    prefixes = (*company_prefixes(organisation.pk), f"2{organisation.company_number:04}0")
    return {one for one in units if one.primary[1:].startswith(prefixes)}
