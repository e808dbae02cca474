"""What texts on codes may name.

Owns: the meanings of a text, the likeliest first: a carrier that somebody bound, an identity in any
form, a bare serial of an own product, a waybill.
Does not own: which of them is true (readback).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from suyuan.capture.identities import identities_of
from suyuan.carriers import selectors as carriers
from suyuan.carriers.models import CarrierKind
from suyuan.carriers.values import forms
from suyuan.core.identifiers import IdentifierError, Identity, parse_identity
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata
from suyuan.process.references import PARCEL, reference
from suyuan.tenancy.models import Organisation

_LONGEST: Final = 2_048
_MOST_PRODUCTS: Final = 500  # whose numbering a bare serial is tried against


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text may name; `bound` where it does so only because somebody said so."""

    identities: Sequence[Identity]
    bound: bool = False


def meanings_of(organisation: Organisation, texts: Collection[str]) -> dict[str, Meaning]:
    """Return what each text may name: a fixed number of queries, however many."""
    rows = masterdata.list_products(organisation.pk, own=True)
    gtins = [row.gtin for row in rows[:_MOST_PRODUCTS] if row.serial_key_id is not None]
    bound = _bound(organisation.pk, [text for text in texts if len(text) <= _LONGEST])
    return {
        text: Meaning([bound[text]], bound=True)
        if text in bound
        else Meaning(_identities(organisation.slug, text.strip(), gtins))
        for text in texts
    }


def _bound(organisation_id: int, texts: Collection[str]) -> dict[str, Identity]:
    """Return the units that texts lead to as values of live carriers."""
    wanted = {text: forms(text) for text in texts}
    keys: dict[str, int] = {}
    for kind in CarrierKind:
        values = {text: found[kind] for text, found in wanted.items() if kind in found}
        known = carriers.keys_of(organisation_id, kind, set(values.values()))
        # A text may be a value of several kinds: the first kind keeps it.
        keys = {text: known[value] for text, value in values.items() if value in known} | keys
    units = identities_of(organisation_id, set(keys.values()))
    return {text: units[key] for text, key in keys.items() if key in units}


def _identities(slug: str, text: str, gtins: Sequence[str]) -> list[Identity]:
    if not text or len(text) > _LONGEST:
        return []
    found = lineage.identities_in_text(text, gtins)
    with suppress(Invalid, IdentifierError):  # a shipper's label bears the waybill alone
        found.append(parse_identity(reference(slug, PARCEL, text)))
    return list(dict.fromkeys(found))
