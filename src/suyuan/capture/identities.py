"""Keys of identities, and identities of keys.

Owns: key classes, the dictionary of foreign identities, the arithmetic between them and texts.
Does not own: numbering keys of own products (masterdata.numbering).
Invariant: one identity has one key in an organisation, whatever the form of its text; a key never
changes its meaning.

| kind | the index is | stem |
| --- | --- | --- |
| OWN | the code space's index (FF1 decrypted) | GTIN / key version |
| NUMERIC | the serial itself: digits, no leading zero, below 2**40 | GTIN |
| SSCC | the last 12 of its 17 digits | the first 5 |
| SERIAL, LOT, OTHER | a number from the dictionary | GTIN, GTIN, scheme |

An own serial is looked for under the oldest numbering key first: a key made later then never
changes what an old serial means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import F

from suyuan.capture.models import ForeignIdentity, KeyClass
from suyuan.core.codespace import SERIAL_LENGTH, CodeSpace
from suyuan.core.identifiers import Identity, Scheme, check_digit
from suyuan.core.keyset import CLASS_LIMIT, INDEX_BITS, INDEX_MASK, Keys, class_of, key_of
from suyuan.kernel.errors import SuyuanError
from suyuan.kernel.lists import select, within
from suyuan.masterdata.numbering import code_spaces, code_spaces_by_gtin


class ClassKind(IntEnum):
    """What a class's index counts; stored, so numbers never change."""

    OWN = 1
    NUMERIC = 2
    SSCC = 3
    SERIAL = 4
    LOT = 5
    OTHER = 6


class KeySpaceFull(SuyuanError):
    """An organisation has used up its 2**23 classes."""

    code = "key_space_full"
    status = 507


type ClassName = tuple[ClassKind, str]

_SSCC_STEM: Final = 5
_SSCC_INDEX: Final = 12
_FEW: Final = 10  # below, the scalar cipher is quicker than the vectorised one
_CHUNK: Final = 900  # bound variables of one statement, below every database's limit


def _numeric_index(serial: str) -> int | None:
    """Return the serial as a number if the number gives the serial back and fits the index."""
    if not serial.isdigit() or len(serial) > 13 or (serial[0] == "0" and serial != "0"):
        return None
    number = int(serial)
    return number if number <= INDEX_MASK else None


def _own_index(spaces: Iterable[CodeSpace], serial: str) -> tuple[int, int] | None:
    """Return (key version, index) of an own serial; `spaces` come newest first."""
    if len(serial) != SERIAL_LENGTH:
        return None
    for space in reversed(tuple(spaces)):
        index = space.index(serial)
        if index is not None:
            return space.version, index
    return None


def _digest(identity: Identity) -> bytes:
    text = f"{identity.scheme}\0{identity.primary}\0{identity.secondary}"
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _dictionary_class(identity: Identity) -> ClassName:
    """Return the class of an identity that the dictionary numbers."""
    if identity.scheme is Scheme.SGTIN:
        return ClassKind.SERIAL, identity.primary
    if identity.scheme is Scheme.LGTIN:
        return ClassKind.LOT, identity.primary
    return ClassKind.OTHER, identity.scheme.value


def _arithmetic(identity: Identity, spaces: Iterable[CodeSpace]) -> tuple[ClassName, int] | None:
    """Return class and index where arithmetic gives them, else None."""
    if identity.scheme is Scheme.SSCC:
        body = identity.primary[:-1]
        return (ClassKind.SSCC, body[:_SSCC_STEM]), int(body[_SSCC_STEM:])
    if identity.scheme is not Scheme.SGTIN:
        return None
    own = _own_index(spaces, identity.secondary)
    if own is not None:
        return (ClassKind.OWN, f"{identity.primary}/{own[0]}"), own[1]
    number = _numeric_index(identity.secondary)
    return None if number is None else ((ClassKind.NUMERIC, identity.primary), number)


# ── Reading ──────────────────────────────────────────────────────────────────────────────────


def find_key(organisation_id: int, identity: Identity) -> int | None:
    """Return the key of an identity that has one, else None; creates nothing."""
    return find_keys(organisation_id, (identity,)).get(identity)


def find_keys(organisation_id: int, identities: Collection[Identity]) -> dict[Identity, int]:
    """Return the keys of those identities that have one; creates nothing.

    A fixed number of queries, however many identities.
    """
    gtins = {one.primary for one in identities if one.scheme is Scheme.SGTIN}
    spaces = code_spaces_by_gtin(organisation_id, gtins) if gtins else {}
    placed: dict[Identity, tuple[ClassName, int]] = {}
    digests: dict[bytes, Identity] = {}
    for one in identities:
        place = _arithmetic(one, spaces.get(one.primary, ()))
        if place is None:
            digests[_digest(one)] = one
        else:
            placed[one] = place
    numbers = _class_numbers(organisation_id, {name for name, _ in placed.values()})
    found = {
        one: key_of(numbers[name], index)
        for one, (name, index) in placed.items()
        if name in numbers
    }
    return found | {digests[d]: k for d, k in _dictionary(organisation_id, digests).items()}


def _dictionary(organisation_id: int, digests: Collection[bytes]) -> dict[bytes, int]:
    """Return the keys of digests that the dictionary has."""

    def read(missing: Collection[bytes]) -> dict[bytes, int]:
        wanted = list(missing)
        found: dict[bytes, int] = {}
        for at in range(0, len(wanted), _CHUNK):
            rows = ForeignIdentity.objects.filter(
                organisation_id=organisation_id, digest__in=wanted[at : at + _CHUNK]
            )
            found |= {bytes(digest): key for digest, key in rows.values_list("digest", "key")}
        return found

    return _digests.recall(organisation_id, digests, read)


def _class_numbers(organisation_id: int, names: Collection[ClassName]) -> dict[ClassName, int]:
    """Return the numbers of the classes that exist."""

    def read(missing: Collection[ClassName]) -> dict[ClassName, int]:
        stems = sorted({stem for _, stem in missing})
        found: dict[ClassName, int] = {}
        for at in range(0, len(stems), _CHUNK):
            rows = KeyClass.objects.filter(
                organisation_id=organisation_id, stem__in=stems[at : at + _CHUNK]
            ).values_list("number", "kind", "stem")
            found |= {(ClassKind(kind), stem): number for number, kind, stem in rows}
        return found

    return _numbers.recall(organisation_id, names, read)


class _Memory[Key, Value]:
    """What this process has read of rows that never change, once they are committed.

    What an open transaction sees is not remembered: it may be rolled back.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, Key], Value] = {}

    def recall(
        self,
        organisation_id: int,
        keys: Collection[Key],
        read: Callable[[Collection[Key]], dict[Key, Value]],
    ) -> dict[Key, Value]:
        """Return what is known of `keys`; read and remember the rest."""
        known = self._known
        found = {k: known[organisation_id, k] for k in keys if (organisation_id, k) in known}
        missing = [key for key in keys if key not in found]
        if not missing:
            return found
        fresh = read(missing)
        if not connection.in_atomic_block:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
            known.update({(organisation_id, key): value for key, value in fresh.items()})
        return found | fresh

    def forget(self) -> None:
        """Know nothing."""
        self._known.clear()


_MOST_REMEMBERED: Final = 65_536
_numbers: Final = _Memory[ClassName, int]()
_digests: Final = _Memory[bytes, int]()
_names: Final = _Memory[int, ClassName]()
_spaces: Final = _Memory[str, CodeSpace]()  # by "GTIN/version"
_foreign: Final = _Memory[int, Identity]()


def forget() -> None:
    """Empty the memories, for tests that make databases anew."""
    for memory in (_numbers, _digests, _names, _spaces, _foreign):
        memory.forget()


def _class_names_of(organisation_id: int, numbers: Collection[int]) -> dict[int, ClassName]:
    """Return kind and stem of classes."""

    def read(missing: Collection[int]) -> dict[int, ClassName]:
        rows = _select(
            "SELECT number, kind, stem FROM capture_keyclass", organisation_id, "number", missing
        )
        return {number: (ClassKind(kind), stem) for number, kind, stem in rows}

    return _names.recall(organisation_id, numbers, read)


def _select(
    statement: str, organisation_id: int, column: str, values: Collection[int]
) -> list[tuple[Any, ...]]:
    """Return the rows whose `column` is one of `values`."""
    if not values:
        return []
    condition, parameter = within(column, values)
    return select(
        f"{statement} WHERE organisation_id = %s AND {condition}", (organisation_id, parameter)
    )


def identity_of(organisation_id: int, key: int) -> Identity:
    """Return the identity of a key that was given out. Raises `KeyError` for any other."""
    return identities_of(organisation_id, [key])[key]


def identities_of(organisation_id: int, keys: Iterable[int]) -> dict[int, Identity]:
    """Return the identities of keys; keys that were never given out are left out."""
    by_class: dict[int, list[int]] = {}
    for key in keys:
        by_class.setdefault(class_of(key), []).append(key)
    found: dict[int, Identity] = {}
    foreign: list[int] = []
    for number, (kind, stem) in _class_names_of(organisation_id, by_class.keys()).items():
        members = by_class[number]
        if kind is ClassKind.OWN:
            found |= _own_identities(organisation_id, stem, members)
        elif kind is ClassKind.NUMERIC:
            for key in members:
                found[key] = Identity(Scheme.SGTIN, stem, str(key & INDEX_MASK))
        elif kind is ClassKind.SSCC:
            for key in members:
                body = f"{stem}{key & INDEX_MASK:0{_SSCC_INDEX}d}"
                found[key] = Identity(Scheme.SSCC, body + check_digit(body))
        else:
            foreign += members
    return found | _foreign_identities(organisation_id, foreign)


def _own_identities(organisation_id: int, stem: str, keys: Sequence[int]) -> dict[int, Identity]:
    gtin, _, version = stem.partition("/")

    def read(_missing: Collection[str]) -> dict[str, CodeSpace]:
        spaces = code_spaces(organisation_id, gtin)
        return {stem: next(space for space in spaces if space.version == int(version))}

    space = _spaces.recall(organisation_id, (stem,), read)[stem]
    if len(keys) <= _FEW:
        return {k: Identity(Scheme.SGTIN, gtin, space.serial(k & INDEX_MASK)) for k in keys}
    serials = space.serials(np.array([k & INDEX_MASK for k in keys], dtype=np.uint64))
    return {
        key: Identity(Scheme.SGTIN, gtin, serial)
        for key, serial in zip(keys, serials.astype("U14").tolist(), strict=True)
    }


def _foreign_identities(organisation_id: int, keys: Collection[int]) -> dict[int, Identity]:
    def read(missing: Collection[int]) -> dict[int, Identity]:
        rows = _select(
            'SELECT key, scheme, "primary", secondary FROM capture_foreignidentity',
            organisation_id,
            "key",
            missing,
        )
        return {k: Identity(Scheme(scheme), first, second) for k, scheme, first, second in rows}

    return _foreign.recall(organisation_id, keys, read)


# ── Writing, inside capture's transaction ────────────────────────────────────────────────────


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
            place = _arithmetic(one, self._spaces.get(one.primary, ()))
            if place is None:
                foreign.append(one)
            else:
                placed[one] = place
        rows = {gtin: self._read_serials(gtin, texts) for gtin, texts in serials.items()}
        for gtin, (_, strangers) in rows.items():
            foreign += (Identity(Scheme.SGTIN, gtin, text) for text in strangers)
        wanted = {name for name, _ in placed.values()}
        wanted |= {name for parts, _ in rows.values() for name, _, _ in parts}
        wanted |= {_dictionary_class(one) for one in foreign}
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
            indexes = space.indexes(some) if len(some) > _FEW else _few_indexes(space, some)
            hit = indexes >= 0
            if hit.any():
                parts.append(((ClassKind.OWN, f"{gtin}/{space.version}"), left[hit], indexes[hit]))
                left = left[~hit]
            if not left.size:
                return parts, []
        positions, numbers, strangers = [], [], []
        for i in left.tolist():
            number = _numeric_index(texts[i])
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
        self._numbers |= _class_numbers(self._organisation_id, missing)
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
        digests = {_digest(one): one for one in identities if one not in self._keys}
        for digest, key in _dictionary(self._organisation_id, digests).items():
            self._keys[digests.pop(digest)] = key
        by_class: dict[ClassName, list[tuple[bytes, Identity]]] = {}
        for digest, one in digests.items():
            by_class.setdefault(_dictionary_class(one), []).append((digest, one))
        rows = []
        for name, members in by_class.items():
            number = self._numbers[name]
            row = KeyClass.objects.filter(organisation_id=self._organisation_id, number=number)
            start = row.values_list("next_index", flat=True).get()
            row.update(next_index=F("next_index") + len(members))
            for index, (digest, one) in enumerate(members, start):
                key = key_of(number, index)
                self._keys[one] = key
                rows.append(
                    ForeignIdentity(
                        organisation_id=self._organisation_id,
                        digest=digest,
                        key=key,
                        scheme=one.scheme.value,
                        primary=one.primary,
                        secondary=one.secondary,
                    )
                )
        ForeignIdentity.objects.bulk_create(rows, batch_size=_CHUNK)


def _few_indexes(space: CodeSpace, texts: Sequence[str]) -> Keys:
    return np.array(
        [-1 if (found := space.index(text)) is None else found for text in texts], dtype=np.int64
    )
