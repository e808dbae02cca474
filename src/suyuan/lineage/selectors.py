"""What others ask of lineage.

Owns: the public questions, and how any text is resolved to a key.
Does not own: the answers' making (history, genealogy, present, scope).
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from suyuan.capture.identities import find_keys
from suyuan.core.codespace import normalise
from suyuan.core.identifiers import (
    Gtin,
    IdentifierError,
    Identity,
    Scheme,
    Sscc,
    parse_epc_hex,
    parse_identity,
)
from suyuan.core.keyset import KeySet
from suyuan.lineage.fetch import entries_of_few
from suyuan.lineage.genealogy import Lots, genealogy
from suyuan.lineage.history import history
from suyuan.lineage.present import present
from suyuan.lineage.scope import scope, why
from suyuan.lineage.values import State

__all__ = [
    "contents",
    "genealogy",
    "history",
    "identities_in_text",
    "lot_items",
    "resolve",
    "scope",
    "state",
    "why",
]


def state(*, organisation_id: int, key: int) -> State:
    """Return what is true of one identity now. Raises `KeyError` for an unknown key."""
    return history(organisation_id=organisation_id, key=key).state


def lot_items(*, organisation_id: int, key: int) -> KeySet:
    """Return the items that came to be in the name of a lot."""
    return Lots(organisation_id).births([key]).get(key, KeySet())


def contents(*, organisation_id: int, key: int) -> KeySet:
    """Return what a container holds now: what it was told to hold and nothing else claims."""
    told = history(organisation_id=organisation_id, key=key).contents
    now = present(organisation_id, told.to_array())
    return KeySet.from_array(now.items[now.parents == key])


def identities_in_text(text: str, gtins: Sequence[str] = ()) -> list[Identity]:
    """Return what a scanned or typed text may name, the likeliest first.

    Reads element strings, Digital Links, EPC URNs, EPC tag hex, SSCCs and bare serials of `gtins`.
    """
    text = text.strip()
    found: list[Identity] = []
    for read in (parse_identity, parse_epc_hex):
        try:
            found.append(read(text))
        except IdentifierError:
            continue
    if text.isascii() and text.isdigit():
        with contextlib.suppress(IdentifierError):
            found.append(Identity(Scheme.SSCC, Sscc.parse(text.removeprefix("00")).value))
        with contextlib.suppress(IdentifierError):
            found.append(Identity(Scheme.GTIN, Gtin.parse(text).value))
    if text and len(text) <= 20 and text.isascii():
        for gtin in gtins:
            found += (
                Identity(Scheme.SGTIN, gtin, one) for one in dict.fromkeys((text, normalise(text)))
            )
            found.append(Identity(Scheme.LGTIN, gtin, text))
    return found


def resolve(*, organisation_id: int, text: str, gtins: Sequence[str] = ()) -> int | None:
    """Return the key that a text names in this organisation, None if it names none seen."""
    meanings = identities_in_text(text, gtins)
    keys = find_keys(organisation_id, meanings)
    likely = [keys[one] for one in meanings if one in keys]
    # Arithmetic alone gives keys to codes that were never used: an event must name them.
    events = entries_of_few(organisation_id, likely)
    return next((key for key in likely if events[key]), None)
