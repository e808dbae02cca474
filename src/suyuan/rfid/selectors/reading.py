"""What EPCs lead to: one that somebody typed, or thousands from a dock.

Owns: from texts of EPCs to capture keys, and why there is none.
Does not own: bindings of single tags (carriers), the arithmetic of keys (capture).

A single tag's binding goes before the ranges, ranges before what events have named. A tag of
others is named and keeps its own identity; it never becomes one of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from suyuan.capture.identities import class_numbers, find_keys, identities_of
from suyuan.capture.keyspace import ClassKind, ClassName, numeric_index
from suyuan.carriers.models import Carrier, CarrierKind
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.core.identifiers.binary import (
    TagEpc,
    decode_sgtin96,
    parse_tag,
    read_hex,
    read_own,
)
from suyuan.core.identifiers.binary.bulk import SERIAL_BITS, SERIAL_LIMIT
from suyuan.core.identifiers.binary.own import SERIAL_LENGTH
from suyuan.core.keyset import Keys, key_of
from suyuan.issuing.values import ORDER_LIMIT
from suyuan.lineage.fetch import entries_of
from suyuan.masterdata.numbering import code_spaces_by_gtin
from suyuan.masterdata.selectors import products_by_gtin
from suyuan.rfid.models import TagRange
from suyuan.rfid.values import REASONS, TagKeys, TagReading, TagReason
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.selectors import company_prefixes

_CHUNK: Final = 500
_TAG_URNS: Final = ("urn:epc:tag:", "urn:epc:raw:")
_HEX_DIGITS: Final = frozenset("0123456789ABCDEFabcdef")
_NUMBER_OF: Final = {reason: number for number, reason in enumerate(REASONS)}


class _Reads:
    """The texts as numbers and identities, and what has been found of them so far."""

    def __init__(self, organisation_id: int, texts: Sequence[str]) -> None:
        """Read every text; find nothing yet."""
        count = len(texts)
        self.organisation_id = organisation_id
        self.texts = texts
        self.keys = np.full(count, -1, dtype=np.int64)
        self.reasons = np.full(count, _NUMBER_OF[TagReason.MALFORMED], dtype=np.int8)
        self.ranges = np.full(count, -1, dtype=np.int64)
        self.bound = np.zeros(count, dtype=np.bool_)
        tags, whole = read_hex(texts)
        read = decode_sgtin96(tags)
        self.numeric = whole & read.valid
        # Of items whose serial our numbering may have made, likewise: `own`, `own_serials`.
        long = read_own(texts)
        self.own = long.valid
        self.own_serials = long.serial
        self.gtins = np.where(self.own, long.gtin, np.where(self.numeric, read.gtin, -1))
        self.serials = np.where(self.numeric, read.serial, -1)
        self.others: dict[Identity, list[int]] = {}
        self._read_rest()

    def _read_rest(self) -> None:
        """Read the other forms one by one; SGTINs that the arrays can hold join those."""
        known: dict[str, Identity | None] = {}
        for at in np.flatnonzero(~(self.numeric | self.own)).tolist():
            text = self.texts[at]
            if text not in known:
                known[text] = _identity(text)
            identity = known[text]
            if identity is None:
                continue
            number = _tag_serial(identity)
            if number is not None:
                self.numeric[at] = True
                self.gtins[at], self.serials[at] = int(identity.primary), number
            elif identity.scheme is Scheme.SGTIN and len(identity.secondary) == SERIAL_LENGTH:
                self.own[at] = True
                self.gtins[at], self.own_serials[at] = int(identity.primary), identity.secondary
            else:
                self.others.setdefault(identity, []).append(at)

    def settle(self, at: Keys, keys: Keys | int, reason: TagReason) -> None:
        """Say what positions lead to."""
        self.keys[at] = keys
        self.reasons[at] = _NUMBER_OF[reason]


def keys_of_epcs(organisation_id: int, epcs: Sequence[str]) -> TagKeys:
    """Return the capture keys of what EPCs lead to, and why there is none, in their order.

    Args:
        organisation_id: Whose reads.
        epcs: EPC memory in hexadecimal, EPC URNs (pure identity, tag or raw), Digital Links, and
            hexadecimal TIDs that carriers bind. Repetitions are allowed; distinct ones are quicker.
    """
    reads = _Reads(organisation_id, epcs)
    _number_ranges(reads)
    _own_serials(reads)
    _other_identities(reads)
    _bindings(reads)
    return TagKeys(reads.keys, reads.reasons, reads.ranges, reads.bound)


def _identity(text: str) -> Identity | None:
    try:
        said = _said(text)
    except IdentifierError:
        return None
    return said.identity if isinstance(said, TagEpc) else said


def _said(text: str) -> TagEpc | Identity:
    """Return what a text says as an EPC.

    Raises:
        IdentifierError: it is none.
    """
    text = text.strip()
    if text.startswith(_TAG_URNS) or (text and _HEX_DIGITS.issuperset(text)):
        return parse_tag(text)
    return parse_identity(text)


def _tag_serial(identity: Identity) -> int | None:
    """Return the serial that a tag range can have given, None for anything else."""
    if identity.scheme is not Scheme.SGTIN:
        return None
    number = numeric_index(identity.secondary)
    return number if number is not None and number < SERIAL_LIMIT else None


# ---------------------------------------------------------------- numeric serials


def _number_ranges(reads: _Reads) -> None:
    """Find the items of numeric serials: those that a range gave, then those that events name."""
    at = np.flatnonzero(reads.numeric)
    if not at.size:
        return
    distinct, which = np.unique(reads.gtins[at], return_inverse=True)
    gtins = [f"{number:014}" for number in distinct.tolist()]
    table = _load_ranges(reads.organisation_id, gtins, reads.serials[at])
    # GTIN and serial as one number, so that one search answers for all products.
    wanted = which << SERIAL_BITS | reads.serials[at]
    row = np.searchsorted(table.starts, wanted, side="right") - 1
    given = row >= 0
    offset = wanted - table.starts[row] if table.starts.size else wanted
    given &= offset < table.counts[row] if table.starts.size else False
    hit, row = at[given], row[given]
    reads.ranges[hit] = table.ids[row]
    keys = np.where(table.bases[row] >= 0, table.bases[row] + offset[given], -1)
    reads.settle(hit, keys, TagReason.KNOWN)
    reads.settle(hit[table.ended[row]], -1, TagReason.ENDED)
    rest = at[~given]
    if rest.size:
        _seen_numbers(reads, rest, which[~given], gtins)


@dataclass(frozen=True, slots=True)
class _Table:
    """Ranges of products, ascending by `starts`; `bases` are the keys of their first items."""

    starts: Keys
    counts: Keys
    bases: Keys
    ids: Keys
    ended: Keys


def _load_ranges(organisation_id: int, gtins: Sequence[str], serials: Keys) -> _Table:
    low, high = int(serials.min()), int(serials.max())
    place = {gtin: number for number, gtin in enumerate(gtins)}
    rows = [
        row
        for at in range(0, len(gtins), _CHUNK)
        for row in TagRange.objects.filter(
            organisation_id=organisation_id,
            product__gtin__in=gtins[at : at + _CHUNK],
            serial_start__lte=high,
            serial_start__gt=low - ORDER_LIMIT,
        ).values_list(
            "product__gtin",
            "serial_start",
            "count",
            "first",
            "order__start",
            "order__key_version",
            "id",
            "ended_at",
        )
    ]
    names: dict[int, ClassName] = {row[6]: (ClassKind.OWN, f"{row[0]}/{row[5]}") for row in rows}
    numbers = class_numbers(organisation_id, set(names.values()))
    rows.sort(key=lambda row: (place[row[0]], row[1]))
    table = np.array(
        [
            (
                place[gtin] << SERIAL_BITS | (start or 0),
                count,
                key_of(numbers[names[id_]], order_start + first) if names[id_] in numbers else -1,
                id_,
                ended is not None,
            )
            for gtin, start, count, first, order_start, _version, id_, ended in rows
        ],
        dtype=np.int64,
    ).reshape(-1, 5)
    starts, counts, bases, ids, ended_mask = table.T
    return _Table(starts, counts, bases, ids, ended_mask.astype(np.bool_))


def _seen_numbers(reads: _Reads, at: Keys, which: Keys, gtins: Sequence[str]) -> None:
    """Settle numeric serials that no range gave: an event may name them."""
    wanted = sorted(set(which.tolist()))
    names: dict[int, ClassName] = {number: (ClassKind.NUMERIC, gtins[number]) for number in wanted}
    numbers = class_numbers(reads.organisation_id, set(names.values()))
    classes = np.full(len(gtins), -1, dtype=np.int64)
    for number, name in names.items():
        classes[number] = numbers.get(name, -1)
    ours = products_by_gtin(reads.organisation_id, {gtins[number] for number in wanted})
    own = np.array([gtin in ours for gtin in gtins], dtype=np.bool_)[which]
    reads.settle(at[own], -1, TagReason.UNASSIGNED)
    reads.settle(at[~own], -1, TagReason.FOREIGN)
    possible = classes[which] >= 0
    keys = classes[which[possible]] << 40 | reads.serials[at[possible]]
    seen = _named(reads.organisation_id, keys)
    reads.settle(at[possible][seen], keys[seen], TagReason.KNOWN)


def _named(organisation_id: int, keys: Keys) -> NDArray[np.bool_]:
    """Tell of each key whether an event names it: shape (n,)."""
    entries = entries_of(organisation_id, np.unique(keys))
    return np.isin(keys, entries.keys)


# ---------------------------------------------------------------- everything else


def _own_serials(reads: _Reads) -> None:
    """Find the items whose serial our numbering made; the rest joins the others."""
    at = np.flatnonzero(reads.own)
    if not at.size:
        return
    distinct, which = np.unique(reads.gtins[at], return_inverse=True)
    gtins = [f"{number:014}" for number in distinct.tolist()]
    spaces = code_spaces_by_gtin(reads.organisation_id, gtins)
    names: set[ClassName] = {
        (ClassKind.OWN, f"{gtin}/{space.version}")
        for gtin, versions in spaces.items()
        for space in versions
    }
    numbers = class_numbers(reads.organisation_id, names) if names else {}
    left = np.ones(at.size, dtype=np.bool_)
    for place, gtin in enumerate(gtins):
        # The oldest key first, as keys are given.
        for space in reversed(spaces.get(gtin, ())):
            asked = np.flatnonzero(left & (which == place))
            indexes = space.indexes(reads.own_serials[at[asked]])
            hit = indexes >= 0
            number = numbers.get((ClassKind.OWN, f"{gtin}/{space.version}"))
            if number is None:
                reads.settle(at[asked[hit]], -1, TagReason.UNUSED)
            else:
                base = key_of(number, 0)
                reads.settle(at[asked[hit]], base + indexes[hit], TagReason.KNOWN)
            left[asked[hit]] = False
    for position, gtin in zip(at[left].tolist(), which[left].tolist(), strict=True):
        serial = reads.own_serials[position].decode()
        one = Identity(Scheme.SGTIN, gtins[gtin], serial)
        reads.others.setdefault(one, []).append(position)


def _other_identities(reads: _Reads) -> None:
    """Find what neither a range nor our numbering gave: logistic units, things of others."""
    left = list(reads.others)
    if not left:
        return
    here = reads.organisation_id
    keys = find_keys(here, left)
    units = _own_units(here, left)
    gtins = {one.primary for one in left if one.scheme in {Scheme.SGTIN, Scheme.GTIN}}
    ours = products_by_gtin(here, gtins)
    certain = {one: keys[one] for one in units if one in keys}
    doubtful = [one for one in left if one in keys and one not in certain]
    found = np.array([keys[one] for one in doubtful], dtype=np.int64)
    named = _named(here, found).tolist() if doubtful else []
    certain |= {one: keys[one] for one, seen in zip(doubtful, named, strict=True) if seen}
    for one in left:
        at = np.array(reads.others[one])
        if one in certain:
            reads.settle(at, certain[one], TagReason.KNOWN)
        elif one in units:
            reads.settle(at, -1, TagReason.UNUSED)
        else:
            own = one.primary in ours
            reads.settle(at, -1, TagReason.UNASSIGNED if own else TagReason.FOREIGN)


def _own_units(organisation_id: int, identities: Iterable[Identity]) -> set[Identity]:
    """Return the logistic units that bear a prefix of the organisation."""
    units = [one for one in identities if one.scheme is Scheme.SSCC]
    if not units:
        return set()
    number = Organisation.objects.values_list("company_number", flat=True).get(pk=organisation_id)
    # Who has no GS1 prefix numbers units under 2 and the company's number here.
    prefixes = (*company_prefixes(organisation_id), f"2{number:04}0")
    return {one for one in units if one.primary[1:].startswith(prefixes)}


# ---------------------------------------------------------------- single tags


def _bindings(reads: _Reads) -> None:
    """Let single tags lead where they are bound, and nowhere once they were taken off."""
    tags = Carrier.objects.filter(organisation_id=reads.organisation_id, kind=CarrierKind.RFID)
    if not tags.exists():
        return
    places: dict[str, list[int]] = {}
    for at, text in enumerate(reads.texts):
        if text and _HEX_DIGITS.issuperset(text):
            places.setdefault(text.upper(), []).append(at)
    values = list(places)
    live: dict[str, int] = {}
    ended: set[str] = set()
    for start in range(0, len(values), _CHUNK):
        rows = tags.filter(value__in=values[start : start + _CHUNK])
        for value, key, ended_at in rows.values_list("value", "key", "ended_at"):
            if ended_at is None:
                live[value] = key
            else:
                ended.add(value)
    for value, key in live.items():
        bound = np.array(places[value])
        reads.settle(bound, key, TagReason.KNOWN)
        reads.bound[bound] = True
    for value in ended - live.keys():
        off = np.array(places[value])
        # A tag that says the item's own serial still says it.
        lost = (reads.ranges[off] >= 0) | (reads.keys[off] < 0)
        reads.settle(off[lost], -1, TagReason.ENDED)


# ---------------------------------------------------------------- for people


def read_tags(organisation_id: int, texts: Sequence[str]) -> list[TagReading]:
    """Return what each text says and leads to, in order; for screens, not for docks."""
    found = keys_of_epcs(organisation_id, texts)
    units = identities_of(organisation_id, {key for key in found.keys.tolist() if key >= 0})
    rows = TagRange.objects.filter(
        organisation_id=organisation_id, id__in={id_ for id_ in found.ranges.tolist() if id_ >= 0}
    )
    ranges = {made.id: made for made in rows}
    readings = []
    for at, text in enumerate(texts):
        said: TagEpc | Identity | None = None
        fault = None
        try:
            said = _said(text)
        except IdentifierError as error:
            fault = error.code, error.data
        readings.append(
            TagReading(
                text=text,
                said=said,
                fault=fault,
                unit=units.get(int(found.keys[at])),
                range=ranges.get(int(found.ranges[at])),
                reason=found.reason(at),
                bound=bool(found.bound[at]),
            )
        )
    return readings


def unit_of_tag(organisation_id: int, text: str) -> Identity | None:
    """Return the item or logistic unit that a typed or scanned EPC leads to.

    None for texts that are no EPC, that lead nowhere, or that say the unit's own identity in a
    form that anybody reads: only what a tag range or the bits of a tag hide is answered here.
    """
    try:
        said = _said(text)
    except IdentifierError:
        return None
    if isinstance(said, Identity) and _tag_serial(said) is None:
        return None
    return read_tags(organisation_id, [text.strip()])[0].unit
