"""From what a person wrote, said or scanned to the goods that are meant.

Owns: `Target`, `read_target`, `resolve_spoken`.
Does not own: text forms of identities (core.identifiers), which keys exist (lineage).
"""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.capture.identities import identity_of
from suyuan.core.identifiers import (
    SERIAL_MAX,
    Gtin,
    IdentifierError,
    Identity,
    Scheme,
    parse_identity,
)
from suyuan.lineage import selectors as lineage
from suyuan.masterdata import selectors as masterdata

_GTIN_OF = {Scheme.GTIN, Scheme.SGTIN, Scheme.LGTIN}
_MOST_TRIED = 200


@dataclass(frozen=True, slots=True)
class Target:
    """The goods that a complaint is about, as far as its text tells.

    `identity` is canonical text, "" when nothing could be read; `lot` is "" when the goods'
    batch is not known.
    """

    text: str
    identity: str = ""
    gtin: str = ""
    lot: str = ""


def resolve_spoken(*, organisation_id: int, text: str) -> int | None:
    """Return the key that `text` names; a bare serial or lot code does too, None if nothing does.

    A bare code is tried with the organisation's products and materials, two hundred of each.
    """
    key = lineage.resolve(organisation_id=organisation_id, text=text)
    if key is not None or not 0 < len(text) <= SERIAL_MAX or not text.isascii():
        return key
    products = masterdata.list_products(organisation_id).values_list("gtin", flat=True)
    materials = masterdata.list_materials(organisation_id).values_list("gtin", flat=True)
    gtins = list(dict.fromkeys((*products[:_MOST_TRIED], *materials[:_MOST_TRIED])))
    return lineage.resolve(organisation_id=organisation_id, text=text, gtins=gtins)


def read_target(*, organisation_id: int, text: str, spoken: bool = True) -> Target:
    """Read `text`; what is no identity is kept as free text, never refused.

    An item's lot is looked up in its history. Unknown identities keep what they say themselves.

    Args:
        organisation_id: Whose goods.
        text: Any form of an identity, or words.
        spoken: Try bare serials and lot codes too: dear, so not for what strangers send.
    """
    given = " ".join(text.split())
    identity = _identity(given)
    if identity is None and spoken:
        key = resolve_spoken(organisation_id=organisation_id, text=given)
        identity = None if key is None else identity_of(organisation_id, key)
    if identity is None or identity.scheme is Scheme.URI:
        return Target(text=given)
    canonical = identity.digital_link()
    if identity.scheme not in _GTIN_OF:
        return Target(text=given, identity=canonical)
    if identity.scheme is Scheme.LGTIN:
        lot = identity.secondary
    else:
        lot = _lot_of_item(organisation_id, canonical) if identity.secondary else ""
    return Target(text=given, identity=canonical, gtin=identity.primary, lot=lot)


def _identity(text: str) -> Identity | None:
    try:
        return Identity(Scheme.GTIN, Gtin.parse(text).value)
    except IdentifierError:
        pass
    try:
        identity = parse_identity(text)
        identity.digital_link()
    except IdentifierError:
        return None
    return identity


def _lot_of_item(organisation_id: int, text: str) -> str:
    key = lineage.resolve(organisation_id=organisation_id, text=text)
    if key is None:
        return ""
    lots = lineage.history(organisation_id=organisation_id, key=key).lots
    return next((lot.secondary for lot in lots if lot.scheme is Scheme.LGTIN), "")
