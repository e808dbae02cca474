"""What codes that were read mean to the organisation that reads them.

Owns: whose a code is and in what state, for many at once; the value `Standing`.
Does not own: reading pictures (core.carriers), what a consumer is told (services), pages.
Invariant: what is another organisation's and what nobody here knows give the same answer.

The work is a fixed number of queries, and a few for each code order that a code belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from pyroaring import BitMap

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import Allotment, AllotmentKind, CodeOrder
from suyuan.issuing.numbers import unit_prefix
from suyuan.issuing.positions import Range
from suyuan.lineage import selectors as lineage
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.fold import CODES
from suyuan.lineage.history import identifier_text
from suyuan.lineage.present import present
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Product
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.selectors import company_prefixes
from suyuan.verification.meanings import Meaning, meanings_of

MOST: Final = 1_000
_GS1_RESOLVER: Final = "https://id.gs1.org/"  # where events' own texts lead
_WEB: Final = ("http://", "https://")
_MEANT: Final = (*_WEB, "urn:epc:", "(", "]")
_GTIN_DIGITS: Final = 14


class Whose(StrEnum):
    """Whose a code is, as far as this organisation may know."""

    OWN = "own"
    PARTNER = "partner"  # not ours, but our events or records name it
    UNKNOWN = "unknown"  # an identity that nothing here names: foreign, or another organisation's
    NONE = "none"  # no identity at all


class CodeState(StrEnum):
    """What is true of a code."""

    ACTIVE = "active"
    ISSUED = "issued"  # not on goods yet, as far as anybody said
    WITHDRAWN = "withdrawn"
    NEVER_ISSUED = "never_issued"  # our product's number with a serial that is none of ours
    RECALLED = "recalled"
    SEEN = "seen"  # events name it
    PLANNED = "planned"  # a case or pallet of sets that is not active yet
    KEPT = "kept"  # a product, lot or place of our records
    NOT_SEEN = "not_seen"  # our number, but neither records nor events say more
    UNKNOWN = "unknown"
    NO_IDENTITY = "no_identity"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one text means here.

    Attributes:
        text: as it was read.
        identity: what it names; None when it names nothing.
        order: the code order that issued it, with its product and lot.
        position: its place in the order, from 0.
        prints: the labels it was put on, the first first.
        whereabouts: where the goods are; None when no event names them.
        location: the place, as events write it; "" when not told.
        bound: whether it leads to `identity` only because somebody bound the two.
        elsewhere: whether it is a link of ours that leads to another address than ours.
        fault: what is wrong with a text that looks like an identifier and is none.
    """

    text: str
    whose: Whose
    state: CodeState
    identity: Identity | None = None
    order: CodeOrder | None = None
    position: int | None = None
    prints: Sequence[Allotment] = ()
    whereabouts: Whereabouts | None = None
    location: str = ""
    bound: bool = False
    elsewhere: bool = False
    fault: IdentifierError | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """What an order's codes are, looked up once for all of them."""

    row: CodeOrder
    active: Sequence[Range]
    withdrawn: BitMap
    prints: Sequence[Allotment]

    @classmethod
    def of(cls, row: CodeOrder) -> _Order:
        prints = [one for one in issuing.allotments(row) if one.kind != AllotmentKind.SET]
        return cls(row, issuing.active_ranges(row), issuing.withdrawn(row), prints)

    def state(self, position: int) -> CodeState:
        if position in self.withdrawn:
            return CodeState.WITHDRAWN
        active = any(first <= position < end for first, end in self.active)
        return CodeState.ACTIVE if active else CodeState.ISSUED


@dataclass(frozen=True, slots=True)
class _Present:
    """Where a thing is now, by events."""

    whereabouts: Whereabouts
    location: str
    recalled: bool


@dataclass(slots=True)
class _Known:
    """What this organisation knows of a set of identities."""

    slug: str
    prefixes: Sequence[str]
    present: Mapping[Identity, _Present] = field(default_factory=dict)
    issued: Mapping[Identity, tuple[_Order, int]] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    kept: Mapping[Identity, bool] = field(default_factory=dict)  # whether it is our own
    planned: set[Identity] = field(default_factory=set)


def standings(organisation: Organisation, texts: Iterable[str], *, base_url: str) -> list[Standing]:
    """Return what each text means, in their order.

    Args:
        organisation: who reads.
        texts: at most 1,000; what codes said.
        base_url: scheme and host of the organisation's own links.
    """
    wanted = list(texts)[:MOST]
    meanings = meanings_of(organisation, set(wanted))
    known = _look_up(organisation, {one for found in meanings.values() for one in found.identities})
    answers = {text: _standing(text, found, known, base_url) for text, found in meanings.items()}
    return [answers[text] for text in wanted]


def _look_up(organisation: Organisation, identities: set[Identity]) -> _Known:
    here = organisation.pk
    of = {scheme: {one for one in identities if one.scheme is scheme} for scheme in Scheme}
    gtins = {one.primary for one in identities if len(one.primary) == _GTIN_DIGITS}
    products = masterdata.products_by_gtin(here, gtins)
    return _Known(
        slug=organisation.slug,
        prefixes=[*company_prefixes(here), unit_prefix(organisation)],
        present=_present(here, identities),
        issued=_issued(here, of[Scheme.SGTIN], products),
        products=products,
        kept=_kept_goods(here, of[Scheme.GTIN], of[Scheme.LGTIN], products)
        | _kept_places(here, of[Scheme.SGLN] | of[Scheme.PGLN]),
        planned={
            one for one in of[Scheme.SSCC] if issuing.set_of_unit(here, one.primary) is not None
        },
    )


def _kept_goods(
    organisation_id: int,
    goods: set[Identity],
    lots: set[Identity],
    products: Mapping[str, Product],
) -> dict[Identity, bool]:
    materials = masterdata.materials_by_gtin(organisation_id, {one.primary for one in goods})
    found = {one: False for one in goods if one.primary in materials}
    rows = masterdata.lots_by_code(organisation_id, {(one.primary, one.secondary) for one in lots})
    named = [one for one in lots if (one.primary, one.secondary) in rows]
    named += (one for one in goods if one.primary in products)
    return found | {one: products[one.primary].own for one in named}


def _kept_places(organisation_id: int, places: set[Identity]) -> dict[Identity, bool]:
    if not places:
        return {}
    locations = masterdata.locations_by_identifier(organisation_id)
    parties = masterdata.parties_by_identifier(organisation_id)
    named = {one: one.digital_link() for one in places}
    return {
        one: text in locations
        for one, text in named.items()
        if text in locations or text in parties
    }


def _issued(
    organisation_id: int, items: Iterable[Identity], products: Mapping[str, Product]
) -> dict[Identity, tuple[_Order, int]]:
    """Return the orders of items: one look-up for each order, not for each item."""
    found: dict[Identity, tuple[_Order, int]] = {}
    by_gtin: dict[str, list[Identity]] = {}
    for one in items:
        product = products.get(one.primary)
        if product is not None and product.serial_key_id is not None:
            by_gtin.setdefault(one.primary, []).append(one)
    for gtin, waiting in by_gtin.items():
        serials = [one.secondary for one in waiting]
        mask = issuing.issued_mask(organisation_id=organisation_id, gtin=gtin, serials=serials)
        left = [one for one, issued in zip(waiting, mask.tolist(), strict=True) if issued]
        while left:
            row = issuing.issued_order(
                organisation_id=organisation_id, gtin=gtin, serial=left[0].secondary
            )
            if row is None:
                break
            order = _Order.of(row)
            positions = issuing.positions_of(row, [one.secondary for one in left])
            pairs = list(zip(left, positions.tolist(), strict=True))
            found |= {one: (order, at) for one, at in pairs if at >= 0}
            left = [one for one, at in pairs if at < 0]
    return found


def _present(organisation_id: int, identities: set[Identity]) -> dict[Identity, _Present]:
    """Return where things are that events name."""
    keys = find_keys(organisation_id, identities)
    items = np.unique(np.fromiter(keys.values(), dtype=np.int64, count=len(keys)))
    if not items.size:
        return {}
    entries = entries_of(organisation_id, items)
    now = present(organisation_id, items, entries)
    # Arithmetic alone gives keys to codes that were never used: an event must name them.
    seen = np.isin(now.items, entries.keys)
    places = identities_of(organisation_id, set(now.locations[now.locations >= 0].tolist()))
    texts = {key: identifier_text(place) for key, place in places.items()}
    rows = zip(
        now.items[seen].tolist(),
        now.codes[seen].tolist(),
        now.locations[seen].tolist(),
        now.recalled[seen].tolist(),
        strict=True,
    )
    found = {
        key: _Present(CODES[code] or Whereabouts.NOT_SEEN, texts.get(place, ""), recalled)
        for key, code, place, recalled in rows
    }
    return {one: found[key] for one, key in keys.items() if key in found}


def _standing(text: str, meaning: Meaning, known: _Known, base_url: str) -> Standing:
    judged = [(one, *_judged(one, known)) for one in meaning.identities]
    likely = [row for row in judged if row[1] not in {Whose.UNKNOWN, Whose.NONE}]
    # A bare serial is tried against every product: only what was issued or seen is meant.
    sure = [row for row in likely if row[2] not in {CodeState.NEVER_ISSUED, CodeState.NOT_SEEN}]
    said = [row for row in judged if _says(text, row[0])]
    chosen = next(iter([*sure, *(row for row in likely if row in said), *said]), None)
    if chosen is None:
        return Standing(text, Whose.NONE, CodeState.NO_IDENTITY, fault=_fault(text))
    identity, whose, state = chosen
    order, position = known.issued.get(identity, (None, None))
    now = known.present.get(identity)
    return Standing(
        text,
        whose,
        state,
        identity,
        order=order.row if order else None,
        position=position,
        prints=_prints(order, position),
        whereabouts=now.whereabouts if now else None,
        location=now.location if now else "",
        bound=meaning.bound,
        elsewhere=whose is Whose.OWN and _elsewhere(text, base_url),
    )


def _judged(identity: Identity, known: _Known) -> tuple[Whose, CodeState]:
    """Return whose an identity is and in what state."""
    now = known.present.get(identity)
    own = _own(identity, known)
    known_here = now is not None or identity in known.kept
    whose = Whose.OWN if own else Whose.PARTNER if known_here else Whose.UNKNOWN
    if identity.scheme is Scheme.URI and not now:
        return Whose.NONE, CodeState.NO_IDENTITY
    if now is not None and now.recalled:
        return whose, CodeState.RECALLED
    if identity in known.issued:
        order, position = known.issued[identity]
        return whose, order.state(position)
    if now is not None:
        return whose, CodeState.SEEN
    return whose, _unseen(identity, known, own=own)


def _unseen(identity: Identity, known: _Known, *, own: bool) -> CodeState:
    """Return the state of what no event names and no order issued."""
    if identity in known.kept:
        return CodeState.KEPT
    if identity in known.planned:
        return CodeState.PLANNED
    if not own:
        return CodeState.UNKNOWN
    product = known.products.get(identity.primary)
    serialised = product is not None and product.serial_key_id is not None
    if serialised and identity.scheme is Scheme.SGTIN:
        return CodeState.NEVER_ISSUED
    return CodeState.NOT_SEEN


def _own(identity: Identity, known: _Known) -> bool:
    """Tell whether the organisation answers for an identity."""
    if identity in known.issued or identity in known.planned:
        return True
    match identity.scheme:
        case Scheme.SSCC:
            return any(identity.primary[1:].startswith(prefix) for prefix in known.prefixes)
        case Scheme.URI:
            return identity.primary.startswith(f"urn:suyuan:{known.slug}:")
        case _ if identity in known.kept:
            return known.kept[identity]
        case _:
            product = known.products.get(identity.primary)
            return product is not None and product.own


def _says(text: str, identity: Identity) -> bool:
    """Tell whether the text itself names the identity, rather than being tried as a serial."""
    return identity.scheme is not Scheme.URI and identity in lineage.identities_in_text(text)


def _fault(text: str) -> IdentifierError | None:
    """Return what is wrong with a text that was meant to be an identifier."""
    if not text.strip().lower().startswith(_MEANT):
        return None
    try:
        parse_identity(text.strip())
    except IdentifierError as error:
        return None if error.code == "uri_malformed" else error
    return None


def _prints(order: _Order | None, position: int | None) -> Sequence[Allotment]:
    if order is None or position is None:
        return ()
    return [one for one in order.prints if one.first <= position < one.end]


def _elsewhere(text: str, base_url: str) -> bool:
    link = text.strip().lower()
    here = (f"{base_url.rstrip('/').lower()}/", _GS1_RESOLVER)
    return link.startswith(_WEB) and not link.startswith(here)
