"""What went into what: transformations as events tell them.

Owns: reading them; a transformation that is told in several events is one, by its ID.
Does not own: walking along them (genealogy, scope).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.epcis.event import Role, lot_number
from suyuan.core.epcis.vocabulary import EventType
from suyuan.core.identifiers import Identity, Scheme, parse_epc
from suyuan.core.keyset import INDEX_BITS, KeySet
from suyuan.lineage.fetch import entries_of
from suyuan.lineage.history import Row, read_rows

_LISTS: Final = ("inputQuantityList", "outputQuantityList", "quantityList", "childQuantityList")


@dataclass(frozen=True, slots=True)
class Transformation:
    """One event that turned inputs into outputs.

    Attributes:
        seq: its number.
        time: microseconds since 1970.
        places: keys of its business location and read point, those that it names.
        inputs: key → amount as text, of lots and other classes.
        outputs: likewise.
        input_items: items used up.
        output_items: items that came to be.
        output_lots: lots of the output items, from the ILMD.
    """

    seq: int
    time: int
    places: frozenset[int]
    inputs: dict[int, str]
    outputs: dict[int, str]
    input_items: KeySet
    output_items: KeySet
    output_lots: tuple[int, ...]


class Transformations:
    """Reads the live transformations of one organisation."""

    def __init__(self, organisation_id: int) -> None:
        """Begin with nothing read."""
        self._organisation_id = organisation_id

    def read(self, seqs: Collection[int]) -> dict[int, tuple[Transformation, ...]]:
        """Return, for each live transformation, its events: itself, and those of its ID."""
        rows = read_rows(self._organisation_id, seqs)
        mates = self._mates(rows.values())
        others = {seq for some in mates.values() for seq in some} - rows.keys()
        rows |= read_rows(self._organisation_id, others)
        live = [row for row in rows.values() if _is_live(row)]
        keys = class_keys(self._organisation_id, live)
        read = {row.seq: self._read(row, keys) for row in live}
        return {
            seq: tuple(read[one] for one in sorted({seq, *mates.get(seq, ())}) if one in read)
            for seq in seqs
            if seq in read
        }

    def _mates(self, rows: Iterable[Row]) -> dict[int, list[int]]:
        """Return, by number, the other events of the same transformation ID."""
        texts = {row.seq: row.body["transformationID"] for row in rows if _has_id(row)}
        keys = _keys_of(self._organisation_id, texts.values())
        by_key: dict[int, list[int]] = {}
        for seq, text in texts.items():
            by_key.setdefault(keys[text], []).append(seq)
        entries = entries_of(self._organisation_id, np.array(sorted(by_key), dtype=np.int64))
        same = entries.roles == Role.TRANSFORMATION
        mates: dict[int, list[int]] = {}
        for key, seq in zip(entries.keys[same].tolist(), entries.seqs[same].tolist(), strict=True):
            for mine in by_key[key]:
                if seq != mine:
                    mates.setdefault(mine, []).append(seq)
        return mates

    def _read(self, row: Row, keys: Mapping[str, int]) -> Transformation:
        body = row.body
        items = KeySet.from_bytes(row.outputs)
        return Transformation(
            seq=row.seq,
            time=row.time,
            places=frozenset(key for key in (row.location, row.read_point) if key is not None),
            inputs=_amounts(body.get("inputQuantityList", ()), keys),
            outputs=_amounts(body.get("outputQuantityList", ()), keys),
            input_items=KeySet.from_bytes(row.epcs),
            output_items=items,
            output_lots=tuple(sorted(self._named_lots(items, lot_number(body)))),
        )

    def _named_lots(self, items: KeySet, lot: object) -> set[int]:
        if not isinstance(lot, str) or not items:
            return set()
        identities = identities_of(self._organisation_id, _samples(items)).values()
        lots = [
            Identity(Scheme.LGTIN, one.primary, lot)
            for one in identities
            if one.scheme is Scheme.SGTIN
        ]
        return set(find_keys(self._organisation_id, lots).values())


def class_keys(organisation_id: int, rows: Iterable[Row]) -> dict[str, int]:
    """Return the keys of all classes that quantities of events name, by their text there."""
    texts = {
        str(element["epcClass"])
        for row in rows
        for name in _LISTS
        for element in row.body.get(name, ())
    }
    return _keys_of(organisation_id, texts)


def _keys_of(organisation_id: int, texts: Collection[str]) -> dict[str, int]:
    """Return the keys of texts in stored events: capture has read them and given them keys."""
    identities = {text: parse_epc(text) for text in texts}
    keys = find_keys(organisation_id, set(identities.values()))
    return {text: keys[identity] for text, identity in identities.items()}


def amount_text(element: Mapping[str, Any]) -> str:
    """Return the amount of a quantity element as text: "10 KGM", "24", "" if it names none."""
    amount = element.get("quantity")
    return "" if amount is None else f"{amount} {element.get('uom', '')}".strip()


def _amounts(elements: Iterable[Mapping[str, Any]], keys: Mapping[str, int]) -> dict[int, str]:
    return {keys[str(element["epcClass"])]: amount_text(element) for element in elements}


def _has_id(row: Row) -> bool:
    return bool(_is_live(row) and row.body.get("transformationID"))


def _is_live(row: Row) -> bool:
    return row.type == EventType.TransformationEvent and not row.voided


def _samples(items: KeySet) -> list[int]:
    """Return one key of each class: all of a class are of one product (or in the dictionary)."""
    keys = items.to_array()
    _, first = np.unique(keys >> INDEX_BITS, return_index=True)
    return [int(key) for key in keys[first]]
