"""Find the item behind a serial with as few queries as the peak of a promotion allows.

Owns: what may be remembered on the way: a product's code spaces for 30 seconds, and the number of
its key class, which never changes once it is there.
Invariant: a serial is refused only after the spaces were read anew; whether an index was issued is
asked of the database each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from suyuan.capture.identities import find_key
from suyuan.core.codespace import CodeSpace
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import INDEX_MASK, class_of, key_of
from suyuan.issuing.selectors import was_issued, was_withdrawn
from suyuan.masterdata.numbering import code_spaces
from suyuan.verification.facts import ProductFacts
from suyuan.verification.memory import Memory

_spaces: Memory[tuple[int, str], tuple[CodeSpace, ...]] = Memory(seconds=30, kept=4096)
_classes: Memory[tuple[int, str, int], int] = Memory(seconds=600, kept=8192)
_lots: Final[Memory[tuple[int, str, str], int]] = Memory(seconds=600, kept=8192)


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class FoundItem:
    """What a serial stands for."""

    key: int | None  # None: no event names it or any of its kind
    issued: bool  # by this installation; or, for foreign serials, not ours to say
    withdrawn: Callable[[], bool] = _never  # asked only of codes that are not active


def find_item(facts: ProductFacts, serial: str) -> FoundItem:
    """Decrypt a serial and ask whether it was issued; foreign serials have only a key."""
    organisation_id, gtin = facts.organisation.pk, facts.product.gtin
    if not facts.by_item:
        return FoundItem(find_key(organisation_id, Identity(Scheme.SGTIN, gtin, serial)), True)
    name = (organisation_id, gtin)
    known = _spaces.get(name, lambda: code_spaces(*name) or None) or ()
    placed = _placed(known, serial) or _placed(code_spaces(*name), serial)
    if not placed:
        return FoundItem(None, issued=False)
    issued = any(
        was_issued(
            organisation_id=organisation_id,
            product_id=facts.product.id,
            key_version=version,
            index=index,
        )
        for version, index in placed
    )

    def withdrawn() -> bool:
        return any(
            was_withdrawn(
                organisation_id=organisation_id,
                product_id=facts.product.id,
                key_version=version,
                index=index,
            )
            for version, index in placed
        )

    return FoundItem(_own_key(organisation_id, gtin, serial, *placed[0]), issued, withdrawn)


def _placed(spaces: Iterable[CodeSpace], serial: str) -> list[tuple[int, int]]:
    """Return (version, index) in each space that reads the serial, the oldest first.

    `capture.identities` takes the oldest, too. A second one is found once in 2**30 serials.
    """
    read = ((space.version, space.index(serial)) for space in spaces)
    return [(version, index) for version, index in read if index is not None][::-1]


def _own_key(organisation_id: int, gtin: str, serial: str, version: int, index: int) -> int | None:
    def ask() -> int | None:
        key = find_key(organisation_id, Identity(Scheme.SGTIN, gtin, serial))
        return None if key is None or key & INDEX_MASK != index else class_of(key)

    number = _classes.get((organisation_id, gtin, version), ask)
    return None if number is None else key_of(number, index)


def lot_key(organisation_id: int, gtin: str, lot: str) -> int | None:
    """Return a lot's key; once there, it never changes."""
    identity = Identity(Scheme.LGTIN, gtin, lot)
    name = (organisation_id, gtin, lot)
    return _lots.get(name, lambda: find_key(organisation_id, identity))
