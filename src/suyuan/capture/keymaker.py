"""Give keys to the identities of one document, inside capture's transaction.

Owns: new classes, new rows of the dictionary.
Does not own: what is there already (identities), the arithmetic (keyspace).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
from django.db.models import F

from suyuan.capture.identities import class_numbers, dictionary_keys
from suyuan.capture.keyspace import (
    FEW,
    ClassKind,
    ClassName,
    KeySpaceFull,
    arithmetic,
    dictionary_class,
    digest_of,
    numeric_index,
)
from suyuan.capture.models import ForeignIdentity, KeyClass
from suyuan.core.codespace import CodeSpace
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import CLASS_LIMIT, INDEX_BITS, Keys, key_of
from suyuan.kernel.bulk import insert_rows
from suyuan.masterdata.numbering import code_spaces_by_gtin

_FOREIGN_COLUMNS: Final = ("organisation_id", "digest", "key", "scheme", "primary", "secondary")


class KeyMaker:
    """Gives keys to the identities of one document; holds nothing beyond its transaction.

    The caller holds the organisation's capture lock, so that nobody else gives out numbers.
    """

    def __init__(self, organisation_id: int) -> None:
        """Begin with nothing known."""
        self._organisation_id = organisation_id
        self._numbers: dict[ClassName, int] = {}
        self._keys: dict[Identity, int] = {}

    def key(self, identity: Identity) -> int:
        """Return the key of an identity that `learn` was given."""
        return self._keys[identity]

    def learn(self, identities: Collection[Identity], serials: Mapping[str, Sequence[str]]) -> None:
        """Make sure that identities, and serials by GTIN, have keys.

        After it, `key` answers for each identity and `serial_keys` for each list of serials.
        """
        missing = [one for one in identities if one not in self._keys]
        gtins = {one.primary for one in missing if one.scheme is Scheme.SGTIN} | serials.keys()
        self._spaces = code_spaces_by_gtin(self._organisation_id, gtins) if gtins else {}
        placed: dict[Identity, tuple[ClassName, int]] = {}
        foreign: list[Identity] = []
        for one in missing:
            place = arithmetic(one, self._spaces.get(one.primary, ()))
            if place is None:
                foreign.append(one)
            else:
                placed[one] = place
        rows = {gtin: self._read_serials(gtin, texts) for gtin, texts in serials.items()}
        for gtin, (_, strangers) in rows.items():
            foreign += (Identity(Scheme.SGTIN, gtin, text) for text in strangers)
        wanted = {name for name, _ in placed.values()}
        wanted |= {name for parts, _ in rows.values() for name, _, _ in parts}
        wanted |= {dictionary_class(one) for one in foreign}
        self._load_classes(wanted)
        for one, (name, index) in placed.items():
            self._keys[one] = key_of(self._numbers[name], index)
        self._learn_foreign(foreign)
        self._serial_keys = {
            gtin: self._assemble(gtin, serials[gtin], parts) for gtin, (parts, _) in rows.items()
        }

    def serial_keys(self, gtin: str) -> Keys:
        """Return the keys of the serials of `gtin`, in the order given to `learn`."""
        return self._serial_keys[gtin]

    def _read_serials(
        self, gtin: str, texts: Sequence[str]
    ) -> tuple[list[tuple[ClassName, Keys, Keys]], list[str]]:
        """Sort serials into classes: ([(class, positions, indexes)], foreign texts)."""
        parts: list[tuple[ClassName, Keys, Keys]] = []
        left = np.arange(len(texts))
        for space in reversed(self._spaces.get(gtin, ())):
            some = [texts[i] for i in left.tolist()]
            indexes = space.indexes(some) if len(some) > FEW else _few_indexes(space, some)
            hit = indexes >= 0
            if hit.any():
                parts.append(((ClassKind.OWN, f"{gtin}/{space.version}"), left[hit], indexes[hit]))
                left = left[~hit]
            if not left.size:
                return parts, []
        positions, numbers, strangers = [], [], []
        for i in left.tolist():
            number = numeric_index(texts[i])
            if number is None:
                strangers.append(texts[i])
            else:
                positions.append(i)
                numbers.append(number)
        if positions:
            parts.append(
                (
                    (ClassKind.NUMERIC, gtin),
                    np.array(positions, dtype=np.int64),
                    np.array(numbers, dtype=np.int64),
                )
            )
        return parts, strangers

    def _assemble(
        self, gtin: str, texts: Sequence[str], parts: Sequence[tuple[ClassName, Keys, Keys]]
    ) -> Keys:
        keys = np.full(len(texts), -1, dtype=np.int64)
        for name, positions, indexes in parts:
            keys[positions] = (self._numbers[name] << INDEX_BITS) | indexes
        for i in np.flatnonzero(keys < 0).tolist():
            keys[i] = self._keys[Identity(Scheme.SGTIN, gtin, texts[i])]
        return keys

    def _load_classes(self, wanted: set[ClassName]) -> None:
        """Load the classes, making those that are new."""
        missing = wanted - self._numbers.keys()
        if not missing:
            return
        self._numbers |= class_numbers(self._organisation_id, missing)
        new = sorted(missing - self._numbers.keys())
        if not new:
            return
        classes = KeyClass.objects.filter(organisation_id=self._organisation_id)
        first = (classes.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        if first + len(new) > CLASS_LIMIT:
            raise KeySpaceFull
        KeyClass.objects.bulk_create(
            KeyClass(
                organisation_id=self._organisation_id, number=number, kind=name[0], stem=name[1]
            )
            for number, name in enumerate(new, first)
        )
        self._numbers |= {name: number for number, name in enumerate(new, first)}

    def _learn_foreign(self, identities: Sequence[Identity]) -> None:
        """Find foreign identities in the dictionary; add those that are new."""
        digests = {digest_of(one): one for one in identities if one not in self._keys}
        for digest, key in dictionary_keys(self._organisation_id, digests).items():
            self._keys[digests.pop(digest)] = key
        by_class: dict[ClassName, list[tuple[bytes, Identity]]] = {}
        for digest, one in digests.items():
            by_class.setdefault(dictionary_class(one), []).append((digest, one))
        organisation, rows = self._organisation_id, []
        for name, members in by_class.items():
            number = self._numbers[name]
            row = KeyClass.objects.filter(organisation_id=self._organisation_id, number=number)
            start = row.values_list("next_index", flat=True).get()
            row.update(next_index=F("next_index") + len(members))
            for index, (digest, one) in enumerate(members, start):
                key = key_of(number, index)
                self._keys[one] = key
                rows.append(
                    (organisation, digest, key, one.scheme.value, one.primary, one.secondary)
                )
        insert_rows(ForeignIdentity._meta.db_table, _FOREIGN_COLUMNS, rows)


def _few_indexes(space: CodeSpace, texts: Sequence[str]) -> Keys:
    return np.array(
        [-1 if (found := space.index(text)) is None else found for text in texts], dtype=np.int64
    )
