"""Keys of identities, and identities of keys.

Owns: reading key classes and the dictionary of foreign identities, and remembering them.
Does not own: numbering keys of own products (masterdata.numbering), new keys (keymaker), the
arithmetic (keyspace).
Invariant: one identity has one key in an organisation, whatever the form of its text; a key never
changes its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

import numpy as np
from django.db import connection

from suyuan.capture.keyspace import (
    FEW,
    SSCC_INDEX,
    ClassKind,
    ClassName,
    arithmetic,
    digest_of,
)
from suyuan.capture.models import ForeignIdentity, KeyClass
from suyuan.core.codespace import CodeSpace
from suyuan.core.identifiers import Identity, Scheme, check_digit
from suyuan.core.keyset import INDEX_MASK, Keys, class_of, key_of
from suyuan.kernel.lists import select, within
from suyuan.masterdata.numbering import code_spaces, code_spaces_by_gtin

CHUNK: Final = 900  # bound variables of one statement, below every database's limit


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
        place = arithmetic(one, spaces.get(one.primary, ()))
        if place is None:
            digests[digest_of(one)] = one
        else:
            placed[one] = place
    numbers = class_numbers(organisation_id, {name for name, _ in placed.values()})
    found = {
        one: key_of(numbers[name], index)
        for one, (name, index) in placed.items()
        if name in numbers
    }
    return found | {digests[d]: k for d, k in dictionary_keys(organisation_id, digests).items()}


def dictionary_keys(organisation_id: int, digests: Collection[bytes]) -> dict[bytes, int]:
    """Return the keys of digests that the dictionary has."""

    def read(missing: Collection[bytes]) -> dict[bytes, int]:
        wanted = list(missing)
        found: dict[bytes, int] = {}
        for at in range(0, len(wanted), CHUNK):
            rows = ForeignIdentity.objects.filter(
                organisation_id=organisation_id, digest__in=wanted[at : at + CHUNK]
            )
            found |= {bytes(digest): key for digest, key in rows.values_list("digest", "key")}
        return found

    return _digests.recall(organisation_id, digests, read)


def class_numbers(organisation_id: int, names: Collection[ClassName]) -> dict[ClassName, int]:
    """Return the numbers of the classes that exist."""

    def read(missing: Collection[ClassName]) -> dict[ClassName, int]:
        stems = sorted({stem for _, stem in missing})
        found: dict[ClassName, int] = {}
        for at in range(0, len(stems), CHUNK):
            rows = KeyClass.objects.filter(
                organisation_id=organisation_id, stem__in=stems[at : at + CHUNK]
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


def class_names_of(organisation_id: int, numbers: Collection[int]) -> dict[int, ClassName]:
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
    for number, (kind, stem) in class_names_of(organisation_id, by_class.keys()).items():
        members = by_class[number]
        if kind is ClassKind.OWN:
            found |= _own_identities(organisation_id, stem, members)
        elif kind is ClassKind.NUMERIC:
            for key in members:
                found[key] = Identity(Scheme.SGTIN, stem, str(key & INDEX_MASK))
        elif kind is ClassKind.SSCC:
            for key in members:
                body = f"{stem}{key & INDEX_MASK:0{SSCC_INDEX}d}"
                found[key] = Identity(Scheme.SSCC, body + check_digit(body))
        else:
            foreign += members
    return found | _foreign_identities(organisation_id, foreign)


def serials_of(organisation_id: int, keys: Keys) -> tuple[str, list[str]] | None:
    """Return GTIN and serials of ascending keys of one product; None if arithmetic does not tell.

    The fast way to thousands of texts: no identity is made.
    """
    number = class_of(int(keys[0]))
    if class_of(int(keys[-1])) != number:
        return None
    kind, stem = class_names_of(organisation_id, (number,)).get(number, (None, ""))
    indexes = keys & INDEX_MASK
    if kind is ClassKind.NUMERIC:
        return stem, list(map(str, indexes.tolist()))
    if kind is not ClassKind.OWN:
        return None
    serials = _space(organisation_id, stem).serials(indexes.astype(np.uint64))
    return stem.partition("/")[0], serials.astype("U14").tolist()


def _space(organisation_id: int, stem: str) -> CodeSpace:
    """Return the code space of a class of own serials."""
    gtin, _, version = stem.partition("/")

    def read(_missing: Collection[str]) -> dict[str, CodeSpace]:
        spaces = code_spaces(organisation_id, gtin)
        return {stem: next(space for space in spaces if space.version == int(version))}

    return _spaces.recall(organisation_id, (stem,), read)[stem]


def _own_identities(organisation_id: int, stem: str, keys: Sequence[int]) -> dict[int, Identity]:
    gtin, _, _version = stem.partition("/")
    space = _space(organisation_id, stem)
    if len(keys) <= FEW:
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
